"""Reads what a text says of a time, part by part from left to right."""

import re
from collections.abc import Callable
from datetime import datetime, time
from difflib import get_close_matches

from directory.meetings.time_lexicon import (
    CORRECTLY_SPELLED,
    FRENCH,
    HOUR_UNIT,
    MONTHS_IN_FULL,
    NEXT,
    ORDINALS,
    PARTS,
    PHRASES,
    SPANISH,
    WEEKDAYS,
    WRITTEN_HERE,
    date_in_words,
)
from directory.meetings.time_wordings import (
    hours_in_words,
    minutes_ahead,
    plainly,
    without_end,
    without_repetition,
    without_time_zone,
)
from directory.meetings.times import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    TWO_TIMES,
    WHICH_DAY,
    TypedTime,
    UnreadableTimeError,
    check_year,
    date_or_none,
)
from directory.text import translatable, without_accents
from directory.zones.parsing.date_parser import MONTH_NUMBERS

LONGEST = 60
"""Characters of a text that is read."""
_TOKEN = re.compile("|".join(f"(?P<{name}>{re.sub(r'[(](?![?])', '(?:', pattern)})" for name, pattern in PARTS))
_PATTERNS = {name: re.compile(pattern) for name, pattern in PARTS}

_ONE_OF_MANY = translatable(
    "Write the first of the times only. “Plan a meeting” on a zone’s page has a choice of how often it returns."
)
_IN_FULL = translatable("Write the month or the day of the week in full, please.")
_PART_HOURS = {"1": range(1, 13), "2": range(12, 20), "3": range(17, 24)}
"""The hours that morning, afternoon and evening may mean."""
_SEPARATORS = " ,:-–—"
"""What may stand between a day and a time."""
_SURE_FROM = 7
"""From this hour on "9 h" is of a clock of 24 hours; before it, people say "2 h" of the afternoon too."""
_SURE_IN_WORDS_FROM = 11
"""The same of hours in words: "neuf heures" may be in the evening, while nobody meets at eleven at night."""


def read_time(text: str, language: str = "en") -> TypedTime:
    """What a text says of a time. Raises UnreadableTimeError.

    A plus sign that an address turned into a space is one again. `language` is that of who typed it: to readers of
    English "mar 5" is March 5 and "12/5" the fifth of December, to others perhaps Tuesday the 5th and May 12.
    """
    if len(text) > LONGEST:
        raise UnreadableTimeError(translatable("Write a shorter time, such as “Sat 10 am”."))
    moment = _iso(text.strip())
    if moment is not None:
        check_year(moment.year)
        return TypedTime(text, moment=moment)
    if re.search("[#~]", text):  # which stand for phrases below
        raise UnreadableTimeError(translatable("Write a day and a time, such as “Sat 10 am”."))
    ahead = minutes_ahead(text)
    if ahead is not None:
        return TypedTime(text, minutes_ahead=ahead)
    plain = plainly(text)
    in_words = hours_in_words(text)
    recurrence, first = without_repetition(plain)
    for reason, one_time in (
        (_ONE_OF_MANY, first if recurrence else None),
        (translatable("Write one time only: when you meet."), without_end(plain)),
        (
            translatable("Leave the time zone out, please: every place answers by its own clock."),
            without_time_zone(plain),
        ),
    ):
        if one_time is not None:
            raise UnreadableTimeError(reason, _readable(one_time, language, in_words))
    return _Reader(plain, language, in_words).read()


def _readable(text: str, language: str, in_words: bool = False) -> tuple[str, ...]:
    """The text, or the readings of it, where it says a time."""
    try:
        _Reader(text, language, in_words).read()
    except UnreadableTimeError as error:
        return error.readings
    return (text,)


def _iso(text: str) -> datetime | None:
    """A time in ISO form, of which the minute is kept."""
    if not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", text):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"(?<=:\d\d) (\d\d:\d\d)$", r"+\1", text.upper()))
    except ValueError:
        return None
    return moment.replace(second=0, microsecond=0)


