"""What stood in the directory before an import, compared with the import's new rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from directory.db.tables.published.zones import Department, Town, Zone
from directory.text import plain
from directory.zones.duplicates.departments import DepartmentKey, certainly_same, department_key, same_department
from directory.zones.duplicates.matches import ProbableMatch, ZoneIndex
from directory.zones.duplicates.towns import town_key
from directory.zones.schemas import Setting, Status, ZoneRecord


class StoredSpot(NamedTuple):
    """What is compared of a stored zone (`zones.duplicates.matches.Spot`), its name, its status and its dataset."""

    zone_id: str
    name: str
    status: Status
    state: str
    department: str
    town: str
    mailing_town: str
    setting: Setting
    street_address: str
    spot_note: str
    approximate: bool
    latitude: float
    longitude: float
    dataset: str


_COLUMNS = (
    Zone.zone_id, Zone.name, Zone.status, Zone.state, Department.name, Town.name, Zone.mailing_town, Zone.setting,
    Zone.street_address, Zone.spot_note, Zone.approximate, Zone.latitude, Zone.longitude,
    Zone.dataset,
)  # fmt: skip
MOST_VALUES = 1_000
"""How many towns or zones one query asks for."""
MOST_KEPT = 20_000
"""How many zones are kept for the next batch: many files are about one county, or in the order of towns."""


MOST_OF_A_TOWN = 50
"""New zones of a town in one file that are compared with each other: more are the sites of a program."""


class StoredDirectory:
    """Zones, departments and towns that stood before `before`, withdrawn zones too.

    Towns and departments are read once for each state that a new row is in, zones for the towns of each batch, as far
    as they are not known from the batches before. A batch is compared before it is written: what it adds itself is
    nothing that stood.
    """

    def __init__(self, session: Session, before: datetime) -> None:
        self._session = session
        self._before = before
        self._towns: dict[str, dict[str, list[tuple[int, str]]]] = {}
        self._departments: dict[str, _Departments] = {}
        self._forget_zones()

    def _forget_zones(self) -> None:
        self._index = ZoneIndex[StoredSpot]()
        self._spots: dict[str, StoredSpot] = {}
        """What the index has, by id."""
        self._known_towns: set[int] = set()
        """The towns whose zones it has."""
        self._changed: set[str] = set()

    def note_changed(self, zone_id: str) -> None:
        """The import changes this zone: batches that come after are compared with what it is then."""
        if self._known_towns:
            self._changed.add(zone_id)

    def probable_matches(self, records: Sequence[ZoneRecord]) -> list[list[ProbableMatch[StoredSpot]]]:
        """For each new record the zones that it probably is: most have none. Raises DatabaseError."""
        towns = self._town_ids(records)
        if not towns:
            return [[] for _ in records]
        self._know_zones_in(towns)
        return [self._index.probable_matches(record) for record in records]

    def _know_zones_in(self, towns: set[int]) -> None:
        if not towns <= self._known_towns and len(self._spots) > MOST_KEPT:
            self._forget_zones()
        for zone_id in self._changed & self._spots.keys():
            self._index.remove(self._spots.pop(zone_id))
        self._take(self._zones_where(col(Zone.zone_id), self._changed, self._known_towns))
        self._take(self._zones_where(col(Zone.town_id), towns - self._known_towns))
        self._changed = set()
        self._known_towns |= towns

    def _take(self, spots: Iterable[StoredSpot]) -> None:
        for spot in spots:
            self._index.add(spot)
            self._spots[spot.zone_id] = spot

    def town_like(self, name: str, state: str) -> str:
        """How a town is written that the name probably means; empty where none is, or one is written so."""
        names = [other for _, other in self._towns_of(state).get(town_key(name, state), ())]
        return "" if not names or plain(name) in map(plain, names) else names[0]

    def department_meant(self, name: str, state: str, town: str = "") -> tuple[str, list[str]]:
        """How the directory writes the department that a name certainly means; else the name, and those it may mean."""
        written, by_key = self._departments_of(state)
        if not by_key or plain(name) in written:
            return name, []
        key = department_key(name, state, town)
        alike = [(other, other_key) for other, other_key in by_key[key[:2]] if same_department(key, other_key)]
        if not key.place or not alike:
            return name, []
        other, other_key = alike[0]
        if len(alike) == 1 and certainly_same(key, other_key, state, town):
            return other, []
        return name, [other for other, _ in alike]

    def note_department(self, name: str, state: str) -> None:
        """The import itself brings this department: rows that come after may mean it."""
        written, by_key = self._departments_of(state)
        if plain(name) not in written:
            key = department_key(name, state)
            written.add(plain(name))
            by_key[key[:2]].append((name, key))

    def _town_ids(self, records: Iterable[ZoneRecord]) -> set[int]:
        keys = {(record.state, town_key(name, record.state))
                for record in records for name in (record.town, record.mailing_town) if name}  # fmt: skip
        return {number for state, key in keys for number, _ in self._towns_of(state).get(key, ())}

    def _zones_where(
        self, column: Mapped[Any], values: Collection[Any], towns: Collection[int] | None = None
    ) -> Iterator[StoredSpot]:
        """The zones that stood, whose `column` has one of the values, in any town or in one of these."""
        sorted_values = sorted(values)
        for start in range(0, len(sorted_values), MOST_VALUES):
            query = select(Zone.town_id, *_COLUMNS).join(Department, col(Department.id) == col(Zone.department_id))  # type: ignore[call-overload]
            query = query.join(Town, col(Town.id) == col(Zone.town_id)).order_by(col(Zone.zone_id))
            query = query.where(column.in_(sorted_values[start : start + MOST_VALUES]), Zone.added_at < self._before)
            for town, *spot in self._session.exec(query):
                if towns is None or town in towns:
                    yield StoredSpot(*spot)

    def _towns_of(self, state: str) -> dict[str, list[tuple[int, str]]]:
        """Key → (row number, name) of the state's towns."""
        if state not in self._towns:
            self._towns[state] = defaultdict(list)
            for number, name in self._session.exec(select(Town.id, Town.name).where(Town.state == state)):
                self._towns[state][town_key(name, state)].append((number, name))
        return self._towns[state]

    def _departments_of(self, state: str) -> "_Departments":
        """The state's departments that stood when it was first asked for."""
        if state not in self._departments:
            written, by_key = set(), defaultdict(list)
            for name in self._session.exec(select(Department.name).where(Department.state == state)):
                key = department_key(name, state)
                written.add(plain(name))
                by_key[key[:2]].append((name, key))
            self._departments[state] = written, by_key
        return self._departments[state]


class RowsBefore:
    """New zones of one file, with which its later rows are compared: in each town the first of them."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._index = ZoneIndex[ZoneRecord]()
        self._of_town: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._count = 0

    def match(self, record: ZoneRecord) -> ProbableMatch[ZoneRecord] | None:
        """The earlier zone that a new one most probably is; it is one of the earlier ones from now on."""
        town = record.state, record.town
        if self._of_town[town] >= MOST_OF_A_TOWN:
            return None
        if self._count >= MOST_KEPT:
            self._forget()
        self._of_town[town] += 1
        self._count += 1
        matches = self._index.probable_matches(record)
        self._index.add(record)
        return matches[0] if matches else None


_Departments = tuple[set[str], defaultdict[tuple[str, str], list[tuple[str, DepartmentKey]]]]
"""The plain names of a state's departments; and, by group and place, (name, key)."""
