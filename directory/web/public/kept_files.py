"""Files of a snapshot, written once and kept: programs that read a file over HTTP ask for one part after the other."""

import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import IO

from flask import Response, request
from werkzeug.datastructures import Range

from directory.formats.writers.blocks import BLOCK_BYTES

MOST_FILES = 64
MOST_DIGESTS = 4_096
"""Of files whose bytes were let go; there are about as many places and forms."""
MOST_BYTES = 200_000_000
"""Of all the files that a worker keeps, on the disk of temporary files."""
LEAST_FREE_BYTES = 100_000_000
"""What stays free on that disk, which may be memory and small: uploads are put there, too."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was written: its SHA-256 in hexadecimal digits, its bytes, and their number.

    `file` has no name, so that it goes with the last answer that reads it; None where it is not kept.
    """

    digest: str
    size: int
    file: IO[bytes] | None

    def blocks(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in blocks."""
        while self.file and start < stop:
            block = os.pread(self.file.fileno(), min(BLOCK_BYTES, stop - start), start)
            start += len(block)
            yield block


class KeptFiles:
    """The files of one snapshot; what was asked for the longest ago is let go, and written again when asked for.

    The site's address is in the files, and has to be in their keys: without SAFEZONES_BASE_URL the Host header names
    it, which anybody may change with each request. Whoever does so has files of their own, and nobody gets them.
    """

    def __init__(self) -> None:
        self._files: OrderedDict[Hashable, KeptFile] = OrderedDict()
        self._lock = Lock()
        self._writing: dict[Hashable, Lock] = {}

    def get(self, key: Hashable, write: Callable[[], Iterable[bytes]], *, with_bytes: bool) -> KeptFile:
        """The file that `write` gives in blocks, without its bytes where it cannot be kept.

        Who asks for a file while it is written waits for it: a program's parts may come several at once.
        """
        kept_file = self._usable(key, with_bytes)
        if kept_file is None:
            try:
                with self._writing.setdefault(key, Lock()):
                    kept_file = self._usable(key, with_bytes)
                    if kept_file is None:
                        kept_file = _written(write())
                        self._keep(key, kept_file)
            finally:
                self._writing.pop(key, None)
        return kept_file

    def _usable(self, key: Hashable, with_bytes: bool) -> KeptFile | None:
        with self._lock:
            kept_file = self._files.get(key)
            if kept_file is None or (with_bytes and kept_file.file is None and kept_file.size <= MOST_BYTES):
                return None
            self._files.move_to_end(key)
            return kept_file

    def _keep(self, key: Hashable, file: KeptFile) -> None:
        """As the newest of all."""
        with self._lock:
            self._files[key] = file
            self._files.move_to_end(key)
            self._let_go()

    def _let_go(self) -> None:
        with_content = [(key, kept_file) for key, kept_file in self._files.items() if kept_file.file]
        size = sum(kept_file.size for _key, kept_file in with_content)
        while len(with_content) > MOST_FILES or size > MOST_BYTES:
            key, oldest = with_content.pop(0)
            size -= oldest.size
            self._files[key] = replace(oldest, file=None)
        while len(self._files) > MOST_DIGESTS:
            self._files.popitem(last=False)


def part_asked() -> Range | None:
    """The one part of a file that the request asks for, if it does not ask for the whole.

    Whoever holds a part of it already is answered whole: tags that are weak cannot tell whether it is the same file. So
    is who asks for several parts at once; and parts are for GET alone.
    """
    part, earlier = request.range, request.if_range
    if request.method != "GET" or not part or part.units != "bytes" or len(part.ranges) != 1:
        return None
    return None if earlier.etag or earlier.date else part


def whole_or_part(kept_file: KeptFile | None, media_type: str, write: Callable[[], Iterable[bytes]]) -> Response:
    """The file, or the part of it that the request asks for (RFC 9110, 14): 206, or 416 where it ends before.

    A file that is not kept is written and answered whole.
    """
    if kept_file is None or kept_file.file is None:
        return Response(write(), mimetype=media_type)
    part, start, stop, status = part_asked(), 0, kept_file.size, 200
    if part:
        bounds = _bounds(part, kept_file.size)
        if bounds is None:
            return Response(
                status=416, headers={"Content-Range": f"bytes */{kept_file.size}", "Accept-Ranges": "bytes"}
            )
        (start, stop), status = bounds, 206
    response = Response(kept_file.blocks(start, stop), status, mimetype=media_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = stop - start
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{kept_file.size}"
    return response


def _bounds(part: Range, size: int) -> tuple[int, int] | None:
    """From where up to where a single part reaches; None where the file ends before it.

    Of a file that has fewer bytes than the last ones that are asked for, all are meant.
    """
    start = part.ranges[0][0]
    return (0, size) if start < -size < 0 else part.range_for_length(size)


def _written(blocks: Iterable[bytes]) -> KeptFile:
    digest, size = sha256(), 0
    draft = _Draft()
    for block in blocks:
        digest.update(block)
        size += len(block)
        draft.write(block, size)
    return KeptFile(digest.hexdigest(), size, draft.done())


class _Draft:
    """A temporary file, which is given up where it grows too large or the disk has no room for it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        with suppress(OSError):
            self._file = tempfile.TemporaryFile(prefix="safezones-")  # noqa: SIM115  (it closes with the KeptFile)

    def write(self, block: bytes, size: int) -> None:
        try:
            if self._file and size <= MOST_BYTES and _free_bytes(self._file) > LEAST_FREE_BYTES:
                self._file.write(block)
            else:
                self._file = None
        except OSError:
            self._file = None

    def done(self) -> IO[bytes] | None:
        with suppress(OSError):
            if self._file:
                self._file.flush()
                return self._file
        return None


def _free_bytes(file: IO[bytes]) -> int:
    """Of the disk that the file is on."""
    disk = os.fstatvfs(file.fileno())
    return disk.f_bavail * disk.f_frsize
