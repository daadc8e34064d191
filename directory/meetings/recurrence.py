"""How often a series of meetings returns: every week or other week, or on certain ones of a month's weekdays."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count

A_WEEK = timedelta(weeks=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As calendars name them (RFC 5545), Monday first."""


class Recurrence(StrEnum):
    """When a series returns, always on the weekday of its first meeting; the values stand in addresses.

    A monthly one keeps its number in the month ("the first Saturday"); the last two are on the month's last such
    weekday, and on its first, third and fifth.
    """

    WEEKLY = "1"
    EVERY_OTHER_WEEK = "2"
    MONTHLY = "m"
    LAST_OF_MONTH = "l"
    ODD_OF_MONTH = "o"

    @property
    def most_meetings(self) -> int:
        """How many meetings a series has at most."""
        return 24 if self in (Recurrence.MONTHLY, Recurrence.LAST_OF_MONTH) else 60

    def can_begin(self, first: datetime) -> bool:
        """Whether a series can begin on this day: there must be such a day in every month, and it must be one."""
        if self is Recurrence.MONTHLY:
            return number_in_month(first) in range(1, 5)
        return self._takes(0, first, first)

    def times(self, first: datetime) -> Iterator[datetime]:
        """The times from the first one on, by the clock of `first`, without end."""
        every_week = ((number, first + number * A_WEEK) for number in count())
        return (at for number, at in every_week if self._takes(number, at, first))

    def rule(self, first: datetime) -> dict[str, object]:
        """The same as the rule of a calendar (RFC 5545), without its end."""
        day = WEEKDAYS[first.weekday()]
        if self is Recurrence.MONTHLY:
            return {"freq": "monthly", "byday": f"{number_in_month(first)}{day}"}
        if self is Recurrence.LAST_OF_MONTH:
            return {"freq": "monthly", "byday": f"-1{day}"}
        if self is Recurrence.ODD_OF_MONTH:
            return {"freq": "monthly", "byday": [f"{number}{day}" for number in (1, 3, 5)]}
        return {"freq": "weekly", "interval": int(self)}

    def _takes(self, weeks: int, at: datetime, first: datetime) -> bool:
        """Whether the day so many weeks after the first one belongs to the series."""
        if self is Recurrence.MONTHLY:
            return number_in_month(at) == number_in_month(first)
        if self is Recurrence.LAST_OF_MONTH:
            return (at + A_WEEK).month != at.month
        if self is Recurrence.ODD_OF_MONTH:
            return number_in_month(at) % 2 == 1
        return weeks % int(self) == 0


LONGEST_SERIES = timedelta(weeks=2 * 59)
"""From the first to the last meeting of a series: of sixty every other week."""


def number_in_month(day: datetime) -> int:
    """Which one of its weekday a day is in its month: 1 for the first Saturday."""
    return (day.day - 1) // 7 + 1
