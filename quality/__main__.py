"""Measure every promise, print the table, write docs/quality.md and docs/quality.json.

    python -m quality [--stations PATH] [--only WORD]

Needs Chromium and `npm ci --prefix quality`. Nothing in the table is typed by hand. `--stations` names a CSV(.gz) of
real police stations (name, address, city, state, lat, lon); without one that row says that it was not measured.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from quality import cases, crossings, embeds, far, geocoding, nearest, speed, streets, web
from quality.rows import Row

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SIGNS = {True: "ok  ", False: "MISS", None: "-   "}


def measure(stations: Path | None, only: str) -> list[Row]:
    """Run every measurement, printing each row as it comes."""
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
    rows = []
    for name, measurement in measurements.items():
        if only not in name:
            continue
        for row in measurement():
            print(f"{SIGNS[row.met]} {row.name}: {row.value} (goal: {row.goal}) {row.note}".rstrip(), flush=True)
            rows.append(row)
    return rows


def write(rows: list[Row]) -> None:
    """Write both documents."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    document = {"made": made, "machine": machine, "rows": [row.to_json() for row in rows]}
    (DOCS / "quality.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    signs = {True: "yes", False: "**no**", None: "not measured"}
    table = "\n".join(f"| {row.name} | {row.value} | {row.goal} | {signs[row.met]} |" for row in rows)
    notes = "\n".join(f"- {row.name}: {row.note}" for row in rows if row.note)
    (DOCS / "quality.md").write_text(
        f"# Measured promises\n\nWritten by `make quality` on {made} ({machine}). Times are those of a noisy machine "
        f"with two cores: read the ratios.\n\n| promise | measured | goal | met |\n| --- | --- | --- | --- |\n{table}\n"
        + (f"\n## Notes\n\n{notes}\n" if notes else ""),
        encoding="utf-8",
    )


def main() -> None:
    """Measure and write; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=Path)
    parser.add_argument("--only", default="", help="only measurements whose name holds this word; writes nothing")
    options = parser.parse_args()
    rows = measure(options.stations, options.only)
    if not options.only:
        write(rows)
    sys.exit(any(row.met is False for row in rows))


if __name__ == "__main__":
    main()
