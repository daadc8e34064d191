"""Zone lists that a department's own system sends or offers: tokens to push with, and addresses that are read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number


class DepartmentToken(SQLModel, table=True):
    """A token that pushes a department's zone list in the name of who made it; only a digest of it is kept."""

    __tablename__ = "department_token"

    id: int = row_number()
    department: str = Field(index=True, description="the department's slug")
    name: str = Field(description="what its maker calls it")
    digest: str = Field(unique=True, description="SHA-256 of the token, in hexadecimal digits")
    person_id: int = Field(foreign_key="person.id", index=True, description="who made it")
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ZoneListAddress(SQLModel, table=True):
    """Where a department's zone list is read once a day, and how the last readings went.

    `problem` is why the last one failed: {"reason": …, "fix": …}, each a text's template and values; empty after one
    that succeeded. `counts` are how many zones had which result when it was read last.
    """

    __tablename__ = "zone_list_address"

    department: str = Field(primary_key=True, description="the department's slug")
    url: str
    person_id: int = Field(foreign_key="person.id", index=True, description="who set it, in whose name it is read")
    set_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    next_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    tried_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    failing_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    failures: int = Field(default=0, description="how many readings in a row have failed")
    problem: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
