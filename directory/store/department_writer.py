"""Writing departments and towns, each step in the log."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from directory.db.tables.log import Json, LogKind
from directory.db.tables.published.zones import Department, Town
from directory.text import plain
from directory.zones.keys import department_slug, town_slug
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import ZoneRecord

Owner = TypeVar("Owner", Department, Town)
Note = Callable[[LogKind, str, str, Json, Json], None]
"""Takes an entry of the log: kind, subject, action, before, after."""


class DepartmentWriter:
    """The departments and towns of zones, found by their names or added, inside the caller's transaction."""

    def __init__(self, session: Session, places: PlaceLookup, note: Note) -> None:
        self._session = session
        self._places = places
        self._note = note
        self._departments: dict[str, Department | None] = {}
        self._towns: dict[str, Town | None] = {}
        """By slug, as far as they were asked for; None where there is none."""

    def look_up(self, records: Sequence[ZoneRecord]) -> None:
        """Read the departments and towns of these zones all at once."""
        self._look_up(Department, self._departments, {department_slug(one.department, one.state) for one in records})
        self._look_up(Town, self._towns, {town_slug(one.town, one.state) for one in records})

    def of(self, record: ZoneRecord) -> tuple[Department, Town]:
        """Department and town of a record; new ones have no id before the next flush."""
        return (
            self.department(record.department, record.state, record.country),
            self.town(record.town, record.state, record.country, record.mailing_town),
        )

    def department(self, name: str, state: str, country: str) -> Department:
        """The department of this name, added if need be."""
        key = department_slug(name, state)
        if key not in self._departments:
            self._look_up(Department, self._departments, {key})
        row = self._departments[key]
        if row is None:
            row = self._added(LogKind.DEPARTMENT, Department(name=name, state=state, country=country, slug=key))
            self._departments[key] = row
        return row

    def town(self, name: str, state: str, country: str, mailing_town: str = "") -> Town:
        """The town of this name, added if need be; a mailing town becomes one of its other names."""
        key = town_slug(name, state)
        if key not in self._towns:
            self._look_up(Town, self._towns, {key})
        town = self._towns[key]
        if town is None:
            counties = {getattr(place, "county", "") for place in self._places.places(name, state)[:1]} - {""}
            row = Town(name=name, state=state, country=country, slug=key, other_names=sorted(counties))
            town = self._towns[key] = self._added(LogKind.TOWN, row)
        if mailing_town and plain(mailing_town) not in map(plain, [town.name, *town.other_names]):
            self.describe(LogKind.TOWN, town, {"other_names": sorted([*town.other_names, mailing_town])})
        return town

    def _look_up(self, model: type[Owner], rows: dict[str, Owner | None], slugs: set[str]) -> None:
        """Read those of these departments or towns that were not asked for yet."""
        missing_slugs = {slug for slug in slugs if slug not in rows}
        if missing_slugs:
            rows.update(dict.fromkeys(missing_slugs))
            with self._session.no_autoflush:
                for row in self._session.exec(select(model).where(col(model.slug).in_(missing_slugs))):
                    rows[row.slug] = row

    def describe(self, kind: LogKind, row: Department | Town, values: dict[str, Any]) -> None:
        """Write a department's or town's details where they differ."""
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)
        self._session.flush()
        self._note(kind, row.slug, "changed", before, values)

    def _added(self, kind: LogKind, row: Owner) -> Owner:
        """Store a new department or town with the next flush, and log it."""
        self._session.add(row)
        self._note(kind, row.slug, "added", None, row.model_dump(exclude={"id", "slug"}))
        return row
