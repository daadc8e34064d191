"""Measure every promise, print the table, write docs/quality.md and docs/quality.json.

    python -m quality [--stations PATH] [--only WORD | --again WORD]

Needs Chromium and `npm ci --prefix quality`. Nothing in the table is typed by hand. `--stations` names a CSV(.gz) of
real police stations (name, address, city, state, lat, lon); without one that row says that it was not measured.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from quality import cases, crossings, embeds, far, geocoding, nearest, speed, streets, web
from quality.dated import Dated, dated_from_json
from quality.rows import Row

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SIGNS = {True: "ok  ", False: "MISS", None: "-   "}


def measure(stations: Path | None, only: str) -> dict[str, Dated[Row]]:
    """Run every measurement whose name holds this word, printing each row as it comes."""
    measurements: dict[str, Callable[[], Iterator[Row]]] = {
        "nearest is right": nearest.is_right,
        "nearest is fast": nearest.is_fast,
        "search cases": cases.search_cases,
        "hours cases": cases.hours_cases,
        "crossings": crossings.pairs,
        "closest place": crossings.closest_places,
        "stations": lambda: geocoding.stations(stations),
        "own zones": geocoding.own_zones,
        "nothing near": far.said,
        "list of stations": lambda: far.station_list(stations),
        "services down": geocoding.services_down,
        "imports": speed.imports,
        "uploads": speed.uploads,
        "weights": web.weights,
        "map scale": web.map_scale,
        "streets": streets.first_view,
        "policy and axe": web.policy_and_axe,
        "lighthouse": web.lighthouse,
        "hostile": web.hostile,
        "embeds": embeds.embeds,
        "clients": web.clients,
    }
    measured: dict[str, Dated[Row]] = {}
    for name, measurement in measurements.items():
        if only not in name:
            continue
        measured[name] = Dated([])
        for row in measurement():
            print(f"{SIGNS[row.met]} {row.name}: {row.value} (goal: {row.goal}) {row.note}".rstrip(), flush=True)
            measured[name].rows.append(row)
    return measured


def write(measurements: dict[str, Dated[Row]]) -> None:
    """Write both documents."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    kept = {name: asdict(measurement) for name, measurement in measurements.items()}
    document = {"machine": machine, "measurements": kept}
    (DOCS / "quality.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    signs = {True: "yes", False: "**no**", None: "not measured"}
    dated = [(measurement.made, row) for measurement in measurements.values() for row in measurement.rows]
    table = "\n".join(f"| {row.name} | {row.value} | {row.goal} | {signs[row.met]} | {made} |" for made, row in dated)
    notes = "\n".join(f"- {row.name}: {row.note}" for _, row in dated if row.note)
    (DOCS / "quality.md").write_text(
        f"# Measured promises\n\nWritten by `make quality` ({machine}). Times are those of a noisy machine with two "
        "cores: read the ratios.\n\n| promise | measured | goal | met | on |\n| --- | --- | --- | --- | --- |\n"
        f"{table}\n" + (f"\n## Notes\n\n{notes}\n" if notes else ""),
        encoding="utf-8",
    )


def main() -> None:
    """Measure and write; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=Path)
    parser.add_argument("--only", default="", help="only measurements whose name holds this word; writes nothing")
    parser.add_argument("--again", default="", help="measure these again and put their rows in the documents")
    options = parser.parse_args()
    before: dict[str, Dated[Row]] = {}
    if options.again:
        kept = json.loads((DOCS / "quality.json").read_text(encoding="utf-8"))["measurements"]
        before = dated_from_json(kept, Row)
    measured = measure(options.stations, options.again or options.only)
    if not options.only:
        write(before | measured)
    sys.exit(any(row.met is False for measurement in measured.values() for row in measurement.rows))


if __name__ == "__main__":
    main()
