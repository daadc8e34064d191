"""The directory as one worker answers from it: immutable, made once for each generation, swapped whole."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from hashlib import blake2b

from sqlalchemy import Engine

from directory import __version__
from directory.hours import Schedule
from directory.records.database import DatabaseProblem
from directory.records.facts import Status
from directory.records.store import (
    Directory,
    StoredDepartment,
    StoredKit,
    StoredTown,
    StoredZone,
    generation,
    read_directory,
)
from directory.search.collection import Collection
from directory.search.nearest import NearestIndex
from directory.text import fold

CHECK_SECONDS = 0.2
USABLE = (Status.ACTIVE,)
SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED, Status.MOVED)


def schedule(zone: StoredZone) -> Schedule:
    """The zone's hours."""
    return Schedule(zone.opening_hours, zone.time_zone, zone.country, zone.latitude, zone.longitude)


def status_on(zone: StoredZone, day: date) -> Status:
    """The status that counts on `day`: a dated closure begins and ends by itself."""
    if zone.status is Status.TEMPORARILY_CLOSED:
        today = day.isoformat()
        begun = not zone.status_from or zone.status_from <= today[: len(zone.status_from)]
        ended = bool(zone.status_until) and zone.status_until < today[: len(zone.status_until)]
        return zone.status if begun and not ended else Status.ACTIVE
    return zone.status


class Snapshot:
    """Every zone, findable by id, town, department, state and distance."""

    def __init__(self, directory: Directory) -> None:
        self.generation = directory.generation
        self.zones: Sequence[StoredZone] = directory.zones
        self.departments: dict[str, StoredDepartment] = directory.departments
        self.towns: dict[str, StoredTown] = directory.towns
        self.kits: dict[str, StoredKit] = directory.kits
        self.by_id = {zone.zone_id: zone for zone in directory.zones}
        self.checksums: dict[tuple[str, str], str] = {}
        """SHA-256 of the files made of this snapshot: (place, format) → hexadecimal digits."""
        self.index = NearestIndex([zone.coordinates for zone in directory.zones])

    @cached_property
    def by_town(self) -> dict[str, list[StoredZone]]:
        """Town slug → its zones that are not withdrawn."""
        grouped = defaultdict(list)
        for zone in self.listed:
            grouped[zone.town_slug].append(zone)
        return dict(grouped)

    @cached_property
    def by_department(self) -> dict[str, list[StoredZone]]:
        """Department slug → its zones that are not withdrawn."""
        grouped = defaultdict(list)
        for zone in self.listed:
            grouped[zone.department_slug].append(zone)
        return dict(grouped)

    @cached_property
    def by_state(self) -> dict[str, list[StoredZone]]:
        """State code → its zones that are not withdrawn."""
        grouped = defaultdict(list)
        for zone in self.listed:
            grouped[zone.state].append(zone)
        return dict(grouped)

    @cached_property
    def listed(self) -> list[StoredZone]:
        """The zones that pages list: all but the withdrawn."""
        return self.collection.zones

    @cached_property
    def collection(self) -> Collection:
        """The same as features for machines."""
        return Collection(self.zones)

    @cached_property
    def version(self) -> str:
        """A name for the directory as it stands, which a restored or other database does not share by accident."""
        parts = f"{self.generation} {self.collection.last_change} {len(self.zones)} {__version__}"
        return blake2b(parts.encode(), digest_size=8).hexdigest()

    def sites_that_may_show(self, towns: Iterable[str]) -> tuple[str, ...] | None:
        """The sites that every one of these towns lets show its zones; None when none of them named any."""
        lists = [kit.embed_sites for town in towns if (kit := self.kits.get(town)) and kit.embed_sites]
        if not lists:
            return None
        return tuple(site for site in lists[0] if all(site in others for others in lists[1:]))

    @cached_property
    def photos(self) -> frozenset[str]:
        """The digests of the photos that zones and towns show."""
        return frozenset(
            [zone.photo for zone in self.zones if zone.photo] + [kit.logo for kit in self.kits.values() if kit.logo]
        )

    @cached_property
    def _town_names(self) -> dict[tuple[str, str], str]:
        """(folded name, state) → town slug, own names before other names."""
        names: dict[tuple[str, str], str] = {}
        for town in self.towns.values():
            names.setdefault((fold(town.name), town.state), town.slug)
        for town in self.towns.values():
            for other in town.other_names:
                names.setdefault((fold(other), town.state), town.slug)
        return names

    def town_named(self, name: str, state: str) -> StoredTown | None:
        """The town that is called `name`, or known under it, in `state`."""
        slug = self._town_names.get((fold(name), state))
        return self.towns[slug] if slug else None


class SnapshotKeeper:
    """Hands out the newest snapshot; a change made anywhere is seen within a fifth of a second.

    While one thread reads a new generation the others answer from the old one. When the database is in trouble,
    the last snapshot goes on answering.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._snapshot: Snapshot | None = None
        self.trouble: DatabaseProblem | None = None

    def current(self) -> Snapshot:
        """The newest snapshot. Raises DatabaseProblem only when there never was one."""
        snapshot = self._snapshot
        if snapshot is None:
            with self._lock:
                return self._renewed()
        if self._clock() - self._checked_at >= CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                return self._renewed()
            except DatabaseProblem as trouble:
                self.trouble = trouble
            finally:
                self._lock.release()
        return snapshot

    def look_again(self) -> None:
        """Look for a newer directory at the next request: whoever writes sees what was written."""
        self._checked_at = float("-inf")

    def _renewed(self) -> Snapshot:
        self._checked_at = self._clock()
        newest = generation(self._engine)
        if self._snapshot is None or self._snapshot.generation != newest:
            self._snapshot = Snapshot(read_directory(self._engine))
        self.trouble = None
        return self._snapshot
