"""XLSX workbooks, read element by element: what lies in the file, what of it is hidden, and never more than allowed.

A few bytes of a workbook can say very much: a text that a million cells show, a sheet of empty cells, an attribute of
fifty megabytes. So everything is counted while it is read, and the whole of it is never in memory at once.
"""

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

from directory.formats.cells.strikethrough import struck
from directory.formats.probe import Probe
from directory.formats.readers.archive import open_archive, open_entry
from directory.formats.sheets import MOST_COLUMNS, MergedCells, WorkbookRow, Worksheet, put_cell, refuse_many_sheets
from directory.formats.source import Limits, ReadOptions, Source, too_much_text
from directory.formats.table_source import book_source
from directory.formats.xml_events import BROKEN, Event, XmlReader, damaged

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_CELL = re.compile(r"[A-Z]{1,3}([1-9]\d{0,6})")
_PIECE = 1 << 16
MOST_COMMENTS = 50
"""Comments on cells of a sheet that are told."""


def is_xlsx(probe: Probe) -> bool:
    """Whether the file is an Office package with a workbook."""
    return any(name.startswith("xl/") for name in probe.entries)


def read_xlsx(file: IO[bytes], options: ReadOptions) -> Source:
    """Rows of the sheet with our columns. Raises BadFileError."""
    return book_source("XLSX", Workbook(file, options.limits), file, options)


