"""Spreadsheets: CSV and XLSX as they come out of town halls."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from directory.records.facts import ZoneRecord
from directory.records.findings import Finding, Severity
from directory.records.geojson import COLUMNS
from directory.records.headers import field_for
from directory.records.judging import RawRow
from directory.records.sources import MAX_UNPACKED_BYTES, BadFile, Source
from directory.text import said

HEADER_SEARCH_ROWS = 20
MAX_PACKING = 200
CSV_COLUMNS = ("zone_id", *COLUMNS, "latitude", "longitude")

Cells = list[Any]


def open_csv(file: IO[bytes]) -> Source:
    """Rows of a CSV file in UTF-8, UTF-16 or Windows-1252, split by comma, semicolon, tab or bar. Raises BadFile."""
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="replace")
    sample = text.read(16_384).splitlines()[:HEADER_SEARCH_ROWS]
    text.seek(0)
    delimiter = max(
        ",;\t|", key=lambda sign: max((_known(cells) for cells in csv.reader(sample, delimiter=sign)), default=0)
    )
    source = _source("CSV", _csv_rows(csv.reader(text, delimiter=delimiter)), file)
    source.text = text
    if encoding == "cp1252":
        source.findings.append(
            Finding(
                "file_is_utf8",
                Severity.NOTE,
                0,
                "file",
                "Windows-1252",
                said("was read as Windows-1252, not UTF-8"),
                said("Nothing to do if the accents are right."),
            )
        )
    return source


def _csv_rows(reader: Iterable[Cells]) -> Iterator[Cells]:
    try:
        yield from reader
    except csv.Error as error:
        raise BadFile(
            said("The CSV file cannot be read: %(error)s.", error=error), said("Save it again as CSV.")
        ) from error


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 unless the bytes say otherwise; the file is read once, in blocks."""
    start = file.read(4)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
        return "utf-8-sig"
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)


def open_xlsx(file: IO[bytes], most_unpacked: int = MAX_UNPACKED_BYTES) -> Source:
    """Rows of an XLSX workbook's first sheet that has our columns. Raises BadFile."""
    import openpyxl  # a server that nobody sends workbooks does without its 7 MB
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = sum(entry.compress_size for entry in archive.infolist()) or 1
        if unpacked > most_unpacked or unpacked / packed > MAX_PACKING:
            raise BadFile(
                said("The workbook unpacks to far more than it should."), said("Save it again, or send it as CSV.")
            )
        file.seek(0)
        # Values as last saved, never formulas; read row by row.
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        missing: BadFile | None = None
        for sheet in book.worksheets:
            try:
                return _source("XLSX", (list(row) for row in sheet.iter_rows(values_only=True)), file)
            except BadFile as error:
                missing = missing or error
        raise missing or BadFile(said("The workbook has no sheet."), said("Save it again."))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise BadFile(
            said("The workbook is damaged."), said("Open it in a spreadsheet program and save it again.")
        ) from error


def _source(form: str, rows: Iterator[Cells], file: IO[bytes]) -> Source:
    """Find the header row, map its names, and give the rows below it."""
    best: tuple[int, int, Cells] = (0, 0, [])
    seen: list[tuple[int, Cells]] = []
    for number, cells in enumerate(rows, start=1):
        seen.append((number, cells))
        if _known(cells) > best[0]:
            best = (_known(cells), number, cells)
        if number == HEADER_SEARCH_ROWS:
            break
    if best[0] < 2:
        raise BadFile(
            said("No row of column names was found."),
            said("Name the columns in the first row: department, town, state, address, hours and so on."),
        )
    _, header_row, header = best
    fields = _fields(header)
    columns = {str(cell): name or "" for cell, name in zip(header, fields, strict=True) if cell}
    findings = [
        Finding(
            "columns_are_known",
            Severity.NOTE,
            header_row,
            column,
            column,
            _why_left_out(column),
            said("It was left out; rename it if it holds one of our facts."),
        )
        for column, name in columns.items()
        if not name
    ]
    below = [entry for entry in seen if entry[0] > header_row]
    return Source(form, _rows(below, rows, seen[-1][0], fields), file, columns=columns, findings=findings)


def _known(cells: Cells) -> int:
    """How many of our columns a row names."""
    return len({field_for(str(cell)) for cell in cells if cell} - {None})


def _fields(header: Cells) -> list[str | None]:
    """The field of each column. Of two columns for one field the one with our own name counts, else the first."""
    named = [field_for(str(cell)) if cell else None for cell in header]
    chosen: dict[str, int] = {}
    for number, name in enumerate(named):
        if name and (name not in chosen or str(header[number]).strip() == name):
            chosen[name] = number
    return [name if name and chosen[name] == number else None for number, name in enumerate(named)]


def _why_left_out(column: str) -> str:
    name = field_for(column)
    return said("would be another %(name)s", name=name) if name else said("is no column of the directory")


def _rows(
    below: list[tuple[int, Cells]], rest: Iterator[Cells], last: int, fields: list[str | None]
) -> Iterator[RawRow]:
    for number, cells in below:
        if row := _row(number, cells, fields):
            yield row
    for number, cells in enumerate(rest, start=last + 1):
        if row := _row(number, cells, fields):
            yield row


def _row(number: int, cells: Cells, fields: list[str | None]) -> RawRow | None:
    """A row by field names, or None when every cell is empty."""
    values = {
        name: undefused(cell)
        for name, cell in zip(fields, cells, strict=False)
        if name and cell is not None and str(cell).strip()
    }
    return RawRow(number, values, columns=frozenset(name for name in fields if name)) if values else None


def defused(value: Any) -> Any:
    """A cell that no spreadsheet program will run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def undefused(value: Any) -> Any:
    """The inverse of `defused`."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:2] in ("=", "+", "-", "@") else value


def csv_rows(zones: Iterable[ZoneRecord]) -> Iterator[str]:
    """A CSV file line by line: every zone as a row, every field as a column."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")

    def taken(cells: Iterable[Any]) -> str:
        writer.writerow(cells)
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield taken(CSV_COLUMNS)
    for zone in zones:
        values = (getattr(zone, column) for column in CSV_COLUMNS)
        yield taken(defused("; ".join(value) if isinstance(value, list) else value) for value in values)


def workbook(rows: Iterable[Cells]) -> bytes:
    """An XLSX workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([defused(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
