"""Days as they are counted where the tests' zones are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from directory import clock
from directory.search.zone_status import local_day


def day_in_connecticut() -> date:
    """Today there: in the evening, the day before UTC's."""
    return local_day("America/New_York", clock.now())


def in_days(days: int) -> date:
    """The day so many days later there."""
    return day_in_connecticut() + timedelta(days=days)


def set_ahead(days: int) -> None:
    """Set the clock so many days ahead, at the same time of day there: a summer's days begin an hour earlier in UTC."""
    here = datetime.now(UTC)
    there = here.astimezone(ZoneInfo("America/New_York"))
    clock.run_ahead((there + timedelta(days=days)).astimezone(UTC) - here)
