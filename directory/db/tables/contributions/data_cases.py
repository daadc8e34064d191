"""Cases of the data: what imports, visitors and watched sources found that a moderator decides."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.schemas import stored_enum


class DataCaseKind(StrEnum):
    """What a case is about."""

    DISAGREEMENT = "disagreement"
    DUPLICATE = "duplicate"
    REPORTED_GONE = "reported_gone"
    SIGN_DIFFERS = "sign_differs"
    SOURCE_GONE = "source_gone"
    SOURCE_CHANGED = "source_changed"
    STATION_MOVED = "station_moved"


class DataCaseState(StrEnum):
    """`TAKEN`: what was found was taken over; `KEPT`: what stands stays; `SETTLED`: there is nothing to decide now."""

    OPEN = "open"
    TAKEN = "taken"
    KEPT = "kept"
    SETTLED = "settled"


class DataCase(SQLModel, table=True):
    """One question about a zone or a department. `subject` is the fact, the other zone or the address.

    What is not taken of a program of the department has the subject `PROGRAM_ID:fact`. `origin` is who found it.

    `details` are values a fact would have (`values`) with their `source`, or whatever else tells the two sides.
    """

    __tablename__ = "data_case"
    __table_args__ = (
        UniqueConstraint("kind", "zone_id", "subject", "origin"),
        Index("data_case_of_department", "kind", "department", "subject", "origin", unique=True,
              sqlite_where=text("department <> ''"), postgresql_where=text("department <> ''")),
    )  # fmt: skip

    id: int = row_number()
    kind: DataCaseKind = Field(sa_type=stored_enum(DataCaseKind))
    zone_id: str | None = Field(default=None, foreign_key="zone.zone_id", index=True)
    department: str = Field(default="", description="the department's slug; empty where it is about a zone")
    subject: str
    origin: str = ""
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: DataCaseState = Field(default=DataCaseState.OPEN, sa_type=stored_enum(DataCaseState), index=True)
    first_seen: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_seen: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_by: str = ""

    @property
    def program(self) -> str:
        """The program that a disagreement is about; empty where it is about a zone or the department itself."""
        return self.subject.rpartition(":")[0] if self.kind == DataCaseKind.DISAGREEMENT else ""

    @property
    def fact(self) -> str:
        """The fact that a disagreement is about."""
        return self.subject.rpartition(":")[2]
