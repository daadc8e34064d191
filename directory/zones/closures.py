"""Closures of a zone: days on which it is closed, once or again and again; read, written and judged by the day.

A closure is an object with the members `from` and `until` (year, month or day, both included), `repeat` (days in OSM
syntax: `Th`, `Mo[1]`, `Nov Th[4]`, `Dec 25`, `Dec 24-Jan 02`) and `note`; what is empty is left out. Without `repeat`
the zone is closed from the first to the last day, and until further notice where there is no last day. With `repeat` it
is closed on those days, and `from` and `until` bound the series. All days are days of the zone's own time zone.

As text a closure is one line: `2026-12-04: paving`, `2026-12-24/2027-01-02: holidays`, `2026-12-04/: rebuilt`,
`Th: training`, `Dec 25 2026-01-01/2028-12-31`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from directory.text import translatable
from directory.zones.findings import FieldError
from directory.zones.hours.lexicon import WEEKDAYS, weekday_numbers
from directory.zones.schemas import Status, ZoneFacts

Closure = dict[str, str]
"""A closure as the store and the files have it."""

MEMBERS = ("from", "until", "repeat", "note")
MOST_CLOSURES = 30
LONGEST_NOTE = 200
LONGEST_LINE = 300
"""A note and its days; longer lines are refused unread, for strangers send text too."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MONTH = "|".join(MONTHS)
_WEEKDAY = "|".join(WEEKDAYS)
_YEARLY = re.compile(rf"({_MONTH}) (\d{{1,2}})(?:-({_MONTH}) (\d{{1,2}}))?")
_NTH = re.compile(rf"(?:({_MONTH}) )?({_WEEKDAY})\[(-1|[1-5])\]")
_WEEKLY = re.compile(rf"(?:{_WEEKDAY})(?:[,-](?:{_WEEKDAY}))*")
_PARTIAL = r"\d{4}(?:-\d\d){0,2}"
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00")
"""A spreadsheet's date as text."""
_SPAN = re.compile(rf"({_PARTIAL})?/({_PARTIAL})?")
_LONG_NAMES = {
    **{name: short for short, name in zip(WEEKDAYS, (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True)},
    **{name: short for short, name in zip(MONTHS, (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december"), strict=True)},
}  # fmt: skip
_NAMES = "|".join([*WEEKDAYS, *MONTHS, *(f"{name}s?" for name in _LONG_NAMES)])
_BETWEEN = re.compile(rf"\n|;\s*(?=\d{{1,4}}[-/]|\d{{4}}\b|/\d|every\b|(?:{_NAMES})\b)", re.IGNORECASE)
"""Between two closures: a note may hold a semicolon that nothing like a day follows."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The days that a repeated closure names.

    Exactly one kind: `weekdays` (0 is Monday), the `nth` (1 to 5, or -1 for the last) weekday of a month or of every
    `month` (0), or every year from `first` to `last` as (month, day), which may run over New Year.
    """

    weekdays: frozenset[int] = frozenset()
    nth: int = 0
    month: int = 0
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        if self.nth:
            last_of_kind = (day + timedelta(days=7)).month != day.month
            counted = last_of_kind if self.nth == -1 else (day.day - 1) // 7 + 1 == self.nth
            return day.weekday() in self.weekdays and counted and self.month in (0, day.month)
        if self.weekdays:
            return day.weekday() in self.weekdays
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@lru_cache(maxsize=1024)
def parse_repeat(text: str) -> Repeat:
    """Read repeated days in OSM syntax. Raises FieldError."""
    if match := _NTH.fullmatch(text):
        month = MONTHS.index(match[1]) + 1 if match[1] else 0
        return Repeat(frozenset({WEEKDAYS.index(match[2])}), nth=int(match[3]), month=month)
    if match := _YEARLY.fullmatch(text):
        first = _month_day(match[1], match[2])
        return Repeat(first=first, last=_month_day(match[3], match[4]) if match[3] else first)
    parts = text.split(",")
    if _WEEKLY.fullmatch(text) and all(part.count("-") < 2 for part in parts):
        return Repeat(weekday_numbers(parts))
    raise _unread()


def _month_day(month: str, day: str) -> tuple[int, int]:
    number = MONTHS.index(month) + 1
    if not 1 <= int(day) <= monthrange(2024, number)[1]:  # a leap year
        raise _unread()
    return number, int(day)


def _unread() -> FieldError:
    return FieldError(
        translatable("is no closure that we can read"),
        translatable(
            "Write one a line, such as “2026-12-04: paving”, “2026-12-24/2027-01-02”, “Th: training” or “Dec 25”."
        ),
    )


def read_closures(text: str, read_date: Callable[[str], str]) -> list[Closure]:
    """Closures from their text form, one a line or separated by semicolons; each once, in the given order.

    `read_date` gives a date, month or year in ISO form. Raises FieldError.
    """
    lines = dict.fromkeys(line.strip() for line in _BETWEEN.split(text.strip()) if line.strip())
    if len(lines) > MOST_CLOSURES:
        raise too_many()
    closures: list[Closure] = []
    for line in lines:
        if (closure := read_closure(line, read_date)) not in closures:
            closures.append(closure)
    return closures


def too_many() -> FieldError:
    """A zone would have more closures than anybody reads."""
    return FieldError(
        translatable("has more than %(most)s closures", most=MOST_CLOSURES),
        translatable("Leave out what is over, or repeats."),
    )


def read_closure(line: str, read_date: Callable[[str], str]) -> Closure:
    """One closure from its line of at most `LONGEST_LINE` characters. Raises FieldError."""
    if len(line) > LONGEST_LINE:
        raise FieldError(
            translatable("has a line of more than %(most)s characters", most=LONGEST_LINE),
            translatable("Shorten it to %(limit)s characters.", limit=LONGEST_LINE),
        )
    days, _, note = _MIDNIGHT.sub(r"\1", line).partition(":")
    repeat, dates = _split_repeat(_plain_days(days))
    begins, ends = _read_dates(dates, read_date)
    return closure(begins, ends, repeat, note)


def closure(begins: str = "", ends: str = "", repeat: str = "", note: str = "") -> Closure:
    """A closure of these parts, checked. Raises FieldError."""
    if repeat:
        parse_repeat(repeat)
    elif not begins and not ends:
        raise _unread()
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        raise FieldError(translatable("ends before it begins"), translatable("Exchange the two dates or correct one."))
    note = " ".join(note.replace(";", ",").split())
    if len(note) > LONGEST_NOTE:
        raise FieldError(
            translatable("has a note of more than %(most)s characters", most=LONGEST_NOTE),
            translatable("Shorten it to %(limit)s characters.", limit=LONGEST_NOTE),
        )
    values = zip(MEMBERS, (begins, ends, repeat, note), strict=True)
    return {name: value for name, value in values if value}


def _plain_days(text: str) -> str:
    """ "every Thursday" as "Th", "December 25" as "Dec 25"; a date with its year stays as it is."""
    days = re.sub(r"^(closed )?(on )?((every|each) )?(year on )?", "", " ".join(text.split()), flags=re.IGNORECASE)
    if re.search(r"[a-z] \d{1,2}, ?\d{4}", days, re.IGNORECASE):
        return days
    return re.sub(r"[A-Za-z]{3,}", lambda match: _LONG_NAMES.get(match[0].lower().removesuffix("s"), match[0]), days)


def _split_repeat(days: str) -> tuple[str, str]:
    """The repeated days, which come first, and the dates behind them."""
    for pattern in (_NTH, _YEARLY, _WEEKLY):
        match = pattern.match(days)
        if match and (match.end() == len(days) or days[match.end()] == " "):
            return match[0], days[match.end() :].strip()
    return "", days.strip()


def _read_dates(text: str, read_date: Callable[[str], str]) -> tuple[str, str]:
    """First and last day; one date alone is both."""
    if not text:
        return "", ""
    if match := _SPAN.fullmatch(text):
        first, last = match[1] or "", match[2] or ""
    else:
        parts = re.split(r"\s+(?:to|until|through|-|–)\s+", text, maxsplit=1)
        first, last = parts[0], parts[-1]
    return read_date(first) if first else "", read_date(last) if last else ""


def to_text(one: Mapping[str, Any]) -> str:
    """The inverse of `read_closure`; of a file's object too, whose values may be anything."""
    begins, ends, repeat, note = (" ".join(str(one.get(name) or "").replace(";", ",").split()) for name in MEMBERS)
    span = begins if begins == ends else f"{begins}/{ends}"
    days = " ".join(part for part in (repeat, span) if part)
    return f"{days}: {note}" if note else days


def closures_text(closures: Iterable[Mapping[str, Any]]) -> str:
    """Closures as an answer of a form holds them: one a line."""
    return "\n".join(map(to_text, closures))


def covers(one: Mapping[str, str], day: date) -> bool:
    """Whether the zone is closed on `day` by this closure."""
    today, begins, ends = day.isoformat(), one.get("from", ""), one.get("until", "")
    if (begins and today[: len(begins)] < begins) or (ends and today[: len(ends)] > ends):
        return False
    return parse_repeat(one["repeat"]).covers(day) if "repeat" in one else True


def all_closures(zone: ZoneFacts) -> list[Closure]:
    """The closures of a zone; one that its status says, as files of earlier releases do, comes first."""
    if zone.status is not Status.TEMPORARILY_CLOSED:
        return zone.closures
    members = {"from": zone.status_from, "until": zone.status_until, "note": zone.status_note}
    return [{name: text for name, text in members.items() if text}, *zone.closures]


def is_closed(closures: Sequence[Mapping[str, str]], day: date) -> bool:
    """Whether the zone is closed on `day` by any of these."""
    return any(covers(one, day) for one in closures)


def end_of(closures: Sequence[Mapping[str, str]], day: date) -> date:
    """The last day of the longest closure that covers `day` and does not repeat; `day` where none says its last day."""
    ends = [one["until"] for one in closures if "repeat" not in one and "until" in one and covers(one, day)]
    return max((date.fromisoformat(end) for end in ends if len(end) == 10), default=day)


def is_over(one: Mapping[str, str], day: date) -> bool:
    """Whether `day` is later than all the closure's days."""
    ends = one.get("until", "")
    return bool(ends) and day.isoformat()[: len(ends)] > ends


def closed_on(closures: Sequence[Mapping[str, str]], day: date) -> Mapping[str, str] | None:
    """The closure by which the zone is closed on `day`, one that ends before one that does not."""
    covering = [one for one in closures if covers(one, day)]
    return min(covering, key=lambda one: ("repeat" not in one, one.get("until") or "9"), default=None)


def runs_of(one: Mapping[str, str], first: date, days: int) -> list[tuple[date, date]]:
    """The closed days among so many from `first` on, each run of them as its first and last day."""
    runs: list[tuple[date, date]] = []
    for day in (first + timedelta(days=number) for number in range(days)):
        if not covers(one, day):
            continue
        if runs and runs[-1][1] == day - timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
