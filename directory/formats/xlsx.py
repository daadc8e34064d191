"""XLSX workbooks, read element by element: what lies in the file, what of it is hidden, and never more than allowed.

A few bytes of a workbook can say very much: a text that a million cells show, a sheet of empty cells, an attribute of
fifty megabytes. So everything is counted while it is read, and the whole of it is never in memory at once.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from directory.formats.source import BadFileError, Limits, too_many_columns, too_much_text
from directory.text import translatable

MAX_PACKING = 200
"""Bytes that one packed byte may unpack to."""
CHUNK = 16_384
LONGEST_TOKEN = 1_000_000
"""Bytes of one tag with its attributes."""
MOST_COLUMNS = 16_384
"""Columns of a sheet, as Excel has them."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError, KeyError, ValueError,
    OverflowError,
)  # fmt: skip

Event = tuple[str, dict[str, str] | None, str]
"""An element that begins (tag, attributes, ""), or ends (tag, None, the text since the tag before)."""


def damaged() -> BadFileError:
    """A workbook that cannot be understood."""
    return BadFileError(
        translatable("The workbook is damaged."), translatable("Open it in a spreadsheet program and save it again.")
    )


@dataclass(slots=True)
class WorkbookRow:
    """A row: its number as a spreadsheet program shows it, whether it is hidden, and values by column from 0."""

    number: int
    hidden: bool
    cells: dict[int, Any]


@dataclass(slots=True)
class Worksheet:
    """A sheet of a workbook; `hidden_columns` are known once its first row has been read."""

    name: str
    hidden: bool
    part: str
    hidden_columns: set[int] = field(default_factory=set)


