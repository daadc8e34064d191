"""The directory's own words: towns, departments, zones and street addresses, findable as people type them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from directory.geocoding.address_parser import ParsedAddress, split_segments, starts_with_number
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.results import Geocode, Note, Precision
from directory.regions import is_full_name
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredTown, StoredZone
from directory.text import fold, plain

PROVIDER = "directory"
MOST_REMEMBERED = 1 << 15
"""Keys of our own names: a new snapshot has nearly all those of the one before. What people type is not remembered."""
_POLICE = re.compile(
    r"\b(?:police|policia|pd|sheriffs?|rcmp|grc|opp|surete|constables?|marshals?|troopers?|highway patrol|state patrol|"
    r"public safety)\b"
)
_OFFICE_WORDS = frozenset((
    "police", "policia", "pd", "department", "dept", "dpt", "departamento", "service", "services", "de", "of",
    "the", "office", "headquarters", "hq", "station", "bureau", "division",
    "public", "safety", "detachment",
))  # fmt: skip
_KINDS = ("township", "borough", "village", "city", "town")
_STREET_WORDS = {
    "avenue": "ave", "av": "ave", "street": "st", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "boulevard": "blvd", "boul": "blvd", "place": "pl", "parkway": "pkwy", "pky": "pkwy", "highway": "hwy",
    "circle": "cir", "terrace": "ter", "turnpike": "tpke", "square": "sq", "plaza": "plz", "trail": "trl",
    "route": "rte", "rt": "rte", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "saint": "st", "center": "ctr", "centre": "ctr",
}  # fmt: skip


class DirectoryNames:
    """The names in a snapshot, which it does not hold; each index is made when it is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._listed, self._known_towns = snapshot.listed, snapshot.towns
        self._zones_by_town, self._zones_by_department = snapshot.by_town, snapshot.by_department

    @classmethod
    def of(cls, snapshot: Snapshot) -> "DirectoryNames":
        """The names of a snapshot, made once."""
        return snapshot.once("own names", lambda: cls(snapshot))

    def towns(self, name: str, region: str = "") -> Sequence[Geocode]:
        """The towns of a name that have a zone, where their first zone is."""
        towns = self._towns.get(fold(name), ())
        return [self._town(town) for town in towns if not region or town.state == region]

    def exact(self, parsed: ParsedAddress) -> Match | None:
        """The street addresses, departments or zones that the whole text names; None when they are too many."""
        if parsed.county and (beside := self.exact(replace(parsed, county=""))):
            return beside
        if parsed.county:  # it may be the town that the zone is filed under: "Polk County"
            parsed = replace(parsed, segments=(*parsed.segments, parsed.county), county="")
        if not parsed.segments or parsed.trailing_text:
            return None
        if at_address := self._at_address(parsed):
            alone = len(parsed.segments) == 1 and not (parsed.region or parsed.postal_code)
            townless = alone and fold(at_address[0].town) not in fold(parsed.segments[0])
            notes = (Note("town_missing"),) if townless else ()
            return _match(parsed, [_address(zone) for zone in at_address], notes, asks=townless)
        if departments := self._departments_named(parsed):
            return _match(parsed, departments[:MAX_CANDIDATES])
        return _match(parsed, self._zones_named(parsed))

    def beginning(self, prefix: str, limit: int = 4) -> list[str]:
        """Labels of towns and departments that begin with `prefix`, by name; for type-ahead."""
        plain_prefix = plain(prefix)
        if len(plain_prefix) < 2:
            return []
        first = bisect_left(self._labels, (plain_prefix, ""))
        return [label for key, label in self._labels[first : first + limit] if key.startswith(plain_prefix)]

    @cached_property
    def _labels(self) -> list[tuple[str, str]]:
        towns = {zone.town_and_state for zone in self._listed}
        departments = {zone.department_and_town for zone in self._listed}
        return sorted((plain(label), label) for label in towns | departments)

    # Towns

    @cached_property
    def _towns(self) -> dict[str, list[StoredTown]]:
        towns: dict[str, list[StoredTown]] = defaultdict(list)
        for town in self._known_towns.values():
            if town.slug in self._zones_by_town:
                for key in {fold(name) for name in (town.name, *town.other_names)}:
                    towns[key].append(town)
        return towns

    def _town(self, town: StoredTown) -> Geocode:
        zone = self._zones_by_town[town.slug][0]
        label = town.town_and_state
        return Geocode(label, zone.coordinates, PROVIDER, Precision.PLACE, town.state, town.country)

    # Street addresses

    @cached_property
    def _addresses(self) -> dict[tuple[str, ...], list[StoredZone]]:
        addresses: dict[tuple[str, ...], list[StoredZone]] = defaultdict(list)
        for zone in self._listed:
            address = " ".join(split_segments(zone.street_address))
            if starts_with_number(address):
                addresses[_street_of_ours(address)].append(zone)
        return addresses

    def _at_address(self, parsed: ParsedAddress) -> list[StoredZone]:
        """The zones at a street address: "25 Hecker Ave, Darien, CT", the town perhaps without a comma."""
        if not starts_with_number(parsed.segments[0]):
            return []
        words = [(word, number) for number, segment in enumerate(parsed.segments) for word in segment.split()]
        for count in range(len(words), 1, -1):
            zones = self._addresses.get(_street(" ".join(word for word, _ in words[:count])), ())
            unmatched = _unmatched_segments(words, count, parsed.segments)
            if matches := _one_for_each_place(zone for zone in zones if _is_in(zone, unmatched, parsed)):
                return matches
        return []

    # Departments

    @cached_property
    def _departments(self) -> dict[str, list[tuple[str, list[StoredZone]]]]:
        """Core name → kind of government and zones of each department of that name, exact points before others."""
        departments: dict[str, list[tuple[str, list[StoredZone]]]] = defaultdict(list)
        for zones in self._zones_by_department.values():
            core, kind = _core_of_ours(zones[0].department)
            departments[core].append((kind, sorted(zones, key=lambda zone: zone.approximate)))
        return departments

    def _departments_named(self, parsed: ParsedAddress) -> list[Geocode]:
        """ "Darien Police Department", "wilton police", "Darien Police Department Darien CT"."""
        words = [(word, number) for number, segment in enumerate(parsed.segments) for word in segment.split()]
        for count in range(len(words), 0, -1):
            text = " ".join(word for word, _ in words[:count])
            plain_text, (core, kind) = plain(text), _core(text)
            matches = []
            for other_kind, zones in self._departments.get(core, ()):
                # "Clearfield Borough" is a department by its whole name only
                is_named = bool(_POLICE.search(plain_text)) or plain(zones[0].department) == plain_text
                if is_named and _may_be(core, kind, other_kind):
                    unmatched = _unmatched_segments(words, count, parsed.segments)
                    matches += [zone for zone in zones if _is_in(zone, unmatched, parsed)][:1]
            if matches:
                return [_department(zone) for zone in matches]
        return []

    # Zones

    @cached_property
    def _zones(self) -> dict[str, list[StoredZone]]:
        zones: dict[str, list[StoredZone]] = defaultdict(list)
        for zone in self._listed:
            zones[plain(zone.name)].append(zone)
        return zones

    def _zones_named(self, parsed: ParsedAddress) -> list[Geocode]:
        """ "Safe Exchange Zone, Darien": a zone's name, with its town unless few bear it."""
        words = [(word, number) for number, segment in enumerate(parsed.segments) for word in plain(segment).split()]
        for count in range(len(words), 0, -1):
            zones = self._zones.get(" ".join(word for word, _ in words[:count]), ())
            unmatched = _unmatched_segments(words, count, parsed.segments)
            if matches := [zone for zone in zones if _is_in(zone, unmatched, parsed)]:
                return [_zone(zone) for zone in matches[: MAX_CANDIDATES + 1]]
        return []


