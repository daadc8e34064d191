"""What two people agree on: a zone, a time by its clock, and how often they meet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MOST_MEETINGS = 60
"""Of a series: more than a year of weekly ones."""
EVERY_WEEKS = (1, 2)
"""The intervals of a series: every week, or every other one."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting or a series of them: nothing about the people.

    `starts_at` is naive, by the clock of the zone. A series has `count` meetings, one in `every_weeks` weeks.
    """

    zone_id: str
    starts_at: datetime
    every_weeks: int = 0
    count: int = 1

    @property
    def repeats(self) -> bool:
        """Whether it is a series."""
        return self.count > 1

    @property
    def times(self) -> tuple[datetime, ...]:
        """When the meetings begin, first to last; the hour of the day stays the same when the clocks change."""
        return tuple(self.starts_at + timedelta(weeks=self.every_weeks * number) for number in range(self.count))

    def next_time(self, now: datetime, time_zone: str) -> datetime | None:
        """The first meeting that is not over; None when all are. `now` is aware."""
        local = now.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
        return next((at for at in self.times if at + LASTS > local), None)


LASTS = timedelta(minutes=30)
"""How long a calendar keeps free for a meeting."""


def count_until(starts_at: datetime, every_weeks: int, last: datetime) -> int:
    """How many meetings of a series begin up to `last`."""
    return max(0, (last - starts_at) // timedelta(weeks=every_weeks) + 1)
