"""Problem reports of visitors."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


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
