"""The rules of a time zone's clock for a calendar file (VTIMEZONE of RFC 5545).

icalendar writes them too, but says of summer time that it begins at three by the clock before, which is an hour late.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


def clock_rules(time_zone: str, first_year: int, last_year: int) -> Timezone:
    """What the clock shows in these years: its offset at their beginning, and every change of it."""
    zone = ZoneInfo(time_zone)
    rules = Timezone()
    rules.add("tzid", time_zone)
    begins = datetime(first_year, 1, 1, tzinfo=UTC)
    groups: dict[tuple[timedelta, timedelta], list[datetime]] = {}
    offset = _offset(begins, zone)
    rules.add_component(_observance(zone, offset, offset, [begins]))
    for at in _changes(zone, begins, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        groups.setdefault((_offset(at - A_MINUTE, zone), _offset(at, zone)), []).append(at)
    for (before, after), changes in groups.items():
        rules.add_component(_observance(zone, before, after, changes))
    return rules


def _observance(
    zone: ZoneInfo, before: timedelta, after: timedelta, changes: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    """From each of these times on the clock has another offset; they are written by the clock before."""
    observance = TimezoneDaylight() if changes[0].astimezone(zone).dst() else TimezoneStandard()
    first, *others = ((at + before).replace(tzinfo=None) for at in changes)
    observance.add("dtstart", first)
    if others:
        observance.add("rdate", others)
    observance.add("tzname", changes[0].astimezone(zone).tzname())
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", after)
    return observance


def _changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The minutes at which the offset changes, in UTC; at most one a day is looked for."""
    day = begins
    while day < ends:
        if _offset(day, zone) != _offset(day + A_DAY, zone):
            low, high = 0, A_DAY // A_MINUTE
            while high - low > 1:
                middle = (low + high) // 2
                changed = _offset(day + middle * A_MINUTE, zone) != _offset(day, zone)
                low, high = (low, middle) if changed else (middle, high)
            yield day + high * A_MINUTE
        day += A_DAY


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
