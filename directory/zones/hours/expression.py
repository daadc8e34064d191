"""OSM opening hours taken apart: rules with their days, times, modifier and comment.

The library reads selectors of dates and the sun; how rules go together is ours. By the specification a comment without
`open`, `closed` or `unknown` makes a rule unknown, and here a day's rules decide about what begins on that day, so that
no rule cuts the night of the day before.
Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub forgets one

from directory.errors import BadInputError
from directory.zones.hours.am_pm import DAY, Span
from directory.zones.hours.lexicon import WEEKDAYS, weekday_numbers

_SUN_WORDS = re.compile(r"sunrise|sunset|dawn|dusk")
_QUOTED = re.compile(r'"[^"]*"')
_SEPARATOR = re.compile(r"\s*;\s*|\s*\|\|\s*|\s*,\s+(?=\S)")
_TIMES = re.compile(r"24/7|\(?(?:sunrise|sunset|dawn|dusk)|(?<![\d.])\d{1,2}:\d\d")
_MODIFIER = re.compile(r"\s*\b(open|closed|off|unknown)\s*$")
_CLOCK_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_ONE_DATE = re.compile(r"(?:\d{4} )?[A-Z][a-z]{2} \d\d?")
_DAY_LIST = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|[,-])*")

Position = tuple[float, float] | None


class NotOsmError(BadInputError, ValueError):
    """The library does not read this as OSM opening hours."""


class Openness(StrEnum):
    """Whether a zone is open; unknown is not closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One rule. `joined` is ";", "," or "||"; `times` are empty for whole days."""

    joined: str
    selector: str
    times: str
    state: Openness
    comment: str

    @property
    def holidays(self) -> bool:
        """Whether it speaks of public holidays."""
        return "PH" in self.selector

    @property
    def one_date(self) -> bool:
        """Whether it speaks of single dates, so that it was written with these days in mind, holidays or not."""
        return all(_ONE_DATE.fullmatch(part) for part in self.selector.split(","))

    @cached_property
    def weekdays(self) -> frozenset[int] | None:
        """The days of the week on which it applies, Monday 0; None where months, weeks or dates decide as well."""
        if not _DAY_LIST.fullmatch(self.selector):
            return None
        if not self.selector:
            return frozenset(range(7))
        return weekday_numbers(group for group in self.selector.split(",") if group.startswith(WEEKDAYS))

    @cached_property
    def clock_spans(self) -> tuple[Span, ...] | None:
        """The times in minutes; None where the sun decides, or where they repeat or have no end."""
        if self.times in ("", "24/7"):
            return ((0, DAY),)
        spans = []
        for text in self.times.split(","):
            match = _CLOCK_SPAN.fullmatch(text.strip())
            if not match:
                return None
            start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
            spans.append((start, end if end > start else end + DAY))
        return tuple(spans)

    @property
    def sunny(self) -> bool:
        """Whether the sun decides."""
        return bool(_SUN_WORDS.search(self.times))

    def applies(self, day: date, holiday: bool) -> bool:
        """Whether the rule speaks of this day; `holiday`: the day is one of the holidays that PH means here."""
        if self.weekdays is not None:
            return day.weekday() in self.weekdays or (self.holidays and holiday)
        dates = _without_weekdays(self.selector)
        if self.holidays and holiday and _library(dates).is_open(_noon(day)):
            return True
        selector = re.sub(r",?\bPH\b,?", "", self.selector).strip()
        # "Dec PH" names no other days than the holidays of December.
        return not (self.holidays and selector == dates) and _library(selector).is_open(_noon(day))

    def spans(self, day: date, zone: str, position: Position) -> tuple[Span, ...]:
        """The spans that begin on `day`, in minutes of its wall clock."""
        if self.clock_spans is not None:
            return self.clock_spans
        start = datetime.combine(day, time(0), ZoneInfo(zone))
        hours = _library(f"{day:%Y %b} {day.day} {self.times}", zone if position else "", position)
        spans = []
        for begins, ends, state, *_ in hours.intervals(start, start + timedelta(days=2)):
            if state is State.OPEN and ends is not None:
                spans.append((_minutes(begins, day), _minutes(ends, day)))
        return tuple(spans)


def _minutes(at: datetime, day: date) -> int:
    wall = at.replace(tzinfo=None)
    return int((wall - datetime.combine(day, time(0))).total_seconds()) // 60


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))


def _without_weekdays(selector: str) -> str:
    """What is left of a selector without its list of weekdays and holidays: months, weeks, years, or all days."""
    return re.sub(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\b(?:\[[^\]]*\])?[,-]?", "", selector).strip() or "24/7"


@lru_cache(maxsize=4096)
def _library(osm: str, zone: str = "", position: Position = None) -> OpeningHours:
    # A year's horizon bounds the work of a wild expression.
    return OpeningHours(
        osm, timezone=ZoneInfo(zone) if zone else None, coords=position, auto_country=False,
        auto_timezone=position is not None,
        max_interval_days=400,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def rules_of(osm: str) -> tuple[Rule, ...]:
    """The rules of an expression. Raises NotOsmError."""
    try:
        parsed = OpeningHours(osm, auto_country=False, auto_timezone=False)
    except (ParserError, ValueError) as error:
        raise NotOsmError(osm) from error
    if parsed.warnings or re.search(r"\bPH [+-]", osm):
        raise NotOsmError(osm)
    comments = [quoted[1:-1] for quoted in _QUOTED.findall(osm)]
    return tuple(_rule(joined.strip() or ";", text, comments) for joined, text in _parts(osm))


def without_spaced_lists(osm: str) -> str:
    """The expression with its lists as the syntax has them: "Dec 25, Jan 01 off" as "Dec 25,Jan 01 off"."""
    comments = iter(_QUOTED.findall(osm))
    bare = "".join(joined + text for joined, text in _parts(osm))
    return re.sub("\x00", lambda _: next(comments), bare)


def _parts(osm: str) -> list[tuple[str, str]]:
    """The rules' texts, each behind what joins it to those before it; comments are a zero byte.

    By the book ", " begins another rule, so that "Dec 25, Jan 01 off" opens all day on December 25; behind days or
    dates of which nothing is said yet it can only be meant as a list.
    """
    bare = _QUOTED.sub("\x00", osm)
    parts: list[tuple[str, str]] = []
    joined, text, at = "", "", 0
    for match in _SEPARATOR.finditer(bare):
        text += bare[at : match.start()]
        at = match.end()
        if match[0].strip() == "," and not _says_something(text):
            text += ","
        else:
            parts.append((joined, text))
            joined, text = match[0], ""
    return [*parts, (joined, text + bare[at:])]


def _says_something(text: str) -> bool:
    return "\x00" in text or bool(_TIMES.search(text) or _MODIFIER.search(text))


def _rule(joined: str, text: str, comments: list[str]) -> Rule:
    comment = comments.pop(0) if "\x00" in text else ""
    text = text.replace("\x00", "").strip()
    modifier = _MODIFIER.search(text)
    word = modifier[1].replace("off", "closed") if modifier else "unknown" if comment else "open"
    text = text[: modifier.start()].strip() if modifier else text
    times = _TIMES.search(text)
    selector = (text[: times.start()] if times else text).strip().removesuffix(":").strip()
    # "PH Mo-Fr" and "PH,Mo-Fr" are one to the library.
    selector = re.sub(r"\bPH (?=[A-Z])", "PH,", selector)
    return Rule(joined, selector, text[times.start() :] if times else "", Openness(word), comment)
