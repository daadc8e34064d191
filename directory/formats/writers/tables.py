"""Zones as rows: the columns of every table that the directory writes, and their values."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from directory.formats.edition import PAGE, Edition
from directory.formats.writers.geojson import COLUMNS
from directory.zones.fields import Kind
from directory.zones.parsing.text_forms import lines_of
from directory.zones.schemas import FIELDS, ZoneRecord

FIELD_COLUMNS = ("zone_id", *COLUMNS, "latitude", "longitude")
TYPES: dict[Kind, type] = {Kind.COUNT: int, Kind.BOOLEAN: bool, Kind.DEGREES: float, Kind.PAST_DATE: date}
"""What a cell of a kind holds; text for every other one."""


def columns(edition: Edition) -> Sequence[str]:
    """The names of the columns, in order; that of the page last, where pages have an address."""
    return (*FIELD_COLUMNS, PAGE) if edition.page else FIELD_COLUMNS


def type_of(column: str) -> type:
    """What the cells of a column hold: int, bool, float, date or str."""
    return TYPES.get(FIELDS[column].kind, str) if column in FIELDS else str


def meaning(column: str) -> str:
    """What a column holds, in a sentence's words."""
    return "the zone's page" if column == PAGE else FIELDS[column].description


def text_cells(zone: ZoneRecord, edition: Edition) -> list[Any]:
    """The values of a row as text and numbers; lists and objects are text, their items joined by semicolons."""
    cells = [as_text(getattr(zone, column)) for column in FIELD_COLUMNS]
    return [*cells, edition.page_of(zone)] if edition.page else cells


def typed_cells(zone: ZoneRecord, edition: Edition) -> list[int | bool | float | date | str | None]:
    """The values of a row, each of its column's type; None where nothing is stated."""
    return [
        _cell_value(cell, type_of(column))
        for column, cell in zip(columns(edition), text_cells(zone, edition), strict=True)
    ]


def as_text(value: Any) -> Any:
    """A list or an object as one line of text; anything else as it is."""
    return "; ".join(lines_of(value)) if isinstance(value, list | tuple | dict) else value


def _cell_value(cell: Any, cell_type: type) -> int | bool | float | date | str | None:
    if cell is None or cell == "":
        return None
    if cell_type is date:
        return date.fromisoformat(cell)
    value: int | bool | float | str = cell_type(cell)
    return value
