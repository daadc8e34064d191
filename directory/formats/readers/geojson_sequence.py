"""Features one after another: GeoJSON text sequences (RFC 8142), and a Feature a line."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from directory.formats.probe import Probe
from directory.formats.readers.geojson import feature_row
from directory.formats.source import BadFileError, ReadOptions, Source
from directory.text import translatable
from directory.zones.validation.row_validation import RawRow

LONGEST_LINE = 10_000_000
"""Bytes of a line, which is read as a whole."""
MOST_DIGITS = 20
"""Digits of a whole number: a longer one says nothing of a zone, and is too large for a coordinate."""
_RECORD_SEPARATOR = b"\x1e"


def is_sequence(probe: Probe) -> bool:
    """Whether a record separator begins the file, or its first line is a Feature and another line follows."""
    if probe.text.startswith(_RECORD_SEPARATOR):
        return True
    line, end, following = probe.text.partition(b"\n")
    return bool(end) and line.startswith(b"{") and following.lstrip().startswith(b"{") and _is_feature(line)


def _is_feature(line: bytes) -> bool:
    try:
        feature = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(feature, dict) and feature.get("type") == "Feature"


def read_sequence(file: IO[bytes], options: ReadOptions) -> Source:
    """Features as rows, numbered from 1. Raises BadFileError."""
    features = enumerate(_features(file), start=1)
    rows: Iterator[RawRow] = (feature_row(number, feature, options.column_field) for number, feature in features)
    return Source("GeoJSON sequence", rows, file)


def _features(file: IO[bytes]) -> Iterator[Any]:
    for number, text in enumerate(filter(bytes.strip, _texts(file)), start=1):
        try:
            feature = json.loads(text, parse_constant=_refuse, parse_int=_whole_number)
        except (ValueError, RecursionError) as error:
            raise BadFileError(
                translatable("Feature %(number)s is cut off, or no valid JSON.", number=number),
                translatable("Export the file again; nothing was imported."),
            ) from error
        yield feature


def _texts(file: IO[bytes]) -> Iterator[bytes]:
    """The texts between record separators, which may have several lines; without separators, the lines."""
    text, is_separated = bytearray(), False
    while line := file.readline(LONGEST_LINE).removeprefix(BOM_UTF8):
        is_separated |= line.startswith(_RECORD_SEPARATOR)
        if line.startswith(_RECORD_SEPARATOR) or not is_separated:
            yield bytes(text)
            text.clear()
        text += line.removeprefix(_RECORD_SEPARATOR)
        if len(text) >= LONGEST_LINE:
            raise BadFileError(
                translatable("A feature of the file is longer than 10 MB."), translatable("Send a Point for each zone.")
            )
    yield bytes(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number is too large")
    return int(digits)
