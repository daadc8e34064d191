"""Scan, print the table, write docs/scans.md and docs/scans.json.

    python -m scans [--only WORD] [--again NAME] [--rounds SHARE]

Needs sqlmap, and wapiti and bandit in .venv/scans (make scan makes it). `--rounds 0.1` is a tenth of the fuzzing.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.gazetteer import Gazetteer
from directory.settings import Settings, packaged
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from quality.rows import Row
from scans import web
from scans.fuzz import ROUNDS, fuzz
from tests.support.site import site_on

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIGNS = {True: "ok  ", False: "MISS", None: "-   "}
WORDS = {True: "yes", False: "**no**", None: "not measured"}


def fuzzing(share: float) -> Iterator[Row]:
    """Every parser and every form."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name), geocoders=())
        engine = open_database(settings.database)
        migrate(engine)
        import_file(engine, packaged("data/zones.geojson"), Gazetteer.open_packaged(Path(name)), ImportOptions())
        engine.dispose()
        total = 0
        with site_on(settings) as site:
            for target, rounds in ROUNDS.items():
                found = fuzz(target, max(10, int(rounds * share)), site)
                total += found.tried
                wrong = found.crashes + found.hangs
                told = f"{len(found.crashes)} crashes, {len(found.hangs)} hangs in {found.tried:,} inputs"
                note = "; ".join([f"slowest {found.slowest * 1e3:.0f} ms", *wrong[:4]])
                yield Row(f"fuzz: {target}", told, "0, 0", not wrong, note)
        yield Row("fuzz: inputs together", f"{total:,}", "≥ 100,000", total >= 100_000 if share == 1 else None)


def scan(only: str, share: float) -> dict[str, list[Row]]:
    """Run every scan, printing each row as it comes."""
    scans: dict[str, Callable[[], Iterator[Row]]] = {
        "fuzz": lambda: fuzzing(share), "bandit": web.bandit, "audit": web.audit, "schemathesis": web.schemathesis,
        "wapiti": web.wapiti, "sqlmap": web.sqlmap,
    }  # fmt: skip
    found: dict[str, list[Row]] = {}
    for name, one in scans.items():
        if only in name:
            for row in one():
                print(f"{SIGNS[row.met]} {row.name}: {row.value} (goal: {row.goal}) {row.note}".rstrip(), flush=True)
                found.setdefault(name, []).append(row)
    return found


def write(found: dict[str, list[Row]]) -> None:
    """Write both documents."""
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    rows = [row for part in found.values() for row in part]
    document = {"made": made, "scans": {name: [asdict(row) for row in part] for name, part in found.items()}}
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
    parser.add_argument("--again", default="", help="run this scan again and put its rows in the documents")
    parser.add_argument("--rounds", type=float, default=1.0, help="the share of the fuzzing")
    options = parser.parse_args()
    found = scan(options.again or options.only, options.rounds)
    if options.again:
        kept = json.loads((DOCS / "scans.json").read_text(encoding="utf-8"))["scans"]
        write({name: [Row(**row) for row in rows] for name, rows in kept.items()} | found)
    elif not options.only and options.rounds == 1:
        write(found)
    sys.exit(any(row.met is False for rows in found.values() for row in rows))


if __name__ == "__main__":
    main()
