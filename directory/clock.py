"""What time it is: one clock for everything, which a rehearsal or a test can set ahead."""

from datetime import UTC, date, datetime, timedelta

_ahead = timedelta(0)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC) + _ahead


def today() -> date:
    """The current day in UTC."""
    return now().date()


def run_ahead(by: timedelta) -> None:
    """Make this process believe that it is `by` later than it is."""
    global _ahead
    _ahead = by
