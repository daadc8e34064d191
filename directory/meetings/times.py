"""The time of a visit as people type it: "tonight 7 pm", "Sat 10am", "12/5 6:30pm", "mañana 10:00", "demain 18 h 30".

A text is read in two steps: what it says (`read_time`), and which time that is where the zone lies (`TypedTime.on`),
for "tonight" begins in Halifax four hours before it does in Los Angeles. Nothing is guessed: a text with two readings
is refused with both of them, and one with a word that is not understood is refused with that word. The libraries for
this (dateparser, parsedatetime) guess: they read "sat 7" as a day in July, and pass over words that they do not know.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from directory.errors import BadInputError
from directory.meetings.time_lexicon import (
    CORRECTLY_SPELLED,
    FRENCH,
    MONTHS_IN_FULL,
    NEXT,
    ORDINALS,
    PARTS,
    PHRASES,
    SPANISH,
    WEEKDAYS,
    date_in_words,
)
from directory.meetings.time_wordings import (
    minutes_ahead,
    plainly,
    without_end,
    without_repetition,
    without_time_zone,
)
from directory.text import translatable, without_accents
from directory.zones.parsing.date_parser import MONTH_NUMBERS

EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
PAST = timedelta(days=31)
"""How long ago a date without a year may be."""
LEAP_YEARS = 9
"""February 29 returns within so many years."""
LONGEST = 60
"""Characters of a text that is read."""


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
    today, `weekday` is the next such day (0 is Monday), `month_day` a date whose `year` may be left out; `of_month`
    says which one of its weekday in a month (1 is the first, -1 the last). `minutes_ahead` counts from now.
    `beside_next` is the rest of a text that says "next Friday", which may be either of two days, and `language` the one
    it is written in: "en", "es" or "fr".
    """

    text: str
    moment: datetime | None = None
    clock: time = time(0)
    days_ahead: int | None = None
    weekday: int | None = None
    of_month: int = 0
    month_day: tuple[int, int] | None = None
    year: int | None = None
    minutes_ahead: int | None = None
    beside_next: str | None = None
    language: str = "en"

    def on(self, now_there: datetime) -> datetime:
        """The time that is meant where it is `now_there`, by the clock there.

        It is naive, unless the text has an offset. Raises UnreadableTimeError where weekday and date contradict each
        other, where there is no such day, and where "next Friday" may be two of them.
        """
        if self.minutes_ahead is not None:
            return _later(now_there, timedelta(minutes=self.minutes_ahead)).replace(second=0, microsecond=0)
        now_there = now_there.replace(tzinfo=None)
        if self.moment is not None:
            return self.moment
        if self.month_day is not None:
            day = self._date(now_there.date())
            if self.weekday not in (None, day.weekday()):
                raise UnreadableTimeError(translatable("This date is not on that day of the week."))
            return datetime.combine(day, self.clock)
        if self.beside_next is not None:
            raise self._two_days(now_there.date())
        if self.of_month:
            return next(at for at in self._days_of_month(now_there) if at > now_there)
        when = datetime.combine(now_there.date() + timedelta(days=self.days_ahead or 0), self.clock)
        if self.days_ahead is not None:
            return when
        if self.weekday is not None:
            when += timedelta(days=(self.weekday - when.weekday()) % 7)
            return when if when > now_there else when + timedelta(days=7)
        return when if when > now_there else when + timedelta(days=1)

    def _days_of_month(self, now_there: datetime) -> Iterator[datetime]:
        """The day that was named by its number in the month, in this month and the following ones."""
        first = now_there.date().replace(day=1)
        while True:
            following = (first + timedelta(days=31)).replace(day=1)
            days = [first + timedelta(days=number) for number in range((following - first).days)]
            named = [day for day in days if day.weekday() == self.weekday]
            yield datetime.combine(named[self.of_month - 1 if self.of_month > 0 else -1], self.clock)
            first = following

    def _two_days(self, today: date) -> UnreadableTimeError:
        """The question which of the next two such days is meant."""
        first = today + timedelta(days=1 + ((self.weekday or 0) - today.weekday() - 1) % 7)
        days = (first, first + timedelta(weeks=1))
        readings = (f"{date_in_words(day.month, day.day, self.language)}, {self.beside_next}" for day in days)
        return UnreadableTimeError(_WHICH_DAY, tuple(readings))

    def _date(self, today: date) -> date:
        """The date; without a year the next one, but one of the last weeks is past, not a year ahead."""
        month, day = self.month_day or (0, 0)
        years = range(today.year - 1, today.year + LEAP_YEARS) if self.year is None else (self.year,)
        dates = [one for year in years if (one := _date_or_none(year, month, day))]
        if self.year is None:
            dates = [one for one in dates if one >= today - PAST]
        if not dates:
            raise UnreadableTimeError(translatable("There is no such day."))
        return dates[0]


