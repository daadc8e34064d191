"""Domains that prove a department, and the towns that one polices."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class OfficialDomain(SQLModel, table=True):
    """A .gov, state .us or official Canadian domain and the town, county or agency it is registered for."""

    __tablename__ = "official_domain"

    domain: str = Field(primary_key=True)
    place: str = Field(description="the organization's own name, as its registry or a source has it")
    state: str
    source: str
    kind: str = Field(default="", description="the registry's type: city, county, state or territory, …; umbrella")
    unit: str = Field(
        default="",
        description="the part of the organization that holds the domain, where it is named; an umbrella's "
        "county, empty for its whole state",
    )
    listed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ConfirmedDomain(SQLModel, table=True):
    """A domain that a moderator confirmed for a department, because the town's own page names it."""

    __tablename__ = "confirmed_domain"

    domain: str = Field(primary_key=True)
    department: str = Field(primary_key=True)
    evidence: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    confirmed_by: str


class DepartmentTown(SQLModel, table=True):
    """A town that a department polices though its name does not say so, as a moderator noted."""

    __tablename__ = "department_town"

    department: str = Field(primary_key=True, description="the department's slug")
    town: str = Field(primary_key=True, description="the town's slug")
    evidence: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    noted_by: str
