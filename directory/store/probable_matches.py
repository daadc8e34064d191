"""What stood in the directory before an import, compared with the import's new rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from directory.db.tables.zones import Department, Town, Zone
from directory.text import plain
from directory.zones.duplicates.departments import DepartmentKey, department_key, same_department
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
"""How many towns one query asks for."""


class StandingDirectory:
    """Zones, departments and towns that stood before `before`, withdrawn zones too.

    Towns and departments are read once for each state that a new row is in, zones for the towns of each batch. A batch
    is compared before it is written: what it adds itself is nothing that stood.
    """

    def __init__(self, session: Session, before: datetime) -> None:
        self._session = session
        self._before = before
        self._towns: dict[str, dict[str, list[tuple[int, str]]]] = {}
        self._departments: dict[str, dict[tuple[str, str], list[tuple[str, DepartmentKey]]]] = {}

    def probable_matches(self, records: Sequence[ZoneRecord]) -> list[list[ProbableMatch[StoredSpot]]]:
        """For each new record the zones that it probably is: most have none. Raises DatabaseError."""
        towns = self._town_ids(records)
        if not towns:
            return [[] for _ in records]
        zones = ZoneIndex(self._zones_in(towns))
        return [zones.probable_matches(record) for record in records]

    def town_like(self, name: str, state: str) -> str:
        """How a town is written that the name probably means; empty where none is, or one is written so."""
        names = [other for _, other in self._towns_of(state).get(town_key(name, state), ())]
        return "" if not names or plain(name) in map(plain, names) else names[0]

    def department_like(self, name: str, state: str, town: str = "") -> str:
        """How a department is written that the name probably means; empty where none is, or one is written so."""
        key = department_key(name, state, town)
        others = self._departments_of(state).get(key[:2], ())
        names = [other for other, other_key in others if same_department(key, other_key)]
        return "" if not names or not key.place or plain(name) in map(plain, names) else names[0]

    def _town_ids(self, records: Iterable[ZoneRecord]) -> set[int]:
        keys = {(record.state, town_key(name, record.state))
                for record in records for name in (record.town, record.mailing_town) if name}  # fmt: skip
        return {number for state, key in keys for number, _ in self._towns_of(state).get(key, ())}

    def _zones_in(self, towns: set[int]) -> list[StoredSpot]:
        ids, spots = sorted(towns), []
        for start in range(0, len(ids), MOST_VALUES):
            query = select(*_COLUMNS).join(Department, col(Department.id) == col(Zone.department_id))  # type: ignore[call-overload]
            query = query.join(Town, col(Town.id) == col(Zone.town_id)).order_by(col(Zone.zone_id))
            query = query.where(col(Zone.town_id).in_(ids[start : start + MOST_VALUES]), Zone.added_at < self._before)
            spots += [StoredSpot(*row) for row in self._session.exec(query)]
        return spots

    def _towns_of(self, state: str) -> dict[str, list[tuple[int, str]]]:
        """Key → (row number, name) of the state's towns."""
        if state not in self._towns:
            self._towns[state] = defaultdict(list)
            for number, name in self._session.exec(select(Town.id, Town.name).where(Town.state == state)):
                self._towns[state][town_key(name, state)].append((number, name))
        return self._towns[state]

    def _departments_of(self, state: str) -> dict[tuple[str, str], list[tuple[str, DepartmentKey]]]:
        """Group and place → (name, key) of the state's departments."""
        if state not in self._departments:
            self._departments[state] = defaultdict(list)
            for name in self._session.exec(select(Department.name).where(Department.state == state)):
                key = department_key(name, state)
                self._departments[state][key[:2]].append((name, key))
        return self._departments[state]
