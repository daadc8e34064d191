"""What a zone of a snapshot costs: bytes held in memory, and the time to read the directory.

python -m benchmarks.read_model sqlite:////path/to/directory.sqlite
"""

import gc
import sys
import time
import tracemalloc

from directory.db.engine import open_database
from directory.store.loader import read_directory

REPEATS = 5


def main(url: str) -> None:
    """Print the figures for the database at `url`: bytes of the whole directory, departments and towns included."""
    engine = open_database(url)
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        directory = read_directory(engine)
        seconds.append(time.process_time() - begun)
        del directory
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    directory = read_directory(engine)
    gc.collect()
    zones = len(directory.zones)
    held = (tracemalloc.get_traced_memory()[0] - before) / max(1, zones)
    print(f"{zones:,} zones: {held:,.0f} bytes a zone, read in {min(seconds):.2f} s of processor time")


if __name__ == "__main__":
    main(sys.argv[1])
