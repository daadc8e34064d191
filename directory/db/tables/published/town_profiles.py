"""What a town says of itself beside its zones."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column
from sqlmodel import JSON, Field, SQLModel

from directory.db.tables.types import UtcDateTime, row_number
from directory.zones.schemas import stored_enum


class ProfileChangeStatus(StrEnum):
    """What became of a proposed change of a town's profile."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TownProfile(SQLModel, table=True):
    """One row for each town whose manager filled anything in; `embed_sites` empty means any site."""

    __tablename__ = "town_kit"

    town: str = Field(primary_key=True, description="the town's slug")
    web_page: str = ""
    email: str = ""
    phone: str = ""
    logo: str = Field(default="", description="the digest of a kept photo")
    logo_alt: str = ""
    embed_sites: list[str] = Field(default_factory=list, sa_type=JSON)
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_by: str = ""


class TownProfileChange(SQLModel, table=True):
    """A proposed change of a town's profile that waits for a moderator or another manager, or was decided.

    `values` and `base` hold the changed answers as they would be and as they were.
    """

    __tablename__ = "town_kit_change"

    id: int = row_number()
    town: str = Field(index=True, description="the town's slug")
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    base: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: ProfileChangeStatus = Field(index=True, sa_type=stored_enum(ProfileChangeStatus))
    person_id: int = Field(foreign_key="person.id")
    sent_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_by: str = ""
    reason: str = ""
