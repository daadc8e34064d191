"""Sheets of a workbook: their rows as cells, and which of them is meant."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Protocol

from directory.formats.source import BadFileError, Limits, too_many_columns
from directory.formats.xml_events import damaged
from directory.text import translatable

MOST_COLUMNS = 16_384
"""Columns of a sheet, as Excel has them."""
MOST_ROWS = 1 << 24
"""Rows of a sheet, as LibreOffice has them at most."""
FIRST_ROWS = 40
"""Rows of each sheet that are kept when a stream of sheets is looked through."""


@dataclass(slots=True)
class WorkbookRow:
    """A row: its number as a spreadsheet program shows it, whether it is hidden, and values by column from 0.

    `merged` are the columns whose value stands in a cell of an earlier row that reaches down to this one.
    """

    number: int
    hidden: bool
    cells: dict[int, Any]
    merged: frozenset[int] = frozenset()


class MergedCells:
    """Cells of a sheet that were merged downwards: their value counts for every row that they reach, as it is seen.

    Only for their first column: a value that is merged to the right as well is that of one column still.
    """

    def __init__(self) -> None:
        self._values: dict[int, tuple[Any, int]] = {}
        """By column, the value and the last row that it reaches."""

    def begin(self, column: int, value: Any, last_row: int) -> None:
        """Note a cell that reaches down to `last_row`; what reached its column before ends with it."""
        self._values[column] = (value, last_row)

    def put_into(self, row: WorkbookRow) -> WorkbookRow:
        """The row with the values that reach it from above. A row without a value of its own is none."""
        if not self._values or not row.cells:
            return row
        self._values = {column: cell for column, cell in self._values.items() if cell[1] >= row.number}
        reached = {column: value for column, (value, _) in self._values.items() if column not in row.cells}
        return replace(row, cells=row.cells | reached, merged=frozenset(reached)) if reached else row


@dataclass(slots=True)
class Worksheet:
    """A sheet of a workbook; `hidden_columns` are known once its first row has been read.

    `part` is where its reader finds it. `comments` are notes on cells, as far as its reader knows them: the row, what
    the cell is called, and the text.
    """

    name: str
    hidden: bool
    part: str
    hidden_columns: set[int] = field(default_factory=set)
    comments: list[tuple[int, str, str]] = field(default_factory=list)


class Book(Protocol):
    """Sheets, and the rows of each that have a value, from the top. Raises BadFileError."""

    sheets: list[Worksheet]

    def rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        """The rows of a sheet that have a value, from the top."""
        ...


class StreamedBook(ABC):
    """A book whose sheets stand one after another in one stream.

    It is read once for the names and first rows of all sheets, and once more for the rows of the one that is chosen.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.sheets: list[Worksheet] = []
        self._first: dict[str, list[WorkbookRow]] = {}
        for sheet, row in self._stream():
            if sheet.part not in self._first:
                self.sheets.append(sheet)
                refuse_many_sheets(self.sheets, limits)
                self._first[sheet.part] = []
            if row and len(self._first[sheet.part]) < FIRST_ROWS:
                self._first[sheet.part].append(row)

    @abstractmethod
    def _stream(self) -> Iterator[tuple[Worksheet, WorkbookRow | None]]:
        """Every sheet with each of its rows that has a value; a sheet of `part` "1", "2"… once without a row."""

    def rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        """The rows of a sheet that have a value, from the top."""
        first = self._first[sheet.part]
        yield from first
        if len(first) == FIRST_ROWS:
            rows = (row for other, row in self._stream() if row and other.part == sheet.part)
            yield from islice(rows, FIRST_ROWS, None)


class SheetChoiceError(BadFileError):
    """Several sheets could be meant, or none has the name: `sheets` are the names to choose from."""

    def __init__(self, reason: str, sheets: Iterable[str]) -> None:
        self.sheets = tuple(sheets)
        names = ", ".join(f"“{name}”" for name in self.sheets)
        super().__init__(reason, translatable("Choose one (--sheet NAME in safezones import): %(names)s.", names=names))


def which_sheet(sheets: Iterable[str]) -> SheetChoiceError:
    """Several sheets hold rows with our columns."""
    return SheetChoiceError(translatable("Several sheets of the file look like tables of zones."), sheets)


def named_sheet(names: Sequence[str], name: str) -> int:
    """The place of the sheet with a name, upper and lower case alike. Raises SheetChoiceError."""
    folded_name = name.strip().casefold()
    for place, other in enumerate(names):
        if other.strip().casefold() == folded_name:
            return place
    raise SheetChoiceError(translatable("The file has no sheet “%(name)s”.", name=name), names)


def refuse_many_sheets(sheets: Sequence[object], limits: Limits) -> None:
    """Raises BadFileError when there are more sheets than allowed."""
    if len(sheets) > limits.sheets:
        raise BadFileError(
            translatable("The file has more than %(most)s sheets.", most=limits.sheets),
            translatable("Move the sheet with the zones into a file of its own."),
        )


def put_cell(row: WorkbookRow, column: int, value: Any, limits: Limits) -> None:
    """Put a value into a row. Raises BadFileError when the row gets wider than allowed."""
    if column >= MOST_COLUMNS:
        raise damaged()
    if column >= limits.columns:
        raise too_many_columns(limits, row.number)
    row.cells[column] = value
