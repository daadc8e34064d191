"""How dates, months and years are read: ISO and US forms, and months by their names in three languages.

Which of two numbers is the day where both could be is decided before (`day_order.py`).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from directory.clock import today
from directory.text import plain, translatable, without_accents
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed, Reader

MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero janv janvier", "feb february febrero fev fevr fevrier", "mar march marzo mars",
            "apr april abr abril avr avril", "may mayo mai", "jun june junio juin", "jul july julio juil juill juillet",
            "aug august ago agosto aout", "sep sept september septiembre setiembre septembre",
            "oct october octubre octobre", "nov november noviembre novembre", "dec december dic diciembre decembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""The months by their names and short forms in English, Spanish and French, as `text.plain` has them."""
_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_CLOCK = re.compile(r"(?:,? +|T)\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?$", re.I)
"""The time of day behind a date, as spreadsheet programs and forms write it."""
_WEEKDAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b[.,]*\s+",
    re.I,
)
_ISO = re.compile(rf"(?P<year>\d{{4}})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?){_TIME})?)?")
_NUMBERS = re.compile(r"(?P<month>\d\d?)(?P<sign>[/.-])(?P<day>\d\d?)(?P=sign)(?P<year>\d{4}|(?<=/)\d\d)")
_US_MONTH = re.compile(r"(?P<month>\d\d?)/(?P<year>\d{4})")
_NAMED = re.compile(
    r"(?:(?P<day>\d\d?)(?:st|nd|rd|th|er)? (?:de )?)?(?P<name>[a-z]+) (?:(?P<day_after>\d\d?)(?:st|nd|rd|th)? )?"
    r"(?:de |del )?(?P<year>\d{4})"
)
_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<sign>[/.]?)(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)")
_SHORT_YEAR = re.compile(r"(?P<day>\d\d?)-(?P<name>[a-z]{3,5})\.?-(?P<year>\d\d)", re.I)
"""How spreadsheet programs write a day at first: 13-Oct-16."""
_MILLISECONDS = re.compile(r"1\d{12}(?:\.0)?")
"""How map programs count them since 1970, here from 2001."""
_SERIAL = re.compile(r"(?:3[7-9]|4\d|5[0-4])\d{3}(?:\.\d+)?")
_DAY_NOUGHT = date(1899, 12, 30)
"""How spreadsheets count days: what they write where a column of dates lost its form, from 2001 to 2050."""
_DAY_NOUGHT_IN_WORDS = "1900-01-00"
"""How they write an empty cell that has the form of a date."""
_LONGEST = 40
"""Characters."""


def partial_date(value: str) -> Parsed:
    """A date, month or year from 1900 to 2200: 2017-03-03, 2017-03, 3/25/2017 or 25/3/2017, "March 3, 2017".

    What time of the day it was is left out.
    """
    return _date(value, day_alone(value))


def date_without_time(value: str) -> Parsed:
    """Likewise of what counts the whole day: a time behind it would say more, and is refused."""
    return _date(value, value)


def day_alone(value: str) -> str:
    """A date as it is written, without the day of the week before it and the time behind it."""
    if len(value) > _LONGEST:
        return value
    weekday = _WEEKDAY.match(without_accents(value))
    return _CLOCK.sub("", value[weekday.end() :] if weekday else value)


def _date(value: str, day_text: str) -> Parsed:
    for year, month, day in _readings(day_text) if len(day_text) <= _LONGEST else ():
        with suppress(ValueError):
            date(year, month or 1, day or 1)
            text = "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
            return Parsed(_in_our_time(text), "" if text == value else text)
    raise FieldError(translatable("not a date"), translatable("Use a form such as 2017-03-03, 2017-03 or 2017."))


def _readings(value: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day as numbers, 0 where one is not said; not yet whether there is such a day."""
    if value.startswith(_DAY_NOUGHT_IN_WORDS):
        return
    if match := _ISO.fullmatch(value):
        yield int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    elif _SERIAL.fullmatch(value):
        counted = _DAY_NOUGHT + timedelta(days=int(float(value)))
        yield counted.year, counted.month, counted.day
    elif _MILLISECONDS.fullmatch(value):
        since_1970 = datetime.fromtimestamp(int(float(value)) // 1000, UTC)
        yield since_1970.year, since_1970.month, since_1970.day
    elif (match := _YEAR_FIRST.fullmatch(value)) and (match["sign"] or len(value) == len("20170303")):
        yield int(match["year"]), int(match["month"]), int(match["day"])
    elif match := _SHORT_YEAR.fullmatch(value):
        if month_number := MONTH_NUMBERS.get(plain(match["name"])):
            yield full_year(match["year"]), month_number, int(match["day"])
    elif match := _NUMBERS.fullmatch(value):
        year, month, day = full_year(match["year"]), int(match["month"]), int(match["day"])
        if month and day:  # 00/00/0000 is an empty field
            yield year, month, day
            if len(match["year"]) == 4:  # "25/12/2023": no month has this number
                yield year, day, month
    elif match := _US_MONTH.fullmatch(value):
        yield int(match["year"]), int(match["month"]), 0
    elif "?" not in value and (match := _NAMED.fullmatch(plain(value))):
        month_number, days = MONTH_NUMBERS.get(match["name"]), [match["day"], match["day_after"]]
        if month_number and not all(days):
            yield int(match["year"]), month_number, int(days[0] or days[1] or 0)


def full_year(digits: str) -> int:
    """A year of four digits, or of two, which are those of 1969 to 2068."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


def _in_our_time(text: str) -> str:
    """The date, unless its year stands for "never" or "for ever": those are what an empty field says."""
    if 1900 <= int(text[:4]) <= 2200:
        return text
    raise FieldError(
        translatable("not a date of our time"),
        translatable("Use a year between 1900 and 2200; leave it empty where there is no such day."),
    )


def past_date(value: str) -> Parsed:
    """A whole date that has come already."""
    read = partial_date(value)
    if len(read.value) != 10:
        raise FieldError(
            translatable("not a whole date"), translatable("Give year, month and day, such as 2017-03-03.")
        )
    if _is_to_come(read.value):
        raise FieldError(translatable("lies in the future"), translatable("Give the day on which it was confirmed."))
    return read


def published_date(value: str) -> Parsed:
    """The date, month or year of what somebody has read: the newest source counts most, so none is of the future."""
    read = partial_date(value)
    if _is_to_come(read.value):
        raise FieldError(translatable("lies in the future"), translatable("Give the day on which it was published."))
    return read


def of_one_reading(reader: Reader) -> Reader:
    """The reader for dates whose file says nothing of their order: 1/5/2024 may be January 5 or May 1."""

    def read(value: str) -> Parsed:
        match = _NUMBERS.fullmatch(day_alone(value))
        if match and match["month"] != match["day"] and max(int(match["month"]), int(match["day"])) <= 12:
            raise FieldError(
                translatable("may say the day or the month first"),
                translatable("Give year, month and day, such as 2017-03-03."),
            )
        return reader(value)

    return read


def _is_to_come(partial: str) -> bool:
    """Whether a partial date is later than today; with a day's grace, for it may be tomorrow where a file was made."""
    return partial > (today() + timedelta(days=1)).isoformat()[: len(partial)]
