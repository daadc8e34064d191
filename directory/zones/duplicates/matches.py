"""Zones that are probably one: the same department, town and spot, written otherwise.

A probable match is a question for people, never an answer: `keys.spot_key` decides which rows certainly are one spot.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from directory.geo import Coordinates, distance_m
from directory.text import fold, plain
from directory.zones.duplicates.departments import department_key, may_be_same, same_department
from directory.zones.duplicates.streets import may_be_same_number, read_street, same_address
from directory.zones.duplicates.towns import town_key
from directory.zones.schemas import Setting

SAME_SPOT_M = 75
"""Exact points nearer to each other than this many metres may be one spot."""
_NEAR_DEGREES = SAME_SPOT_M / 110_000
"""No degree of latitude is shorter than 110 km."""
MANY_SITES = 5
"""With more spots of a kind in a town a department runs a program of many sites: what tells none apart is no match."""
MOST_MATCHES = 5
"""How many zones a question names."""

_HALVES = frozenset({Setting.LOBBY, Setting.PARKING_LOT})
_SIDES = (
    ("north", "south", "east", "west"), ("front", "rear", "back"), ("left", "right"), ("upper", "lower"),
    ("first", "second", "third"),
)  # fmt: skip
"""Words of which a note names one, where a building has several spots of a kind."""
_SPOT_NUMBER = re.compile(
    r"\b(?:lot|garage|bay|space|spot|stall|door|gate|entrance|floor|building|precinct|station|no|number) "
    r"([a-z]?\d+[a-z]?|[b-z])\b|\b(\d+)(?:st|nd|rd|th)\b"
)


class Spot(Protocol):
    """What is compared of a zone: `ZoneRecord` and `StoredZone` have it."""

    @property
    def zone_id(self) -> str:
        """Its id; empty for a new one."""

    @property
    def state(self) -> str:
        """Its state or province."""

    @property
    def department(self) -> str:
        """The department's name."""

    @property
    def town(self) -> str:
        """The town it serves."""

    @property
    def mailing_town(self) -> str:
        """The town of its postal address, where that differs."""

    @property
    def setting(self) -> Setting:
        """What kind of spot it is."""

    @property
    def street_address(self) -> str:
        """Number and street."""

    @property
    def spot_note(self) -> str:
        """The exact spot in words."""

    @property
    def approximate(self) -> bool:
        """Whether its point is not the spot."""

    @property
    def latitude(self) -> float:
        """Decimal degrees, WGS 84."""

    @property
    def longitude(self) -> float:
        """Decimal degrees, WGS 84."""


class MatchReason(StrEnum):
    """Why two zones of one department in one town are probably one, the strongest first."""

    ADDRESS = "address"
    SPOT = "spot"
    DISTANCE = "distance"
    UNPLACED = "unplaced"
    """Nothing that both say of where they are tells them apart: one has an address, the other a note."""


Zone = TypeVar("Zone", bound=Spot)


@dataclass(frozen=True, slots=True)
class ProbableMatch(Generic[Zone]):
    """A zone that a record probably means, why, and how far apart the two points are in metres."""

    zone: Zone
    reason: MatchReason
    distance_m: float


class ZoneIndex(Generic[Zone]):
    """Zones by town, so that a record is compared with those of its own town only.

    A record in a town without zones costs one look at a dictionary; any other the names of the departments there.
    """

    def __init__(self, zones: Iterable[Zone] = ()) -> None:
        self._by_town: defaultdict[tuple[str, str], dict[int, Zone]] = defaultdict(dict)
        for zone in zones:
            self.add(zone)

    def add(self, zone: Zone) -> None:
        """Add a zone."""
        for key in _town_keys(zone):
            self._by_town[key][id(zone)] = zone

    def remove(self, zone: Zone) -> None:
        """Remove this very zone, which was added."""
        for key in _town_keys(zone):
            del self._by_town[key][id(zone)]

    def probable_matches(self, record: Spot) -> list[ProbableMatch[Zone]]:
        """The zones that the record probably means, the most probable first, at most five; never itself by its id."""
        near = {number: zone for key in _town_keys(record) for number, zone in self._by_town.get(key, {}).items()}
        siblings = [zone for zone in near.values() if _may_be(record, zone)]
        matches = [match for zone in siblings if (match := _compare(record, zone)) is not None]
        if len(siblings) > MANY_SITES:
            matches = [match for match in matches if match.reason is not MatchReason.UNPLACED]
        order = list(MatchReason)
        return sorted(matches, key=lambda match: (order.index(match.reason), match.distance_m, match.zone.zone_id))[
            :MOST_MATCHES
        ]