def _match(
    parsed: ParsedAddress, candidates: Sequence[Geocode], notes: tuple[Note, ...] = (), *, asks: bool = False
) -> Match | None:
    if not 0 < len(candidates) <= MAX_CANDIDATES:
        return None
    return Match(tuple(candidates), is_complete=True, notes=(*parsed.notes, *notes), needs_confirmation=asks)


def _street(address: str) -> tuple[str, ...]:
    return tuple(_STREET_WORDS.get(word, word) for word in plain(address).split())


def _unmatched_segments(words: Sequence[tuple[str, int]], count: int, segments: Sequence[str]) -> list[str]:
    """What stands behind the first `count` words: the rest of their segment, and the segments after it."""
    segment = words[count - 1][1]
    same_segment = " ".join(word for word, number in words[count:] if number == segment)
    return [same_segment, *segments[segment + 1 :]]


def _core(name: str) -> tuple[str, str]:
    """A department's name without the words that all bear, and its kind of government ("township").

    A sheriff's office is no police department.
    """
    words = plain(re.sub(r"\(.*?\)", " ", name)).replace("twp", "township").split()
    words = ["sheriff" if word in ("sheriff", "sheriffs", "so") else word for word in words]
    kind = next((word for word in words if word in _KINDS), "")
    return fold(" ".join(word for word in words if word not in _OFFICE_WORDS and word != kind)), kind


def _may_be(core: str, typed_kind: str, kind: str) -> bool:
    """Whether a department of a kind of government may be meant: "Township" is never dropped nor added in silence."""
    if typed_kind:
        return kind == typed_kind or (not kind and typed_kind in ("city", "town"))
    return kind != "city" or not is_full_name(core)  # the police of Oklahoma are not those of Oklahoma City


def _is_in(zone: StoredZone, unmatched: Iterable[str], parsed: ParsedAddress) -> bool:
    """Whether what was typed beside the name fits the zone: its town, region, country and postal code."""
    towns = {fold(zone.town), fold(zone.mailing_town)}
    if any(fold(word) not in towns for word in unmatched if word):
        return False
    code = zone.postal_code.replace(" ", "")[: 3 if parsed.postal_code[:1].isalpha() else 5]
    return parsed.allows_region(zone.state) and parsed.postal_code in ("", code)


def _one_for_each_place(zones: Iterable[StoredZone]) -> list[StoredZone]:
    """One zone for each town: several at one address are one answer. One whose point is exact before others."""
    ordered = sorted(zones, key=lambda zone: (zone.approximate, zone.zone_id))
    return list({zone.town_slug: zone for zone in reversed(ordered)}.values())


def _address(zone: StoredZone) -> Geocode:
    return _geocode(f"{zone.street_address}, {zone.town_and_state}", zone, Precision.ADDRESS)


def _department(zone: StoredZone) -> Geocode:
    return _geocode(zone.department_and_town, zone, Precision.DEPARTMENT)


def _zone(zone: StoredZone) -> Geocode:
    return _geocode(f"{zone.name}, {zone.town_and_state}", zone, Precision.ZONE)


def _geocode(label: str, zone: StoredZone, exact: Precision) -> Geocode:
    """A zone's point, which is the middle of its town when it is approximate."""
    precision = Precision.PLACE if zone.approximate else exact
    return Geocode(label, zone.coordinates, PROVIDER, precision, zone.state, zone.country)


_street_of_ours = lru_cache(maxsize=MOST_REMEMBERED)(_street)
_core_of_ours = lru_cache(maxsize=MOST_REMEMBERED)(_core)