class Workbook:
    """An XLSX file opened for reading. Every method raises BadFileError."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._limits = limits
        self._elements = 0
        self._texts: list[str] = []
        self._dates: list[bool] = []
        self._epoch_1904 = False
        self.sheets: list[Worksheet] = []
        try:
            self._archive = zipfile.ZipFile(file)
            self._refuse_giant()
            self._read_workbook()
        except _BROKEN as error:
            raise damaged() from error

    def rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        """The rows of a sheet that have a value, from the top."""
        try:
            yield from self._rows(sheet)
        except _BROKEN as error:
            raise damaged() from error

    def _refuse_giant(self) -> None:
        entries = self._archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries) or 1
        if unpacked > self._limits.unpacked or unpacked / packed > MAX_PACKING:
            raise BadFileError(
                translatable("The workbook unpacks to far more than it should."),
                translatable("Save it again, or send it as CSV."),
            )

    def _read_workbook(self) -> None:
        start = next(target for kind, target in self._related("").values() if kind == "officeDocument")
        related = self._related(start)
        for tag, attributes, _text in self._events(start):
            if tag == "workbookPr" and attributes:
                self._epoch_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet" and attributes:
                kind, part = related[attributes["id"]]
                if kind == "worksheet":
                    self._add_sheet(
                        Worksheet(attributes["name"], attributes.get("state", "visible") != "visible", part)
                    )
        for kind, part in related.values():
            if kind == "sharedStrings":
                self._read_texts(part)
            elif kind == "styles":
                self._read_styles(part)

    def _add_sheet(self, sheet: Worksheet) -> None:
        self.sheets.append(sheet)
        if len(self.sheets) > self._limits.sheets:
            raise BadFileError(
                translatable("The workbook has more than %(most)s sheets.", most=self._limits.sheets),
                translatable("Move the sheet with the zones into a workbook of its own."),
            )

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part names: kind and path by id."""
        folder, name = posixpath.split(part)
        related = {}
        for tag, attributes, _text in self._events(posixpath.join(folder, "_rels", f"{name}.rels")):
            if tag == "Relationship" and attributes and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rpartition("/")[2]
                path = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                related[attributes["Id"]] = (kind, path.lstrip("/"))
        return related

    def _read_texts(self, part: str) -> None:
        """The texts that cells show by number; how a word is pronounced is not part of one."""
        pieces: list[str] = []
        total, spoken = 0, False
        for tag, attributes, text in self._events(part):
            if tag == "rPh":
                spoken = attributes is not None
            elif tag == "t" and attributes is None and not spoken:
                pieces.append(text)
                total += len(text)
                if total > self._limits.text:
                    raise too_much_text(self._limits)
            elif tag == "si" and attributes is None:
                self._texts.append("".join(pieces))
                pieces.clear()

    def _read_styles(self, part: str) -> None:
        """Which styles of cells show a number as a date."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        in_cells = False
        for tag, attributes, _text in self._events(part):
            if tag == "numFmt" and attributes:
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:255]
            elif tag == "cellXfs":
                in_cells = attributes is not None
            elif tag == "xf" and attributes and in_cells:
                self._dates.append(is_date_format(formats.get(int(attributes.get("numFmtId", 0)), "")))

    def _rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        row, column, value, described = WorkbookRow(0, False, {}), -1, "", 0
        cell: dict[str, str] = {}
        for tag, attributes, text in self._events(sheet.part):
            if tag == "c" and attributes is not None:
                cell, value = attributes, ""
                column = _column(cell["r"]) if "r" in cell else column + 1
            elif tag == "c":
                if value:
                    self._put(row, column, self._value(cell, value))
            elif tag in ("v", "t") and attributes is None:
                value += text  # an inline text has pieces
            elif tag == "row" and attributes is not None:
                row = WorkbookRow(int(attributes.get("r", row.number + 1)), _hidden(attributes), {})
                column = -1
            elif tag == "row" and row.cells:
                yield row
            elif tag == "col" and attributes is not None:
                described += 1
                if described > MOST_COLUMNS:
                    raise damaged()
                if _hidden(attributes):
                    last = min(int(attributes["max"]), self._limits.columns)
                    sheet.hidden_columns.update(range(max(0, int(attributes["min"]) - 1), last))
            elif tag == "sheetData" and attributes is None:
                return

    def _put(self, row: WorkbookRow, column: int, value: Any) -> None:
        if column >= MOST_COLUMNS:
            raise damaged()
        if column >= self._limits.columns:
            raise too_many_columns(self._limits, row.number)
        row.cells[column] = value

    def _value(self, cell: dict[str, str], text: str) -> Any:
        """A cell's value as last saved: formulas are not computed."""
        kind = cell.get("t", "n")
        if kind == "s":
            return self._texts[int(text)]
        if kind == "b":
            return text in ("1", "true")
        if kind != "n":
            return text
        style = int(cell.get("s", 0))
        return self._number(text, style < len(self._dates) and self._dates[style])

    def _number(self, text: str, is_date: bool) -> Any:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        number = int(text) if len(text) < 16 and text.lstrip("-").isdigit() else float(text)
        if not is_date:
            return number
        try:
            return from_excel(number, MAC_EPOCH if self._epoch_1904 else WINDOWS_EPOCH)
        except (ValueError, OverflowError):
            return number

    def _events(self, part: str) -> Iterator[Event]:
        """Elements of a part as they begin and end, by their names without namespace."""
        entry = self._archive.getinfo(part)
        if entry.compress_type not in _PACKINGS:
            raise damaged()  # the others unpack a block of any size at once
        queue: list[Event] = []
        parser = _parser(queue, self._limits)
        fed = 0
        with self._archive.open(entry) as packed:
            while chunk := packed.read(CHUNK):
                fed += len(chunk)
                parser.Parse(chunk, False)
                if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                    raise damaged()
                self._count(len(queue))
                yield from queue
                queue.clear()
        parser.Parse(b"", True)
        yield from queue

    def _count(self, events: int) -> None:
        self._elements += events
        if self._elements > 2 * self._limits.elements:
            raise BadFileError(
                translatable(
                    "The workbook has more than %(most)s cells, empty ones included.", most=f"{self._limits.elements:,}"
                ),
                translatable("Delete the empty rows and columns below and beside the table, or send it as CSV."),
            )


def _parser(queue: list[Event], limits: Limits) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    pieces: list[str] = []
    length = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal length
        pieces.clear()
        length = 0
        queue.append((_local(name), {_local(key): value for key, value in attributes.items()}, ""))

    def end(name: str) -> None:
        queue.append((_local(name), None, "".join(pieces)))
        pieces.clear()

    def take(text: str) -> None:
        nonlocal length
        length += len(text)
        if length > limits.text:
            raise too_much_text(limits)
        pieces.append(text)

    def refuse(*_declaration: object) -> None:
        raise damaged()  # entities, which no spreadsheet program writes, could unpack to anything

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, take
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true") or any(
        attributes.get(name) in ("0", "0.0") for name in ("ht", "width")
    )


def _column(reference: str) -> int:
    """The column of "B7", from 0."""
    number = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z" or number > MOST_COLUMNS:
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
