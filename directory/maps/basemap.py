"""The basemap: one file of streets, which an operator puts on the server's disk or on a server of their own.

The file is a PMTiles archive with vector tiles of Protomaps' schema. What cannot be drawn is told in one sentence, and
pages show outlines. The file may be replaced while the site runs: its version is part of its address.
"""

import gzip
import hashlib
import json
import os
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import structlog
from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
)

from directory.errors import BadInputError
from directory.settings import is_address

log = structlog.get_logger()

LAYERS = frozenset({"earth", "water", "roads", "places"})
"""The layers of Protomaps' schema without which the map would have no streets."""
KIND = "kind"
"""The property that says what a feature is. Before version 4 of the schema it was called "pmap:kind"."""
HEADER_BYTES = 127
LARGEST_METADATA = 4_000_000
LARGEST_DIRECTORY = 16_000_000

Stamp = tuple[int, int, int]
"""Inode, size and time of change (nanoseconds) of a file: another one has another stamp."""
_Bytes = Callable[[int, int], bytes]


class BasemapError(BadInputError, ValueError):
    """Why a file cannot be the basemap, in a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class BasemapState:
    """The file as it was looked at last: a `version` for its address, or the `problem` that keeps it from use."""

    version: str = ""
    problem: str = ""
    stamp: Stamp | None = None
    size: int = 0
    """Bytes."""


class Basemap:
    """The configured basemap, or none. Safe to share between threads."""

    def __init__(self, place: str) -> None:
        """`place` is a path, an https:// address, or empty."""
        self.url = place if is_address(place) else ""
        self.path = Path(place) if place and not self.url else None
        self._state = BasemapState()
        self._lock = threading.Lock()

    @property
    def is_wanted(self) -> bool:
        """Whether one is configured, usable or not."""
        return bool(self.url or self.path)

    @property
    def origin(self) -> str:
        """The scheme and host of a basemap on another server, which browsers ask; empty for a file."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if self.url else ""

    def state(self) -> BasemapState:
        """The file as it is now. It is looked into again when inode, size or time have changed; trouble is logged once.

        A file on another server is not looked at: only browsers ask it.
        """
        if self.path is None:
            return BasemapState()
        stamp = _stamp(self.path)
        with self._lock:
            if stamp is None or stamp != self._state.stamp or not (self._state.version or self._state.problem):
                self._examine_again(self.path, stamp)
            return self._state

    def _examine_again(self, path: Path, stamp: Stamp | None) -> None:
        before = self._state
        try:
            self._state = examine(path)
        except (BasemapError, OSError) as trouble:
            self._state = BasemapState(problem=problem_words(trouble), stamp=stamp)
            if self._state.problem != before.problem:
                log.error("basemap not used, maps show outlines", file=str(path), problem=self._state.problem)

    def open(self, version: str) -> BinaryIO | None:
        """The file of that version, to be closed by the caller; None when it is gone or another one stands there."""
        state = self.state()
        if self.path is None or not version or version != state.version:
            return None
        try:
            file = self.path.open("rb")
        except OSError:
            return None
        if _stamp(file.fileno()) == state.stamp:
            return file
        file.close()
        return None


def examine(path: Path) -> BasemapState:
    """Look into a PMTiles file: its header, metadata and root directory. Raises BasemapError or OSError."""
    with path.open("rb") as file:
        stamp = _stamp(file.fileno())
        size = os.fstat(file.fileno()).st_size

        def read(offset: int, length: int) -> bytes:
            file.seek(offset)
            return file.read(length)

        root = _check(read, size)
        start = read(0, HEADER_BYTES)
    # The directory holds a digest's worth of the tiles: their lengths. With the time of change every build differs.
    digest = hashlib.sha256(repr(stamp).encode() + start + root)
    return BasemapState(version=digest.hexdigest()[:16], stamp=stamp, size=size)


def _check(read: _Bytes, size: int) -> bytes:
    """The root directory's bytes. Raises BasemapError."""
    try:
        header = deserialize_header(read(0, HEADER_BYTES))
    except (MagicNumberNotFound, UnicodeDecodeError):
        raise BasemapError("This is no PMTiles file.") from None
    except SpecVersionUnsupported:
        raise BasemapError("This PMTiles file has another version than 3. Convert it with `pmtiles convert`.") from None
    except (IndexError, ValueError):
        raise BasemapError("The header of this PMTiles file cannot be read. Copy the file again.") from None
    if header["tile_type"] != TileType.MVT:
        raise BasemapError("This PMTiles file holds pictures, not vector tiles. Take a basemap of Protomaps.")
    if {header["tile_compression"], header["internal_compression"]} - {Compression.GZIP, Compression.NONE}:
        raise BasemapError("Browsers cannot unpack this file: it is compressed with something else than gzip.")
    ends = max(
        header["root_offset"] + header["root_length"], header["metadata_offset"] + header["metadata_length"],
        header["leaf_directory_offset"] + header["leaf_directory_length"],
        header["tile_data_offset"] + header["tile_data_length"],
    )  # fmt: skip
    if ends > size:
        raise BasemapError(f"This PMTiles file is cut off: it has {size:,} bytes of {ends:,}. Copy it again.")
    if header["metadata_length"] > LARGEST_METADATA or header["root_length"] > LARGEST_DIRECTORY:
        raise BasemapError("The header of this PMTiles file cannot be read. Copy the file again.")
    root = read(header["root_offset"], header["root_length"])
    try:
        packed = read(header["metadata_offset"], header["metadata_length"])
        gzipped = header["internal_compression"] is Compression.GZIP
        metadata = json.loads(gzip.decompress(packed) if gzipped else packed)
        entries = deserialize_directory(root)
    except (OSError, EOFError, ValueError, IndexError, zlib.error):
        raise BasemapError("This PMTiles file is damaged. Copy it again.") from None
    if not entries:
        raise BasemapError("This PMTiles file holds no tiles.")
    _check_schema(metadata)
    return root


def _check_schema(metadata: object) -> None:
    """Raises BasemapError when the layers are not Protomaps'."""
    layers = metadata.get("vector_layers") if isinstance(metadata, dict) else None
    fields = {
        layer["id"]: layer.get("fields") or {}
        for layer in (layers if isinstance(layers, list) else [])
        if isinstance(layer, dict) and isinstance(layer.get("id"), str)
    }
    missing = sorted(LAYERS - fields.keys())
    if missing:
        raise BasemapError(f"This file does not follow Protomaps' schema: the layers {', '.join(missing)} are missing.")
    if fields["roads"] and KIND not in fields["roads"]:
        raise BasemapError("This file follows an old version of Protomaps' schema. Take a build of version 4.")


def problem_words(trouble: BasemapError | OSError) -> str:
    """The trouble with a file, in a sentence for the operator."""
    if isinstance(trouble, FileNotFoundError):
        return "The file of SAFEZONES_BASEMAP is not there."
    if isinstance(trouble, OSError):
        return f"The file cannot be read: {trouble.strerror or trouble}."
    return str(trouble)


def _stamp(file: Path | int) -> Stamp | None:
    """None when there is no such file."""
    try:
        status = os.stat(file)  # noqa: PTH116  (a path or an open file)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
