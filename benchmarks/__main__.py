"""Measure ours against peers, print the table, write docs/benchmarks.md and docs/benchmarks.json.

    python -m benchmarks [--only WORD]

Needs wrk, redis-server, ogr2ogr, PostgreSQL with PostGIS, Chromium and `npm ci --prefix quality`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks import gazetteer, importing, maps, meeting, nearest, serving, starting, where
from benchmarks.rows import Row
from quality.dated import Dated, dated_from_json
from quality.site import chromium_path

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIGNS = {True: "ok  ", False: "MISS", None: "-   "}
WORDS = {True: "yes", False: "**no**", None: "–"}
LIBRARIES = (
    "flask", "granian", "numpy", "scipy", "pyproj", "shapely", "scikit-learn", "geopy", "redis", "pygeoapi", "folium",
    "zipcodes", "pandas",
)  # fmt: skip
PROGRAMS = (("wrk", "-v"), ("redis-server", "--version"), ("ogr2ogr", "--version"), ("psql", "--version"),
            (chromium_path() or "chromium", "--version"))  # fmt: skip


def measure(only: str, keep: Callable[[dict[str, Dated[Row]]], None]) -> dict[str, Dated[Row]]:
    """Run every comparison, printing each row as it comes, and let what is there be kept after each of them."""
    comparisons: dict[str, Callable[[], Iterator[Row]]] = {
        "nearest": nearest.nearest,
        "meeting": meeting.meeting,
        "serving": serving.serving,
        "maps": maps.maps,
        "importing": importing.importing,
        "gazetteer": gazetteer.gazetteer,
        "starting": starting.starting,
        "where": where.where,
    }
    measured: dict[str, Dated[Row]] = {}
    for name, comparison in comparisons.items():
        if only in name:
            measured[name] = Dated([])
            for row in comparison():
                told = f"{row.ours} against {row.peer}" if row.peer else row.ours
                print(f"{SIGNS[row.met]} {row.name}, {row.size}: {told}, {row.ratio}x (goal: {row.goal}) {row.note}",
                      flush=True)  # fmt: skip
                measured[name].rows.append(row)
            keep(measured)
    return measured


def machine() -> str:
    """The machine, in a line."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def versions() -> list[str]:
    """What was compared with what."""
    found = [f"{name} {version(name)}" for name in LIBRARIES]
    for program, option in PROGRAMS:
        done = subprocess.run([program, option], capture_output=True, text=True, check=False)
        text = f"{done.stdout}\n{done.stderr}".strip()
        found.append(text.splitlines()[0].strip() if text else program)
    return found


def write(comparisons: dict[str, Dated[Row]]) -> None:
    """Write both documents."""
    rows = [row for comparison in comparisons.values() for row in comparison.rows]
    days = ", ".join(f"{name} {comparison.made}" for name, comparison in comparisons.items())
    kept = {name: asdict(comparison) for name, comparison in comparisons.items()}
    document = {"machine": machine(), "versions": versions(), "comparisons": kept}
    (DOCS / "benchmarks.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    table = "\n".join(
        f"| {row.name} | {row.size} | {row.ours} | {row.peer} | {'' if row.ratio is None else f'{row.ratio:g}'} | "
        f"{row.goal} | {WORDS[row.met]} |"
        for row in rows
    )
    notes = "\n".join(f"- {row.name}, {row.size}: {row.note}" for row in rows if row.note)
    words = (DOCS.parent / "benchmarks" / "words.md").read_text(encoding="utf-8")
    (DOCS / "benchmarks.md").write_text(
        f"# Benchmarks\n\nWritten by `make bench` ({machine()}). Ours and its peer were measured in one run on one "
        "machine, which was noisy: read the ratios. A ratio is ours over the peer's, turned so that the goal reads "
        f"naturally (≥: how many times better, ≤: how many times as much). Measured: {days}.\n\n{words}\n"
        "## The table\n\n"
        "| what | size | ours | peer | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        f"{table}\n\n## Notes\n\n{notes}\n\n## Versions\n\n{', '.join(versions())}.\n",
        encoding="utf-8",
    )


def main() -> None:
    """Measure and write; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only comparisons whose name holds this word; writes nothing")
    parser.add_argument("--again", default="", help="measure this comparison again and put its rows in the documents")
    options = parser.parse_args()
    before: dict[str, Dated[Row]] = {}
    if options.again:
        kept = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))["comparisons"]
        before = dated_from_json(kept, Row)
    measured = measure(options.again or options.only, lambda found: None if options.only else write(before | found))
    sys.exit(any(row.met is False for comparison in measured.values() for row in comparison.rows))


if __name__ == "__main__":
    main()
