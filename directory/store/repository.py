"""Reads single rows of the directory from the database, and stores what visitors send."""

import contextlib
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func, select, text

from directory.clock import now
from directory.db.errors import DatabaseError, translated_errors
from directory.db.pinned_file import require_same_file
from directory.db.tables.geocoding import GeocodeAnswer
from directory.db.tables.log import SOURCE_ACTIONS, LogEntry, LogKind
from directory.db.tables.published.zones import Department, Town, Zone
from directory.db.transaction import transaction
from directory.geo import Coordinates
from directory.signing_keys import SigningKeys
from directory.store.encryption import AnswerCipher, DecryptionError
from directory.store.read_model import read_model
from directory.zones.programs import Program
from directory.zones.schemas import DepartmentRecord, Status, TownRecord, ZoneRecord

QUERY_VALUES = 1_000
"""How many values one query asks for."""
PATIENCE = 0.2
"""How long a search waits for its turn to write, in seconds: remembering an answer is worth no more."""
MOST_ANSWERS = 100_000
"""How many answers of geocoders are kept."""
ROOM = 1_000
"""How many make room at once when there are so many."""


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
    wanted = sorted(set(values))
    for start in range(0, len(wanted), QUERY_VALUES):
        query = select(Zone, Department.name, Town.name).join(Department, col(Department.id) == col(Zone.department_id))
        query = query.join(Town, col(Town.id) == col(Zone.town_id))
        query = query.where(column.in_(wanted[start : start + QUERY_VALUES])).order_by(col(Zone.zone_id).desc())
        for row, department, town in session.exec(query):
            yield ZoneRecord.model_validate({**row.model_dump(), "department": department, "town": town}), row.spot_key


def department_by_slug(session: Session, slug: str) -> Department | None:
    """A department of the directory, or None."""
    return session.exec(select(Department).where(col(Department.slug) == slug)).first()


def zones_of(session: Session, department: str) -> list[Zone]:
    """The zones of the department with this slug that are not withdrawn."""
    query = select(Zone).join(Department, col(Department.id) == col(Zone.department_id))
    query = query.where(col(Department.slug) == department, col(Zone.status) != Status.WITHDRAWN)
    return list(session.exec(query.order_by(col(Zone.zone_id))))


def changes_of(session: Session, zone_id: str) -> list[LogEntry]:
    """Everything the log says of a zone, newest first."""
    query = select(LogEntry).where(col(LogEntry.kind) == LogKind.ZONE, col(LogEntry.subject) == zone_id)
    return list(session.exec(query.order_by(col(LogEntry.id).desc())))


class StoredAnswers:
    """What online geocoders answered, shared by all workers. A database in trouble only costs the memory.

    No row tells which address was asked for, nor where it is: both are sealed (see encryption.py). A row expires at a
    midnight (UTC), so that it does not tell when somebody searched. The newest of the site's keys seals; what an
    older one sealed is found until it expires.
    """

    def __init__(self, engine: Engine, keys: SigningKeys) -> None:
        self._engine = engine
        self._keys = keys

    def get(self, text: str) -> list[dict[str, Any]] | None:
        """The stored candidates, or None when there are none that are still good."""
        with contextlib.suppress(DatabaseError, DecryptionError), transaction(self._engine, writes=False) as session:
            for cipher in map(AnswerCipher, self._keys.newest_first):
                row = session.get(GeocodeAnswer, cipher.key(text))
                if row is not None and row.expires_at > now():
                    return cast(list[dict[str, Any]], cipher.open(text, row.sealed))
        return None

    def put(self, text: str, candidates: list[dict[str, Any]], lifetime: timedelta) -> None:
        """Store candidates until the midnight before `lifetime` has passed; `safezones tidy` deletes them then."""
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        cipher = AnswerCipher(self._keys.newest)
        row = GeocodeAnswer(key=cipher.key(text), sealed=cipher.seal(text, candidates), expires_at=midnight + lifetime)
        with contextlib.suppress(DatabaseError), transaction(self._engine, patience_seconds=PATIENCE) as session:
            _make_room(session)
            session.merge(row)


def forget_answers(engine: Engine) -> None:
    """Delete what online geocoders answered, whatever key sealed it. Raises DatabaseError."""
    with transaction(engine) as session:
        session.execute(delete(GeocodeAnswer))


def _make_room(session: Session) -> None:
    """Where too many answers are kept, those that expire first go: misses before hits, and the oldest of each."""
    if session.exec(select(func.count()).select_from(GeocodeAnswer)).one() >= MOST_ANSWERS:
        first = select(GeocodeAnswer.key).order_by(col(GeocodeAnswer.expires_at)).limit(ROOM)
        session.execute(delete(GeocodeAnswer).where(col(GeocodeAnswer.key).in_(first)))


class StoredRateLimits:
    """Turns at a geocoder, taken across all workers and machines that share the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next turn: seconds until it, or None when it is too far off or the database is in trouble."""
        with contextlib.suppress(DatabaseError), transaction(self._engine, patience_seconds=PATIENCE) as session:
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