def probable_matches(record: Spot, zones: Iterable[Zone]) -> list[ProbableMatch[Zone]]:
    """Those of a few zones that the record probably means; for many records build one `ZoneIndex`."""
    return ZoneIndex(zones).probable_matches(record)


def _town_keys(zone: Spot) -> Iterator[tuple[str, str]]:
    state = zone.state
    key = town_key(zone.town, state)
    yield state, key
    if zone.mailing_town and (mailing := town_key(zone.mailing_town, state)) != key:
        yield state, mailing


def _may_be(record: Spot, zone: Spot) -> bool:
    """Whether two zones, which are not one by their id, have one owner and kinds of spot that may be one."""
    if record.zone_id and record.zone_id == zone.zone_id:
        return False
    return _compatible(record.setting, zone.setting) and _same_owner(record, zone)


def _compare(record: Spot, zone: Zone) -> ProbableMatch[Zone] | None:
    reason = _same_spot(record, zone)
    if reason is None or _told_apart(record.spot_note, zone.spot_note):
        return None
    return ProbableMatch(zone, reason, _distance_m(record, zone))


def _compatible(one: Setting, other: Setting) -> bool:
    """Whether two kinds of spot may be one: equal, not known, or a half and the whole."""
    if one == other or Setting.UNKNOWN in (one, other):
        return True
    return Setting.LOBBY_AND_LOT in (one, other) and bool(_HALVES & {one, other})


def _same_owner(record: Spot, zone: Spot) -> bool:
    if record.department == zone.department:
        return True
    if not may_be_same(record.department, zone.department):
        return False
    keys = (department_key(one.department, one.state, one.town) for one in (record, zone))
    return same_department(*keys)


def _same_spot(record: Spot, zone: Spot) -> MatchReason | None:
    """Why the two are one spot; None where they are two."""
    addresses = record.street_address, zone.street_address
    if all(addresses) and may_be_same_number(*addresses) and same_address(*map(read_street, addresses)):
        return MatchReason.ADDRESS
    if not record.approximate and not zone.approximate:
        return MatchReason.DISTANCE if _is_near(record, zone) else None
    if all(addresses):
        return None
    notes = fold(record.spot_note), fold(zone.spot_note)
    if all(notes):
        return MatchReason.SPOT if notes[0] == notes[1] else None
    return MatchReason.UNPLACED


def _is_near(record: Spot, zone: Spot) -> bool:
    return abs(record.latitude - zone.latitude) < _NEAR_DEGREES and _distance_m(record, zone) <= SAME_SPOT_M


def _distance_m(record: Spot, zone: Spot) -> float:
    return distance_m(Coordinates(record.latitude, record.longitude), Coordinates(zone.latitude, zone.longitude))


def _told_apart(one: str, other: str) -> bool:
    """Whether two notes name different sides, storeys or numbers."""
    if not one or not other:
        return False
    pairs = zip(_marks(one), _marks(other), strict=True)
    return any(first and second and first.isdisjoint(second) for first, second in pairs)


@lru_cache(maxsize=8192)
def _marks(text: str) -> list[set[str]]:
    """The words of each kind by which a note tells its spot from others: sides, and numbers of lots and floors."""
    note = plain(text)
    sides = [{side for side in group if re.search(rf"\b{side}|{side}\b", note)} for group in _SIDES]
    return [*sides, {number or ordinal for number, ordinal in _SPOT_NUMBER.findall(note)}]
