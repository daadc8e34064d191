"""Opening hours: read from the words people use, judged in the zone's own time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.zones.hours import BadHoursError, Openness, OpenState, Schedule, parse_hours, regular_week


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("24/7", "24/7"),
        ("24 hrs", "24/7"),
        ("24 hours a day, 7 days a week", "24/7"),
        ("24 hrs/day, 7 days/wk", "24/7"),
        ("24h / day", "24/7"),
        ("Open 24 hours", "24/7"),
        ("M-F 8-5", "Mo-Fr 08:00-17:00"),
        ("Mon-Fri 9am-5pm", "Mo-Fr 09:00-17:00"),
        ("Monday through Friday, 8:00 a.m. to 4:30 p.m.", "Mo-Fr 08:00-16:30"),
        ("M-Th 8-7, F 8-6", "Mo-Th 08:00-19:00; Fr 08:00-18:00"),
        ("Mon-Fri 8-5; Sat 10-2; closed Sundays", "Mo-Fr 08:00-17:00; Sa 10:00-14:00; Su off"),
        ("Daily 7am-7pm", "Mo-Su 07:00-19:00"),
        ("7 days a week 6am-10pm", "Mo-Su 06:00-22:00"),
        ("weekdays 8-4:30", "Mo-Fr 08:00-16:30"),
        ("Sat & Sun 10-2", "Sa,Su 10:00-14:00"),
        ("9am to midnight daily", "Mo-Su 09:00-24:00"),
        ("Mon - Fri 8 AM - 12 PM, 1 PM - 5 PM", "Mo-Fr 08:00-12:00,13:00-17:00"),
        ("M-F 8-5 except holidays", "Mo-Fr 08:00-17:00; PH off"),
        ("Monday–Friday: 0800-1600", "Mo-Fr 08:00-16:00"),
        ("8-5 M-F", "Mo-Fr 08:00-17:00"),
        ("Mon-Fri 8:30-12, 1-5", "Mo-Fr 08:30-12:00,13:00-17:00"),
        ("Sat 1-4", "Sa 13:00-16:00"),
        ("Sat 1-5pm", "Sa 13:00-17:00"),
        ("Mon-Fri 9-5pm", "Mo-Fr 09:00-17:00"),
        ("Mon-Fri 6-8am", "Mo-Fr 06:00-08:00"),
        ("Mo-Fr 08:00-17:00; PH off", "Mo-Fr 08:00-17:00; PH off"),
        ("Mon-Fri 8-5 Sat 9-12", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ],
)
def test_the_habits_of_american_notices_are_converted(text: str, osm: str) -> None:
    assert parse_hours(text).osm == osm


@pytest.mark.parametrize(
    "text",
    [
        "business hours",
        "Mo-Fr 25:00-26:00",
        "call first",
        "8-5 Blursday",
        "x" * 400,
        "?",
        "unknown",
        "2024",
        "8-5",
    ],
)
def test_what_is_no_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(BadHoursError):
        parse_hours(text)


@given(st.text(max_size=320))
def test_any_text_is_either_read_or_refused(words: str) -> None:
    try:
        osm = parse_hours(words).osm
    except BadHoursError:
        return
    assert parse_hours(osm).osm == osm, "what was read reads the same again"


def test_thanksgiving_is_closed_where_holidays_are_off_and_the_next_change_is_named() -> None:
    hours = Schedule("Mo-Fr 08:00-17:00; PH off", "America/New_York", "CT")
    state = hours.state_at(datetime(2026, 11, 26, 10, 0))
    assert state.openness is Openness.CLOSED
    assert state.changes_at is not None and state.changes_at.isoformat() == "2026-11-27T08:00:00-05:00"


def test_a_holiday_about_which_the_hours_say_nothing_is_unknown_not_open() -> None:
    hours = Schedule("Mo-Fr 08:00-17:00", "America/New_York", "CT")
    state = hours.state_at(datetime(2026, 11, 26, 10, 0))
    assert (state.openness, state.holiday) == (Openness.UNKNOWN, True)
    assert hours.days(date(2026, 11, 26))[0].holiday
    assert Schedule("24/7", "America/New_York", "CT").state_at(datetime(2026, 11, 26)).openness is Openness.OPEN


def test_canada_day_is_a_holiday_in_canada_and_not_in_the_united_states() -> None:
    noon = datetime(2026, 7, 1, 12, 0)
    assert Schedule("Mo-Fr 08:00-17:00; PH off", "America/Toronto", "ON").state_at(noon).openness is Openness.CLOSED
    assert Schedule("Mo-Fr 08:00-17:00; PH off", "America/New_York", "CT").state_at(noon).openness is Openness.OPEN


@pytest.mark.parametrize(
    ("moment", "openness"),
    [
        # Clocks go forward on 8 March 2026: 07:30 UTC is 03:30 in New York, there is no 02:30.
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), Openness.OPEN),
        (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), Openness.CLOSED),
        # Clocks go back on 1 November 2026: 05:30 and 06:30 UTC are both 01:30.
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), Openness.OPEN),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), Openness.OPEN),
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), Openness.CLOSED),
    ],
)
def test_both_clock_changes_are_judged_by_the_wall_clock(moment: datetime, openness: Openness) -> None:
    assert Schedule("Mo-Su 00:00-02:00", "America/New_York", "CT").state_at(moment).openness is openness


def test_the_zones_own_clock_counts_not_the_readers() -> None:
    moment = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)  # 11:30 in New York, 08:30 in Los Angeles
    hours = "Mo-Fr 09:00-12:00"
    assert Schedule(hours, "America/New_York", "CT").state_at(moment).openness is Openness.OPEN
    assert Schedule(hours, "America/Los_Angeles", "CA").state_at(moment).openness is Openness.CLOSED


def test_unstated_hours_are_unknown_not_closed() -> None:
    assert Schedule("", "America/New_York", "CT").state_at(datetime(2026, 6, 1, 12)).openness is Openness.UNKNOWN


def test_sunset_is_that_of_the_place() -> None:
    hours = Schedule("sunrise-sunset", "America/New_York", "CT", 41.14, -73.49)
    change = hours.state_at(datetime(2026, 11, 26, 12, 0)).changes_at
    assert change is not None and change.hour == 16 and 24 <= change.minute <= 30


def test_the_week_begins_on_the_day_asked_for() -> None:
    week = Schedule("Mo-Fr 08:00-17:00; PH off", "America/New_York", "CT").days(date(2026, 11, 23))
    assert [bool(day.spans) for day in week] == [True, True, True, False, True, False, False]
    assert Schedule("24/7", "America/New_York", "CT").days(date(2026, 11, 23))[0].all_day


def test_the_regular_week_knows_no_holidays() -> None:
    assert [len(day.spans) for day in regular_week("Mo-Fr 08:00-17:00; PH off")] == [1, 1, 1, 1, 1, 0, 0]


def at_noon(osm: str, region: str, month: int, day: int) -> OpenState:
    return Schedule(osm, "America/New_York", region).state_at(datetime(2026, month, day, 12))


OFFICE = "Mo-Fr 08:00-17:00; PH off"


@pytest.mark.parametrize(
    ("region", "month", "day"),
    [
        ("QC", 6, 24),  # Saint John the Baptist Day
        ("ON", 2, 16),  # Family Day
        ("TX", 3, 2),  # Texas Independence Day
        ("CT", 2, 12),  # Lincoln's Birthday
        ("CT", 10, 12),  # Columbus Day
    ],
)
def test_the_holidays_of_the_zones_own_state_or_province_close_it(region: str, month: int, day: int) -> None:
    assert at_noon(OFFICE, region, month, day).openness is Openness.CLOSED


def test_another_states_holidays_do_not_close_it() -> None:
    assert at_noon(OFFICE, "ON", 6, 24).openness is Openness.OPEN
    assert at_noon(OFFICE, "QC", 2, 16).openness is Openness.OPEN
    assert at_noon(OFFICE, "CT", 3, 2).openness is Openness.OPEN


def test_a_federal_holiday_that_the_state_does_not_keep_is_unknown_unless_the_text_says_federal() -> None:
    columbus_day = (10, 12)  # no holiday of the state of Texas
    state = at_noon(OFFICE, "TX", *columbus_day)
    assert (state.openness, state.holiday) == (Openness.UNKNOWN, True)
    federal = parse_hours("M-F 8-5, except federal holidays").osm
    assert at_noon(federal, "TX", *columbus_day).openness is Openness.CLOSED
    assert at_noon(federal, "TX", 3, 2).openness is Openness.OPEN, "Texas Independence Day is none of the federal ones"
    assert at_noon(federal, "ON", 11, 11).openness is Openness.CLOSED, "Remembrance Day is one of Canada's"
    both = parse_hours("M-F 8-5, closed state and federal holidays").osm
    assert at_noon(both, "TX", *columbus_day).openness is at_noon(both, "TX", 3, 2).openness is Openness.CLOSED


def test_major_holidays_are_closed_and_minor_ones_unknown() -> None:
    hours = parse_hours("M-F 8-5, closed major holidays").osm
    assert at_noon(hours, "CT", 11, 26).openness is Openness.CLOSED
    assert at_noon(hours, "CT", 10, 12).openness is Openness.UNKNOWN


def test_a_rule_for_one_date_holds_although_that_is_a_holiday() -> None:
    hours = "Mo-Fr 08:00-17:00; Dec 25 10:00-14:00; Nov 26 off"
    assert at_noon(hours, "CT", 12, 25).openness is Openness.OPEN
    assert at_noon(hours, "CT", 11, 26).openness is Openness.CLOSED


def test_only_the_holidays_that_are_named_are_closed() -> None:
    hours = parse_hours("Mon-Fri 8-5 except Thanksgiving and Christmas").osm
    assert at_noon(hours, "CT", 11, 26).openness is at_noon(hours, "ON", 10, 12).openness is Openness.CLOSED
    assert at_noon(hours, "CT", 12, 25).openness is Openness.CLOSED
    assert at_noon(hours, "CT", 10, 12).openness is Openness.OPEN


def test_on_a_holiday_that_nobody_spoke_of_only_the_hours_of_the_day_are_unknown() -> None:
    hours = Schedule("Mo-Fr 08:00-17:00", "America/New_York", "CT")
    assert hours.state_at(datetime(2026, 7, 4, 12)).openness is Openness.CLOSED, "a Saturday anyway"
    evening_before = hours.state_at(datetime(2026, 11, 25, 20))
    assert evening_before.openness is Openness.CLOSED
    assert evening_before.changes_at is not None and evening_before.changes_at.day == 27, "that is when it surely opens"


def test_no_rule_cuts_the_night_of_another() -> None:
    for hours in ("Mo-Th 17:00-01:00; Fr-Su 17:00-03:00", "Mo-Th 17:00-01:00, Fr-Su 17:00-03:00"):
        bar = Schedule(hours, "America/New_York", "")
        thursday_night = bar.state_at(datetime(2026, 6, 5, 0, 30))
        assert thursday_night.openness is Openness.OPEN
        assert thursday_night.changes_at is not None and thursday_night.changes_at.hour == 1
        assert bar.state_at(datetime(2026, 6, 5, 1, 30)).openness is Openness.CLOSED
        assert bar.state_at(datetime(2026, 6, 8, 2, 30)).openness is Openness.OPEN, "Sunday's night, on Monday"


def test_a_holiday_closes_the_night_that_begins_on_it_and_not_the_one_before() -> None:
    bar = Schedule("Mo-Su 17:00-01:00; PH off", "America/New_York", "CT")
    assert bar.state_at(datetime(2026, 11, 26, 0, 30)).openness is Openness.OPEN
    assert bar.state_at(datetime(2026, 11, 27, 0, 30)).openness is Openness.CLOSED


@pytest.mark.parametrize("moment", [datetime(2026, 6, 6, 12), datetime(2026, 6, 5, 20)])
def test_by_appointment_is_unknown_and_never_open(moment: datetime) -> None:
    hours = Schedule('Mo-Fr 09:00-17:00 || "by appointment"', "America/New_York", "CT")
    state = hours.state_at(moment)
    assert (state.openness, state.note) == (Openness.UNKNOWN, "by appointment")
    assert hours.state_at(datetime(2026, 6, 5, 12)).openness is Openness.OPEN
    assert [bool(day.spans) for day in regular_week(hours.osm)] == [True] * 5 + [False] * 2


@pytest.mark.parametrize("hours", ['Mo-Fr 09:00-17:00 "ring the bell"', "Mo-Fr unknown", '"by appointment"'])
def test_a_comment_without_open_is_unknown_as_the_specification_has_it(hours: str) -> None:
    assert Schedule(hours, "America/New_York", "").state_at(datetime(2026, 6, 5, 12)).openness is Openness.UNKNOWN


@pytest.mark.parametrize("hours", ["Mo-Fr 08:00-17:00; Dec 25, Jan 01 off", "Jan, Mar Mo-Fr 08:00-17:00"])
def test_a_list_with_spaces_opens_no_whole_days(hours: str) -> None:
    schedule = Schedule(hours, "America/New_York", "")
    assert schedule.state_at(datetime(2026, 12, 25, 22)).openness is Openness.CLOSED
    assert schedule.state_at(datetime(2027, 1, 9, 3)).openness is Openness.CLOSED, "a Saturday in January"
    assert schedule.state_at(datetime(2027, 3, 1, 12)).openness is Openness.OPEN


def test_hours_that_no_program_reads_are_unknown() -> None:
    assert (
        Schedule("PH -1 day off", "America/New_York", "CT").state_at(datetime(2026, 6, 5)).openness is Openness.UNKNOWN
    )


SPANS = st.sampled_from(["08:00-12:00", "13:00-17:00", "17:00-01:00", "20:00-04:00", "00:00-24:00", "22:00-06:00"])


@given(
    st.dictionaries(st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]), SPANS, min_size=1),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
)
def test_weeks_are_judged_as_a_library_judges_rules_that_are_added_to_each_other(
    week: dict[str, str], moment: datetime
) -> None:
    osm = ", ".join(f"{day} {span}" for day, span in week.items())
    oracle = OpeningHours(osm, auto_country=False, auto_timezone=False, max_interval_days=60)
    state = Schedule(osm, "UTC", "").state_at(moment)
    assert (state.openness is Openness.OPEN) == oracle.is_open(moment)
    change = oracle.next_change(moment)
    if change is not None and change - moment < timedelta(days=60):
        assert state.changes_at is not None and state.changes_at.replace(tzinfo=None) == change