def read_time(text: str, language: str = "en") -> TypedTime:
    """What a text says of a time. Raises UnreadableTimeError.

    A plus sign that an address turned into a space is one again. `language` is that of who typed it: to readers of
    English "mar 5" is March 5 and "12/5" the fifth of December, to others perhaps Tuesday the 5th and May 12.
    """
    if len(text) > LONGEST:
        raise UnreadableTimeError(translatable("Write a shorter time, such as “Sat 10 am”."))
    moment = _iso(text.strip())
    if moment is not None:
        _check_year(moment.year)
        return TypedTime(text, moment=moment)
    if re.search("[#~]", text):  # which stand for phrases below
        raise UnreadableTimeError(translatable("Write a day and a time, such as “Sat 10 am”."))
    ahead = minutes_ahead(text)
    if ahead is not None:
        return TypedTime(text, minutes_ahead=ahead)
    plain = plainly(text)
    rhythm, first = without_repetition(plain)
    for reason, one_time in (
        (_ONE_OF_MANY, first if rhythm else None),
        (translatable("Write one time only: when you meet."), without_end(plain)),
        (
            translatable("Leave the time zone out, please: every place answers by its own clock."),
            without_time_zone(plain),
        ),
    ):
        if one_time is not None:
            raise UnreadableTimeError(reason, _readable(one_time, language))
    return _Reader(plain, language).read()


def _readable(text: str, language: str) -> tuple[str, ...]:
    """The text, or the readings of it, where it says a time."""
    try:
        _Reader(text, language).read()
    except UnreadableTimeError as error:
        return error.readings
    return (text,)


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


def _iso(text: str) -> datetime | None:
    """A time in ISO form, of which the minute is kept."""
    if not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", text):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"(?<=:\d\d) (\d\d:\d\d)$", r"+\1", text.upper()))
    except ValueError:
        return None
    return moment.replace(second=0, microsecond=0)


def _check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise UnreadableTimeError(translatable("The time must lie between the years 2000 and 2200."))


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_TOKEN = re.compile("|".join(f"(?P<{name}>{re.sub(r'[(](?![?])', '(?:', pattern)})" for name, pattern in PARTS))
_PATTERNS = {name: re.compile(pattern) for name, pattern in PARTS}

_WHICH_DAY = translatable("Which day is meant?")
_ONE_OF_MANY = translatable(
    "Write the first of the times only. “Plan a meeting” on a zone’s page has a choice of how often it returns."
)
_IN_FULL = translatable("Write the month or the day of the week in full, please.")
_PART_HOURS = {"1": range(4, 13), "2": range(12, 20), "3": range(17, 24)}
"""The hours that morning, afternoon and evening may mean."""


