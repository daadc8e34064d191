"""The nearest police stations of an operator's list, for whoever has no zone near: places to ask, not to meet."""

import math
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from directory.geo import Coordinates
from directory.search.index import NearestIndex
from directory.search.snapshot import Snapshot
from directory.stations.parsing import Station
from directory.stations.repository import FILE_NAME, StationFile
from directory.text import plain
from directory.zones.schemas import Status

log = structlog.get_logger()
SAME_SITE_M = 300
"""A zone no farther from a station than this is at the station: lists give the middle of a building or of its lot."""
SAME_DEPARTMENT_M = 10_000
"""A department's own zone this near is taken to be at its station, whose point may be the old building's."""
ZONES_LOOKED_AT = 20

_Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class StationHit:
    """A station as seen from a place."""

    station: Station
    distance_m: float


@dataclass(frozen=True, slots=True)
class _LoadedList:
    """A list in memory: where each station stands. The rest is read from its file when it is shown."""

    file: StationFile
    index: NearestIndex


class StationIndex:
    """The list in the data folder, read when it is first needed and again when another lies in its place."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._key: _Key | None = None
        self._list: _LoadedList | None = None

    @property
    def version(self) -> str:
        """A name for the list as it lies there now, empty where there is none."""
        key = self._key_now()
        return "-".join(map(str, key)) if key else ""

    @property
    def credit(self) -> str:
        """Who publishes the list in use, as the first of its stations says; empty where there is no readable list."""
        stations = self._current()
        return stations.file.source if stations else ""

    def nearest(
        self, origin: Coordinates, limit: int, snapshot: Snapshot, *, within_m: float = math.inf
    ) -> tuple[StationHit, ...] | None:
        """The nearest stations that are no zones of `snapshot`, in order of distance; None where there is no list."""
        stations = self._current()
        if stations is None:
            return None
        try:
            seen: dict[int, Station] = {}

            def accept(number: int) -> bool:
                station = seen[number] = stations.file.station(number)
                return not is_zone(station, snapshot)

            hits = stations.index.nearest(origin, limit, within_m=within_m, accept=accept)
            return tuple(StationHit(seen[number], meters) for number, meters in hits)
        except sqlite3.DatabaseError as error:
            log.error("list of stations cannot be read", file=self._path.name, reason=str(error))
            return None

    def _current(self) -> _LoadedList | None:
        key = self._key_now()
        if key == self._key:
            return self._list
        with self._lock:
            if key != self._key:
                self._list = self._read() if key else None
                self._key = key
        return self._list

    def _key_now(self) -> _Key | None:
        """What tells one file at this place from another; None where there is none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> _LoadedList | None:
        """The list, or None where it cannot be read, which the log says once: the site does without."""
        try:
            file = StationFile(self._path)
            return _LoadedList(file, NearestIndex(file.points()))
        except (OSError, sqlite3.DatabaseError) as error:
            log.error("list of stations cannot be read", file=self._path.name, reason=str(error))
            return None


def is_zone(station: Station, snapshot: Snapshot) -> bool:
    """Whether a zone that is not withdrawn is at this station, so that "not a safe zone" would be wrong."""
    name = plain(station.name)

    def at_the_station(number: int) -> bool:
        return snapshot.zones[number].status is not Status.WITHDRAWN

    near = snapshot.index.nearest(
        station.coordinates, ZONES_LOOKED_AT, within_m=SAME_DEPARTMENT_M, accept=at_the_station
    )
    return any(
        meters <= SAME_SITE_M
        or (plain(snapshot.zones[number].department) == name and station.state in ("", snapshot.zones[number].state))
        for number, meters in near
    )
