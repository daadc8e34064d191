"""What a file's first bytes say, for recognizing its format."""

import contextlib
import zipfile
from functools import cached_property
from typing import IO

HEAD_BYTES = 65_536
ZIP_SIGNATURE = b"PK\x03\x04"


class Probe:
    """A file that is looked at; it stands at its beginning afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.head = file.read(HEAD_BYTES)
        file.seek(0)

    @cached_property
    def text(self) -> bytes:
        """The first bytes behind a byte-order mark and white space."""
        return self.head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")

    @property
    def is_xml(self) -> bool:
        """Whether it begins with a declaration of XML."""
        return self.text.startswith(b"<?")

    @cached_property
    def is_zip(self) -> bool:
        """Whether it begins as a ZIP archive does."""
        return self.head.startswith(ZIP_SIGNATURE)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The names in a ZIP archive; none in any other file, or in a damaged archive."""
        names: tuple[str, ...] = ()
        if self.is_zip:
            with contextlib.suppress(zipfile.BadZipFile, OSError, ValueError, OverflowError):
                names = tuple(zipfile.ZipFile(self._file).namelist())
            self._file.seek(0)
        return names

    def has(self, marker: str) -> bool:
        """Whether the whole file holds a text in UTF-16, as Office files of before 2007 name their parts."""
        needle = marker.encode("utf-16-le")
        overlap = b""
        try:
            while block := self._file.read(1 << 20):
                if needle in overlap + block:
                    return True
                overlap = block[-len(needle) :]
            return False
        finally:
            self._file.seek(0)
