"""The query parameters of the API: one model for each operation, which reads, checks and describes them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model
from werkzeug.datastructures import MultiDict

from directory.formats.json_schema import PROPERTIES
from directory.languages import TRANSLATIONS, languages_in
from directory.search.cql.reading import LONGEST as LONGEST_FILTER
from directory.search.service import MAX_LIMIT
from directory.search.zone_features import QUERYABLES, Interval, Position
from directory.search.zone_table import SORTABLE, Order
from directory.text import instead
from directory.web.api.reference_systems import CRS84, System
from directory.web.api.schemas import LIFE
from directory.web.query.filter_parameters import FilterParameters, Flag, SearchChoices, TravelMode, reader, words_of
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.web.query.terms import READERS, offered_words

DEFAULT_LIMIT, HIGHEST_LIMIT = 100, 1_000
DEFAULT_NEAREST = 10
ID_EXAMPLES = {"town": "ct/new-canaan", "department": "ct/darien-police-department"}
LONGEST = 200

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?)?")


class Query(BaseModel):
    """The parameters of an operation; one that is not named here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def names(cls) -> list[str]:
        """Of the parameters, as they stand in addresses."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def offered(cls) -> list[str]:
        """The same without what is only read for those who use it already."""
        fields = cls.model_fields.items()
        return [field.alias or name for name, field in fields if field.json_schema_extra != {FORMER: True}]


def _whole(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError("must be a whole number")
    return text


def read_edges(text: str) -> tuple[float, ...]:
    """Four numbers (west, south, east, north), or six with heights, in whatever coordinates."""
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise ValueError(f"has {len(parts)} numbers; needed are four: west, south, east, north (or six, with heights)")
    try:
        edges = tuple(float(part) for part in parts)
    except ValueError:
        raise ValueError("must be numbers with commas between them: west, south, east, north") from None
    return edges


def read_order(text: str) -> Order:
    """Properties with commas between them, the first before the next; a minus before one is highest first."""
    # In an address a plus sign means a space.
    names = [name.strip() for name in text.split(",")]
    order = [(name.lstrip("+-"), name.startswith("-")) for name in names]
    if unknown := [name for name, _falling in order if name not in SORTABLE]:
        given = unknown[0][:40] or "nothing"
        raise ValueError(f"{given} is no property to sort by{instead(given, 'these', SORTABLE)}")
    return order


def read_properties(text: str) -> tuple[str, ...]:
    """Names of properties with commas between them."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if unknown := [name for name in names if name not in SHOWN]:
        given = unknown[0][:40] or "nothing"
        raise ValueError(f"{given} is no property{instead(given, 'these', SHOWN)}")
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
Whole = Annotated[int, BeforeValidator(_whole)]
Edges = Annotated[tuple[float, ...] | None, *reader(read_edges, _BOX_SCHEMA)]
When = Annotated[
    Interval | None, *reader(read_interval, {"type": "string", "format": "date-time-interval", "minLength": 1})
]
Since = Annotated[datetime | None, *reader(read_moment, {"type": "string", "format": "date-time"})]
After = Annotated[Cursor | TimeCursor | None, *reader(read_cursor, {"type": "string"})]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Address = Annotated[Words, WithJsonSchema({"type": "string", "format": "place", "minLength": 1, "maxLength": LONGEST})]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


def names_of(read: Callable[[str], tuple[str, ...]]) -> Any:
    """A parameter that takes names of which there is no list, several with commas between them."""
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    return Annotated[tuple[str, ...] | None, *reader(lambda text: read(_short(text)), schema)]


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    return text


def limited(limit: int, highest: int = HIGHEST_LIMIT) -> int:
    """The limit in force: asking for more than there is at most is no error (OGC 17-069r4)."""
    return min(limit, highest)


class Paged(Query):
    """A page of many."""

    limit: Whole = Field(
        DEFAULT_LIMIT, ge=1, description=f"how many at most; over {HIGHEST_LIMIT} means {HIGHEST_LIMIT}"
    )
    offset: Whole = Field(0, ge=0, description="how many to pass over; follow the next link instead of counting")


def _filters() -> dict[str, Any]:
    """A parameter for each property of which values may be asked."""
    fields = {}
    for name, read in READERS.items():
        offered = offered_words(name)
        kind = words_of(read, offered) if offered else names_of(read)
        fields[name] = (kind, Field(None, description=f"only zones with this value: {_told(name)}"))
    return fields


def _told(name: str) -> str:
    ids = f", in any case, or its id such as {ID_EXAMPLES[name]}" if name in ID_EXAMPLES else ""
    lot = "; lot means parking_lot" if name == "setting" else ""
    return f"{PROPERTIES[name]['description']}{ids}{lot}; several with commas between them"


def _either(words: Sequence[str]) -> str:
    """ "en, es or fr"."""
    return f"{', '.join(words[:-1])} or {words[-1]}"


FORMER = "former"
"""Marks a parameter that is read for those who use it, and offered to nobody new."""
_LANGUAGE = (
    f"""the language of the page for people: {_either(languages_in(TRANSLATIONS))}; programs are answered in English"""
)
_FORMAT = "the format, instead of an Accept header"


