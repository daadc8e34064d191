"""Spreadsheets: CSV and XLSX as they come out of town halls."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain, islice
from typing import IO, Any, NamedTuple

from directory.formats.column_names import FieldFor, field_for
from directory.formats.geojson import COLUMNS
from directory.formats.source import IMPORT_LIMITS, BadFileError, Limits, Source, too_many_columns, too_much_text
from directory.formats.xlsx import Workbook, Worksheet
from directory.text import translatable
from directory.zones.findings import MOST_SHOWN, Finding, Severity, converted
from directory.zones.placeholders import means_row_above
from directory.zones.schemas import ZoneRecord
from directory.zones.text_forms import lines_of
from directory.zones.validation import RawRow, tidy

HEADER_SEARCH_ROWS = 20
LONGEST_NAME = 100
"""Characters of a column's name that are told again."""
CSV_COLUMNS = ("zone_id", *COLUMNS, "latitude", "longitude")

_TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""How a clerk keeps a spreadsheet program from dropping a leading zero."""
Cells = list[Any]


class CsvLine(NamedTuple):
    """A row of a table, numbered as its reader counts."""

    number: int
    cells: Cells
    hidden: bool = False


class NoColumnsError(BadFileError):
    """A table in which no row names our columns."""


def open_csv(file: IO[bytes], limits: Limits = IMPORT_LIMITS, column_field: FieldFor = field_for) -> Source:
    """Rows of a CSV file in UTF-8, UTF-16 or Windows-1252, split by comma, semicolon, tab or bar.

    Raises BadFileError.
    """
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="", errors="replace")
    sample = text.read(16_384).splitlines()[:HEADER_SEARCH_ROWS]
    text.seek(0)
    delimiter = max(
        ",;\t|",
        key=lambda sign: max((_known(cells, column_field) for cells in csv.reader(sample, delimiter=sign)), default=0),
    )
    lines = _csv_rows(csv.reader(text, delimiter=delimiter))
    source = _source("CSV", lines, file, limits, column_field, refuse_wide=delimiter == ",")
    source.text = text
    if encoding == "cp1252":
        source.findings.append(
            Finding(
                "file_is_utf8",
                Severity.NOTE,
                0,
                "file",
                "Windows-1252",
                translatable("was read as Windows-1252, not UTF-8"),
                translatable("Nothing to do if the accents are right."),
            )
        )
    return source


def _csv_rows(reader: Iterable[Cells]) -> Iterator[CsvLine]:
    try:
        for number, cells in enumerate(reader, start=1):
            yield CsvLine(number, cells)
    except csv.Error as error:
        raise BadFileError(
            translatable("The CSV file cannot be read: %(error)s.", error=error), translatable("Save it again as CSV.")
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


def open_xlsx(file: IO[bytes], limits: Limits = IMPORT_LIMITS, column_field: FieldFor = field_for) -> Source:
    """Rows of the first sheet of an XLSX workbook that has our columns, a visible one if there is any. Raises
    BadFileError.

    Hidden sheets that are left out, hidden columns and hidden rows are findings: nobody sends what they do not see.
    """
    book = Workbook(file, limits)
    missing = BadFileError(translatable("The workbook has no sheet."), translatable("Save it again."))
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.hidden):  # each kind in the order of the workbook
        try:
            source = _source("XLSX", _sheet_rows(book, sheet), file, limits, column_field, sheet.hidden_columns)
        except NoColumnsError as error:
            missing = error
            continue
        source.findings[:0] = list(_hidden_sheets(book.sheets, sheet))
        return source
    raise missing


def _sheet_rows(book: Workbook, sheet: Worksheet) -> Iterator[CsvLine]:
    for row in book.rows(sheet):
        yield CsvLine(row.number, [row.cells.get(column) for column in range(max(row.cells) + 1)], row.hidden)


def _hidden_sheets(sheets: Iterable[Worksheet], read: Worksheet) -> Iterator[Finding]:
    for sheet in sheets:
        if sheet is read and sheet.hidden:
            reason = translatable("is hidden, and the only sheet that names our columns")
            fix = translatable("It was read; make sure that it is what you want to send.")
        elif sheet.hidden:
            reason = translatable("is a hidden sheet")
            fix = translatable("It was left out; move what counts into the sheet with the zones.")
        else:
            continue
        yield Finding("sheet_is_visible", Severity.WARNING, 0, "sheet", sheet.name, reason, fix)


def _within(lines: Iterator[CsvLine], limits: Limits) -> Iterator[CsvLine]:
    """The rows, as long as they hold no more than allowed. Raises BadFileError."""
    text = 0
    for line in lines:
        text += sum(len(cell) for cell in line.cells if isinstance(cell, str))
        if text > limits.text:
            raise too_much_text(limits, line.number)
        if len(line.cells) > limits.columns:
            raise too_many_columns(limits, line.number)
        yield line


def _source(
    form: str,
    lines: Iterator[CsvLine],
    file: IO[bytes],
    limits: Limits,
    column_field: FieldFor,
    hidden_columns: Set[int] = frozenset(),
    refuse_wide: bool = False,
) -> Source:
    """Find the header row, map its names, and give the rows below it. `hidden_columns` may fill while rows are read.

    `refuse_wide`: a row with more cells than columns is refused. Between commas, a cell that has one and no quotes is
    two, and all behind it stand in wrong columns.
    """
    lines = _within(lines, limits)
    seen = list(islice(lines, HEADER_SEARCH_ROWS))
    candidates = [line for line in seen if not line.hidden]
    header = max(candidates, key=lambda line: _known(line.cells, column_field), default=None)
    if header is None or _known(header.cells, column_field) < 2:
        raise NoColumnsError(
            translatable("No row of column names was found."),
            translatable("Name the columns in the first row: department, town, state, address, hours and so on."),
        )
    fields = _fields(header.cells, hidden_columns, column_field)
    names = [str(cell)[:LONGEST_NAME] if cell else "" for cell in header.cells]
    columns = {name: field or "" for name, field in zip(names, fields, strict=True) if name}
    findings = [
        Finding(
            "columns_are_known",
            Severity.NOTE,
            header.number,
            name,
            name,
            *_why_left_out(name, number in hidden_columns, column_field),
        )
        for number, name in enumerate(names)
        if name and not fields[number]
    ]
    below = [line for line in seen if line.number > header.number]
    return Source(form, _rows(chain(below, lines), fields, refuse_wide), file, columns=columns, findings=findings)


def _known(cells: Cells, column_field: FieldFor) -> int:
    """How many of our columns a row names."""
    return len({column_field(str(cell)) for cell in cells if cell} - {None})


def _fields(header: Cells, hidden_columns: Set[int], column_field: FieldFor) -> list[str | None]:
    """The field of each column. Of two columns for one field the one with our own name counts, else the first."""
    named = [
        column_field(str(cell)) if cell and number not in hidden_columns else None for number, cell in enumerate(header)
    ]
    chosen: dict[str, int] = {}
    for number, name in enumerate(named):
        if name and (name not in chosen or str(header[number]).strip() == name):
            chosen[name] = number
    return [name if name and chosen[name] == number else None for number, name in enumerate(named)]


def _why_left_out(column: str, hidden: bool, column_field: FieldFor) -> tuple[str, str]:
    if hidden:
        return translatable("is a hidden column"), translatable(
            "It was left out; show it and send the file again if it counts."
        )
    name = column_field(column)
    why = (
        translatable("would be another %(name)s", name=name) if name else translatable("is no column of the directory")
    )
    return why, translatable("It was left out; rename it if it holds one of our facts.")


def _rows(lines: Iterable[CsvLine], fields: list[str | None], refuse_wide: bool) -> Iterator[RawRow]:
    above: dict[str, Any] | None = None
    for line in lines:
        if row := _row(line, fields):
            if refuse_wide and any(map(str.strip, line.cells[len(fields) :])):
                row.problems.append(_too_many_cells(line, fields))
            if above is not None and "zone_id" not in row.values:  # a file of ours repeats nothing
                _repeat(row, above)
            refused = any(problem.severity is Severity.ERROR for problem in row.problems)
            above = None if refused else row.values
            yield row


def _too_many_cells(line: CsvLine, fields: list[str | None]) -> Finding:
    reason = translatable("has %(cells)s cells for %(columns)s columns", cells=len(line.cells), columns=len(fields))
    fix = translatable("A comma stands in a cell without quotes: put quotes around that cell.")
    return Finding("cells_fit_columns", Severity.ERROR, line.number, "row", ", ".join(line.cells), reason, fix)


def _repeat(row: RawRow, above: dict[str, Any]) -> None:
    """Put what the row above says where a cell says "same as above"."""
    for name, text in [(name, tidy(value)) for name, value in row.values.items()]:
        if means_row_above(text):
            row.values[name] = above.get(name, "")
            row.problems.append(converted(row.number, name, text, str(row.values[name])[:MOST_SHOWN]))


def _row(line: CsvLine, fields: list[str | None]) -> RawRow | None:
    """A row by field names, or None when every cell is empty."""
    values = {
        name: undefused(cell)
        for name, cell in zip(fields, line.cells, strict=False)
        if name and cell is not None and str(cell).strip()
    }
    if not values:
        return None
    row = RawRow(line.number, values, columns=frozenset(name for name in fields if name))
    if line.hidden:
        row.problems.append(
            Finding(
                "row_is_visible",
                Severity.ERROR,
                line.number,
                "row",
                "",
                translatable("is a hidden row"),
                translatable("Show it and send the file again, or delete it."),
            )
        )
    return row


def defused(value: Any) -> Any:
    """A cell that no spreadsheet program will run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def undefused(value: Any) -> Any:
    """The inverse of `defused`; and the text of a formula that says nothing else, such as ="06029"."""
    if isinstance(value, str) and (text := _TEXT_FORMULA.fullmatch(value.strip())):
        return text[1]
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
        yield taken(
            defused("; ".join(lines_of(value)) if isinstance(value, list | tuple | dict) else value) for value in values
        )


def workbook(rows: Iterable[Cells]) -> bytes:
    """An XLSX workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([defused(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
