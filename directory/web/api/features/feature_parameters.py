"""The query parameters of features: boxes, times, orders, filters, and the places in the order of changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema, create_model

from directory.formats.json_schema import PROPERTIES
from directory.search.cql.reading import LONGEST as LONGEST_FILTER
from directory.search.zone_features import QUERYABLES, Interval, Position
from directory.search.zone_table import SORTABLE, Order
from directory.text import instead
from directory.web.api.parameters import (
    FORMAT,
    FORMER,
    LONGEST,
    FeaturesQuery,
    Limited,
    Paged,
    Paper,
)
from directory.web.api.reference_systems import CRS84, System
from directory.web.api.schemas import LIFE
from directory.web.query.filter_parameters import Flag, reader, words_of
from directory.web.query.terms import READERS, offered_words

ID_EXAMPLES = {"town": "ct/new-canaan", "department": "ct/darien-police-department"}

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?)?")


def read_edges(text: str) -> tuple[float, ...]:
    """Four numbers (west, south, east, north), or six with heights, in whatever coordinates."""
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise ValueError(f"has {len(parts)} numbers; needed are four: west, south, east, north (or six, with heights)")
    try:
        edges = tuple(map(float, parts))
    except ValueError:
        raise ValueError("must be numbers with commas between them: west, south, east, north") from None
    return edges


def read_order(text: str) -> Order:
    """Properties with commas between them, the first before the next; a minus before one is highest first."""
    # In an address a plus sign means a space.
    names = [name.strip() for name in text.split(",")]
    order = [(name.lstrip("+-"), name.startswith("-")) for name in names]
    if unknown := [name for name, _falling in order if name not in SORTABLE]:
        property_name = unknown[0][:40] or "nothing"
        raise ValueError(f"{property_name} is no property to sort by{instead(property_name, 'these', SORTABLE)}")
    return order


def read_properties(text: str) -> tuple[str, ...]:
    """Names of properties with commas between them."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if unknown := [name for name in names if name not in SHOWN]:
        property_name = unknown[0][:40] or "nothing"
        raise ValueError(f"{property_name} is no property{instead(property_name, 'these', SHOWN)}")
    return names


