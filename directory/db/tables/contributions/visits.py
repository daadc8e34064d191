"""Visits: what somebody who was at a zone says of it, and nothing about who that was."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from directory.db.tables.types import row_number
from directory.zones.schemas import stored_enum


class VisitAnswer(StrEnum):
    """What a visitor saw."""

    STILL_THERE = "still_there"
    GONE = "gone"
    SIGN_DIFFERS = "sign_differs"


class Visit(SQLModel, table=True):
    """One answer about a zone. `day` is the zone's own day (ISO); `photo` the digest of a photo, or empty."""

    id: int = row_number()
    zone_id: str = Field(foreign_key="zone.zone_id", index=True)
    day: str
    answer: VisitAnswer = Field(sa_type=stored_enum(VisitAnswer))
    photo: str = ""