class Workbook:
    """An XLSX file opened for reading. Every method raises BadFileError."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._limits = limits
        self._xml = XmlReader(limits)
        self._texts: list[str] = []
        self._dates: list[bool] = []
        self._struck: list[bool] = []
        self._epoch_1904 = False
        self.sheets: list[Worksheet] = []
        try:
            self._archive = open_archive(file, limits)
            self._read_workbook()
        except BROKEN as error:
            raise damaged() from error

    def rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        """The rows of a sheet that have a value, from the top."""
        try:
            yield from self._rows(sheet)
        except BROKEN as error:
            raise damaged() from error

    def _read_workbook(self) -> None:
        start = next(target for kind, target in self._related("").values() if kind == "officeDocument")
        related = self._related(start)
        for tag, attributes, _text in self._events(start):
            if tag == "workbookPr" and attributes:
                self._epoch_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet" and attributes:
                kind, part = related[attributes["id"]]
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(Worksheet(attributes["name"], hidden, part))
                    refuse_many_sheets(self.sheets, self._limits)
        for kind, part in related.values():
            if kind == "sharedStrings":
                self._read_texts(part)
            elif kind == "styles":
                self._read_styles(part)
        for sheet in self.sheets:
            with suppress(*BROKEN):  # a comment is no fact of a zone
                self._read_comments(sheet)

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

    def _read_comments(self, sheet: Worksheet) -> None:
        """The first comments on the sheet's cells."""
        folder, name = posixpath.split(sheet.part)
        if posixpath.join(folder, "_rels", f"{name}.rels") not in self._archive.NameToInfo:
            return
        for part in (part for kind, part in self._related(sheet.part).values() if kind == "comments"):
            cell, pieces = "", list[str]()
            for tag, attributes, text in self._events(part):
                if tag == "comment" and attributes:
                    cell = attributes.get("ref", "")
                elif tag == "t" and attributes is None:
                    pieces.append(text)
                elif tag == "comment":
                    if place := _CELL.fullmatch(cell):
                        sheet.comments.append((int(place[1]), cell, "".join(pieces)))
                    pieces.clear()
                    if len(sheet.comments) == MOST_COMMENTS:
                        return

    def _read_texts(self, part: str) -> None:
        """The texts that cells show by number; how a word is pronounced is not part of one."""
        pieces: list[str] = []
        total, is_pronunciation, is_struck = 0, False, False
        for tag, attributes, text in self._events(part):
            if tag == "rPh":
                is_pronunciation = attributes is not None
            elif tag == "strike" and attributes is not None:
                is_struck = _is_on(attributes)
            elif tag == "r" and attributes is None:
                is_struck = False
            elif tag == "t" and attributes is None and not is_pronunciation:
                pieces.append(struck(text) if is_struck and text.strip() else text)
                total += len(text)
                if total > self._limits.text:
                    raise too_much_text(self._limits)
            elif tag == "si" and attributes is None:
                self._texts.append("".join(pieces))
                pieces.clear()

    def _read_styles(self, part: str) -> None:
        """Which styles of cells show a number as a date, and which strike a text through."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        in_cells, fonts = False, list[bool]()
        for tag, attributes, _text in self._events(part):
            if tag == "font" and attributes is not None:
                fonts.append(False)
            elif tag == "strike" and attributes is not None and fonts:
                fonts[-1] = _is_on(attributes)
            elif tag == "numFmt" and attributes:
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:255]
            elif tag == "cellXfs":
                in_cells = attributes is not None
            elif tag == "xf" and attributes and in_cells:
                self._dates.append(is_date_format(formats.get(int(attributes.get("numFmtId", 0)), "")))
                font = int(attributes.get("fontId", 0))
                self._struck.append(font < len(fonts) and fonts[font])

    def _rows(self, sheet: Worksheet) -> Iterator[WorkbookRow]:
        row, column, value, described, is_struck = WorkbookRow(0, False, {}), -1, "", 0, False
        cell: dict[str, str] = {}
        reaching, merged = self._merged(sheet.part), MergedCells()
        for tag, attributes, text in self._events(sheet.part):
            if tag == "c" and attributes is not None:
                cell, value = attributes, ""
                column = _column(cell["r"]) if "r" in cell else column + 1
            elif tag == "c":
                if value:
                    put_cell(row, column, self._value(cell, value), self._limits)
                    if reaching and (last_row := reaching.get((row.number, column))):
                        merged.begin(column, row.cells[column], last_row)
            elif tag in ("v", "t") and attributes is None:
                value += struck(text) if is_struck and text.strip() else text  # an inline text has pieces
            elif tag == "row" and attributes is not None:
                row = WorkbookRow(int(attributes.get("r", row.number + 1)), _hidden(attributes), {})
                column = -1
            elif tag == "row" and row.cells:
                yield merged.put_into(row)
            elif tag == "col" and attributes is not None:
                described += 1
                if described > MOST_COLUMNS:
                    raise damaged()
                if _hidden(attributes):
                    last = min(int(attributes["max"]), self._limits.columns)
                    sheet.hidden_columns.update(range(max(0, int(attributes["min"]) - 1), last))
            elif tag == "strike" and attributes is not None:
                is_struck = _is_on(attributes)
            elif tag == "r":
                is_struck = False
            elif tag == "sheetData" and attributes is None:
                return

    def _merged(self, part: str) -> dict[tuple[int, int], int]:
        """By row and column of their first cell, the last row of cells that are merged downwards.

        The file has them behind all rows, so that it is read twice; only where a quick look finds any.
        """
        with open_entry(self._archive, part) as stream:
            if not _has(stream, b"mergeCell"):
                return {}
        reaching = {}
        with open_entry(self._archive, part) as stream:
            for tag, attributes, _text in XmlReader(self._limits).events(stream):
                if tag == "mergeCell" and attributes and (cells := _RANGE.fullmatch(attributes.get("ref", ""))):
                    first, last = int(cells[2]), int(cells[3])
                    if last > first:
                        reaching[first, _column(cells[1])] = last
        return reaching

    def _value(self, cell: dict[str, str], text: str) -> Any:
        """A cell's value as last saved: formulas are not computed. One that is struck through says so in its text."""
        style = int(cell.get("s", 0))
        value = self._value_in(cell, text, is_date=style < len(self._dates) and self._dates[style])
        is_struck = style < len(self._struck) and self._struck[style]
        return struck(value) if is_struck and str(value).strip() else value

    def _value_in(self, cell: dict[str, str], text: str, *, is_date: bool) -> Any:
        kind = cell.get("t", "n")
        if kind == "s":
            return self._texts[int(text)]
        if kind == "b":
            return text in ("1", "true")
        if kind != "n":
            return text
        return self._number(text, is_date)

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
        with open_entry(self._archive, part) as stream:
            yield from self._xml.events(stream)


def _has(stream: IO[bytes], word: bytes) -> bool:
    """Whether a word stands in a stream, which is read in pieces."""
    end = b""
    while piece := stream.read(_PIECE):
        if word in end + piece:
            return True
        end = piece[-len(word) :]
    return False


def _is_on(attributes: dict[str, str]) -> bool:
    """Whether a mark of a text applies, which is there without a value."""
    return attributes.get("val") not in ("0", "false")


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
