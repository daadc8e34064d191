"""Files in blocks, so that memory does not grow with them."""

from collections.abc import Iterator
from pathlib import Path

BLOCK_BYTES = 64 * 1024


def blocks_of(path: Path) -> Iterator[bytes]:
    """What a file holds, block by block."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