def read_moment(text: str, *, end: bool = False) -> datetime:
    """An RFC 3339 time, UTC where it says nothing else; a day alone is its beginning, or its `end`."""
    # In an address a plus sign means a space, and comes back as one.
    moment = re.sub(r" (\d\d:\d\d)$", r"+\1", text) if "T" in text else text
    if not _RFC3339.fullmatch(moment):
        raise ValueError("must be a time such as 2026-11-24T12:00:00Z")
    when = datetime.fromisoformat(moment.upper())
    if end and len(moment) == len("2026-11-24"):
        when += timedelta(days=1, microseconds=-1)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def read_interval(text: str) -> Interval:
    """A time, or two with a slash between them, where ".." or nothing leaves an end open."""
    start, slash, end = text.partition("/")
    if not slash:
        return Interval(read_moment(start), read_moment(start, end=True))
    if start in ("", "..") and end in ("", ".."):
        raise ValueError("needs a beginning or an end")
    interval = Interval(
        None if start in ("", "..") else read_moment(start), None if end in ("", "..") else read_moment(end, end=True)
    )
    if interval.start and interval.end and interval.start > interval.end:
        raise ValueError("ends before it begins")
    return interval


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of changes: behind all of a revision, or behind one zone of it.

    Revisions compare within one database only.
    """

    database_id: str
    revision: int
    zone_id: str = ""

    def __str__(self) -> str:
        return ".".join((self.database_id, str(self.revision), *([self.zone_id] if self.zone_id else [])))

    @property
    def position(self) -> Position:
        """As the collection orders its zones."""
        return (self.revision, self.zone_id) if self.zone_id else (self.revision + 1, "")


START = "start"
"""The cursor of who has nothing yet."""
FROM_THE_START = Cursor(START, 0)


TimeCursor = tuple[datetime, str]
"""A place in the order of times: a time, and the zone of that time."""


CURSOR = rf"^({START}|[0-9a-f]{{0,64}}\.[0-9]{{1,15}}(\.[a-z0-9-]{{1,200}})?)$"
_CURSOR = re.compile(r"([0-9a-f]{0,64})\.([0-9]{1,15})(?:\.([a-z0-9-]{1,200}))?")


def read_position(text: str) -> Cursor:
    """The next_cursor of an earlier answer, or START, which belongs to no database."""
    if text == START:
        return FROM_THE_START
    cursor = _CURSOR.fullmatch(text)
    if not cursor:
        raise ValueError(f"must be the next_cursor of an earlier answer, or {START}")
    return Cursor(cursor[1], int(cursor[2]), cursor[3] or "")


def read_cursor(text: str) -> Cursor | TimeCursor:
    """The same, or what a `next` link of who asks by time has."""
    at, comma, zone_id = text.partition(",")
    return (read_moment(at), zone_id) if comma else read_position(text)


_BOX_SCHEMA = {
    "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
}  # fmt: skip
SHOWN = (*PROPERTIES, *LIFE)
"""The properties of a zone in the API."""
_ORDER_SCHEMA = {
    "type": "array", "minItems": 1,
    "items": {"type": "string", "enum": [sign + name for sign in ("", "-") for name in SORTABLE]},
}  # fmt: skip
_NAMES_SCHEMA = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(SHOWN)}}
_FILTER_SCHEMA = {"type": "string", "format": "cql2", "minLength": 1, "maxLength": LONGEST_FILTER}
Sorted = Annotated[Order | None, *reader(read_order, _ORDER_SCHEMA)]
Chosen = Annotated[tuple[str, ...] | None, *reader(read_properties, _NAMES_SCHEMA)]
FilterText = Annotated[str | None, WithJsonSchema(_FILTER_SCHEMA), Field(min_length=1)]
Edges = Annotated[tuple[float, ...] | None, *reader(read_edges, _BOX_SCHEMA)]
When = Annotated[
    Interval | None, *reader(read_interval, {"type": "string", "format": "date-time-interval", "minLength": 1})
]
Since = Annotated[datetime | None, *reader(read_moment, {"type": "string", "format": "date-time"})]
After = Annotated[Cursor | TimeCursor | None, *reader(read_cursor, {"type": "string"})]


def names_of(read: Callable[[str], tuple[str, ...]]) -> Any:
    """A parameter that takes names of which there is no list, several with commas between them."""
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return Annotated[tuple[str, ...] | None, *reader(lambda text: read(_short(text)), schema)]


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    return text


def _filters() -> dict[str, Any]:
    """A parameter for each property of which values may be asked."""
    fields = {}
    for name, read in READERS.items():
        offered = offered_words(name)
        kind = words_of(read, offered) if offered else names_of(read)
        fields[name] = (kind, Field(None, description=f"only zones with this value: {_accepted_values(name)}"))
    return fields


def _accepted_values(name: str) -> str:
    ids = f", in any case, or its id such as {ID_EXAMPLES[name]}" if name in ID_EXAMPLES else ""
    lot = "; lot means parking_lot" if name == "setting" else ""
    return f"{PROPERTIES[name]['description']}{ids}{lot}; several with commas between them"


_QUERYABLE = frozenset(QUERYABLES)


class ItemsParameters(Paper, Paged):
    """Which zones, in which order and form; `ItemsQuery` has a parameter for each queryable besides."""

    bbox: Edges = Field(None, description="only zones inside: west, south, east, north; west > east crosses 180°")
    bbox_crs: System = Field(CRS84, alias="bbox-crs", description="the coordinates of bbox")
    datetime: When = Field(
        None, description="only zones last changed then: a time, or an interval such as 2026-01-01T00:00:00Z/.."
    )
    filter: FilterText = Field(
        None,
        description="only zones of which this is true: CQL2 on the queryables, such as state='CT' AND footage_days>30",
    )
    filter_lang: Literal["cql2-text", "cql2-json"] = Field(
        "cql2-text", alias="filter-lang", description="how filter is written"
    )
    filter_crs: System = Field(CRS84, alias="filter-crs", description="the coordinates of geometries in filter")
    sortby: Sorted = Field(None, description="by what to sort, with commas between; a minus before it: highest first")
    properties: Chosen = Field(None, description="only these properties, with commas between them")
    crs: System = Field(CRS84, description="the coordinates of the answer")
    changed_since: Since = Field(None, json_schema_extra={FORMER: True})
    after: After = Field(None, json_schema_extra={FORMER: True})
    usable: Flag = Field(False, description="only zones that one can go to now: neither moved, closed nor planned")
    f: Literal["json", "geojson", "csv", "html"] | None = Field(None, description=FORMAT)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The values that are asked for, by the name of the property."""
        return {name: value for name in self.model_fields_set & _QUERYABLE if (value := getattr(self, name))}


ItemsQuery = create_model("ItemsQuery", __base__=ItemsParameters, **_filters())


class ChangesQuery(Limited, FeaturesQuery):
    """Where a mirror stands."""

    after: Annotated[Cursor | None, *reader(read_position, {"type": "string", "pattern": CURSOR})] = Field(
        None, description=f"the next_cursor of an earlier answer; without it, or {START}: everything"
    )


class ItemQuery(FeaturesQuery):
    """The format and the coordinates of one feature."""

    crs: System = Field(CRS84, description="the coordinates of the answer")
