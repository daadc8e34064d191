"""Programs of many sites."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime


class ProgramRow(SQLModel, table=True):
    """A department's program. `facts` are what is stated, by the names of a zone's fields (`zones/programs.py`)."""

    __tablename__ = "program"

    program_id: str = Field(primary_key=True)
    department_id: int = Field(foreign_key="department.id", index=True)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
