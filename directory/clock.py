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
