"""Lines between or below the rows of a table that are no rows of it: the names again, totals, headings, remarks."""

import re
from collections.abc import Mapping
from typing import Any

from directory.text import plain, translatable
from directory.zones.findings import Finding, Severity
from directory.zones.parsing.composites import COORDINATES

_TOTAL = re.compile(
    r"(?:grand |sub ?)?totals?(?: (?:number|count|of|all|zones?|sites?|locations?|spaces?|rows?|records?|general))*"
    r"(?: \d+)?|(?:number|count) of (?:zones|sites|locations|records)(?: \d+)?|sum|somme|suma|sous total"
)
_STROKE = re.compile(r"\s*:?[-=]{2,}:?\s*")
_FEWEST_COLUMNS = 3
"""Columns that a table has at least where a row of one cell is more than short."""
_ENOUGH_ALONE = frozenset(("zone_id", "street_address", COORDINATES))
"""What says of a zone where it is, though the row says nothing else; with a number, as headings have none."""


def repeats_names(cells: Mapping[str, Any]) -> bool:
    """Whether a line has the names of its columns again, as on each page of a printed table, or strokes below them."""
    if len(cells) < 2:
        return False
    is_stroke = all(_STROKE.fullmatch(str(cell)) for cell in cells.values())
    return is_stroke or all(plain(str(cell)) == plain(name) for name, cell in cells.items())


def other_line(number: int, cells: Mapping[str, Any], columns: Mapping[str, str | None]) -> Finding | None:
    """What is found about a line that is probably no zone; `cells` are those with a text, by the name of the column."""
    texts = [str(cell).strip() for cell in cells.values()]
    if texts and _TOTAL.fullmatch(plain(texts[0])):
        reason = translatable("looks like a line of totals")
    elif len(texts) == 1 and _is_too_little(cells, columns):
        reason = translatable("has one cell only, like a heading or a remark")
    else:
        return None
    fix = translatable("It was left out. Take it, or give it more cells, if it is a zone.")
    return Finding("row_is_a_zone", Severity.ERROR, number, "row", texts[0], reason, fix)


def _is_too_little(cells: Mapping[str, Any], columns: Mapping[str, str | None]) -> bool:
    """Whether a row that fills one of these columns alone says less than where a zone is."""
    named_columns = sum(1 for field in columns.values() if field)
    is_place = any(columns[name] in _ENOUGH_ALONE and re.search(r"\d", str(cell)) for name, cell in cells.items())
    return named_columns >= _FEWEST_COLUMNS and not is_place
