"""Half hours: no day of the two countries begins within one, in whatever time zone."""

from collections.abc import Iterable
from datetime import datetime

from directory.search.zone_status import local_day


def half_hour(at: datetime) -> int:
    """The number of the half hour of a moment in UTC."""
    return at.toordinal() * 48 + at.hour * 2 + at.minute // 30


def with_another_day(time_zones: Iterable[str], one: datetime, other: datetime) -> set[str]:
    """Those of the time zones in which it was not the same day at both moments."""
    return {name for name in set(time_zones) if local_day(name, one) != local_day(name, other)}
