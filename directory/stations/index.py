"""Find the nearest police stations of an operator's list, for places without a zone nearby."""

import math
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from directory.geo import Coordinates
from directory.search.geography.nearest_index import NearestIndex
from directory.search.snapshots.snapshot import Snapshot
from directory.stations.parsing import Station
from directory.stations.repository import FILE_NAME, StationFile
from directory.text import plain
from directory.zones.schemas import Status

log = structlog.get_logger()
SAME_SITE_M = 300
"""A zone this near is at the station: lists give the middle of a building or of its lot."""
SAME_DEPARTMENT_M = 10_000
"""A department's zone this near counts as at its station, whose point may be that of an old building."""
MAX_ZONES_CHECKED = 20

_FileKey = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class StationHit:
    """A station and its distance from the origin in metres."""

    station: Station
    distance_m: float


@dataclass(frozen=True, slots=True)
class _LoadedList:
    """The points of a list in memory; the other fields stay in its file."""

    file: StationFile
    index: NearestIndex


class StationIndex:
    """The list in the data folder, read at first use and again after the file is replaced."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._key: _FileKey | None = None
        self._list: _LoadedList | None = None

    @property
    def version(self) -> str:
        """A version of the current list; empty when there is none."""
        key = self._file_key()
        return "-".join(map(str, key)) if key else ""

    @property
    def credit(self) -> str:
        """The publisher of the list, from its first station; empty when there is no readable list."""
        loaded = self._current_list()
        return loaded.file.source if loaded else ""

    def nearest(
        self, origin: Coordinates, limit: int, snapshot: Snapshot, *, within_m: float = math.inf
    ) -> tuple[StationHit, ...] | None:
        """The nearest stations without a zone in `snapshot`, in order of distance; None when there is no list."""
        loaded = self._current_list()
        if loaded is None:
            return None
        try:
            stations: dict[int, Station] = {}

            def accept(number: int) -> bool:
                station = stations[number] = loaded.file.station(number)
                return not is_zone(station, snapshot)

            hits = loaded.index.nearest(origin, limit, within_m=within_m, accept=accept)
            return tuple(StationHit(stations[number], meters) for number, meters in hits)
        except sqlite3.DatabaseError as error:
            log.error("list of stations cannot be read", file=self._path.name, reason=str(error))
            return None

    def _current_list(self) -> _LoadedList | None:
        key = self._file_key()
        if key == self._key:
            return self._list
        with self._lock:
            if key != self._key:
                self._list = self._read_list() if key else None
                self._key = key
        return self._list

    def _file_key(self) -> _FileKey | None:
        """Identifies the current file; None when there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _read_list(self) -> _LoadedList | None:
        """Read the list; None and an error in the log when it cannot be read."""
        try:
            file = StationFile(self._path)
            return _LoadedList(file, NearestIndex(file.points()))
        except (OSError, sqlite3.DatabaseError) as error:
            log.error("list of stations cannot be read", file=self._path.name, reason=str(error))
            return None


def is_zone(station: Station, snapshot: Snapshot) -> bool:
    """Whether a zone that is not withdrawn is at this station."""
    name = plain(station.name)

    def is_listed(number: int) -> bool:
        return snapshot.zones[number].status is not Status.WITHDRAWN

    near = snapshot.index.nearest(station.coordinates, MAX_ZONES_CHECKED, within_m=SAME_DEPARTMENT_M, accept=is_listed)
    return any(
        meters <= SAME_SITE_M
        or (plain(snapshot.zones[number].department) == name and station.state in ("", snapshot.zones[number].state))
        for number, meters in near
    )
