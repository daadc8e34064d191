"""Which reminders were sent."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class Reminder(SQLModel, table=True):
    """Somebody was asked at so many days whether the zone, as confirmed on that day, is still correct."""

    zone_id: str = Field(primary_key=True)
    confirmed_on: str = Field(primary_key=True)
    days: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
