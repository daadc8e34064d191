"""Compress the static files: a .br and a .gz beside each text file of more than 500 bytes.

Building a wheel and installing from a clone do it (`hatch_build.py`); `make run` and `make test` do it again after a
change. The results are not committed.
"""

import gzip
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parent.parent / "directory" / "static"
TEXT = {".js", ".css", ".svg", ".json", ".geojson", ".webmanifest"}


def compress(folder: Path) -> None:
    """Compress every text file under `folder`; the same content gives the same bytes."""
    for old in [*folder.rglob("*.br"), *folder.rglob("*.gz")]:
        old.unlink()
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.suffix in TEXT else b""
        if len(content) > 500:
            path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    compress(STATIC)
