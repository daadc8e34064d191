"""The directory in the memory of a worker: immutable, made once for each revision, replaced as a whole."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar, cast

from directory import __version__
from directory.clock import now
from directory.search.geography.nearest_index import NearestIndex
from directory.search.zone_features import Collection
from directory.search.zone_status import MinuteView, ZoneNumbers
from directory.store.repository import Directory, StoredDepartment, StoredTown, StoredTownProfile, StoredZone
from directory.text import fold, one_letter_off, plain
from directory.zones.duplicates.departments import DepartmentKey, department_key, same_department
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.programs import Program, is_site
from directory.zones.schemas import Status

Made = TypeVar("Made")
TownNames = dict[tuple[str, str], str]
LEAST_TO_MISSPELL, MOST_TO_MISSPELL = 5, 40
"""Letters of a name that one of a letter more, less or other is taken for."""
SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED, Status.MOVED)


class Snapshot:
    """Every zone, findable by id, town, department, state and distance.

    Nothing that it holds may hold it: it is frozen, and a cycle of what is frozen is never freed.
    """

    def __init__(self, directory: Directory, before: "Snapshot | None" = None) -> None:
        """What was made of zones that are as they were `before` is taken over."""
        self.directory = directory
        self.revision = directory.revision
        self.database_id = directory.database_id
        self.zones: Sequence[StoredZone] = directory.zones
        self.departments: dict[str, StoredDepartment] = directory.departments
        self.towns: dict[str, StoredTown] = directory.towns
        self.profiles: dict[str, StoredTownProfile] = directory.profiles
        self.programs: Mapping[str, Program] = directory.programs
        self.by_id = directory.rows.zones or {zone.zone_id: zone for zone in directory.zones}
        same_spots = before is not None and _same_spots(before.zones, self.zones)
        self.index: NearestIndex = before.index if before and same_spots else NearestIndex(self.zones)
        same_towns = before is not None and before.directory.rows.towns is directory.rows.towns
        self.town_names: TownNames = before.town_names if before and same_towns else _names_of(self.towns)
        at = now()
        ready = before.collection.ready_for(self.by_id, at) if before else {}
        self.collection: Collection = Collection(self.zones, self.by_id, ready, at)
        """The zones as features for machines."""
        self.listed = self.collection.zones
        """The zones that pages list: all but the withdrawn."""
        self.countries = frozenset([zone.country for zone in self.zones])
        self.by_town: dict[str, list[StoredZone]] = {}
        """Town slug → its zones that are not withdrawn; by department and state likewise."""
        self.by_department: dict[str, list[StoredZone]] = {}
        self.by_state: dict[str, list[StoredZone]] = {}
        self.by_program: dict[str, list[StoredZone]] = {}
        """Program id → its sites."""
        for zone in self.listed:
            self.by_town.setdefault(zone.town_slug, []).append(zone)
            self.by_department.setdefault(zone.department_slug, []).append(zone)
            self.by_state.setdefault(zone.state, []).append(zone)
            if zone.program and is_site(zone, zone.department_slug, self.programs.get(zone.program)):
                self.by_program.setdefault(zone.program, []).append(zone)
        self._memo: dict[Hashable, object] = {}
        self._stamped: dict[Hashable, tuple[Hashable, object]] = {}
        self._minute_views: dict[datetime, MinuteView] = {}
        self._numbers = ZoneNumbers(self.zones)

    def zones_that_are_new_since(self, before: "Snapshot | None") -> int:
        """How many zones were not taken over."""
        earlier = before.by_id if before else {}
        return sum(earlier.get(zone_id) is not zone for zone_id, zone in self.by_id.items())

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of this snapshot, made at the first call with this key; it goes when the snapshot goes."""
        if key not in self._memo:
            self._memo[key] = make()
        return cast(Made, self._memo[key])

    def latest(self, key: Hashable, stamp: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes while `stamp` is the same; what was made for another stamp goes."""
        entry = self._stamped.get(key)
        if entry is None or entry[0] != stamp:
            entry = self._stamped[key] = stamp, make()
        return cast(Made, entry[1])

    def minute_view(self, when: datetime) -> MinuteView:
        """The zones as they stand in the minute of `when`.

        It holds two: one is the present minute, the other may be one that somebody plans for. One that has passed goes.
        """
        minute = when.replace(second=0, microsecond=0)
        view = self._minute_views.get(minute)
        if view is None:
            present = now().replace(second=0, microsecond=0)
            others = [(at, other) for at, other in self._minute_views.items() if at.tzinfo is None or at >= present]
            view = MinuteView(minute, self.zones, self._numbers)
            self._minute_views = dict([*others, (minute, view)][-2:])
        return view

    @cached_property
    def version(self) -> str:
        """A name for the directory as it stands, which a restored or other database does not share by accident."""
        parts = f"{self.revision} {self.database_id} {self.collection.last_change} {len(self.zones)} {__version__}"
        return blake2b(parts.encode(), digest_size=8).hexdigest()

    def sites_that_may_show(self, towns: Iterable[str]) -> tuple[str, ...] | None:
        """The sites that every one of these towns lets show its zones; None when none of them named any."""
        lists = [row.embed_sites for town in towns if (row := self.profiles.get(town)) and row.embed_sites]
        if not lists:
            return None
        return tuple(site for site in lists[0] if all(site in others for others in lists))

    @cached_property
    def photos(self) -> frozenset[str]:
        """The digests of the photos that zones and towns show."""
        return frozenset(
            [zone.photo for zone in self.zones if zone.photo] + [row.logo for row in self.profiles.values() if row.logo]
        )

    def zone_index(self, state: str) -> ZoneIndex[StoredZone]:
        """The zones of a state that are not withdrawn, to ask which of them a new zone probably is."""
        return self.once(("zone index", state), lambda: ZoneIndex(self.by_state.get(state, ())))

    def departments_like(self, name: str, state: str, town: str = "") -> list[StoredDepartment]:
        """The departments that the name probably means and that are written otherwise; none where one is called so."""
        keyed_departments = self.once(("department keys", state), lambda: self._department_keys(state))
        if any(plain(row.name) == plain(name) for row, _ in keyed_departments):
            return []
        key = department_key(name, state, town)
        return [row for row, other in keyed_departments if key.place and same_department(key, other)]

    def _department_keys(self, state: str) -> list[tuple[StoredDepartment, DepartmentKey]]:
        rows = [row for row in self.departments.values() if row.state == state]
        towns = [next((zone.town for zone in self.by_department.get(row.slug, ())), "") for row in rows]
        return [(row, department_key(row.name, state, town)) for row, town in zip(rows, towns, strict=True)]

    def town_named(self, name: str, state: str) -> StoredTown | None:
        """The town that is called `name`, or known under it, in `state`."""
        slug = self.town_names.get((fold(name), state))
        return self.towns[slug] if slug else None

    def towns_spelt_like(self, name: str, state: str) -> list[StoredTown]:
        """The towns in `state` whose name is one letter away from `name`; none for a name that is too short to tell."""
        key = fold(name)
        forms = sorted(one_letter_off(key)) if LEAST_TO_MISSPELL <= len(key) <= MOST_TO_MISSPELL else []
        slugs = {self.town_names.get((form, state)): None for form in forms}
        return [self.towns[slug] for slug in slugs if slug]


def _same_spots(zones: Sequence[StoredZone], others: Sequence[StoredZone]) -> bool:
    """Whether an index over the one is an index over the others."""
    return len(zones) == len(others) and all(
        zone is other or (zone.latitude, zone.longitude) == (other.latitude, other.longitude)
        for zone, other in zip(zones, others, strict=True)
    )


def _names_of(towns: Mapping[str, StoredTown]) -> TownNames:
    """(folded name, state) → town slug, own names before other names."""
    names: TownNames = {}
    for town in towns.values():
        names.setdefault((fold(town.name), town.state), town.slug)
    for town in towns.values():
        for other in town.other_names:
            names.setdefault((fold(other), town.state), town.slug)
    return names
