"""The directory as GeoJSON features for machines: made ready once a snapshot, filtered, in a stable order."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json

from directory.clock import now, quarter_of
from directory.formats.writers.geojson import COLUMNS, feature
from directory.geo import BoundingBox
from directory.search.zone_status import today_of, with_another_day
from directory.store.repository import StoredZone
from directory.text import plain
from directory.zones.evidence.confidence import existence_confidence, position_confidence
from directory.zones.schemas import FIELDS, Status

QUERYABLES = tuple(name for name, field in FIELDS.items() if field.queryable)
"""The properties that an exact value may be asked of."""

NAMED = {"town": "town_slug", "department": "department_slug"}
"""The properties that are names of something with an id: that may be asked by too."""

Position = tuple[int, str]
"""A place in the order of changes: a revision, and the zone of that revision (empty: before all of them)."""

Rows = NDArray[np.intp]
Words = tuple[str, ...]
SplitFeature = tuple[bytes, ...]
"""A feature up to where its properties begin, and from there, its properties in runs."""

LAST_OF_RUN = ("postal_code", "hours_note", "custody_rules", "phone", "photo_alt", "existence_confidence")
"""Where runs end: what stands between is the same text for many zones, which leave most of it open."""
MOST_SHARED = 4096
"""How many different runs are looked up to be held once."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A time from and until, both included; None is open."""

    start: datetime | None = None
    end: datetime | None = None


class Collection:
    """Every zone that is not withdrawn, in `zone_id` order; immutable.

    A feature is the canonical file's with null for what nobody stated, and more properties: `time_zone`,
    `changed_at`, and the two words of `zones/evidence/confidence.py`, of which one depends on the zone's own day.
    """

    def __init__(
        self,
        everything: Sequence[StoredZone],
        by_id: Mapping[str, StoredZone],
        ready: dict[str, SplitFeature] | None = None,
        at: datetime | None = None,
    ) -> None:
        """The same zones twice, in order and by id; `ready` are features of these very zones as they were `at` then."""
        self._at = at or now()
        self._quarter = quarter_of(self._at)
        self._everything = everything
        self._by_id = by_id
        self.zones = [zone for zone in everything if zone.status is not Status.WITHDRAWN]
        latitudes = np.array([zone.latitude for zone in self.zones], dtype=np.float64)
        longitudes = np.array([zone.longitude for zone in self.zones], dtype=np.float64)
        self._from_south: Rows = np.argsort(latitudes)
        self._latitudes, self._longitudes = latitudes[self._from_south], longitudes[self._from_south]
        self._values: dict[str, dict[str, Rows]] = {}
        self._ready: dict[str, SplitFeature] = ready or {}

    def ready_for(self, zones: Mapping[str, StoredZone], at: datetime) -> dict[str, SplitFeature]:
        """The features made so far of those zones that are the very same, and where `at` is still on the same day."""
        elsewhen = with_another_day({zone.time_zone for zone in self._everything}, self._at, at)
        return {
            name: split
            for name, split in self._ready.copy().items()
            if zones.get(name) is (zone := self._by_id[name]) and zone.time_zone not in elsewhen
        }

    def feature(self, zone: StoredZone) -> bytes:
        """A zone as a compact Feature, made once."""
        return b"".join(self.split_feature(zone))

    def split_feature(self, zone: StoredZone) -> SplitFeature:
        """The same up to where its properties begin, and from there: a search puts the distance between them."""
        return self.split_features((zone,))[0]

    def split_features(self, zones: Sequence[StoredZone]) -> list[SplitFeature]:
        """Several zones, each as `split_feature` has it.

        A zone of another snapshot (the search may have begun before a change) is made anew, and not kept.
        """
        at = now()
        if self._quarter != quarter_of(at):
            self._ready, self._at = self.ready_for(self._by_id, at), at
            self._quarter = quarter_of(at)
        ready = self._ready  # what is made while another thread begins a new day is not kept for that day
        by_id, splits = self._by_id, []
        for zone in zones:
            if by_id.get(zone.zone_id) is zone:
                split = ready.get(zone.zone_id)
                if split is None:
                    split = ready[zone.zone_id] = _split(zone)
                splits.append(split)
            else:
                splits.append(_split(zone))
        return splits

    def select(
        self,
        box: BoundingBox | None = None,
        changed: Interval | None = None,
        properties: Mapping[str, Sequence[str]] | None = None,
    ) -> Rows:
        """The numbers of the zones that lie in `box`, last changed within `changed`, and have these properties.

        Any of a property's values will do; a property that nobody stated has none. Values are compared whatever their
        case, accents and punctuation. Towns and departments may also be asked for by their ids, or with the state's
        code behind the name.
        """
        rows = np.arange(len(self.zones)) if box is None else self._inside(box)
        if changed is not None:
            if changed.start is not None:
                rows = rows[self._changed[rows] >= changed.start.timestamp()]
            if changed.end is not None:
                rows = rows[self._changed[rows] <= changed.end.timestamp()]
        for name, values in (properties or {}).items():
            rows = np.intersect1d(rows, self._with(name, values))
        return rows

    def _inside(self, box: BoundingBox) -> Rows:
        """Only the zones between its south and north are compared one by one."""
        first = self._latitudes.searchsorted(box.south, side="left")
        last = self._latitudes.searchsorted(box.north, side="right")
        rows: Rows = self._from_south[first:last][box.spans(self._longitudes[first:last])]
        rows.sort()
        return rows

    def _with(self, name: str, values: Sequence[str]) -> Rows:
        """The numbers of the zones that have any of these values."""
        if name not in self._values:
            alike: dict[Words, list[int]] = {}
            for number, zone in enumerate(self.zones):
                alike.setdefault(_words_of(zone, name), []).append(number)
            numbers_by_value: dict[str, list[int]] = {}
            for words, numbers in alike.items():
                for key in {plain(word) for word in words} - {""}:
                    numbers_by_value.setdefault(key, []).extend(numbers)
            self._values[name] = {key: np.array(numbers, dtype=np.intp) for key, numbers in numbers_by_value.items()}
        nothing = np.array([], dtype=np.intp)
        return np.concatenate([self._values[name].get(key, nothing) for key in {plain(value) for value in values}])

    @cached_property
    def _changed(self) -> NDArray[np.float64]:
        """When each zone was last changed, in seconds since 1970."""
        return np.array([zone.changed_at.timestamp() for zone in self.zones], dtype=np.float64)

    @cached_property
    def extent(self) -> list[float] | None:
        """West, south, east, north of all zones; None when there are none."""
        if not self.zones:
            return None
        corners = (self._longitudes.min(), self._latitudes.min(), self._longitudes.max(), self._latitudes.max())
        return [round(float(edge), 6) for edge in corners]

    @cached_property
    def by_revision(self) -> list[StoredZone]:
        """Every zone, withdrawn ones included, in the order in which they were last touched; ties by `zone_id`."""
        return sorted(self._everything, key=_position)

    @cached_property
    def first_change(self) -> datetime | None:
        """When the zone that has been untouched the longest was last changed."""
        return min((zone.changed_at for zone in self._everything), default=None)

    @cached_property
    def last_change(self) -> datetime | None:
        """When a zone was last changed, a withdrawal included."""
        return max((zone.changed_at for zone in self._everything), default=None)

    def changes_after(self, position: Position) -> list[StoredZone]:
        """The zones behind a position, in the order of `by_revision`."""
        return self.by_revision[bisect_right(self.by_revision, position, key=_position) :]

    def changes_since(self, since: datetime) -> list[StoredZone]:
        """The zones that were changed at `since` or later, or after one that was; oldest first, ties by `zone_id`.

        A clock that was set back gives later changes earlier times.
        """
        revisions = [zone.revision for zone in self._everything if zone.changed_at >= since and zone.revision]
        first = min(revisions, default=math.inf)
        zones = [zone for zone in self._everything if zone.changed_at >= since or zone.revision >= first]
        return sorted(zones, key=lambda zone: (zone.changed_at, zone.zone_id))


