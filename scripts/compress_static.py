"""Compress the static files: a .br and a .gz beside each text file of more than 500 bytes.

Scripts and style sheets are minified before. Whoever takes no compression gets the file as it was written.

Building a wheel and installing from a clone do it (`hatch_build.py`); `make run` and `make test` do it again after a
change. The results are not committed.
"""

import gzip
from pathlib import Path

import brotli
import minify

STATIC = Path(__file__).resolve().parent.parent / "directory" / "static"
TEXT = {".js", ".css", ".svg", ".json", ".geojson", ".webmanifest"}
MINIFIED = {".js": "application/javascript", ".css": "text/css"}


def minified(path: Path, content: bytes) -> bytes:
    """The same script or style sheet in fewer bytes; another file as it is, and a script that is minified already."""
    kind = MINIFIED.get(path.suffix, "")
    if not kind or (path.suffix == ".js" and path.parent.name == "vendor"):
        return content
    text: str = minify.string(kind, content.decode())
    return text.encode()


def compress(folder: Path) -> None:
    """Compress every text file under `folder`; the same content gives the same bytes.

    A file that is right already is left alone: a site may be reading it.
    """
    compressed = {}
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.suffix in TEXT else b""
        if len(content) > 500:
            content = minified(path, content)
            compressed[path.with_name(path.name + ".br")] = brotli.compress(content, quality=11)
            compressed[path.with_name(path.name + ".gz")] = gzip.compress(content, 9, mtime=0)
    for path in [*folder.rglob("*.br"), *folder.rglob("*.gz")]:
        if path not in compressed:
            path.unlink()
    for path, content in compressed.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


if __name__ == "__main__":
    compress(STATIC)
