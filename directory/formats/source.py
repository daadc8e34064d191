"""An opened file, how much it may hold, and why it cannot be read."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any

from directory.errors import BadInputError
from directory.formats.column_names import FieldFor, field_for
from directory.text import translatable
from directory.zones.findings import Finding


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, counted as its cells are read: a small file can say very much.

    `unpacked` is bytes of a workbook, `elements` its XML elements (a filled cell is two or three), `text` characters of
    all cells together, where a text that many cells show counts each time; `columns` and `sheets` are numbers of them;
    `seconds` are the processor's that GDAL may take (`gdal_process`).
    """

    unpacked: int
    elements: int
    text: int
    columns: int
    sheets: int
    seconds: int = 20


IMPORT_LIMITS = Limits(
    unpacked=1_000_000_000, elements=1_000_000_000, text=1_000_000_000, columns=16_384, sheets=1_000, seconds=3_600
)
"""What an operator's own file may hold; a cell's text is bounded for everybody (`validation.MOST_IN_A_CELL`)."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file: what it may hold, which field a column or property means, and the name of the sheet.

    `asks_columns`: whoever sent it says later what each column is, so that a table need not name any of ours.
    """

    limits: Limits = IMPORT_LIMITS
    column_field: FieldFor = field_for
    sheet: str = ""
    asks_columns: bool = False


class BadFileError(BadInputError):
    """A file that cannot be read at all: the reason and the fix."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason} {fix}")
        self.reason = reason
        self.fix = fix


def too_many_columns(limits: Limits, row: int) -> BadFileError:
    """A row that is wider than allowed."""
    return BadFileError(
        translatable("Row %(row)s has more than %(most)s columns.", row=row, most=f"{limits.columns:,}"),
        translatable("Delete the columns that are not about the zones."),
    )


def too_much_text(limits: Limits, row: int = 0) -> BadFileError:
    """Cells that together say more than allowed, noticed at a row, or among texts that no row has shown yet."""
    most = f"{limits.text:,}"
    reason = (
        translatable("Up to row %(row)s the cells hold more than %(most)s characters of text.", row=row, most=most)
        if row
        else translatable("The file holds more than %(most)s characters of text.", most=most)
    )
    return BadFileError(
        reason, translatable("Shorten long texts that many cells repeat, or send the rows in several files.")
    )


@dataclass(slots=True)
class Source:
    """An opened file: its rows, what it says of departments and towns, and how its columns were understood."""

    format: str
    rows: Iterator[Any]
    file: IO[bytes]
    text: IO[str] | None = None  # a wrapper closes its file when it is collected: it must live as long
    dataset: str = ""
    """The name of the dataset of which the file is a release, and the date of the release; empty if it says none."""
    released: str = ""
    departments: list[Any] = field(default_factory=list)
    towns: list[Any] = field(default_factory=list)
    programs: list[Any] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    resources: ExitStack = field(default_factory=ExitStack)
    """What is closed after reading."""
