"""Tables of web pages, among them what Excel and many programs save as "xls" that is HTML."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import IO, Any

from directory.formats.cells.strikethrough import MARK
from directory.formats.probe import Probe
from directory.formats.readers.delimited import text_encoding
from directory.formats.sheets import MergedCells, StreamedBook, WorkbookRow, Worksheet, put_cell
from directory.formats.source import BadFileError, Limits, ReadOptions, Source, too_much_text
from directory.formats.table_source import book_source
from directory.formats.xml_events import CHUNK, damaged
from directory.text import translatable

LONGEST_TOKEN = 65_536
"""Characters of one tag or of a text between two: the parser looks through them again with every piece it is fed."""
_START = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|meta|body|table|style|title|div|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"charset=[\"']?(windows-125[0-8])", re.IGNORECASE)
_GROUPS = ("thead", "tbody", "tfoot")
_STRUCK = ("s", "strike", "del")
_LINE_ENDS = ("br", "p", "div", "li")
_DIGITS = re.compile(r"\d{1,5}")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

Attributes = list[tuple[str, str | None]]


def is_html(probe: Probe) -> bool:
    """Whether the file is a web page, or begins with a piece of one."""
    return bool(_START.match(probe.text[:2048]))


def read_html(file: IO[bytes], options: ReadOptions) -> Source:
    """Rows of the table with our columns. Raises BadFileError."""
    book = HtmlBook(file, options.limits)
    if not book.sheets:
        raise BadFileError(
            translatable("This is a web page without a table."),
            translatable(
                "Download the table itself, as CSV, XLSX or GeoJSON: a page to sign in may have come instead."
            ),
        )
    return book_source("HTML", book, file, options)


class HtmlBook(StreamedBook):
    """The tables of a page as sheets, named by their number. Every method raises BadFileError."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = file
        self._encoding = _encoding(file)
        super().__init__(limits)

    def _stream(self) -> Iterator[tuple[Worksheet, WorkbookRow | None]]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self._encoding, errors="replace")
        parser = _TableParser(self._limits)
        try:
            while piece := text.read(CHUNK):
                parser.feed(piece)
                if len(parser.rawdata) > LONGEST_TOKEN:
                    raise damaged()
                yield from parser.ready
                parser.ready.clear()
        finally:
            text.detach()


def _encoding(file: IO[bytes]) -> str:
    """A Windows code page where the page names one, else UTF-8 or Windows-1252 by the bytes."""
    name = _CHARSET.search(file.read(4096))
    file.seek(0)
    return name[1].decode() if name else text_encoding(file)


class _Table:
    """A table while it is read: its row, its cell, and cells of earlier rows that reach down."""

    def __init__(self, number: int) -> None:
        self.sheet = Worksheet(f"Table {number}", False, str(number))
        self.row = WorkbookRow(0, False, {})
        self.column = 0
        self.width = 1
        self.text: list[str] | None = None
        self.lines_through = 0
        """Elements around the present text that strike it through."""
        self.columns = 0
        """Columns that `col` has described."""
        self.reaching: dict[int, int] = {}
        """By column, the last row into which a cell of an earlier row reaches."""
        self.last_row = 0
        """The last row that the present cell reaches."""
        self.merged = MergedCells()

    def end_group(self) -> None:
        """No cell reaches down out of the head, the body or the foot that it stands in."""
        self.reaching.clear()
        self.merged = MergedCells()


class _TableParser(HTMLParser):
    """Puts rows into `ready` as their ends are read; tables may stand in cells of others."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._tables: list[_Table] = []
        self._count = 0
        self._length = 0
        self.ready: list[tuple[Worksheet, WorkbookRow | None]] = []

    def set_cdata_mode(self, *_arguments: Any, **_options: Any) -> None:
        """Stay with tags inside scripts and styles: nothing is kept until their end."""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "table":
            self._count += 1
            self._tables.append(_Table(self._count))
            self.ready.append((self._tables[-1].sheet, None))
        elif not self._tables:
            return
        elif tag == "tr":
            self._end_row()
            table = self._tables[-1]
            table.row = WorkbookRow(table.row.number + 1, _is_hidden(attrs), {})
            table.column = 0
        elif tag in _GROUPS:
            self._end_row()
            self._tables[-1].end_group()
        elif tag in ("td", "th"):
            self._begin_cell(attrs)
        elif tag == "col":
            self._describe_column(attrs)
        elif tag in _STRUCK and (text := self._tables[-1].text) is not None:
            self._tables[-1].lines_through += 1
            if self._tables[-1].lines_through == 1:
                text.append(MARK)
        elif tag in _LINE_ENDS and (text := self._tables[-1].text) is not None:
            text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if not self._tables:
            return
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in _STRUCK and (text := self._tables[-1].text) is not None and self._tables[-1].lines_through:
            self._tables[-1].lines_through -= 1
            if not self._tables[-1].lines_through:
                text.append(MARK)
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_row()
            self._tables.pop()

    def handle_data(self, data: str) -> None:
        self._length += len(data)
        if self._length > self._limits.text:
            raise too_much_text(self._limits)
        if self._tables and (text := self._tables[-1].text) is not None:
            text.append(data.replace("\n", " "))

    def _begin_cell(self, attrs: Attributes) -> None:
        self._end_cell()
        table = self._tables[-1]
        while table.reaching.get(table.column, 0) >= table.row.number:
            table.column += 1
        table.text = []
        table.width = min(_number(attrs, "colspan"), self._limits.columns)
        table.last_row = table.row.number + _number(attrs, "rowspan") - 1
        if table.last_row > table.row.number and table.column < self._limits.columns:
            table.reaching.update(dict.fromkeys(range(table.column, table.column + table.width), table.last_row))

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if table.text is None:
            return
        if table.lines_through:
            table.text.append(MARK)
            table.lines_through = 0
        lines = (" ".join(line.split()) for line in "".join(table.text).split("\n"))
        if text := "\n".join(line for line in lines if line):
            put_cell(table.row, table.column, text, self._limits)
            if table.last_row > table.row.number:
                table.merged.begin(table.column, text, table.last_row)
        table.column += table.width
        table.text = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self._tables[-1]
        if table.row.cells:
            self.ready.append((table.sheet, table.merged.put_into(table.row)))
            table.row = WorkbookRow(table.row.number, False, {})

    def _describe_column(self, attrs: Attributes) -> None:
        table = self._tables[-1]
        end = min(table.columns + _number(attrs, "span"), self._limits.columns)
        if _is_hidden(attrs):
            table.sheet.hidden_columns.update(range(table.columns, end))
        table.columns = end


def _number(attrs: Attributes, name: str) -> int:
    value = dict(attrs).get(name) or ""
    return max(1, int(value)) if _DIGITS.fullmatch(value) else 1


def _is_hidden(attrs: Attributes) -> bool:
    return bool(_NOT_SHOWN.search(dict(attrs).get("style") or ""))
