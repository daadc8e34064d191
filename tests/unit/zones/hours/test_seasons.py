"""Hours of seasons: dates are those of an independent library, and what is said of a day is what is judged of it."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.zones.hours import Schedule
from directory.zones.hours.seasons import Dates, Season, seasons_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = [date(2025, 12, 1) + timedelta(days=number) for number in range(800)]

of_year = st.builds(lambda month, day: f"{month} {day:02}", st.sampled_from(MONTHS), st.integers(1, 28))
one_date = st.one_of(
    st.sampled_from(MONTHS),
    st.builds("{}-{}".format, st.sampled_from(MONTHS), st.sampled_from(MONTHS)),
    of_year,
    st.builds("{}-{}".format, of_year, of_year),
)
some_dates = st.one_of(
    st.lists(one_date, min_size=1, max_size=3).map(",".join),
    st.builds("{} {}".format, st.sampled_from(["2026", "2027"]), one_date),
)


def hold(dates: Dates, day: date) -> bool:
    """Whether the dates name this day; past December they go on in January."""
    at = (day.month, day.day)
    if dates.first <= dates.last:
        return dates.first <= at <= dates.last and dates.year in (0, day.year)
    if at >= dates.first:
        return dates.year in (0, day.year)
    return at <= dates.last and dates.year in (0, day.year - 1)


def speaks_of(season: Season, day: date) -> bool:
    """Whether the hours of a season are meant for this day."""
    return day.weekday() in season.days and (not season.dates or any(hold(dates, day) for dates in season.dates))


@given(some_dates)
def test_the_dates_of_a_season_are_those_of_the_specification(dates: str) -> None:
    seasons = seasons_of(f"{dates} 10:00-14:00")
    oracle = OpeningHours(f"{dates} 10:00-14:00", auto_country=False, auto_timezone=False)
    if seasons is None:
        assert re.match(r"20\d\d [A-Z][a-z]{2}-", dates), "months of one year over New Year's"
        return
    for day in DAYS[:: len(DAYS) // 200]:
        assert speaks_of(seasons[0], day) == oracle.is_open(datetime.combine(day, time(12))), day


week = st.sampled_from(["", "Mo-Fr ", "Sa,Su ", "Mo ", "Fr-Mo "])
hours = st.sampled_from(["08:00-12:00", "10:00-14:00,15:00-19:00", "off", "00:00-24:00"])
rule = st.builds("{}{}{}".format, some_dates.map(lambda text: f"{text} "), week, hours)


@given(st.builds("{}{}".format, week, hours), st.lists(rule, max_size=3))
def test_what_is_said_of_a_day_is_what_is_judged(always: str, others: list[str]) -> None:
    osm = "; ".join([always, *others])
    seasons, schedule = seasons_of(osm), Schedule(osm, "UTC", "")
    if seasons is not None:
        for day in DAYS[:: len(DAYS) // 100]:
            assert said(seasons, day) == [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in schedule.days(day, 1)[0].spans], day


def said(seasons: tuple[Season, ...], day: date) -> list[tuple[str, str]]:
    speaking = [season.week.days[day.weekday()] for season in seasons if speaks_of(season, day)]
    return [(start, end.replace("24:00", "00:00")) for start, end in (speaking[-1].spans if speaking else ())]


@pytest.mark.parametrize(
    "osm",
    [
        "week 10-20 Mo 08:00-12:00",
        "Jun-Aug Mo[1] 08:00-12:00",
        "easter 08:00-12:00",
        "Jun-Aug PH 08:00-12:00",
        "Mo-Fr 08:00-12:00, Jun-Aug Mo-Fr 13:00-17:00",
        "Jun-Aug 08:00-20:00; Mo-Fr 08:00-12:00",
        "2027 Nov-Feb 08:00-12:00",
        "not hours",
    ],
)
def test_what_is_more_than_seasons_is_left_as_it_stands(osm: str) -> None:
    assert seasons_of(osm) is None


def test_seasons_of_hours_without_dates_are_one() -> None:
    seasons = seasons_of('Mo-Fr 08:00-17:00; PH off || "by appointment"')
    assert seasons is not None and [season.dates for season in seasons] == [()]


def test_whole_months_are_told_from_days() -> None:
    seasons = seasons_of("Mo-Fr 09:00-17:00; Jun-Aug 09:00-20:00; 2027 Dec 24-Jan 02 off")
    assert seasons is not None and [season.dates for season in seasons] == [
        (),
        (Dates((6, 1), (8, 31), months=True),),
        (Dates((12, 24), (1, 2), year=2027),),
    ]
