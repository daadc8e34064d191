"""Zones, departments and towns. JSON columns hold what only a page shows."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.departments.schemas import DepartmentRecord, TownRecord
from directory.zones.schemas import ZoneFacts


class Town(TownRecord, table=True):
    """A town that has, had or will have a zone."""

    id: int = row_number()
    slug: str = Field(index=True, unique=True, description="state/town: the end of its URL")


class Department(DepartmentRecord, table=True):
    """A police department, sheriff's office or detachment."""

    id: int = row_number()
    slug: str = Field(index=True, unique=True, description="state/department")


class Zone(ZoneFacts, table=True):
    """One spot with one set of hours."""

    zone_id: str = Field(primary_key=True)
    department_id: int = Field(foreign_key="department.id", index=True)
    town_id: int = Field(foreign_key="town.id", index=True)
    dataset: str = Field(default="", description="the dataset that brought it, if any")
    spot_key: str = Field(index=True, description="department, address and spot: finds a zone that has no id")
    time_zone: str
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
