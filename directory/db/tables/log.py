"""The append-only log."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.schemas import stored_enum

Json = dict[str, Any] | None
VISITED = "visited"
"""The action of an entry that somebody was at a zone: nobody changed what the zone states, or looked at it."""
SOURCE_READ = "source_read"
"""The action of an entry that the page of a source was read: it states nothing anew."""
SOURCE_ACTIONS = (VISITED, SOURCE_READ)
"""Actions that change a zone's sources alone."""


class LogKind(StrEnum):
    """What an entry of the log is about."""

    ZONE = "zone"
    DEPARTMENT = "department"
    TOWN = "town"
    PROGRAM = "program"
    SUBMISSION = "submission"
    REPORT = "report"
    PERSON = "person"
    DOMAIN = "domain"


class LogEntry(SQLModel, table=True):
    """The log: who changed what, when and why. Rows are only ever added."""

    __tablename__ = "change"

    id: int = row_number()
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    actor: str
    kind: LogKind = Field(sa_type=stored_enum(LogKind))
    subject: str = Field(description="the zone_id, the slug, the number or the address")
    action: str = Field(description="added, changed, retired; for others what was done")
    before: Json = Field(default=None, sa_type=JSON)
    after: Json = Field(default=None, sa_type=JSON)
    reason: str = ""

    __table_args__ = (Index("change_subject", "kind", "subject"),)
