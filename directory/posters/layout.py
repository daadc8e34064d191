"""Lay out a poster: header, place, rules and QR code, in one or two languages."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from directory.posters.fonts import font
from directory.posters.sheet import BAND, BLACK, PAPERS, WHITE, Box, Code, PosterPicture, PosterSheet, TextLine

MARGIN, GUTTER = 42.0, 28.0
LEADING = 1.22
CODE_SIZE = 148.0
RULE_ABOVE = 14.0
SCALE_PERCENTS = range(20, 145)
"""Font scales, in percent."""
QUIET_MODULES = 4
"""The quiet zone around a QR code required by its standard, in modules."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a poster in one language."""

    language: str
    title: str
    place: tuple[str, ...]
    hours: tuple[str, ...]
    statement: str
    tips_title: str
    tips: tuple[str, ...]
    emergency: str
    scan: str
    printed: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A town's logo as a JPEG, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def lay_out(
    paper: str, wordings: Sequence[Wording], department: str, address: str, logo: Logo | None = None
) -> PosterSheet:
    """Lay out a poster for one zone; `address` is the URL in its QR code. Raises KeyError for an unknown paper.

    The font scale is the largest at which everything fits.
    """
    smallest, largest = SCALE_PERCENTS[0], SCALE_PERCENTS[-1]
    best, _ = _lay_out_at(paper, wordings, department, address, logo, smallest / 100)
    while smallest < largest:
        middle = (smallest + largest + 1) // 2
        sheet, lowest = _lay_out_at(paper, wordings, department, address, logo, middle / 100)
        if lowest <= sheet.height - MARGIN:
            best, smallest = sheet, middle
        else:
            largest = middle - 1
    return best


class _Column:
    """Writes text from top to bottom in a column."""

    def __init__(self, sheet: PosterSheet, x: float, y: float, width: float, scale: float) -> None:
        self.sheet, self.x, self.y, self.width, self.scale = sheet, x, y, width, scale

    def write(self, text: str, size: float, *, bold: bool = False, colour: str = BLACK, mark: str = "") -> None:
        """Write a paragraph; `mark` stands to its left."""
        size *= self.scale
        indent = font(bold).width("0. ", size) if mark else 0.0
        for number, line in enumerate(font(bold).break_lines(text, size, self.width - indent)):
            self.y += size * LEADING
            if mark and number == 0:
                self.sheet.marks.append(TextLine(self.x, self.y, size, mark, bold, colour))
            self.sheet.marks.append(TextLine(self.x + indent, self.y, size, line, bold, colour))

    def space(self, points: float) -> None:
        """Leave vertical space."""
        self.y += points * self.scale


def _lay_out_at(
    paper: str, wordings: Sequence[Wording], department: str, address: str, logo: Logo | None, scale: float
) -> tuple[PosterSheet, float]:
    """A poster at one font scale, and the lower edge of its content."""
    width, height = PAPERS[paper]
    titles = " / ".join(wording.title for wording in wordings)
    sheet = PosterSheet(width, height, f"{titles}: {department}", wordings[0].language)
    sheet.text = "\n".join(_plain_text(wording) for wording in wordings) + f"\n{address}"
    below = _header(sheet, wordings, department, logo, scale)
    inner = width - 2 * MARGIN
    column_width = (inner - GUTTER * (len(wordings) - 1)) / len(wordings)
    columns = [
        _Column(sheet, MARGIN + number * (column_width + GUTTER), below + 14 * scale, column_width, scale)
        for number in range(len(wordings))
    ]
    parts = (_write_place, _write_rules)
    for part in parts:
        top = max(column.y for column in columns)
        for column, wording in zip(columns, wordings, strict=True):
            column.y = top
            part(column, wording, alone=len(wordings) == 1)
    text_ends = max(column.y for column in columns)
    code_top = height - MARGIN - CODE_SIZE
    _footer(sheet, wordings, address, code_top)
    # The footer has a fixed position: text that overlaps it does not fit.
    return sheet, text_ends + RULE_ABOVE + 12 + (height - MARGIN - code_top)


def _plain_text(wording: Wording) -> str:
    parts = (wording.title, *wording.place, *wording.hours, wording.statement, wording.tips_title, *wording.tips,
             wording.emergency, wording.scan, wording.printed)  # fmt: skip
    return "\n".join(parts)


def _header(sheet: PosterSheet, wordings: Sequence[Wording], department: str, logo: Logo | None, scale: float) -> float:
    """Add the dark band with titles and department; returns its lower edge."""
    band = Box(0, 0, sheet.width, 0, BAND)
    sheet.marks.append(band)
    logo_width = 96.0 if logo else 0.0
    column = _Column(sheet, MARGIN, 26, sheet.width - 2 * MARGIN - logo_width, min(scale, 1.08))
    for number, wording in enumerate(wordings):
        column.write(wording.title, 27 if number else 46, bold=True, colour=WHITE)
    column.space(6)
    column.write(department, 19, colour=WHITE)
    column.space(20)
    lower = max(column.y, 132.0 if logo else 0.0)
    sheet.marks[sheet.marks.index(band)] = Box(0, 0, sheet.width, lower, BAND)
    if logo:
        factor = min(84 / logo.width, 84 / logo.height)
        wide, high = logo.width * factor, logo.height * factor
        left, top = sheet.width - MARGIN - 90, 30.0
        sheet.marks.append(Box(left, top, 90, 90, WHITE))
        sheet.marks.append(PosterPicture(left + (90 - wide) / 2, top + (90 - high) / 2, wide, high, logo.jpeg))
    return lower


def _write_place(column: _Column, wording: Wording, *, alone: bool) -> None:
    for number, line in enumerate(wording.place):
        column.write(line, (24 if alone else 19) if number == 0 else (18 if alone else 14), bold=number == 0)
    column.space(4)
    for line in wording.hours:
        column.write(line, 18 if alone else 14, bold=True)
    column.space(12)


def _write_rules(column: _Column, wording: Wording, *, alone: bool) -> None:
    size = 15 if alone else 12.5
    column.write(wording.statement, size)
    column.space(10)
    column.write(wording.tips_title, size + 3, bold=True)
    for number, tip in enumerate(wording.tips, start=1):
        column.space(3)
        column.write(tip, size, mark=f"{number}.")


def _footer(sheet: PosterSheet, wordings: Sequence[Wording], address: str, top: float) -> None:
    """Add the QR code at the left, its purpose and the emergency number at the right."""
    sheet.marks.append(Box(MARGIN, top - RULE_ABOVE, sheet.width - 2 * MARGIN, 2, BLACK))
    sheet.marks.append(qr_code(address, MARGIN - 12, top, CODE_SIZE))
    column = _Column(sheet, MARGIN + CODE_SIZE + 6, top + 2, sheet.width - 2 * MARGIN - CODE_SIZE - 6, 1.0)
    for wording in wordings:
        column.write(wording.emergency, 19 if len(wordings) == 1 else 17, bold=True)
    column.space(6)
    for wording in wordings:
        column.write(wording.scan, 13)
    column.write(address, 11)
    column.space(4)
    for wording in wordings:
        column.write(wording.printed, 9)


def qr_code(address: str, x: float, y: float, size: float) -> Code:
    """A URL as a QR code with a quiet zone; level Q: a quarter of it may be damaged."""
    code = segno.make_qr(address, error="q", boost_error=False)
    rows = tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=QUIET_MODULES))
    return Code(x, y, size, rows)