def _words_of(zone: StoredZone, name: str) -> Words:
    """What a zone is found by that is asked for by a property."""
    value = str(getattr(zone, name))
    return (value, f"{value} {zone.state}", getattr(zone, NAMED[name])) if name in NAMED else (value,)


def _position(zone: StoredZone) -> Position:
    return zone.revision, zone.zone_id


def _split(zone: StoredZone) -> SplitFeature:
    result = zone_feature(zone)
    properties = iter(result.pop("properties").items())
    runs = [dumped(dict(_up_to(last, properties)))[1:-1] + b"," for last in LAST_OF_RUN]
    runs[-1] = runs[-1][:-1] + b"}}"
    return dumped(result)[:-1] + b',"properties":{', *map(_held_once, runs)


def _up_to(last: str, properties: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in properties:
        yield name, value
        if name == last:
            return


@lru_cache(maxsize=MOST_SHARED)
def _held_once(run: bytes) -> bytes:
    """The same text as before, where it was met lately."""
    return run


def zone_feature(zone: StoredZone) -> dict[str, Any]:
    """A zone as a Feature for machines.

    Every property stands in every feature, null where nobody stated it: map programs make their columns of the
    first features they see.
    """
    result = feature(zone)
    properties = result["properties"]
    result["properties"] = {name: properties.get(name) for name in COLUMNS} | {
        "approximate": zone.approximate,
        "time_zone": zone.time_zone,
        "changed_at": moment(zone.changed_at),
        "position_confidence": position_confidence(zone),
        "existence_confidence": existence_confidence(zone, today_of(zone)),
    }
    return result


def deleted_feature(zone: StoredZone) -> dict[str, Any]:
    """What is left of a withdrawn zone: its id, when and why it went, and what took its place."""
    facts = {"status": zone.status.value, "status_from": zone.status_from, "status_note": zone.status_note,
            "replaced_by": zone.replaced_by, "changed_at": moment(zone.changed_at)}  # fmt: skip
    properties = {name: value for name, value in facts.items() if value}
    return {"type": "Feature", "id": zone.zone_id, "geometry": None, "properties": properties}


def moment(when: datetime) -> str:
    """A UTC time as RFC 3339, to the microsecond so that it can be asked for again."""
    return when.isoformat().replace("+00:00", "Z")


def dumped(value: Any) -> bytes:
    """Compact JSON."""
    return to_json(value, inf_nan_mode="null")
