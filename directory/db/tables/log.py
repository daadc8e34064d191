"""The append-only log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime


class LogEntry(SQLModel, table=True):
    """The log: who changed what, when and why. Rows are only ever added."""

    __tablename__ = "change"

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
