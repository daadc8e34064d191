"""How old a confirmation is, and when an entry fades."""

from datetime import date
from enum import StrEnum

OLD_DAYS = 180
FADED_DAYS = 365


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