class Paper(Query):
    """What every resource takes that is also a page for people."""

    lang: Language | None = Field(None, description=_LANGUAGE)


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
    f: Literal["json", "geojson", "csv", "html"] | None = Field(None, description=_FORMAT)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The values that are asked for, by the name of the property."""
        return {name: wanted for name in QUERYABLES if (wanted := getattr(self, name))}


ItemsQuery = create_model("ItemsQuery", __base__=ItemsParameters, **_filters())


class FeaturesQuery(Paper):
    """The format of features."""

    f: Literal["json", "geojson", "html"] | None = Field(None, description=_FORMAT)


class ChangesQuery(FeaturesQuery):
    """Where a mirror stands."""

    after: Annotated[Cursor | None, *reader(read_position, {"type": "string", "pattern": CURSOR})] = Field(
        None, description=f"the next_cursor of an earlier answer; without it, or {START}: everything"
    )
    limit: Whole = Field(
        DEFAULT_LIMIT, ge=1, description=f"how many at most; over {HIGHEST_LIMIT} means {HIGHEST_LIMIT}"
    )


class ResourceQuery(Paper):
    """The format only."""

    f: Literal["json", "html"] | None = Field(None, description=_FORMAT)


class SchemaQuery(Paper):
    """The format of a JSON Schema."""

    f: Literal["json", "html"] | None = Field(None, description=_FORMAT)


class ItemQuery(Paper):
    """The format and the coordinates of one feature."""

    crs: System = Field(CRS84, description="the coordinates of the answer")
    f: Literal["json", "geojson", "html"] | None = Field(None, description=_FORMAT)


class ListQuery(Query):
    """Whether a zone list is only tried."""

    dry_run: Flag = Field(False, description="only say what would become of the list; nothing is changed")


class AddressQuery(FeaturesQuery):
    """An address to locate."""

    address: Address = Field(description="an address, a ZIP or postal code, a town and state, or coordinates",
                           examples=["174 South Avenue, New Canaan, CT"])  # fmt: skip


class TownsQuery(Paged, ResourceQuery):
    """Towns, all or of a state."""

    state: words_of(READERS["state"], offered_words("state")) = Field(  # type: ignore[valid-type]
        None, description="only towns of these states or provinces, several with commas between them"
    )


class NearestQuery(SearchChoices, FeaturesQuery):
    """A place, and what a zone must offer."""

    lat: Degrees | None = Field(None, ge=-90, le=90, description="latitude in degrees; goes with lon")
    lon: Degrees | None = Field(None, ge=-180, le=180, description="longitude in degrees; goes with lat")
    address: Address | None = Field(
        None, description="instead of lat and lon: an address, a ZIP or postal code, a town and state"
    )
    limit: Whole = Field(DEFAULT_NEAREST, ge=1, description=f"how many at most; over {MAX_LIMIT} means {MAX_LIMIT}")
    within_m: Degrees | None = Field(
        None, ge=1, description="only zones no farther than so many metres in a straight line"
    )


def _place(whose: str, *, needed: bool = False) -> Any:
    words = f"where {whose} is: an address, a ZIP or postal code, a town and state, or coordinates"
    return Field(description=words) if needed else Field(None, description=words)


class MeetQuery(FilterParameters, FeaturesQuery):
    """Two to five places, and what a zone must offer. A list of police stations belongs to one place."""

    a: Address = _place("the first person", needed=True)
    b: Address = _place("the second person", needed=True)
    c: Address | None = _place("a third person")
    d: Address | None = _place("a fourth person")
    e: Address | None = _place("a fifth person")
    mode: TravelMode = Field(
        None,
        description="order by the travel time of the longest trip of this mode, where the server has a router",
    )
    limit: Whole = Field(DEFAULT_NEAREST, ge=1, description=f"how many at most; over {MAX_LIMIT} means {MAX_LIMIT}")
    within_m: Degrees | None = Field(None, ge=1, description="only zones to which no trip is longer, in metres")

    @property
    def places(self) -> dict[str, str]:
        """The words for each place, by the name of the parameter."""
        words = {"a": self.a, "b": self.b, "c": self.c, "d": self.d, "e": self.e}
        return {name: text for name, text in words.items() if text is not None}


Model = TypeVar("Model", bound=Query)


def read(model: type[Model], params: "MultiDict[str, str]") -> Model:
    """Read the parameters of a request. Raises BadParametersError with every problem at once."""
    problems = [
        BadParameter(name, ", ".join(values)[:100], "once only")
        for name, values in params.lists()
        if len(values) > 1 and name in model.names()
    ]
    try:
        parameters = model.model_validate(params.to_dict())
    except ValidationError as error:
        problems += [_problem(model, item, params) for item in error.errors()]
    if problems:
        raise BadParametersError(problems)
    return parameters


def _problem(model: type[Query], error: Any, params: "MultiDict[str, str]") -> BadParameter:
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        allowed = f"unknown{instead(name[:100], 'known', model.offered())}"
        return BadParameter(name[:100], str(error["input"])[:100], allowed)
    return BadParameter(name, params.get(name, "")[:100], _allowed(error))


def _allowed(error: Any) -> str:
    """pydantic's complaint in our words."""
    limits = error.get("ctx", {})
    return {
        "missing": "is needed",
        "string_pattern_mismatch": f"must match {limits.get('pattern')}",
        "float_parsing": "must be a number",
        "finite_number": "must be a number",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {limits.get('max_length')} characters",
        "greater_than_equal": f"must be at least {limits.get('ge')}",
        "less_than_equal": f"must be at most {limits.get('le')}",
        "literal_error": f"must be one of: {limits.get('expected')}",
    }.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
