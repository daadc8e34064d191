"""Hours that change by season or date, taken apart for people: "Mo-Fr 09:00-17:00; Jun-Aug 09:00-20:00; Dec 25 off"."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from directory.zones.hours.expression import NotOsmError, Rule, rules_of
from directory.zones.hours.weekly_hours import RegularWeek, week_of

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if number}
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_OF_MONTHS = re.compile(rf"(?:(?P<year>\d{{4}}) )?(?P<month>{_MONTH})(?:-(?P<last_month>{_MONTH}))?")
_OF_DAYS = re.compile(
    rf"(?:(?P<year>\d{{4}}) )?(?P<month>{_MONTH}) (?P<day>\d\d?)(?:-(?:(?P<last_month>{_MONTH}) )?(?P<last_day>\d\d?))?"
)
_SELECTOR = re.compile(rf"(?P<dates>(?:(?:\d{{4}} )?{_MONTH}[\d ,:-]*)*)(?P<days>.*)")

DayOfYear = tuple[int, int]
"""Month and day of the month."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Days from one to another, both included, of every year or of one; past December they go on in January.

    `months`: whole months are meant, from the first day of one to the last of another.
    """

    first: DayOfYear
    last: DayOfYear
    months: bool = False
    year: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """What holds on some dates, or on all where `dates` is empty; `days` are those of the week that it speaks of."""

    dates: tuple[Dates, ...]
    week: RegularWeek
    days: frozenset[int]


@lru_cache(maxsize=4096)
def seasons_of(osm: str) -> tuple[Season, ...] | None:
    """The seasons of these hours in order: of those that speak of a day, the last one counts.

    None where that would not be all they say: weeks of a year, the third Tuesday, hours added to others of a day.
    """
    try:
        rules = rules_of(osm)
    except NotOsmError:
        return None
    seasons: list[Season] = []
    for dates, group in groupby(rules, key=_dates_of):
        season = None if dates is None else _season(dates, [_without_dates(rule) for rule in group])
        if season is None or not _may_follow(season, seasons, rules):
            return None
        seasons.append(season)
    return tuple(seasons)


def _season(dates: tuple[Dates, ...], rules: Sequence[Rule]) -> Season | None:
    week = week_of(rules)
    if week is None or (dates and (week.holidays or week.beside)):
        return None
    return Season(dates, week, frozenset().union(*(rule.weekdays or () for rule in rules)))


def _may_follow(season: Season, before: Sequence[Season], rules: Sequence[Rule]) -> bool:
    """Whether a season can be said behind others without changing what either says."""
    if not before:
        return True
    if not season.dates:  # hours of all the year would take back those of the seasons
        return not season.days or bool(season.week.beside)
    covered_days = frozenset().union(*(one.days for one in before))
    return not (season.days & covered_days and any(rule.joined == "," for rule in rules))


def _without_dates(rule: Rule) -> Rule:
    match = _SELECTOR.fullmatch(rule.selector)
    return replace(rule, selector=match["days"]) if match else rule


def _dates_of(rule: Rule) -> tuple[Dates, ...] | None:
    """The dates of a rule; None where they are of another kind."""
    match = _SELECTOR.fullmatch(rule.selector)
    texts = match["dates"].strip(" :").split(",") if match and match["dates"] else []
    parsed_dates = [_dates(text.strip()) for text in texts]
    dates = tuple(one for one in parsed_dates if one)
    # A year goes on to the dates behind it.
    if len(dates) < len(parsed_dates) or (len(dates) > 1 and any(one.year for one in dates)):
        return None
    return dates


def _dates(text: str) -> Dates | None:
    if match := _OF_MONTHS.fullmatch(text):
        month = _MONTHS[match["month"]]
        dates = Dates((month, 1), (_MONTHS.get(match["last_month"], month), 31), True, int(match["year"] or 0))
        # "2027 Nov-Feb" would be the first and the last months of 2027, which nobody means.
        return None if dates.year and dates.first > dates.last else dates
    if match := _OF_DAYS.fullmatch(text):
        month = _MONTHS[match["month"]]
        last = _MONTHS.get(match["last_month"], month), int(match["last_day"] or match["day"])
        return Dates((month, int(match["day"])), last, False, int(match["year"] or 0))
    return None
