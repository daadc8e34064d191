"""Imports, every row judged, against ogr2ogr, which judges nothing."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machines
from benchmarks.rows import Row, at_most
from quality.samples import write_zones
from quality.site import ROOT, site_environment

SIZES = (20_000, 200_000)
GOAL = 10


def importing() -> Iterator[Row]:
    """A GeoJSON file into SQLite and into PostgreSQL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = {}
        for size in SIZES:
            path = folder / f"{size}.geojson"
            write_zones(path, size)
            sqlite, memory[size] = imported(path, f"sqlite:///{folder / f'{size}.sqlite'}")
            peer = timed(["ogr2ogr", "-f", "SQLite", str(folder / f"peer-{size}.sqlite"), str(path)])
            yield _row("SQLite", size, sqlite, peer, memory[size])
            with machines.postgres() as port:
                postgres, peak = imported(path, f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres")
                target = f"PG:host=127.0.0.1 port={port} user=tester dbname=template1"
                peer = timed(["ogr2ogr", "-f", "PostgreSQL", target, str(path), "-nln", "zones"])
                yield _row("PostgreSQL", size, postgres, peer, peak)
        growth = memory[SIZES[1]] / memory[SIZES[0]]
        yield at_most("import: peak memory, 200,000 features against 20,000", "SQLite", f"{memory[SIZES[1]]:.0f} MB",
                      f"{memory[SIZES[0]]:.0f} MB", growth, 1.5)  # fmt: skip


def _row(into: str, size: int, ours: float, peer: float, memory: float) -> Row:
    return at_most(f"import into {into}, every row judged", f"{size:,} features", f"{ours:.1f} s", f"{peer:.1f} s",
                   ours / peer, GOAL, f"{size / ours:,.0f} rows a second, {memory:.0f} MB at most")  # fmt: skip


def imported(path: Path, database: str) -> tuple[float, float]:
    """Seconds of `safezones import`, start included, and the peak megabytes of its two processes together.

    What these share counts twice.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = site_environment(Path(folder), database_url=database)
        script = (
            "import re, resource, sys; from directory.cli import main\n"
            f"sys.argv = ['safezones', 'import', {str(path)!r}]\n"
            "try: main()\n"
            "finally:\n"
            "    own = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
            "    print('PEAK', (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024)"
        )
        begun = time.perf_counter()
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
        seconds = time.perf_counter() - begun
    found = re.search(r"PEAK ([\d.]+)", done.stdout)
    assert found
    return seconds, float(found[1])


def timed(command: list[str]) -> float:
    """Seconds of a command."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun
