"""Day or dark at a place and a time. After sunset it counts as dark, also in the twilight."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import elevation, sunrise, sunset

from directory.geo import Coordinates

HORIZON_DEGREES = -0.833
"""Where the middle of the sun stands when its upper edge rises or sets, seen through the air."""


@dataclass(frozen=True, slots=True)
class Daylight:
    """Whether it is dark, since which sunset or sunrise, and until which one, by the clock there.

    A time is None where the sun neither rises nor sets within a day: in the far north it stays up or down for weeks.
    """

    dark: bool
    since: datetime | None
    until: datetime | None


@lru_cache(maxsize=4096)
def daylight_at(place: Coordinates, when: datetime, time_zone: str) -> Daylight:
    """Day or dark at `place`; a naive time is meant in `time_zone`, the name of the zone there."""
    zone = ZoneInfo(time_zone)
    local = when.replace(tzinfo=zone) if when.tzinfo is None else when.astimezone(zone)
    observer = Observer(place.latitude, place.longitude)
    events = _events(observer, local, zone)
    before = max((event for event in events if event[0] <= local), default=None)
    after = min((event for event in events if event[0] > local), default=None)
    if before and after and before[1] != after[1]:
        return Daylight(before[1], before[0], after[0])
    # Near the weeks without a sunset one may be missing: then the sun's height decides, and tells which time holds.
    dark = elevation(observer, local, with_refraction=False) <= HORIZON_DEGREES
    since = before[0] if before and before[1] == dark else None
    return Daylight(dark, since, after[0] if after and after[1] != dark else None)


def _events(observer: Observer, local: datetime, zone: ZoneInfo) -> list[tuple[datetime, bool]]:
    """The sunrises and sunsets of the day and its neighbours; each with whether it is dark after it.

    Days are counted by the sun's own clock, on which it rises before noon and sets before midnight: astral gives one
    sunset a day, and by the clock of Alaska a day in July has two.
    """
    solar = timezone(timedelta(minutes=round(observer.longitude * 4)))
    today = local.astimezone(solar).date()
    events = []
    for day in (today + timedelta(days=ahead) for ahead in (-1, 0, 1)):
        for event, dark in ((sunrise, False), (sunset, True)):
            try:
                events.append((event(observer, day, tzinfo=solar).astimezone(zone), dark))
            except ValueError:  # the sun stays up or down on that day
                continue
    return events
