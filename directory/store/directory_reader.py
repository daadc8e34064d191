"""Reading the directory out of the database: whole, or only what was touched since it was last read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Engine, Select, String, and_, cast, inspect
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, or_, select

from directory.db.tables.published.directory_version import ChangedRow, DirectoryVersion
from directory.db.tables.published.programs import ProgramRow
from directory.db.tables.published.town_profiles import TownProfile
from directory.db.tables.published.zones import Department, Town, Zone
from directory.db.transaction import transaction
from directory.store.repository import (
    Directory,
    DirectoryRows,
    StoredDepartment,
    StoredTown,
    StoredTownProfile,
    StoredZone,
)
from directory.zones.programs import Program, is_site, shared_values

Key = TypeVar("Key", int, str)
Kept = TypeVar("Kept")
Model = TypeVar("Model", StoredDepartment, StoredTown)
Columns = dict[str, Column[Any]]
Zones = dict[str, StoredZone]
Programs = Mapping[str, Program]
Shared = dict[Any, Any]
"""Values that were met before, by themselves."""
ROWS_AT_ONCE = 1_000
SHARED = frozenset((str, datetime))
"""The types of values that are held once however often they occur."""
MOST_TOUCHED = 2_000
"""How many touched rows of a kind are read one by one: more are read as quickly with all the others."""


def _columns(model: type[SQLModel], but: Sequence[str]) -> Columns:
    return {column.name: column for column in inspect(model).local_table.c if column.name not in but}


_ZONES = _columns(Zone, but=("department_id", "town_id", "spot_key", "dataset"))


def read_directory(engine: Engine, before: Directory | None = None) -> Directory:
    """Read everything, as it was at one moment; what nobody touched since `before` is taken from there.

    Raises DatabaseError.
    """
    with transaction(engine, writes=False) as session:
        version = session.exec(select(DirectoryVersion)).one()
        touched = _touched_since(session, version, before) if before else None
        programs = read_programs(session)
        rows = (
            _read_touched(session, touched, before.rows, programs)
            if before and touched
            else _read_all(session, programs)
        )
        return Directory(
            version.revision,
            list(rows.zones.values()),
            {department.slug: department for department in rows.departments.values()},
            {town.slug: town for town in rows.towns.values()},
            {row.town: _stored_profile(row) for row in session.exec(select(TownProfile))},
            version.database_id,
            rows,
            programs,
        )


def _stored_profile(row: TownProfile) -> StoredTownProfile:
    return StoredTownProfile(row.web_page, row.email, row.phone, row.logo, row.logo_alt, tuple(row.embed_sites))


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys of rows that were added, changed or removed; None for so many zones that all are read."""

    zones: set[str] | None
    departments: set[int]
    towns: set[int]


def _touched_since(session: Session, now: DirectoryVersion, before: Directory) -> _Keys | None:
    """What was touched since `before`; None when nobody can tell, or when it is nearly everything."""
    if now.database_id != before.database_id or now.revision < before.revision:
        return None
    zones, departments, towns = (_noted(session, kind, before) for kind in ("zone", "department", "town"))
    if departments is None or towns is None:
        return None
    keys = _Keys(zones, set(map(int, departments)), set(map(int, towns)))
    if zones is not None:
        # A zone bears the names of its department and its town.
        theirs = or_(col(Zone.department_id).in_(keys.departments), col(Zone.town_id).in_(keys.towns))
        zones |= set(session.exec(select(Zone.zone_id).where(theirs)))
    return keys if zones is None or len(zones) <= MOST_TOUCHED else replace(keys, zones=None)


def _noted(session: Session, kind: str, before: Directory) -> set[str] | None:
    """The keys of a kind that were touched since; None when there are too many."""
    of_kind = select(ChangedRow.subject).where(ChangedRow.kind == kind, col(ChangedRow.revision) > before.revision)
    keys = set(session.exec(of_kind.limit(MOST_TOUCHED + 1)))
    return keys if len(keys) <= MOST_TOUCHED else None


def read_programs(session: Session) -> dict[str, Program]:
    """Every program by its id. Whoever changes one touches its sites."""
    query = select(ProgramRow, Department).join(Department, col(Department.id) == col(ProgramRow.department_id))
    return {
        row.program_id: Program.of(
            {**row.facts, "program_id": row.program_id, "department": owner.name, "state": owner.state,
             "country": owner.country}
        )
        for row, owner in session.exec(query.order_by(col(ProgramRow.program_id)))
    }  # fmt: skip


