"""ZIP archives of strangers: never unpacked to more than allowed, and no name in them is used as a path."""

import zipfile
from typing import IO

from directory.formats.source import BadFileError, Limits
from directory.formats.xml_events import damaged
from directory.text import translatable

MAX_PACKING = 200
"""Bytes that one packed byte may unpack to."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def open_archive(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """An archive that unpacks to no more than allowed. Raises BadFileError or zipfile.BadZipFile."""
    archive = zipfile.ZipFile(file)
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > limits.unpacked or unpacked / packed > MAX_PACKING:
        raise BadFileError(
            translatable("The file unpacks to far more than it should."),
            translatable("Save it again, or send it as CSV."),
        )
    return archive


def open_entry(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """An entry to read in pieces: never more than the size that `open_archive` has counted. Raises KeyError."""
    entry = archive.getinfo(name)
    if entry.compress_type not in _PACKINGS:
        raise damaged()  # the others unpack a block of any size at once
    return archive.open(entry)
