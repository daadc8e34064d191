"""Files handed to the importer: told apart by their content, opened as rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from directory.records.findings import Finding
from directory.records.headers import FieldFor, field_for
from directory.text import said


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, counted as its cells are read: a small file can say very much.

    `unpacked` is bytes of a workbook, `elements` its XML elements (a filled cell is two or three), `text` characters of
    all cells together, where a text that many cells show counts each time; `columns` and `sheets` are numbers of them.
    """

    unpacked: int
    elements: int
    text: int
    columns: int
    sheets: int


IMPORT_LIMITS = Limits(unpacked=1_000_000_000, elements=1_000_000_000, text=1_000_000_000, columns=16_384, sheets=1_000)
"""What an operator's own file may hold; a cell's text is bounded for everybody (`judging.MOST_IN_A_CELL`)."""


class BadFile(Exception):
    """A file that cannot be read at all: the reason and the fix."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason} {fix}")
        self.reason = reason
        self.fix = fix


def too_many_columns(limits: Limits, row: int) -> BadFile:
    """A row that is wider than allowed."""
    return BadFile(
        said("Row %(row)s has more than %(most)s columns.", row=row, most=f"{limits.columns:,}"),
        said("Delete the columns that are not about the zones."),
    )


def too_much_text(limits: Limits, row: int = 0) -> BadFile:
    """Cells that together say more than allowed, noticed at a row, or among texts that no row has shown yet."""
    most = f"{limits.text:,}"
    reason = (
        said("Up to row %(row)s the cells hold more than %(most)s characters of text.", row=row, most=most)
        if row
        else said("The file holds more than %(most)s characters of text.", most=most)
    )
    return BadFile(reason, said("Shorten long texts that many cells repeat, or send the rows in several files."))


@dataclass(slots=True)
class Source:
    """An opened file: its rows, what it says of departments and towns, and how its columns were understood."""

    format: str
    rows: Iterator[Any]
    file: IO[bytes]
    text: IO[str] | None = None  # a wrapper closes its file when it is collected: it must live as long
    departments: list[Any] = field(default_factory=list)
    towns: list[Any] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@contextmanager
def open_source(path: Path, limits: Limits = IMPORT_LIMITS, column_field: FieldFor = field_for) -> Iterator[Source]:
    """Open GeoJSON, CSV or XLSX, whatever the file is called. Raises BadFile, also while its rows are read.

    `column_field` says which field a column or property means; usually a zone's.
    """
    from directory.records import geojson, tables  # they raise BadFile

    try:
        file = path.open("rb")
    except OSError as error:
        raise BadFile(
            said("%(path)s cannot be opened: %(strerror)s.", path=path, strerror=error.strerror),
            said("Check the name and its permissions."),
        ) from error
    with file:
        start = file.read(4096)
        file.seek(0)
        if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
            raise BadFile(said("%(path)s is empty.", path=path), said("Save it again."))
        if start.startswith(b"PK\x03\x04"):
            yield tables.open_xlsx(file, limits, column_field)
        elif start.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadFile(said("This is an old Excel file (.xls)."), said("Save it as .xlsx or CSV."))
        elif start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
            file.seek(bom)
            geojson.refuse_deep(file)
            file.seek(bom)
            header = geojson.read_header(file)
            geojson.read_trailer(file)
            file.seek(bom)
            rows = geojson.read_rows(file, header, column_field)
            yield Source(
                "GeoJSON", rows, file, departments=header.departments, towns=header.towns, findings=header.findings
            )
        elif b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise BadFile(said("This is neither GeoJSON, CSV nor XLSX."), said("Export it as one of these."))
        else:
            yield tables.open_csv(file, limits, column_field)
