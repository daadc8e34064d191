"""Reads single rows of the directory from the database, and stores what visitors send."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select, text

from directory.db.errors import translated_errors
from directory.db.sqlite_file import require_same_file
from directory.db.tables.accounts import Membership, Proof
from directory.db.tables.contributions.submissions import Submission
from directory.db.tables.domains import ConfirmedDomain, DepartmentTown
from directory.db.tables.log import SOURCE_ACTIONS, LogEntry, LogKind
from directory.db.tables.published.zones import Department, Town, Zone
from directory.db.transaction import transaction
from directory.geo import Coordinates
from directory.store.read_model import read_model
from directory.zones.departments.schemas import DepartmentRecord, TownRecord
from directory.zones.keys import department_slug, slug_parts
from directory.zones.programs import Program
from directory.zones.schemas import Status, ZoneRecord

QUERY_VALUES = 1_000
"""How many values one query asks for."""


if TYPE_CHECKING:  # a type checker takes the names and types of the fields from the records, which are frozen here

    class ZoneFields(ZoneRecord, frozen=True): ...  # type: ignore[misc]

    class DepartmentFields(DepartmentRecord, frozen=True): ...  # type: ignore[misc]

    class TownFields(TownRecord, frozen=True): ...  # type: ignore[misc]

else:
    ZoneFields, DepartmentFields, TownFields = map(read_model, (ZoneRecord, DepartmentRecord, TownRecord))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredZone(ZoneFields):  # type: ignore[misc]
    """A zone with what the store adds: time zone, dates, the slugs of its department and town, and its revision.

    `revision` is that of the directory at which the zone, its department or its town was changed last, 0 when they
    were not in this database.
    """

    revision: int = 0
    time_zone: str
    added_at: datetime
    changed_at: datetime
    department_slug: str
    town_slug: str

    @property
    def coordinates(self) -> Coordinates:
        """Where one stands, or the best that is known."""
        return Coordinates(self.latitude, self.longitude)

    @property
    def town_and_state(self) -> str:
        """ "Darien, CT"."""
        return f"{self.town}, {self.state}"

    @property
    def department_and_town(self) -> str:
        """ "Darien Police Department, Darien, CT"."""
        return f"{self.department}, {self.town_and_state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDepartment(DepartmentFields):  # type: ignore[misc]
    """A department, its slug, and the revision at which it was changed last."""

    slug: str
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTown(TownFields):  # type: ignore[misc]
    """A town, its slug, and the revision at which it was changed last."""

    slug: str
    revision: int = 0

    @property
    def town_and_state(self) -> str:
        """ "Darien, CT"."""
        return f"{self.name}, {self.state}"


@dataclass(frozen=True, slots=True)
class StoredTownProfile:
    """What a town says of itself."""

    web_page: str = ""
    email: str = ""
    phone: str = ""
    logo: str = ""
    logo_alt: str = ""
    embed_sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryRows:
    """The records of a directory by their rows' keys, so that the next reading can take over what nobody touched."""

    zones: dict[str, StoredZone] = field(default_factory=dict)
    own: dict[str, StoredZone] = field(default_factory=dict)
    """The sites of programs as they are stored, without what their program says."""
    departments: dict[int, StoredDepartment] = field(default_factory=dict)
    towns: dict[int, StoredTown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """The whole directory as it stood at one revision; zones in `zone_id` order, profiles by their town's slug.

    Sites of programs have what their program says; `rows.own` are they without it.

    Revisions compare within one `database_id` only: a restored or copied database has another.
    """

    revision: int
    zones: Sequence[StoredZone]
    departments: dict[str, StoredDepartment]
    towns: dict[str, StoredTown]
    profiles: dict[str, StoredTownProfile]
    database_id: str = field(default="", compare=False)
    rows: DirectoryRows = field(default_factory=DirectoryRows, repr=False, compare=False)
    programs: Mapping[str, Program] = field(default_factory=dict)

    @property
    def version(self) -> tuple[int, str]:
        """Revision and database id, as `version_of` gives them."""
        return self.revision, self.database_id


def version_of(engine: Engine) -> tuple[int, str]:
    """The revision of the directory's newest state, and the database's id. Raises DatabaseError."""
    require_same_file(engine)
    with translated_errors(), engine.connect() as connection:
        revision, database_id = connection.execute(text("SELECT generation, lineage FROM directory_version")).one()
    return revision, database_id


def is_empty(engine: Engine) -> bool:
    """Whether no zone was ever imported. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return session.exec(select(Zone.zone_id).limit(1)).first() is None


def probe_write(engine: Engine, patience_seconds: float) -> None:
    """Write a row and take it away in one transaction, after which every table is as before.

    Raises DatabaseError where the database takes no write, or not within `patience_seconds`.
    """
    row = {"s": f"write probe {secrets.token_hex(8)}"}
    with transaction(engine, patience_seconds=patience_seconds) as session:
        session.execute(text("INSERT INTO geocode_turn (service, next_at) VALUES (:s, 0)"), row)
        session.execute(text("DELETE FROM geocode_turn WHERE service = :s"), row)


def recent_changes(engine: Engine, limit: int, subjects: Sequence[str] = ()) -> list[LogEntry]:
    """The newest changes of zones in the log, optionally of these zones only. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        query = select(LogEntry).where(col(LogEntry.kind) == LogKind.ZONE, col(LogEntry.action).not_in(SOURCE_ACTIONS))
        if subjects:
            query = query.where(col(LogEntry.subject).in_(subjects))
        return list(session.exec(query.order_by(col(LogEntry.id).desc()).limit(limit)))


def zone_record(session: Session, zone_id: str) -> ZoneRecord | None:
    """A stored zone as a record on its own, or None."""
    row = session.get(Zone, zone_id)
    if row is None:
        return None
    department, town = session.get_one(Department, row.department_id), session.get_one(Town, row.town_id)
    return ZoneRecord.model_validate({**row.model_dump(), "department": department.name, "town": town.name})


def zone_records(session: Session, zone_ids: Iterable[str]) -> dict[str, ZoneRecord]:
    """The stored zones of these ids, by id; one query for every thousand."""
    return {record.zone_id: record for record, _ in _records_where(session, col(Zone.zone_id), zone_ids)}


def zones_at_spots(session: Session, spot_keys: Iterable[str]) -> dict[str, ZoneRecord]:
    """The stored zones at these spots (see zones/keys.py), by spot key."""
    return {key: record for record, key in _records_where(session, col(Zone.spot_key), spot_keys)}


def _records_where(session: Session, column: Mapped[str], values: Iterable[str]) -> Iterator[tuple[ZoneRecord, str]]:
    """(Record, spot key) of every zone whose `column` holds one of the values."""
    sorted_values = sorted(set(values))
    for start in range(0, len(sorted_values), QUERY_VALUES):
        query = select(Zone, Department.name, Town.name).join(Department, col(Department.id) == col(Zone.department_id))
        query = query.join(Town, col(Town.id) == col(Zone.town_id))
        query = query.where(column.in_(sorted_values[start : start + QUERY_VALUES])).order_by(col(Zone.zone_id).desc())
        for row, department, town in session.exec(query):
            yield ZoneRecord.model_validate({**row.model_dump(), "department": department, "town": town}), row.spot_key


def department_by_slug(session: Session, slug: str) -> Department | None:
    """A department of the directory, or None."""
    return session.exec(select(Department).where(col(Department.slug) == slug)).first()


def is_known_department(session: Session, slug: str) -> bool:
    """Whether the directory, a person, a confirmed domain, a noted town or a submission names the department."""
    if department_by_slug(session, slug) is not None:
        return True
    for table in (Membership, Proof, ConfirmedDomain, DepartmentTown):
        if session.exec(select(table.department).where(col(table.department) == slug).limit(1)).first() is not None:
            return True
    region = slug_parts(slug)[0].upper()
    sent = select(Submission.department, Submission.region).where(col(Submission.region) == region).distinct()
    return any(department_slug(*names) == slug for names in session.exec(sent))


def zones_of(session: Session, department: str) -> list[Zone]:
    """The zones of the department with this slug that are not withdrawn."""
    query = select(Zone).join(Department, col(Department.id) == col(Zone.department_id))
    query = query.where(col(Department.slug) == department, col(Zone.status) != Status.WITHDRAWN)
    return list(session.exec(query.order_by(col(Zone.zone_id))))


def changes_of(session: Session, zone_id: str) -> list[LogEntry]:
    """Everything the log says of a zone, newest first."""
    query = select(LogEntry).where(col(LogEntry.kind) == LogKind.ZONE, col(LogEntry.subject) == zone_id)
    return list(session.exec(query.order_by(col(LogEntry.id).desc())))
