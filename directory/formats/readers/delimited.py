"""CSV and its relatives: text whose cells are parted by comma, semicolon, tab or bar."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import IO

from directory.formats.cells.strikethrough import without_struck
from directory.formats.probe import Probe
from directory.formats.source import BadFileError, ReadOptions, Source
from directory.formats.table_source import HEADER_SEARCH_ROWS, Cells, TableRow, known_columns, table_source
from directory.text import translatable
from directory.zones.findings import Finding, Severity

_OLD_ENCODINGS = {"cp1252": "Windows-1252", "mac_roman": "Mac OS Roman"}
_MAC_LETTER = re.compile(rb"[A-Za-z][\x87\x88\x89\x8d\x8e\x8f\x90\x9d][a-z]")
"""á, à, â, ç, é, è, ê, ù of old Macs in a word: in Windows-1252 these bytes are no letters of a word, or nothing."""


def is_delimited(probe: Probe) -> bool:
    """Whether the file may be text; UTF-16 has become UTF-8 before."""
    return not probe.is_zip and b"\x00" not in probe.head and not probe.is_xml


def read_delimited(file: IO[bytes], options: ReadOptions) -> Source:
    """Rows of a CSV file in UTF-8 or Windows-1252, split by comma, semicolon, tab or bar. Raises BadFileError."""
    encoding = text_encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="replace")
    sample = text.read(16_384).splitlines()[:HEADER_SEARCH_ROWS]
    text.seek(0)

    def column_count(sign: str) -> tuple[int, int]:
        rows = csv.reader(sample, delimiter=sign)
        return max(((known_columns(cells, options.column_field), len(cells)) for cells in rows), default=(0, 0))

    delimiter = max(",;\t|", key=column_count)
    lines = _csv_rows(csv.reader(text, delimiter=delimiter))
    source = table_source("CSV", lines, file, options, delimiter=delimiter)
    source.text = text
    if delimiter == "|":  # so are tables of Markdown written, which alone have marks in plain text
        source.rows = map(without_struck, source.rows)
    if name := _OLD_ENCODINGS.get(encoding):
        reason = translatable("was read as %(encoding)s, not UTF-8", encoding=name)
        fix = translatable("Nothing to do if the accents are right.")
        source.findings.append(Finding("file_is_utf8", Severity.NOTE, 0, "file", name, reason, fix))
    return source


def _csv_rows(reader: Iterable[Cells]) -> Iterator[TableRow]:
    try:
        for number, cells in enumerate(reader, start=1):
            yield TableRow(number, cells)
    except csv.Error as error:
        raise BadFileError(
            translatable("The CSV file cannot be read: %(error)s.", error=error), translatable("Save it again as CSV.")
        ) from error


def text_encoding(file: IO[bytes]) -> str:
    """UTF-8 unless the bytes say otherwise, as those of Windows or of old Macs; the file is read in blocks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
        return "utf-8-sig"
    except UnicodeDecodeError:
        file.seek(0)
        blocks = iter(lambda: file.read(1 << 20), b"")
        return "mac_roman" if any(map(_MAC_LETTER.search, blocks)) else "cp1252"
    finally:
        file.seek(0)
