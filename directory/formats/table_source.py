"""Tables of any file: finding the row of column names, reading the rows below it, and writing tables."""

import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain, islice
from typing import IO, Any, NamedTuple

from directory.formats.cells.non_data_lines import other_line, repeats_names
from directory.formats.cells.strikethrough import without_struck
from directory.formats.column_names import FieldFor
from directory.formats.edition import PAGE
from directory.formats.sheets import Book, Worksheet, named_sheet, which_sheet
from directory.formats.source import BadFileError, Limits, ReadOptions, Source, too_many_columns, too_much_text
from directory.text import translatable
from directory.zones.findings import MOST_SHOWN, Finding, Severity, converted
from directory.zones.parsing.placeholders import means_row_above
from directory.zones.validation.row_validation import RawRow, tidy

HEADER_SEARCH_ROWS = 20
FEWEST_NAMES_BELOW = 3
"""Names of our columns one below the other that make a table which lies on its side."""
LONGEST_NAME = 100
"""Characters of a column's name that are told again."""

_STRAY_QUOTE = re.compile(r'[^\s"]"\s*$|,"')
"""A quotation mark that ended or began a cell of a row which is within another cell."""
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""How a clerk keeps a spreadsheet program from dropping a leading zero."""
Cells = list[Any]


class TableRow(NamedTuple):
    """A row of a table, numbered as its reader counts; values of `merged` columns stand in a cell of a row above."""

    number: int
    cells: Cells
    hidden: bool = False
    merged: Set[int] = frozenset()


class NoColumnsError(BadFileError):
    """A table in which no row names our columns."""


def book_source(form: str, book: Book, file: IO[bytes], options: ReadOptions) -> Source:
    """Rows of the one sheet that has our columns and rows: the named one, else a visible one if there is any.

    Hidden sheets, columns and rows are findings: nobody sends what they do not see. Raises BadFileError, and
    SheetChoiceError when several sheets could be meant.
    """
    if options.sheet:
        sheet = book.sheets[named_sheet([sheet.name for sheet in book.sheets], options.sheet)]
        return _sheet_source(form, book, sheet, file, options)
    missing = BadFileError(translatable("The file has no sheet."), translatable("Save it again."))
    for hidden in (False, True):
        tables: dict[str, Source] = {}
        empty: list[Source] = []
        for sheet in (sheet for sheet in book.sheets if sheet.hidden is hidden):
            try:
                source = _sheet_source(form, book, sheet, file, options)
            except NoColumnsError as error:
                missing = error
                continue
            first = list(islice(source.rows, 1))
            source.rows = chain(first, source.rows)
            if first:
                tables[sheet.name] = source
            else:
                empty.append(source)
        if len(tables) > 1:
            raise which_sheet(tables)
        if sources := [*tables.values(), *empty]:
            return sources[0]
    raise missing


def _sheet_source(form: str, book: Book, sheet: Worksheet, file: IO[bytes], options: ReadOptions) -> Source:
    source = table_source(form, _sheet_rows(book, sheet), file, options, sheet.hidden_columns)
    source.findings[:0] = list(_hidden_sheets(book.sheets, sheet, is_named=bool(options.sheet)))
    source.findings += [_comment(*comment) for comment in sheet.comments]
    source.rows = map(without_struck, source.rows)
    return source


def _sheet_rows(book: Book, sheet: Worksheet) -> Iterator[TableRow]:
    for row in book.rows(sheet):
        cells = [row.cells.get(column) for column in range(max(row.cells) + 1)]
        yield TableRow(row.number, cells, row.hidden, row.merged)


def _hidden_sheets(sheets: Iterable[Worksheet], read: Worksheet, is_named: bool) -> Iterator[Finding]:
    for sheet in sheets:
        if sheet is read and sheet.hidden and not is_named:
            reason = translatable("is hidden, and the only sheet that names our columns")
            fix = translatable("It was read; make sure that it is what you want to send.")
        elif sheet is not read and sheet.hidden:
            reason = translatable("is a hidden sheet")
            fix = translatable("It was left out; move what counts into the sheet with the zones.")
        else:
            continue
        yield Finding("sheet_is_visible", Severity.WARNING, 0, "sheet", sheet.name, reason, fix)


def _comment(row: int, cell: str, text: str) -> Finding:
    reason = translatable("is a comment on the cell, which is not read")
    fix = translatable("Write into a cell what counts.")
    return Finding("comment_is_read", Severity.WARNING, row, cell, text, reason, fix)


def _within(lines: Iterator[TableRow], limits: Limits) -> Iterator[TableRow]:
    """The rows, as long as they hold no more than allowed. Raises BadFileError."""
    text = 0
    for line in lines:
        text += sum(len(cell) for cell in line.cells if isinstance(cell, str))
        if text > limits.text:
            raise too_much_text(limits, line.number)
        if len(line.cells) > limits.columns:
            raise too_many_columns(limits, line.number)
        yield line


def table_source(
    form: str,
    lines: Iterator[TableRow],
    file: IO[bytes],
    options: ReadOptions,
    hidden_columns: Set[int] = frozenset(),
    delimiter: str = "",
) -> Source:
    """Find the header row, map its names, and give the rows below it. `hidden_columns` may fill while rows are read.

    `delimiter`: what stands between the cells of a text. Between commas, a row with more cells than columns is refused:
    a cell that has one and no quotes is two, and all behind it stand in wrong columns. So is a row that holds further
    ones in a cell, for a quotation mark is not closed. Raises BadFileError.
    """
    column_field = options.column_field
    lines = _within(lines, options.limits)
    first_lines = list(islice(lines, HEADER_SEARCH_ROWS))
    header = _header([line for line in first_lines if not line.hidden], options)
    if header is None:
        if known_columns((line.cells[0] for line in first_lines if line.cells), column_field) >= FEWEST_NAMES_BELOW:
            raise NoColumnsError(
                translatable("The names of the columns stand below one another, in the first column."),
                translatable("Turn rows and columns around (in spreadsheet programs: copy, then “Paste special” with "
                             "“Transpose”), so that each zone is a row."),
            )  # fmt: skip
        raise NoColumnsError(
            translatable("No row of column names was found."),
            translatable("Name the columns in the first row: department, town, state, address, hours and so on."),
        )
    fields = _fields(header.cells, hidden_columns, column_field)
    names = _distinct([str(cell)[:LONGEST_NAME] if cell else "" for cell in header.cells])
    columns = {name: field or "" for name, field in zip(names, fields, strict=True) if name}
    findings = [
        Finding(
            "columns_are_known",
            Severity.NOTE,
            header.number,
            name,
            name,
            *_why_left_out(str(header.cells[number]), number in hidden_columns, column_field),
        )
        for number, name in enumerate(names)
        if name and not fields[number] and not (name == PAGE and "zone_id" in fields)
    ]
    below = [line for line in first_lines if line.number > header.number]
    rows = _rows(chain(below, lines), names, fields, delimiter, any_cell_counts=options.asks_columns)
    return Source(form, rows, file, columns=columns, findings=findings)


def _header(rows: list[TableRow], options: ReadOptions) -> TableRow | None:
    """The row that names most of our columns, at least two; where columns are asked for, else the first of names."""
    header = max(rows, key=lambda row: known_columns(row.cells, options.column_field), default=None)
    if header is not None and known_columns(header.cells, options.column_field) > 1:
        return header
    if not options.asks_columns:
        return None
    return next((row for row in rows[:-1] if _names_columns(row.cells)), None)


def _names_columns(cells: Cells) -> bool:
    """Whether a row may be one of names: two texts or more, and no number."""
    texts = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    return len(texts) > 1 and all(text[0].isalpha() for text in texts)


def known_columns(cells: Iterable[Any], column_field: FieldFor) -> int:
    """How many of our columns a row names."""
    return len({column_field(str(cell)) for cell in cells if cell} - {None})


def _distinct(names: Iterable[str]) -> list[str]:
    """The names of columns, each numbered that repeats one before it; an empty one says nothing."""
    counts: dict[str, int] = {}
    distinct = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        distinct.append(f"{name} ({counts[name]})" if name and counts[name] > 1 else name)
    return distinct


def _fields(header: Cells, hidden_columns: Set[int], column_field: FieldFor) -> list[str | None]:
    """The field of each column. Of two columns for one field the one with our own name counts, else the first."""
    column_fields = [
        column_field(str(cell)) if cell and number not in hidden_columns else None for number, cell in enumerate(header)
    ]
    column_numbers: dict[str, int] = {}
    for number, name in enumerate(column_fields):
        if name and (name not in column_numbers or str(header[number]).strip() == name):
            column_numbers[name] = number
    return [name if name and column_numbers[name] == number else None for number, name in enumerate(column_fields)]


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


def _rows(
    lines: Iterable[TableRow],
    names: list[str],
    fields: list[str | None],
    delimiter: str,
    *,
    any_cell_counts: bool = False,
) -> Iterator[RawRow]:
    columns = dict(zip(names, fields, strict=True))
    above: dict[str, Any] | None = None
    for line in lines:
        row = _row(line, names, columns)
        if repeats_names(row.cells):
            continue
        if row.values or (any_cell_counts and row.cells):
            if delimiter and (lines_within := _lines_within(line.cells, len(fields), delimiter)):
                row.problems.append(_open_quote(line, lines_within))
            elif delimiter == "," and len(line.cells) > len(fields) and _is_shifted(line.cells, len(fields)):
                row.problems.append(_too_many_cells(line, fields))
            elif (other := other_line(row.number, row.cells, columns)) is not None:
                row.problems.append(other)
            if above is not None and not row.has_our_id:  # a file of ours repeats nothing
                _repeat(row, columns, above)
            refused = any(problem.severity is Severity.ERROR for problem in row.problems)
            above = None if refused else row.cells
            yield row


def _is_shifted(cells: Cells, columns: int) -> bool:
    """Whether a row of more cells than columns has an unquoted comma: not only blanks behind, or a cell after a space.

    Where every cell begins with a space, the file is written so.
    """
    spaced = [str(cell).startswith(" ") for cell in cells[1:columns] if str(cell).strip()]
    return any(map(str.strip, cells[columns:])) or (any(spaced) and not all(spaced))


def _lines_within(cells: Cells, columns: int, delimiter: str) -> int:
    """The lines of the file in one cell that has rows in it, as behind an open quotation mark; else 0.

    What the mark swallowed ends with another mark, which is left in the cell, or is lines of delimiters, with cells
    missing behind: a list in a cell has a space behind each comma.
    """
    for cell in cells:
        later = cell.splitlines()[1:] if "\n" in cell else []
        if any(_STRAY_QUOTE.search(line) for line in later) and cell.count(delimiter) > 1:
            return len(later) + 1
        if len(cells) < columns and any(len(re.findall(rf"{re.escape(delimiter)}(?! )", line)) > 1 for line in later):
            return len(later) + 1
    return 0


def _open_quote(line: TableRow, lines: int) -> Finding:
    reason = translatable(
        "holds %(lines)s lines of the file in one cell, for a quotation mark is not closed", lines=lines
    )
    fix = translatable("Close it or take it away, and send the file again.")
    return Finding("quotes_are_closed", Severity.ERROR, line.number, "row", ", ".join(line.cells), reason, fix)


def _too_many_cells(line: TableRow, fields: list[str | None]) -> Finding:
    reason = translatable("has %(cells)s cells for %(columns)s columns", cells=len(line.cells), columns=len(fields))
    fix = translatable("A comma stands in a cell without quotes: put quotes around that cell.")
    return Finding("cells_fit_columns", Severity.ERROR, line.number, "row", ", ".join(line.cells), reason, fix)


def _repeat(row: RawRow, columns: dict[str, str | None], above: dict[str, Any]) -> None:
    """Put what the row above says where a cell says "same as above"."""
    for name, text in [(name, tidy(value)) for name, value in row.cells.items()]:
        if means_row_above(text):
            row.cells[name] = above.get(name, "")
            if field := columns[name]:
                row.values[field] = row.cells[name]
                row.problems.append(converted(row.number, field, text, str(row.cells[name])[:MOST_SHOWN]))


def _row(line: TableRow, names: list[str], columns: dict[str, str | None]) -> RawRow:
    """A row by field names."""
    cells = {
        name: undefused(cell)
        for name, cell in zip(names, line.cells, strict=False)
        if name and cell is not None and str(cell).strip()
    }
    values = {field: cell for name, cell in cells.items() if (field := columns[name])}
    row = RawRow(line.number, values, columns=frozenset(name for name in columns.values() if name), cells=cells)
    row.leave_out_own_page()
    row.problems += [_merged(row, field) for at in sorted(line.merged) if (field := _field_at(at, names, columns))]
    if line.hidden:
        fix = translatable("Show it and send the file again, or delete it.")
        problem = Finding(
            "row_is_visible", Severity.ERROR, line.number, "row", "", translatable("is a hidden row"), fix
        )
        row.problems.append(problem)
    return row


def _field_at(column: int, names: list[str], columns: dict[str, str | None]) -> str | None:
    return columns[names[column]] if column < len(names) and names[column] else None


def _merged(row: RawRow, field: str) -> Finding:
    """A note that a cell of an earlier row, merged with this one, says a field."""
    reason = translatable("stands in a merged cell, and was read for each of its rows")
    fix = translatable("Nothing to do if that is right.")
    return Finding("merged_cell_counts", Severity.NOTE, row.number, field, tidy(row.values.get(field)), reason, fix)


def defused(value: Any) -> Any:
    """A cell that no spreadsheet program will run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def undefused(value: Any) -> Any:
    """The inverse of `defused`; and the text of a formula that says nothing else, such as ="06029"."""
    if isinstance(value, str) and (text := _TEXT_FORMULA.fullmatch(value.strip())):
        return text[1]
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:2] in ("=", "+", "-", "@") else value