def _read_all(session: Session, programs: Programs) -> DirectoryRows:
    shared: Shared = {}
    departments = _read(session, Department, StoredDepartment, shared)
    towns = _read(session, Town, StoredTown, shared)
    zones, own = _with_programs(_read_zones(session, departments, towns, shared), programs)
    return DirectoryRows(_in_order(zones), own, _in_order(departments), _in_order(towns))


def _with_programs(zones: dict[str, StoredZone], programs: Programs) -> tuple[dict[str, StoredZone], Zones]:
    """The zones with what their programs say, and the sites of programs as they are stored."""
    own = {
        zone_id: zone
        for zone_id, zone in zones.items()
        if zone.program and is_site(zone, zone.department_slug, programs.get(zone.program))
    }
    sites = {zone_id: replace(one, **shared_values(one, programs[one.program])) for zone_id, one in own.items()}
    return zones | sites, own


def _read_touched(session: Session, touched: _Keys, before: DirectoryRows, programs: Programs) -> DirectoryRows:
    """The rows of before, with those that were touched as they are now, and without those that are no more."""
    shared: Shared = {}
    changed = _read(session, Department, StoredDepartment, shared, touched.departments)
    departments = _renewed(before.departments, touched.departments, changed)
    towns = _renewed(before.towns, touched.towns, _read(session, Town, StoredTown, shared, touched.towns))
    zones, own = _with_programs(_read_zones(session, departments, towns, shared, touched.zones), programs)
    if touched.zones is None:
        return DirectoryRows(_in_order(zones), own, departments, towns)
    return DirectoryRows(
        _renewed(before.zones, touched.zones, zones), _renewed(before.own, touched.zones, own), departments, towns
    )


def _renewed(before: dict[Key, Kept], touched: set[Key], changed: dict[Key, Kept]) -> dict[Key, Kept]:
    """The very same where nothing was touched."""
    if not touched:
        return before
    return _in_order({key: record for key, record in before.items() if key not in touched} | changed)


def _in_order(records: dict[Key, Kept]) -> dict[Key, Kept]:
    """By key, ids character by character: every database would sort them in its own way."""
    return dict(sorted(records.items(), key=itemgetter(0)))


def _read(
    session: Session, table: type[Department | Town], model: Callable[..., Model], shared: Shared,
    ids: set[int] | None = None,
) -> dict[int, Model]:  # fmt: skip
    """Id → record, of all or of these ids, of plain rows instead of table objects: there may be 20,000 of each."""
    if ids is not None and not ids:
        return {}
    columns = _columns(table, but=("id",))
    query = _select(table, "id", *columns.values())
    if ids is not None:
        query = query.where(col(table.id).in_(ids))
    return {
        number: model(**_values(columns, values, shared), revision=revision or 0)
        for number, *values, revision in _rows(session, query)
    }


def _read_zones(
    session: Session,
    departments: dict[int, StoredDepartment],
    towns: dict[int, StoredTown],
    shared: Shared,
    ids: set[str] | None = None,
) -> dict[str, StoredZone]:
    """Zone id → zone, of all or of these ids."""
    if ids is not None and not ids:
        return {}
    query = _select(Zone, "zone_id", "department_id", "town_id", *_ZONES.values())
    if ids is not None:
        query = query.where(col(Zone.zone_id).in_(ids))
    zones = {}
    for zone_id, department_id, town_id, *values, revision in _rows(session, query):
        owner, town = departments[department_id], towns[town_id]
        zones[zone_id] = StoredZone(**_values(_ZONES, values, shared), department=owner.name, town=town.name,
                                    department_slug=owner.slug, town_slug=town.slug,
                                    revision=max(revision or 0, owner.revision, town.revision))  # fmt: skip
    return zones


def _values(columns: Columns, row: Sequence[Any], shared: Shared) -> dict[str, Any]:
    """A row's values by their columns' names; a text or time that occurs many times is held once."""
    values = dict(zip(columns, row, strict=True))
    for name, value in values.items():
        if value and type(value) in SHARED:
            values[name] = shared.setdefault(value, value)
    return values


def _select(model: type[SQLModel], *columns: str | ColumnElement[Any]) -> Select[Any]:
    """A selection of a table's columns, given by name or as an expression, and of the rows' revisions or NULL."""
    table = inspect(model).local_table
    key = cast(table.primary_key.columns[0], String)
    of_row = and_(col(ChangedRow.kind) == table.name, col(ChangedRow.subject) == key)
    selected = [table.c[column] if isinstance(column, str) else column for column in columns]
    return sql_select(*selected, col(ChangedRow.revision)).select_from(table).outerjoin(ChangedRow, of_row)


def _rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    """Fetched piece by piece, for rows need twice the memory."""
    for rows in session.connection().execute(query.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
        yield from rows
