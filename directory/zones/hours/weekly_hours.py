"""Hours as a plain week, for people and search engines: seven days, what holds on holidays, what holds beside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from directory.zones.hours.expression import NotOsmError, Openness, Rule, rules_of

_SPAN = re.compile(r"(\d\d?:\d\d|sunrise|sunset|dawn|dusk)-(\d\d?:\d\d|sunrise|sunset|dawn|dusk)")
Ends = tuple[str, str]
"""A span's ends: "08:00" (also "24:00", or "29:00" for the next day) or a word of the sun such as "sunset"."""


@dataclass(frozen=True, slots=True)
class RegularDay:
    """A day of the week: its spans, empty when closed; `note`: what it depends on, in the words of the hours."""

    spans: tuple[Ends, ...] = ()
    note: str = ""

    @property
    def all_day(self) -> bool:
        """Open from midnight to midnight."""
        return self.spans == (("00:00", "24:00"),)

    @property
    def sunny(self) -> bool:
        """Whether the sun decides."""
        return any(end.isalpha() for span in self.spans for end in span)


@dataclass(frozen=True, slots=True)
class RegularWeek:
    """Seven days, Monday first; holidays where the hours speak of them; `beside`: what all other times depend on."""

    days: tuple[RegularDay, ...]
    holidays: RegularDay | None = None
    which_holidays: str = ""
    """The comment of the rule about holidays: empty for those of the state or province, or "federal holidays"."""
    beside: str = ""


@lru_cache(maxsize=4096)
def plain_week(osm: str) -> RegularWeek | None:
    """The week of these hours; None where it says too little: months, dates, repeating times, breaks."""
    try:
        return week_of(rules_of(osm))
    except NotOsmError:
        return None


def week_of(rules: Sequence[Rule]) -> RegularWeek | None:
    """The week of these rules; None likewise."""
    days = [RegularDay()] * 7
    holidays, which, beside = None, "", ""
    for rule in rules:
        day = _day(rule)
        if day is None or rule.weekdays is None:
            return None
        if rule.joined == "||":
            if rule.selector or rule.times or rule.state is not Openness.UNKNOWN:
                return None
            beside = rule.comment
            continue
        if rule.holidays:
            holidays, which = day, rule.comment if rule.state is Openness.CLOSED else ""
        for number in rule.weekdays:
            added = rule.joined == "," and rule.state is Openness.OPEN
            days[number] = RegularDay(days[number].spans + day.spans) if added else day
    return RegularWeek(tuple(days), holidays, which, beside)


def _day(rule: Rule) -> RegularDay | None:
    if rule.state is Openness.CLOSED:
        return None if rule.times else RegularDay()
    if rule.state is Openness.UNKNOWN:
        return RegularDay((), rule.comment or "unknown") if not rule.times or rule.times == "24/7" else None
    if rule.times in ("", "24/7"):
        return RegularDay((("00:00", "24:00"),))
    matches = [_SPAN.fullmatch(text.strip()) for text in rule.times.split(",")]
    if not all(matches):
        return None
    return RegularDay(tuple((match[1], match[2]) for match in matches if match))
