"""Day or dark at a place and a time. After sunset it counts as dark, also in the twilight."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    if before is None and after is None:
        dark = elevation(observer, local, with_refraction=False) <= HORIZON_DEGREES
    else:
        dark = before[1] if before else not (after and after[1])
    return Daylight(dark, before[0] if before else None, after[0] if after else None)


def _events(observer: Observer, local: datetime, zone: ZoneInfo) -> list[tuple[datetime, bool]]:
    """The sunrises and sunsets of the day and its neighbours; each with whether it is dark after it."""
    events = []
    for day in (local.date() + timedelta(days=ahead) for ahead in (-1, 0, 1)):
        for event, dark in ((sunrise, False), (sunset, True)):
            try:
                events.append((event(observer, day, tzinfo=zone), dark))
            except ValueError:  # the sun stays up or down on that day
                continue
    return events
