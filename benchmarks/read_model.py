"""What a zone of a snapshot costs: bytes held in memory, and processor time of the steps of docs/decisions/0010.

python -m benchmarks.read_model sqlite:////path/to/directory.sqlite
"""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable

from sqlalchemy import Engine

from directory.db.engine import open_database
from directory.search.snapshots.snapshot import Snapshot
from directory.store.directory_reader import read_directory
from directory.store.repository import version_of

REPEATS = 5


def fastest(step: Callable[[], object]) -> float:
    """Milliseconds of processor time of a step, the least of a few."""
    milliseconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        step()
        milliseconds.append((time.process_time() - begun) * 1000)
    return min(milliseconds)


def main(url: str) -> None:
    """Print the figures for the database at `url`: bytes of the whole directory, departments and towns included."""
    engine = open_database(url)
    directory = read_directory(engine)
    snapshot = Snapshot(directory)
    for name, step in {
        "the version": lambda: version_of(engine),
        "nothing changed, read": lambda: read_directory(engine, directory),
        "a snapshot from the one before": lambda: Snapshot(directory, snapshot),
        "everything read": lambda: read_directory(engine),
        "full collection": gc.collect,
    }.items():
        print(f"{name}: {fastest(step):,.1f} ms of processor time")
    measure_memory(engine)


def measure_memory(engine: Engine) -> None:
    """Print the bytes that the directory holds, for each of its zones."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    directory = read_directory(engine)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    zones = len(directory.zones)
    print(f"{zones:,} zones: {held / max(1, zones):,.0f} bytes a zone")


if __name__ == "__main__":
    main(sys.argv[1])
