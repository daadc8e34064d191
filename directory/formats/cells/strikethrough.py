"""Text that is struck through in a table: it was taken back, and is no fact of a zone.

Readers put it between the marks that Markdown has for it, so that it is known wherever it comes from.
"""

import re
from typing import Any

from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import THE_ROW, RawRow

MARK = "~~"
_STRUCK = re.compile(rf"{MARK}((?:[^~]|~(?!~)){{1,2000}}){MARK}")
_MARKS = re.compile(rf"{MARK}+")


def struck(value: Any) -> str:
    """A cell's value that is struck through, as the readers hand it over; pieces of it that are so stay the only ones.

    Marks in marks would be taken for the ends of each other.
    """
    text = str(value)
    return text if _STRUCK.search(text) else f"{MARK}{_MARKS.sub('', text)}{MARK}"


def without_struck(row: RawRow) -> RawRow:
    """The row without what is struck through, which is found; a row with no other field is refused as a whole."""
    cells = {name: value for name, value in row.cells.items() if isinstance(value, str) and MARK in value}
    if not cells:
        return row
    rest = {name: _rest(value) for name, value in cells.items()}
    if rest == cells:
        return row
    if any(str(_rest(value)).strip(" -|") for value in row.values.values()):
        row.problems += [_left_out(row.number, name, cells[name]) for name in cells if rest[name] != cells[name]]
    else:
        rest = {name: _MARKS.sub("", value) for name, value in cells.items()}
        row.problems.append(_refused(row.number, next(iter(rest.values()))))
    texts = {cells[name]: text for name, text in rest.items()}
    for values in (row.cells, row.values):
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = texts.get(value, value)
    return row


def _rest(value: Any) -> Any:
    """A value without what of it is struck through."""
    if not isinstance(value, str) or not _STRUCK.search(value):
        return value
    return _MARKS.sub("", _STRUCK.sub("", value)).strip(" |~")


def _left_out(number: int, column: str, text: str) -> Finding:
    return Finding(
        "text_is_not_struck", Severity.WARNING, number, column, " ".join(_STRUCK.findall(text)),
        translatable("is struck through"),
        translatable("It was left out. Write it without the line if it still holds."),
    )  # fmt: skip


def _refused(number: int, text: str) -> Finding:
    return Finding(
        "row_is_a_zone", Severity.ERROR, number, THE_ROW, text.strip(),
        translatable("is struck through, as the whole row is"),
        translatable("It was left out. Take it if it is a zone."),
    )  # fmt: skip
