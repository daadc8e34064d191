"""Reading the directory out of the database, and the few things visitors write into it."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Engine, Select, delete, insert, inspect
from sqlalchemy import select as sql_select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, SQLModel, col, select, text

from directory.clock import now
from directory.records.database import DatabaseProblem, problem, require_same_file, transaction
from directory.records.facts import DepartmentRecord, Status, TownRecord, ZoneRecord
from directory.records.models import (
    Change,
    Department,
    DirectoryVersion,
    GeocodeAnswer,
    ProblemReport,
    Town,
    Zone,
)
from directory.records.slim import Record, Slim
from directory.records.town_kits import TownKit

PATIENCE = 0.2
"""How long a search waits for SQLite's write lock, in seconds: remembering an answer is worth no more."""

ROWS_AT_ONCE = 1_000
Key = TypeVar("Key", int, str)


class StoredZone(ZoneRecord):
    """A zone with what the store adds: time zone, dates, and the slugs of its department and town."""

    time_zone: str
    added_at: datetime
    changed_at: datetime
    department_slug: str
    town_slug: str


class StoredDepartment(DepartmentRecord):
    """A department and its slug."""

    slug: str


class StoredTown(TownRecord):
    """A town and its slug."""

    slug: str


@dataclass(frozen=True, slots=True)
class StoredKit:
    """What a town says of itself."""

    web_page: str = ""
    email: str = ""
    phone: str = ""
    logo: str = ""
    logo_alt: str = ""
    embed_sites: tuple[str, ...] = ()


