"""Problem reports of visitors."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.report_kinds import ReportKind
from directory.zones.schemas import stored_enum


class ReportStatus(StrEnum):
    """Whether somebody has answered a report."""

    OPEN = "open"
    CLOSED = "closed"


class ProblemReport(SQLModel, table=True):
    """What a visitor says is wrong with a zone, waiting for a moderator."""

    id: int = row_number()
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    zone_id: str = Field(foreign_key="zone.zone_id", index=True)
    kind: ReportKind = Field(sa_type=stored_enum(ReportKind))
    text: str = ""
    contact: str = ""
    state: ReportStatus = Field(default=ReportStatus.OPEN, sa_type=stored_enum(ReportStatus))
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    closed_by: str = ""
    answer: str = ""
    mailed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
