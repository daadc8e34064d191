"""How old a confirmation is, and which reminders were sent."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel

from directory.clock import now
from directory.records.models import UtcDateTime

OLD_DAYS = 180
FADED_DAYS = 365
REMINDER_DAYS = (150, 170)


class Age(StrEnum):
    """How much a confirmation is still worth. Entries that nobody was ever asked about do not age: they say so."""

    NEVER_CONFIRMED = "never_confirmed"
    FRESH = "fresh"
    OLD = "old"
    FADED = "faded"


def age_on(confirmed_on: str, day: date) -> Age:
    """The age of a confirmation (ISO date, or empty) on `day`."""
    if not confirmed_on:
        return Age.NEVER_CONFIRMED
    days = (day - date.fromisoformat(confirmed_on)).days
    if days >= FADED_DAYS:
        return Age.FADED
    return Age.OLD if days >= OLD_DAYS else Age.FRESH


class Reminder(SQLModel, table=True):
    """Somebody was asked at so many days whether the zone, as confirmed on that day, is still right."""

    zone_id: str = Field(primary_key=True)
    confirmed_on: str = Field(primary_key=True)
    days: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


def reminded(session: Session, zone_id: str, confirmed_on: str, days: int) -> bool:
    """Whether that question was asked."""
    return session.get(Reminder, (zone_id, confirmed_on, days)) is not None


def note_reminder(session: Session, zone_id: str, confirmed_on: str, days: int) -> None:
    """Remember that it was asked; noting it twice is noting it once."""
    session.merge(Reminder(zone_id=zone_id, confirmed_on=confirmed_on, days=days, at=now()))