Known = dict[Key, tuple[int, Record]]
"""Key of a row → a hash of all that it says, and the record made of it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of which a directory was made, by which the next reading knows what has not changed."""

    zones: Known[str, StoredZone] = field(default_factory=dict)
    departments: Known[int, StoredDepartment] = field(default_factory=dict)
    towns: Known[int, StoredTown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """The whole directory as it stood at one generation; zones in `zone_id` order, kits by their town's slug."""

    generation: int
    zones: Sequence[StoredZone]
    departments: dict[str, StoredDepartment]
    towns: dict[str, StoredTown]
    kits: dict[str, StoredKit]
    rows: Rows = field(default_factory=Rows, repr=False, compare=False)


def _columns(model: type[SQLModel], but: Sequence[str] = ()) -> list[Column[Any]]:
    return [column for column in inspect(model).local_table.c if column.name not in but]


_ZONES = Slim(StoredZone, _columns(Zone, but=("department_id", "town_id", "spot_key")))
_DEPARTMENTS = Slim(StoredDepartment, _columns(Department, but=("id",)))
_TOWNS = Slim(StoredTown, _columns(Town, but=("id",)))


def generation(engine: Engine) -> int:
    """The number of the directory's newest state. Raises DatabaseProblem."""
    require_same_file(engine)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT generation FROM directory_version")).scalar()
    except PoolTimeout as error:
        raise DatabaseProblem("Every connection to the database is in use.") from error
    except DBAPIError as error:
        raise problem(error) from error
    return int(found or 0)


def read_directory(engine: Engine, before: Directory | None = None) -> Directory:
    """Read everything, as it was at one moment; what is as it was `before` is taken from there.

    Raises DatabaseProblem.
    """
    with transaction(engine, writes=False) as session:
        if engine.dialect.name == "postgresql":  # else each statement would see its own moment
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        number = session.exec(select(DirectoryVersion.generation)).one()
        rows, texts = before.rows if before else Rows(), dict[str, str]()
        departments = _read(session, Department, _DEPARTMENTS, rows.departments, texts)
        towns = _read(session, Town, _TOWNS, rows.towns, texts)
        zones = _read_zones(session, departments, towns, rows.zones, texts)
        return Directory(
            number,
            [zone for _, zone in zones.values()],
            {department.slug: department for _, department in departments.values()},
            {town.slug: town for _, town in towns.values()},
            {row.town: _kit(row) for row in session.exec(select(TownKit))},
            Rows(zones, departments, towns),
        )


def _kit(row: TownKit) -> StoredKit:
    return StoredKit(row.web_page, row.email, row.phone, row.logo, row.logo_alt, tuple(row.embed_sites))


def _read(
    session: Session, model: type[Department | Town], slim: Slim[Record], before: Known[int, Record],
    texts: dict[str, str],
) -> Known[int, Record]:  # fmt: skip
    """Id → record, of plain rows instead of table objects, because there may be 20,000 of each."""
    dialect = session.get_bind().dialect
    found: Known[int, Record] = {}
    for number, *values in _rows(session, _select(model, "id", *slim.selected)):
        sign = hash(tuple(values))
        kept = before.get(number)
        found[number] = kept if kept and kept[0] == sign else (sign, slim.record(values, dialect, texts))
    return found


def _read_zones(
    session: Session,
    departments: Known[int, StoredDepartment],
    towns: Known[int, StoredTown],
    before: Known[str, StoredZone],
    texts: dict[str, str],
) -> Known[str, StoredZone]:
    """Zone id → zone, in `zone_id` order."""
    dialect = session.get_bind().dialect
    found: Known[str, StoredZone] = {}
    columns = _select(Zone, "zone_id", "department_id", "town_id", *_ZONES.selected)
    for zone_id, department_id, town_id, *values in _rows(session, columns.order_by(col(Zone.zone_id))):
        (_, owner), (_, town) = departments[department_id], towns[town_id]
        names = owner.name, town.name, owner.slug, town.slug
        sign = hash((*values, *names))
        kept = before.get(zone_id)
        if kept is None or kept[0] != sign:
            more = dict(zip(("department", "town", "department_slug", "town_slug"), names, strict=True))
            kept = sign, _ZONES.record(values, dialect, texts, **more)
        found[zone_id] = kept
    return found


def _select(model: type[SQLModel], *columns: str | ColumnElement[Any]) -> Select[Any]:
    """A selection of a table's columns, given by name or as an expression."""
    table = inspect(model).local_table
    return sql_select(*[table.c[column] if isinstance(column, str) else column for column in columns])


def _rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    """Fetched piece by piece, for rows need twice the memory."""
    for rows in session.connection().execute(query.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
        yield from rows


def is_empty(engine: Engine) -> bool:
    """Whether no zone was ever imported. Raises DatabaseProblem."""
    with transaction(engine, writes=False) as session:
        return session.exec(select(Zone.zone_id).limit(1)).first() is None


def recent_changes(engine: Engine, limit: int, subjects: Sequence[str] = ()) -> list[Change]:
    """The newest entries of the log about zones, optionally about these zones only. Raises DatabaseProblem."""
    with transaction(engine, writes=False) as session:
        query = select(Change).where(col(Change.kind) == "zone").order_by(col(Change.id).desc()).limit(limit)
        if subjects:
            query = query.where(col(Change.subject).in_(subjects))
        changes = list(session.exec(query))
        session.expunge_all()
        return changes


def zone_record(session: Session, zone_id: str) -> ZoneRecord | None:
    """A stored zone as a record on its own, or None."""
    row = session.get(Zone, zone_id)
    if row is None:
        return None
    department, town = session.get_one(Department, row.department_id), session.get_one(Town, row.town_id)
    return ZoneRecord.model_validate({**row.model_dump(), "department": department.name, "town": town.name})


def department_by_slug(session: Session, slug: str) -> Department | None:
    """A department of the directory, or None."""
    return session.exec(select(Department).where(col(Department.slug) == slug)).first()


def towns_of(session: Session, department: str) -> list[str]:
    """The names of the towns in which the department with this slug has zones."""
    query = select(Town.name).join(Zone, col(Zone.town_id) == col(Town.id))
    query = query.join(Department, col(Department.id) == col(Zone.department_id))
    return list(session.exec(query.where(col(Department.slug) == department).distinct()))


def zones_of(session: Session, department: str) -> list[Zone]:
    """The zones of the department with this slug that are not withdrawn."""
    query = select(Zone).join(Department, col(Department.id) == col(Zone.department_id))
    query = query.where(col(Department.slug) == department, col(Zone.status) != Status.WITHDRAWN)
    return list(session.exec(query.order_by(col(Zone.zone_id))))


def changes_of(session: Session, zone_id: str) -> list[Change]:
    """Everything the log says of a zone, newest first."""
    query = select(Change).where(col(Change.kind) == "zone", col(Change.subject) == zone_id)
    return list(session.exec(query.order_by(col(Change.id).desc())))


def keep_report(session: Session, zone_id: str, kind: str, words: str, contact: str) -> None:
    """Keep a problem report for the moderators."""
    session.add(ProblemReport(at=now(), zone_id=zone_id, kind=kind, text=words, contact=contact))
    session.flush()


class StoredAnswers:
    """What online geocoders answered, shared by all workers. A database in trouble only costs the memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, key: str) -> list[dict[str, Any]] | None:
        """The stored candidates, or None when there are none that are still good."""
        with contextlib.suppress(DatabaseProblem), transaction(self._engine, writes=False) as session:
            row = session.get(GeocodeAnswer, key)
            if row is not None and row.expires_at > now():
                return row.candidates
        return None

    def put(self, key: str, candidates: list[dict[str, Any]], lifetime: timedelta) -> None:
        """Store candidates for `lifetime`, and forget what has expired."""
        with contextlib.suppress(DatabaseProblem), transaction(self._engine, patience_seconds=PATIENCE) as session:
            session.execute(delete(GeocodeAnswer).where(col(GeocodeAnswer.expires_at) < now()))
            session.execute(delete(GeocodeAnswer).where(col(GeocodeAnswer.key) == key))
            row = {"key": key, "candidates": candidates, "expires_at": now() + lifetime}
            session.execute(insert(GeocodeAnswer), [row])


class StoredTurns:
    """Turns at a geocoder, taken across all workers and machines that share the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next turn: seconds until it, or None when it is too far off or the database is in trouble."""
        with contextlib.suppress(DatabaseProblem), transaction(self._engine, patience_seconds=PATIENCE) as session:
            return _reserve(session, service, interval_seconds, patience_seconds)
        return None


def _reserve(session: Session, service: str, interval: float, patience: float) -> float | None:
    at = time.time()
    session.execute(
        text("INSERT INTO geocode_turn (service, next_at) VALUES (:s, 0) ON CONFLICT DO NOTHING"),
        {"s": service},
    )
    # One statement decides, so that two workers never get the same turn.
    turn = session.execute(
        text(
            "UPDATE geocode_turn SET next_at = CASE WHEN next_at > :at THEN next_at ELSE :at END + :interval "
            "WHERE service = :s AND next_at <= :latest RETURNING next_at"
        ),
        {"s": service, "at": at, "interval": interval, "latest": at + patience},
    ).scalar()
    return None if turn is None else max(0.0, float(turn) - interval - at)
