"""What two people agree on: a zone, a time by its clock, and how often they meet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from directory.meetings.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting or a series of them: nothing about the people.

    `starts_at` is naive, by the clock of the zone. A series has a recurrence and `count` meetings.
    """

    zone_id: str
    starts_at: datetime
    recurrence: Recurrence | None = None
    count: int = 1

    @property
    def repeats(self) -> bool:
        """Whether it is a series."""
        return self.recurrence is not None

    @property
    def times(self) -> tuple[datetime, ...]:
        """When the meetings begin, first to last; the hour of the day stays the same when the clocks change."""
        return (
            tuple(islice(self.recurrence.times(self.starts_at), self.count)) if self.recurrence else (self.starts_at,)
        )

    def next_time(self, now: datetime, time_zone: str) -> datetime | None:
        """The first meeting that is not over; None when all are. `now` is aware."""
        local = now.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
        return next((at for at in self.times if at + LASTS > local), None)


LASTS = timedelta(minutes=30)
"""How long a calendar keeps free for a meeting."""


def count_until(starts_at: datetime, recurrence: Recurrence, last: datetime) -> int:
    """How many meetings of a series begin up to `last`."""
    return sum(1 for _at in takewhile(lambda at: at <= last, recurrence.times(starts_at)))
