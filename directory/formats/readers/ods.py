"""ODS workbooks of LibreOffice and others, read element by element, with the bounds of XLSX."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from directory.formats.cells.strikethrough import struck
from directory.formats.probe import Probe
from directory.formats.readers.archive import open_archive, open_entry
from directory.formats.sheets import MOST_ROWS, MergedCells, StreamedBook, WorkbookRow, Worksheet, put_cell
from directory.formats.source import BadFileError, Limits, ReadOptions, Source
from directory.formats.table_source import book_source
from directory.formats.xml_events import BROKEN, Event, XmlReader, damaged
from directory.text import translatable

_CELLS = ("table-cell", "covered-table-cell")
_NOT_SHOWN = ("annotation", "tracked-changes", "shapes", "frame", "custom-shape", "dde-links")
"""Elements whose texts and cells are none of the sheet's."""
_LINE_THROUGH = "text-line-through-style"
_HIDDEN = ("collapse", "filter")
_WHOLE_NUMBER = re.compile(r"-?\d{1,15}")


def is_ods(probe: Probe) -> bool:
    """Whether the file is an OpenDocument package that is none of the other kinds."""
    return "content.xml" in probe.entries


def read_ods(file: IO[bytes], options: ReadOptions) -> Source:
    """Rows of the sheet with our columns. Raises BadFileError."""
    return book_source("ODS", OdsBook(file, options.limits), file, options)


@dataclass(slots=True)
class _Cell:
    """A cell while it is read; `text` is None before its first paragraph."""

    attributes: dict[str, str]
    text: str | None = None

    def value(self) -> Any:
        """The value as stored; the text for what is no number, date or answer."""
        stored = self.attributes.get
        try:
            if number := stored("value"):
                return int(number) if _WHOLE_NUMBER.fullmatch(number) else float(number)
            if date := stored("date-value"):
                return datetime.fromisoformat(date)
        except ValueError:
            pass  # a program of its own wrote it: what it shows counts
        if answer := stored("boolean-value"):
            return answer == "true"
        return self.text or stored("string-value", "")


class OdsBook(StreamedBook):
    """An ODS file opened for reading. Every method raises BadFileError."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        try:
            self._archive = open_archive(file, limits)
            self._refuse_encrypted(limits)
        except BROKEN as error:
            raise damaged() from error
        super().__init__(limits)

    def _refuse_encrypted(self, limits: Limits) -> None:
        if "META-INF/manifest.xml" not in self._archive.namelist():
            return
        with open_entry(self._archive, "META-INF/manifest.xml") as manifest:
            if any(tag == "encryption-data" for tag, _attributes, _text in XmlReader(limits).events(manifest)):
                raise BadFileError(
                    translatable("This workbook is encrypted."),
                    translatable("Save it without a password and send it again."),
                )

    def _stream(self) -> Iterator[tuple[Worksheet, WorkbookRow | None]]:
        try:
            with open_entry(self._archive, "content.xml") as content:
                yield from self._sheets(_without_hidden_text(XmlReader(self._limits).events(content)))
        except BROKEN as error:
            raise damaged() from error

    def _sheets(self, events: Iterator[Event]) -> Iterator[tuple[Worksheet, WorkbookRow | None]]:
        hidden_styles: set[str] = set()
        struck_styles: set[str] = set()
        style, number = "", 0
        for tag, attributes, _text in events:
            if tag == "style" and attributes is not None:
                style = attributes.get("name", "")
            elif tag == "table-properties" and attributes is not None and attributes.get("display") == "false":
                hidden_styles.add(style)
            elif tag == "text-properties" and attributes and attributes.get(_LINE_THROUGH, "none") != "none":
                struck_styles.add(style)
            elif tag == "table" and attributes is not None:
                number += 1
                hidden = attributes.get("style-name") in hidden_styles
                sheet = Worksheet(attributes.get("name", ""), hidden, str(number))
                yield sheet, None
                for row in self._rows(sheet, events, struck_styles):
                    yield sheet, row

    def _rows(self, sheet: Worksheet, events: Iterator[Event], struck_styles: Set[str]) -> Iterator[WorkbookRow]:
        """The rows with a value up to the end of the table; cells of some styles are struck through."""
        row, column, described, repeated = WorkbookRow(1, False, {}), 0, 0, 0
        merged = MergedCells()
        for tag, attributes, _text in events:
            if tag == "table-column" and attributes is not None:
                end = described + _repeated(attributes, "columns")
                if attributes.get("visibility") in _HIDDEN:
                    sheet.hidden_columns.update(range(described, min(end, self._limits.columns)))
                described = end
            elif tag == "table-row" and attributes is not None:
                row = WorkbookRow(row.number + repeated, attributes.get("visibility") in _HIDDEN, {})
                column, repeated = 0, _repeated(attributes, "rows")
            elif tag in _CELLS and attributes is not None:
                value = _cell(attributes, events)
                if value != "" and attributes.get("style-name") in struck_styles:
                    value = struck(value)
                width = _repeated(attributes, "columns")
                for place in range(column, column + width) if value != "" and tag == "table-cell" else ():
                    put_cell(row, place, value, self._limits)
                if value != "" and "number-rows-spanned" in attributes and tag == "table-cell":
                    merged.begin(column, value, row.number + _times(attributes, "number-rows-spanned") - 1)
                column += width
            elif tag == "table-row" and row.cells:
                yield from (merged.put_into(replace(row, number=row.number + copy)) for copy in range(repeated))
            elif tag == "table":
                return


def _cell(attributes: dict[str, str], events: Iterator[Event]) -> Any:
    """Read a cell to its end; "" is empty."""
    cell = _Cell(attributes)
    for tag, begun, text in events:
        if tag in _CELLS and begun is None:
            break
        cell.text = _with(cell.text, tag, begun, text)
    return cell.value()


def _with(before: str | None, tag: str, begun: dict[str, str] | None, text: str) -> str | None:
    """The text of a cell after one more event."""
    if tag == "p" and begun is not None:
        return "" if before is None else f"{before}\n"
    if before is None:
        return None
    if begun is None:
        return before + text
    if tag == "s":
        return before + text + " " * min(int(begun.get("c", 1)), 100)
    return before + text + {"tab": "\t", "line-break": "\n"}.get(tag, "")


def _without_hidden_text(events: Iterator[Event]) -> Iterator[Event]:
    """The events outside of elements that are not shown in cells."""
    inside = 0
    for event in events:
        if event[0] in _NOT_SHOWN:
            inside += 1 if event[1] is not None else -1
        elif not inside:
            yield event


def _repeated(attributes: dict[str, str], what: str) -> int:
    """How many times a row or cell stands one after another."""
    return _times(attributes, f"number-{what}-repeated")


def _times(attributes: dict[str, str], name: str) -> int:
    times = int(attributes.get(name, 1))
    if not 1 <= times <= MOST_ROWS:
        raise damaged()
    return times
