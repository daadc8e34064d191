"""The zones as columns that filters and orders are about: made once a snapshot, and again what a new day changes."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from directory.clock import now, quarter_of
from directory.search.cql import temporal
from directory.search.cql.values import Geometries, Kind, Numbers, Texts, Times, Values, texts
from directory.search.zone_features import Collection, Rows
from directory.search.zone_status import today_of
from directory.store.repository import StoredZone
from directory.zones.evidence.confidence import existence_confidence, position_confidence
from directory.zones.fields import Kind as FieldKind
from directory.zones.schemas import FIELDS

_KINDS: Mapping[FieldKind, Kind | None] = {
    FieldKind.COUNT: Kind.NUMBER, FieldKind.BOOLEAN: Kind.BOOLEAN, FieldKind.PAST_DATE: Kind.TIME,
    **dict.fromkeys(
        (FieldKind.TEXTS, FieldKind.SOURCES, FieldKind.EVIDENCE, FieldKind.CLOSURES, FieldKind.CHANNELS,
         FieldKind.HISTORY, FieldKind.AREA), None,
    ),
}  # fmt: skip
"""What is no single value cannot be asked of; all others are texts, also days of which only the year may be known."""
GEOMETRY, ID = "geometry", "id"
EXISTENCE = "existence_confidence"
"""The one property that changes with the day of its zone."""
_MORE: Mapping[str, tuple[Kind, Callable[[StoredZone], Any]]] = {
    ID: (Kind.TEXT, lambda zone: zone.zone_id),
    GEOMETRY: (Kind.GEOMETRY, lambda zone: (zone.longitude, zone.latitude)),
    "time_zone": (Kind.TEXT, lambda zone: zone.time_zone),
    "changed_at": (Kind.TIME, lambda zone: zone.changed_at.timestamp()),
    "position_confidence": (Kind.TEXT, lambda zone: position_confidence(zone).value),
    EXISTENCE: (Kind.TEXT, lambda zone: existence_confidence(zone, today_of(zone)).value),
}
"""What a feature has besides the file's properties."""
_FIELD_KINDS = {
    name: kind
    for name, field in FIELDS.items()
    if field.is_property and (kind := _KINDS.get(field.kind, Kind.TEXT)) is not None
}
FILTERABLE: Mapping[str, Kind] = MappingProxyType(
    {ID: Kind.TEXT, GEOMETRY: Kind.GEOMETRY, **_FIELD_KINDS, **{name: kind for name, (kind, _) in _MORE.items()}}
)
"""What a filter may be about: every property with a single value, the id and the point."""
SORTABLE = tuple(name for name, kind in FILTERABLE.items() if kind is not Kind.GEOMETRY)
Order = Sequence[tuple[str, bool]]
"""Properties by which to sort, the first before the next; true: highest first."""


class ZoneTable:
    """The columns of a collection's zones, each made when it is first asked for."""

    kinds = FILTERABLE

    def __init__(self, collection: Collection) -> None:
        self._zones = collection.zones
        self._columns: dict[str, Values] = {}
        self._quarter = quarter_of(now())

    def __len__(self) -> int:
        return len(self._zones)

    def column(self, name: str) -> Values:
        """The values of a property, shape (n,); what nobody stated is missing."""
        if self._quarter != (current := quarter_of(now())):
            columns = self._columns.copy()  # what another thread began before the turn, it keeps in the old ones
            columns.pop(EXISTENCE, None)
            self._columns, self._quarter = columns, current
        columns = self._columns
        values = columns.get(name)
        if values is None:
            values = columns[name] = _column(name, self._zones)
        return values

    def ordered(self, rows: Rows, order: Order) -> Rows:
        """The rows sorted; zones without a value come last, equal ones stay in `zone_id` order."""
        keys = [key for name, falling in order for key in self._keys(name, rows, falling=falling)]
        return rows[np.lexsort(keys[::-1])] if keys else rows

    def _keys(self, name: str, rows: Rows, *, falling: bool) -> list[NDArray[Any]]:
        """Whether there is none, then the value."""
        column = self.column(name)
        values: NDArray[Any] = np.zeros(len(self))
        if isinstance(column, Texts):
            values = column.codes
        elif isinstance(column, Times):
            values = column.start
        elif isinstance(column, Numbers):
            values = np.nan_to_num(column.data)
        return [~column.has_value[rows], -values[rows] if falling else values[rows]]


def _column(name: str, zones: Sequence[StoredZone]) -> Values:
    kind, value = _MORE.get(name) or (FILTERABLE[name], lambda zone: getattr(zone, name))
    if kind is Kind.TEXT:
        return texts([_text_of(value(zone)) for zone in zones])
    if kind is Kind.GEOMETRY:
        return Geometries(shapely.points(np.array([value(zone) for zone in zones], dtype=np.float64).reshape(-1, 2)))
    if kind is Kind.TIME:
        spans = np.array([_span(value(zone)) for zone in zones], dtype=np.float64).reshape(-1, 2)
        return Times(spans[:, 0], spans[:, 1])
    numbers = [np.nan if (number := value(zone)) is None else number for zone in zones]
    return Numbers(np.array(numbers, dtype=np.float64), kind)


def _span(value: float | str) -> tuple[float, float]:
    """The seconds from and until, of a moment or of a whole day in UTC."""
    if isinstance(value, str):
        return temporal.moment(value) if value else (np.nan, np.nan)
    return value, value


def _text_of(value: Any) -> str:
    """A text of the feature; "unknown" stands in none."""
    return "" if value is None or value == "unknown" else str(value)
