"""The time of a visit as people type it: "tonight 7 pm", "Sat 10am", "12/5 6:30pm", "mañana 10:00", "demain 18 h 30".

A text is read in two steps: what it says (`time_reader.py`), and which time that is where the zone lies
(`TypedTime.on`), for "tonight" begins in Halifax four hours before it does in Los Angeles. Nothing is guessed: a text
with two readings is refused with both of them, and one with a word that is not understood is refused with that word.
The libraries for this (dateparser, parsedatetime) guess: they read "sat 7" as a day in July, and pass over words that
they do not know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from directory.errors import BadInputError
from directory.meetings.time_lexicon import date_in_words
from directory.text import translatable

EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
PAST = timedelta(days=31)
"""How long ago a date without a year may be."""
LEAP_YEARS = 9
"""February 29 returns within so many years."""
LONGEST_MONTHS = 62
"""Days within which each day of a month returns, for of two months on end one has a 31st."""
WHICH_DAY = translatable("Which day is meant?")
TWO_TIMES = translatable("That names two days or two times. Write one, please.")


class UnreadableTimeError(BadInputError, ValueError):
    """A text that says no one time.

    `reason` is a translatable sentence, `readings` are texts each of which says one of the times that may be meant.
    """

    def __init__(self, reason: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(reason + "".join(f" “{reading}”?" for reading in readings))
        self.reason = reason
        self.readings = readings


@dataclass(frozen=True, slots=True)
class TypedTime:
    """What a text says of a time; the parts that it leaves out depend on the day on which it is read.

    `moment` is a whole time, with or without an offset. Else `clock` is the time of day; `days_ahead` counts from
    today, `weekday` is the next such day (0 is Monday), `month_day` a date whose `year` may be left out, `day` the next
    such day of a month (1 to 31); where several are said, they are names of one day. `of_month` says which one of its
    weekday in a month (1 is the first, -1 the last). `minutes_ahead` counts from now. `beside_next` is the rest of a
    text that says "next Friday", which may be either of two days, and `language` the one it is written in: "en", "es"
    or "fr".
    """

    text: str
    moment: datetime | None = None
    clock: time = time(0)
    days_ahead: int | None = None
    weekday: int | None = None
    of_month: int = 0
    month_day: tuple[int, int] | None = None
    day: int | None = None
    year: int | None = None
    minutes_ahead: int | None = None
    beside_next: str | None = None
    language: str = "en"

    def on(self, now_there: datetime) -> datetime:
        """The time that is meant where it is `now_there`, by the clock there.

        It is naive, unless the text has an offset. Raises UnreadableTimeError where two names of a day contradict each
        other, where there is no such day, and where "next Friday" may be two of them.
        """
        if self.minutes_ahead is not None:
            return _later(now_there, timedelta(minutes=self.minutes_ahead)).replace(second=0, microsecond=0)
        now_there = now_there.replace(tzinfo=None)
        if self.moment is not None:
            return self.moment
        if (day := self._named_day(now_there.date())) is not None:
            return datetime.combine(day, self.clock)
        if self.beside_next is not None:
            raise self._two_days(now_there.date())
        if self.of_month:
            return next(at for at in self._days_of_month(now_there) if at > now_there)
        when = datetime.combine(now_there.date(), self.clock)
        if self.weekday is not None:
            when += timedelta(days=(self.weekday - when.weekday()) % 7)
            return when if when > now_there else when + timedelta(days=7)
        return when if when > now_there else when + timedelta(days=1)

    def _named_day(self, today: date) -> date | None:
        """The day that is named by more than its weekday, if any; all names of it must be of one day."""
        if self.days_ahead is not None:
            day = today + timedelta(days=self.days_ahead)
            named = ((self.month_day, (day.month, day.day)), (self.year, day.year), (self.day, day.day),
                     (self.weekday, day.weekday()))  # fmt: skip
            if any(one not in (None, its) for one, its in named):
                raise UnreadableTimeError(TWO_TIMES)
            return day
        if self.month_day is None and self.day is None:
            return None
        day = self._date(today) if self.month_day else _next_day(self.day or 0, today)
        if self.weekday not in (None, day.weekday()):
            raise UnreadableTimeError(translatable("This date is not on that day of the week."))
        return day

    def _days_of_month(self, now_there: datetime) -> Iterator[datetime]:
        """The day that was named by its number in the month, in this month and the following ones."""
        first = now_there.date().replace(day=1)
        while True:
            following = (first + timedelta(days=31)).replace(day=1)
            days = [first + timedelta(days=number) for number in range((following - first).days)]
            weekdays = [day for day in days if day.weekday() == self.weekday]
            yield datetime.combine(weekdays[self.of_month - 1 if self.of_month > 0 else -1], self.clock)
            first = following

    def _two_days(self, today: date) -> UnreadableTimeError:
        """The question which of the next two such days is meant."""
        first = today + timedelta(days=1 + ((self.weekday or 0) - today.weekday() - 1) % 7)
        days = (first, first + timedelta(weeks=1))
        readings = (f"{date_in_words(day.month, day.day, self.language)}, {self.beside_next}" for day in days)
        return UnreadableTimeError(WHICH_DAY, tuple(readings))

    def _date(self, today: date) -> date:
        """The date; without a year the next one, but one of the last weeks is past, not a year ahead."""
        month, day = self.month_day or (0, 0)
        years = range(today.year - 1, today.year + LEAP_YEARS) if self.year is None else (self.year,)
        dates = [one for year in years if (one := date_or_none(year, month, day))]
        if self.year is None:
            dates = [one for one in dates if one >= today - PAST]
        if not dates:
            raise UnreadableTimeError(translatable("There is no such day."))
        return dates[0]


def _next_day(number: int, today: date) -> date:
    """The next date, from today on, with this number (1 to 31) in its month."""
    days = (today + timedelta(days=ahead) for ahead in range(LONGEST_MONTHS))
    return next(day for day in days if day.day == number)


def _later(now_there: datetime, ahead: timedelta) -> datetime:
    """The time on the clock there after so much time has passed, also where the clocks change meanwhile."""
    if now_there.tzinfo is None:
        return now_there + ahead
    return (now_there.astimezone(UTC) + ahead).astimezone(now_there.tzinfo).replace(tzinfo=None)


def exists_at(when: datetime, time_zone: str) -> bool:
    """Whether a clock in this time zone ever shows `when`: an hour is left out on the day the clocks go forward."""
    zone = ZoneInfo(time_zone)
    aware = when.replace(tzinfo=zone)
    return aware.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) == when.replace(tzinfo=None)


def check_year(year: int) -> None:
    """Raises UnreadableTimeError."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise UnreadableTimeError(translatable("The time must lie between the years 2000 and 2200."))


def date_or_none(year: int, month: int, day: int) -> date | None:
    """The date; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
