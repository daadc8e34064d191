"""Scan, print the table, write docs/scans.md and docs/scans.json.

    python -m scans [--only WORD] [--rounds SHARE]

Needs sqlmap, and wapiti and bandit in .venv/scans (make scan makes it). `--rounds 0.1` is a tenth of the fuzzing.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from directory.geocoding.gazetteer import Gazetteer
from directory.records.database import migrate, open_database
from directory.records.importing import Options, import_file
from directory.settings import Settings, packaged
from quality.rows import Row
from scans import web
from scans.fuzz import ROUNDS, fuzz
from tests.townhall import hall_on

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIGNS = {True: "ok  ", False: "MISS", None: "-   "}
WORDS = {True: "yes", False: "**no**", None: "not measured"}


def fuzzing(share: float) -> Iterator[Row]:
    """Every parser and every form."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name), geocoders=())
        engine = open_database(settings.database)
        migrate(engine)
        import_file(engine, packaged("data/zones.geojson"), Gazetteer.unpacked(Path(name)), Options())
        engine.dispose()
        total = 0
        with hall_on(settings) as hall:
            for target, rounds in ROUNDS.items():
                found = fuzz(target, max(10, int(rounds * share)), hall)
                total += found.tried
                wrong = found.crashes + found.hangs
                told = f"{len(found.crashes)} crashes, {len(found.hangs)} hangs in {found.tried:,} inputs"
                note = "; ".join([f"slowest {found.slowest * 1e3:.0f} ms", *wrong[:4]])
                yield Row(f"fuzz: {target}", told, "0, 0", not wrong, note)
        yield Row("fuzz: inputs together", f"{total:,}", "≥ 100,000", total >= 100_000 if share == 1 else None)


def scan(only: str, share: float) -> list[Row]:
    """Run every scan, printing each row as it comes."""
    scans: dict[str, Callable[[], Iterator[Row]]] = {
        "fuzz": lambda: fuzzing(share), "bandit": web.bandit, "audit": web.audit, "schemathesis": web.schemathesis,
        "wapiti": web.wapiti, "sqlmap": web.sqlmap,
    }  # fmt: skip
    rows = []
    for name, one in scans.items():
        if only in name:
            for row in one():
                print(f"{SIGNS[row.met]} {row.name}: {row.value} (goal: {row.goal}) {row.note}".rstrip(), flush=True)
                rows.append(row)
    return rows


def write(rows: list[Row]) -> None:
    """Write both documents."""
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    document = {"made": made, "rows": [row.to_json() for row in rows]}
    (DOCS / "scans.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    table = "\n".join(f"| {row.name} | {row.value} | {row.goal} | {WORDS[row.met]} |" for row in rows)
    notes = "\n".join(f"- {row.name}: {row.note}" for row in rows if row.note)
    (DOCS / "scans.md").write_text(
        f"# Scans\n\nWritten by `make scan` on {made} (Python {platform.python_version()}), against a site of its own "
        f"on loopback.\n\n| scan | found | goal | met |\n| --- | --- | --- | --- |\n{table}\n\n## Notes\n\n{notes}\n",
        encoding="utf-8",
    )


def main() -> None:
    """Scan and write; exit status 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only scans whose name holds this word; writes nothing")
    parser.add_argument("--rounds", type=float, default=1.0, help="the share of the fuzzing")
    options = parser.parse_args()
    rows = scan(options.only, options.rounds)
    if not options.only and options.rounds == 1:
        write(rows)
    sys.exit(any(row.met is False for row in rows))


if __name__ == "__main__":
    main()
