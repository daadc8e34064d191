"""The clock of the application, which a rehearsal or a test can set ahead."""

from datetime import UTC, date, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """The current day in UTC."""
    return now().date()


def run_ahead(offset: timedelta) -> None:
    """Set the clock of this process ahead by `offset`."""
    global _offset
    _offset = offset


QUARTER_SECONDS = 15 * 60
"""Everywhere on earth a day begins with a quarter of an hour: within one, no "today" becomes a "yesterday"."""


def quarter_of(when: datetime) -> int:
    """The number of the quarter of an hour since 1970."""
    return int(when.timestamp() // QUARTER_SECONDS)