class _Reader:
    """Reads one text, from left to right; each part of a time may be said once."""

    def __init__(self, text: str, language: str) -> None:
        self._text, self._readers = text, language
        # Two spaces never follow each other, so that the patterns need not count them.
        words = " ".join(without_accents(text).lower().replace("’", "'").split())
        self._spanish = bool(SPANISH.search(words))
        self._french = not self._spanish and bool(FRENCH.search(words))
        theirs = language if language in MONTHS_IN_FULL else "en"
        self._language = "es" if self._spanish else "fr" if self._french else theirs
        self._english = language == "en" == self._language
        self._beside_next: str | None = None
        if match := NEXT.search(words):
            before, after = words[: match.start()], words[match.end() :]
            self._beside_next = " ".join(f"{before} {after}".split()).strip(" ,")
            words = f"{before}{match['one'] or match['other']}{after}"
        for pattern, meaning in PHRASES:
            words = re.sub(pattern, meaning, words)
        self._words = " ".join(words.split())
        self._days_ahead: int | None = None
        self._weekday: int | None = None
        self._of_month = 0
        self._month_day: tuple[int, int] | None = None
        self._year: int | None = None
        self._hour: int | None = None
        self._minute = 0
        self._half = ""
        self._by_24 = False
        self._part = ""
        self._dates: tuple[str, ...] = ()

    def read(self) -> TypedTime:
        """Raises UnreadableTimeError."""
        at = 0
        while at < len(self._words):
            if self._words[at] == " ":
                at += 1
                continue
            match = _TOKEN.match(self._words, at)
            if match is None or match.lastgroup is None:
                raise self._unknown_word(at)
            parts = _PATTERNS[match.lastgroup].match(self._words, at)
            if parts is None:
                raise self._unknown_word(at)
            _TAKERS[match.lastgroup](self, *parts.groups())
            at = match.end()
        clock = self._clock()
        if self._dates:
            raise UnreadableTimeError(_WHICH_DAY, self._dates)
        return TypedTime(
            self._text, None, clock, self._days_ahead, self._weekday, self._of_month, self._month_day, self._year,
            beside_next=self._beside_next, language=self._language,
        )  # fmt: skip

    def _unknown_word(self, at: int) -> UnreadableTimeError:
        word = self._words[at:].split()[0]
        if similar := get_close_matches(word, CORRECTLY_SPELLED, 1, 0.8):
            corrected = re.sub(rf"\b{re.escape(word)}\b", similar[0], self._text, count=1, flags=re.IGNORECASE)
            if corrected != self._text and (readings := _readable(corrected, self._readers)):
                return UnreadableTimeError(self._not_understood(word), readings)
        if word in ("mar", "mar."):
            return UnreadableTimeError(_IN_FULL)
        if self._beside_next is not None or word in ("next", "proximo", "siguiente", "prochain", "prochaine"):
            return UnreadableTimeError(
                translatable("“Next” may mean this week or the one after it. Write the date, such as 12/24, please.")
            )
        if word in ("midnight", "medianoche", "minuit"):
            return UnreadableTimeError(
                translatable("Midnight belongs to two days. Write 11:59 pm, or 12 am of the day after, please.")
            )
        if not self._words.strip("0123456789:/. apm-"):
            return self._example()
        return UnreadableTimeError(self._not_understood(word))

    def _not_understood(self, word: str) -> str:
        return translatable(
            "We do not understand “%(word)s” in a time. Write it such as “Sat 10 am” or “12/5 6:30 pm”.",
            word=word.strip("#~")[:20],
        )

    def _example(self) -> UnreadableTimeError:
        return UnreadableTimeError(translatable("Write a day and a time, such as “Sat 10 am” or “12/5 6:30 pm”."))

    def take_iso(self, year: str, month: str, day: str) -> None:
        """A date in ISO form."""
        self._take_date(int(month), int(day), year)

    def take_numbers(self, first: str, second: str, year: str | None) -> None:
        """12/5: the fifth of December, or in Spanish and French perhaps the twelfth of May."""
        a, b = int(first), int(second)
        if not self._english and a != b and max(a, b) <= 12:
            rest = f"/{year}" if year else ""
            others = " ".join(self._text.replace(f"{first}/{second}{rest}", " ").split())
            suffix = f" {year}" if year else ""
            days = (date_in_words(month, day, self._language) for month, day in ((a, b), (b, a)))
            self._dates = tuple(f"{day}{suffix}, {others}" for day in days)
        month, day = (b, a) if a > 12 else (a, b)
        self._take_date(month, day, year)

    def take_month_first(self, month: str, day: str, year: str | None) -> None:
        """December 5."""
        if month == "mar" and not self._english:
            raise UnreadableTimeError(_IN_FULL)
        self._take_date(MONTH_NUMBERS[month], int(day), year)

    def take_day_first(self, day: str, month: str, year: str | None) -> None:
        """5 December."""
        self._take_date(MONTH_NUMBERS[month], int(day), year)

    def take_tuesday(self) -> None:
        """ "mar, 1 de dic": a Tuesday in Spanish, for a date follows; else it may be March."""
        self.take_weekday("martes")

    def take_weekday(self, name: str) -> None:
        """A day of the week."""
        self._once(self._weekday, self._days_ahead)
        self._weekday = WEEKDAYS[name]

    def take_of_month(self, which: str, name: str) -> None:
        """The first Saturday of the month."""
        self._once(self._month_day)
        self.take_weekday(name)
        self._of_month, _ = ORDINALS[which]

    def take_ahead(self, days: str) -> None:
        """Today, tomorrow or the day after it."""
        self._once(self._days_ahead, self._weekday, self._month_day)
        self._days_ahead = int(days)

    def take_part(self, name: str) -> None:
        """A part of the day, by its number in `_PART_HOURS`."""
        self._once(self._part or None)
        self._part = name

    def take_clock(self, hour: str, sign: str, minute: str, half: str | None) -> None:
        """6:30, with or without am or pm; "9 h 30" and two digits without them are of a clock of 24 hours."""
        self._take_time(int(hour), int(minute), half)
        self._by_24 = half is None and ("h" in sign or len(hour) == 2 or int(hour) == 0)

    def take_hour(self, hour: str, half: str) -> None:
        """6 pm."""
        self._take_time(int(hour), 0, half)

    def take_hour_h(self, hour: str) -> None:
        """19 h."""
        self._take_time(int(hour), 0, None)
        self._by_24 = True

    def take_bare(self, hour: str) -> None:
        """7: in the morning or in the evening."""
        self._take_time(int(hour), 0, None)

    def _take_date(self, month: int, day: int, year: str | None) -> None:
        self._once(self._month_day, self._days_ahead)
        self._month_day = (month, day)
        if year is not None:
            self._year = int(year) if len(year) == 4 else 2000 + int(year)
            _check_year(self._year)
        if _date_or_none(self._year or 2024, month, day) is None:
            raise UnreadableTimeError(translatable("There is no such day."))

    def _take_time(self, hour: int, minute: int, half: str | None) -> None:
        self._once(self._hour)
        self._hour, self._minute, self._half = hour, minute, half or ""
        if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
            raise UnreadableTimeError(translatable("There is no such time of day."))

    def _once(self, *before: object) -> None:
        if any(value is not None for value in before):
            raise UnreadableTimeError(translatable("That names two days or two times. Write one, please."))

    def _clock(self) -> time:
        """The time of day, of which there must be one only."""
        if self._hour is None:
            if (self._days_ahead, self._weekday, self._month_day) == (None, None, None):
                raise self._example()
            example = f"{self._text.strip()} {self._usual_time()}"
            raise UnreadableTimeError(
                translatable("Write the time of day too, such as “%(example)s”.", example=example)
            )
        hours = self._possible_hours()
        if self._part:
            hours = [hour for hour in hours if hour in _PART_HOURS[self._part]]
        if not hours:
            raise UnreadableTimeError(
                translatable("That time of day does not go with the rest. Write am or pm, please.")
            )
        if len(hours) > 1:
            raise UnreadableTimeError(
                translatable("In the morning or in the evening?"),
                tuple(self._at_hour(hour) for hour in hours),
            )
        return time(hours[0], self._minute)

    def _usual_time(self) -> str:
        """A time of day, as an example, that fits the part of the day that was named."""
        hour = {"2": 14, "3": 19}.get(self._part, 10)
        if self._french:
            return f"{hour} h"
        return f"{hour - 12} pm" if hour > 12 else f"{hour} am"

    def _possible_hours(self) -> list[int]:
        """The hours of a clock of 24 that the text may mean."""
        hour = self._hour or 0
        if self._half:
            return [hour % 12 + 12 * (self._half == "p")]
        if hour == 0 or hour > 12 or (self._by_24 and not self._part):
            return [hour]
        return [hour % 12, hour % 12 + 12]

    def _at_hour(self, hour: int) -> str:
        """The text with this hour of 24 in its time: "Sat 7 pm", "samedi 19 h"."""
        clock = rf"(?<![\d/])0?{self._hour}(?::\d\d)?(?![\d/:])"
        places = list(re.finditer(clock, self._text))
        begins, end = places[-1].span() if places else (len(self._text), len(self._text))
        if self._french:
            time_of_day = f"{hour} h {self._minute:02}" if self._minute else f"{hour} h"
            return f"{self._text[:begins]}{time_of_day}{self._text[end:]}".strip()
        half = "am" if hour < 12 else "pm"
        return f"{self._text[:end].strip()} {half} {self._text[end:].strip()}".strip()


_TAKERS: dict[str, Callable[..., None]] = {name: getattr(_Reader, f"take_{name}") for name, _ in PARTS}