class _Reader:
    """Reads one text, from left to right; each part of a time may be said once.

    `in_words` says that its hour was typed in words.
    """

    def __init__(self, text: str, language: str, in_words: bool = False) -> None:
        self._text, self._readers, self._in_words = text, language, in_words
        # Two spaces never follow each other, so that the patterns need not count them.
        phrase = " ".join(without_accents(text).lower().replace("’", "'").split())
        self._spanish = bool(SPANISH.search(phrase))
        self._french = not self._spanish and bool(FRENCH.search(phrase))
        usual_language = language if language in MONTHS_IN_FULL else "en"
        self._language = "es" if self._spanish else "fr" if self._french else usual_language
        self._english = language == "en" == self._language
        self._beside_next: str | None = None
        if match := NEXT.search(phrase):
            before, after = phrase[: match.start()], phrase[match.end() :]
            self._beside_next = " ".join(f"{before} {after}".split()).strip(_SEPARATORS)
            phrase = f"{before}{match['one'] or match['other']}{after}"
        for pattern, meaning in PHRASES:
            phrase = re.sub(pattern, meaning, phrase)
        self._phrase = " ".join(phrase.split())
        self._days_ahead: int | None = None
        self._weekday: int | None = None
        self._of_month = 0
        self._month_day: tuple[int, int] | None = None
        self._day: int | None = None
        self._year: int | None = None
        self._hour: int | None = None
        self._minute = 0
        self._half = ""
        self._by_24 = False
        self._may_be_year = False
        self._part = ""
        self._dates: tuple[str, ...] = ()

    def read(self) -> TypedTime:
        """Raises UnreadableTimeError."""
        at = 0
        while at < len(self._phrase):
            if self._phrase[at] == " ":
                at += 1
                continue
            match = _TOKEN.match(self._phrase, at)
            if match is None or match.lastgroup is None:
                raise self._unknown_word(at)
            parts = _PATTERNS[match.lastgroup].match(self._phrase, at)
            if parts is None:
                raise self._unknown_word(at)
            _TAKERS[match.lastgroup](self, *parts.groups())
            at = match.end()
        if self._dates:
            self._once(self._days_ahead)  # of which one reading at most is that day
        clock = self._clock()
        if self._dates:
            raise UnreadableTimeError(WHICH_DAY, self._dates)
        return TypedTime(
            self._text, None, clock, self._days_ahead, self._weekday, self._of_month, self._month_day,
            self._day, self._year,
            beside_next=self._beside_next, language=self._language,
        )  # fmt: skip

    def _unknown_word(self, at: int) -> UnreadableTimeError:
        word = self._phrase[at:].split()[0]
        if similar := get_close_matches(word, CORRECTLY_SPELLED, 1, 0.8):
            corrected = re.sub(rf"\b{re.escape(word)}\b", similar[0], self._text, count=1, flags=re.IGNORECASE)
            if corrected != self._text and (readings := _readable(corrected, self._readers, self._in_words)):
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
        if not self._phrase.strip("0123456789:/. apm-"):
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
            year_part = f"/{year}" if year else ""
            others = " ".join(self._text.replace(f"{first}/{second}{year_part}", " ").split()).strip(_SEPARATORS)
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
        self._once(self._weekday)
        self._weekday = WEEKDAYS[name]

    def take_of_month(self, which: str, name: str) -> None:
        """The first Saturday of the month."""
        self._once(self._month_day, self._day, self._days_ahead)
        self.take_weekday(name)
        self._of_month, _ = ORDINALS[which]

    def take_day(self, number: str) -> None:
        """The 15th, of this month or the next one."""
        self._once(self._day, self._month_day, self._of_month or None)
        if not 1 <= int(number) <= 31:
            raise UnreadableTimeError(translatable("There is no such day."))
        self._day = int(number)

    def take_ahead(self, number: str, weeks: str | None) -> None:
        """Today, tomorrow, or so many days or weeks from today."""
        self._once(self._days_ahead, self._of_month or None)
        self._days_ahead = int(number) * (7 if weeks else 1)

    def take_part(self, name: str) -> None:
        """A part of the day, by its number in `_PART_HOURS`."""
        self._once(self._part or None)
        self._part = name

    def take_clock(self, hour: str, sign: str, minute: str, half: str | None) -> None:
        """6:30, with or without am or pm; two digits without them, and most with "h", are of a clock of 24 hours."""
        self._take_time(int(hour), int(minute), half)
        sure = self._is_sure(hour) if "h" in sign else len(hour) == 2 or int(hour) == 0
        self._by_24 = half is None and sure

    def take_hour(self, hour: str, half: str) -> None:
        """6 pm."""
        self._take_time(int(hour), 0, half)

    def take_hour_h(self, hour: str) -> None:
        """19 h."""
        self._take_time(int(hour), 0, None)
        self._by_24 = self._is_sure(hour)

    def take_four_digits(self, hour: str, minute: str, unit: str | None) -> None:
        """1830, by a clock of 24 hours."""
        self._take_time(int(hour), int(minute), None)
        self._by_24 = True
        self._may_be_year = unit is None and EARLIEST_YEAR <= int(hour + minute) <= LATEST_YEAR

    def take_bare(self, hour: str) -> None:
        """7: in the morning or in the evening."""
        self._take_time(int(hour), 0, None)

    def _is_sure(self, hour: str) -> bool:
        """Whether an hour with "h" is of a clock of 24 hours: "18 h", "9 h" and "02 h", but neither "2 h" nor words."""
        if WRITTEN_HERE.fullmatch(self._text.strip()):
            return True
        first = _SURE_IN_WORDS_FROM if self._in_words else _SURE_FROM
        return hour.startswith("0") or int(hour) >= first

    def _take_date(self, month: int, day: int, year: str | None) -> None:
        self._once(self._month_day, self._day)
        self._month_day = (month, day)
        if year is not None:
            self._year = int(year) if len(year) == 4 else 2000 + int(year)
            check_year(self._year)
        if date_or_none(self._year or 2024, month, day) is None:
            raise UnreadableTimeError(translatable("There is no such day."))

    def _take_time(self, hour: int, minute: int, half: str | None) -> None:
        self._once(self._hour)
        self._hour, self._minute, self._half = hour, minute, half or ""
        if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
            raise UnreadableTimeError(translatable("There is no such time of day."))

    def _once(self, *before: object) -> None:
        if any(value is not None for value in before):
            raise UnreadableTimeError(TWO_TIMES)

    def _clock(self) -> time:
        """The time of day, of which there must be one only."""
        if self._hour is None:
            if {self._days_ahead, self._weekday, self._month_day, self._day} == {None}:
                raise self._example()
            example = f"{self._text.strip()} {self._usual_time()}"
            raise UnreadableTimeError(
                translatable("Write the time of day too, such as “%(example)s”.", example=example)
            )
        if self._may_be_year and self._year is None and (self._month_day or self._beside_next is not None):
            raise self._example()  # "12/5 2030"
        hours = self._possible_hours()
        if self._part:
            hours = [hour for hour in hours if hour in _PART_HOURS[self._part]]
        if not hours:
            raise UnreadableTimeError(
                translatable("That time of day does not go with the rest. Write am or pm, please.")
            )
        if len(hours) > 1:
            raise UnreadableTimeError(
                translatable("In the morning or in the evening?"), tuple(self._at_hour(hour) for hour in hours)
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
        clock = rf"(?<![\d/:])0?{self._hour}(?::\d\d| ?h(?:eures?)? ?\d\d)?{HOUR_UNIT}?(?![\w/:])"
        places = [match.span() for match in re.finditer(clock, self._text, re.IGNORECASE)]
        readings = [
            f"{self._text[:begins]}{self._hour_in_words(hour)}{self._text[end:]}".strip()
            for begins, end in reversed(places or [(len(self._text), len(self._text))])
        ]
        # The number may be a day's as well: "7 on Dec 7".
        return next((one for one in readings if _readable(one, self._readers)), readings[0])

    def _hour_in_words(self, hour: int) -> str:
        """An hour of 24, with the minutes, so that it is read as no other one: "7:30 pm", "02 h", "14 h 30"."""
        minutes = f"{self._minute:02}" if self._minute else ""
        if self._french:
            number = str(hour) if hour >= _SURE_FROM else f"{hour:02}"
            return f"{number} h {minutes}".strip()
        clock = f"{self._hour}:{minutes}" if minutes else str(self._hour)
        return f"{clock} {'am' if hour < 12 else 'pm'}"


_TAKERS: dict[str, Callable[..., None]] = {name: getattr(_Reader, f"take_{name}") for name, _ in PARTS}
