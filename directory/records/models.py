"""The tables. Times are UTC and stored as such; JSON columns hold what only a page shows."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import JSON, Field, SQLModel

from directory.records.facts import DepartmentRecord, TownRecord, ZoneFacts


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database (SQLite alone would hand back naive ones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read back as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Town(TownRecord, table=True):
    """A town that has, had or will have a zone."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(index=True, unique=True, description="state/town: the end of its URL")


class Department(DepartmentRecord, table=True):
    """A police department, sheriff's office or detachment."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(index=True, unique=True, description="state/department")


class Zone(ZoneFacts, table=True):
    """One spot with one set of hours."""

    zone_id: str = Field(primary_key=True)
    department_id: int = Field(foreign_key="department.id", index=True)
    town_id: int = Field(foreign_key="town.id", index=True)
    spot_key: str = Field(index=True, description="department, address and spot: finds a zone that has no id")
    time_zone: str
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class Change(SQLModel, table=True):
    """The log: who changed what, when and why. Rows are only ever added."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    actor: str
    kind: str = Field(description="zone, department, town, submission, report, person or domain")
    subject: str = Field(description="the zone_id, the slug, the number or the address")
    action: str = Field(description="added, changed, retired; for others what was done")
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    reason: str = ""

    __table_args__ = (Index("change_subject", "kind", "subject"),)


class ProblemReport(SQLModel, table=True):
    """What a visitor says is wrong with a zone, waiting for a moderator."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    zone_id: str = Field(foreign_key="zone.zone_id", index=True)
    kind: str
    text: str = ""
    contact: str = ""
    state: str = "open"
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    closed_by: str = ""
    answer: str = ""
    mailed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class DirectoryVersion(SQLModel, table=True):
    """One row: `generation` grows with every change of the directory, by database triggers.

    `lineage` is another one in every database and after every restore: only within one do generations compare.
    """

    __tablename__ = "directory_version"

    id: int = Field(default=1, primary_key=True)
    generation: int = 0
    lineage: str = ""


class Touched(SQLModel, table=True):
    """At which generation a zone, department or town was last touched, a removed one too; by database triggers."""

    kind: str = Field(primary_key=True, description="zone, department or town")
    subject: str = Field(primary_key=True, description="the row's key, as text")
    generation: int = Field(index=True)


class GeocodeAnswer(SQLModel, table=True):
    """What an online geocoder answered; neither key nor content tells the address (see sealing.py)."""

    __tablename__ = "geocode_answer"

    key: str = Field(primary_key=True)
    sealed: str
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class Heartbeat(SQLModel, table=True):
    """When a process of the site, such as the mail worker, last said that it runs."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class GeocodeTurn(SQLModel, table=True):
    """The next free turn at a geocoder that allows so many requests a second."""

    __tablename__ = "geocode_turn"

    service: str = Field(primary_key=True)
    next_at: float = 0.0
