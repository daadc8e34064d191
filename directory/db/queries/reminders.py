"""Queries about which reminders were sent."""

from sqlmodel import Session

from directory.clock import now
from directory.db.tables.reminders import Reminder


def reminded(session: Session, zone_id: str, confirmed_on: str, days: int) -> bool:
    """Whether that question was asked."""
    return session.get(Reminder, (zone_id, confirmed_on, days)) is not None


def note_reminder(session: Session, zone_id: str, confirmed_on: str, days: int) -> None:
    """Remember that it was asked; noting it twice is noting it once."""
    session.merge(Reminder(zone_id=zone_id, confirmed_on=confirmed_on, days=days, at=now()))
