"""What is open when, minute by minute, and what a week looks like."""

from datetime import UTC, date, datetime, time

import pytest

from directory.zones.hours import Day, Openness, Schedule, regular_week
from directory.zones.hours.holidays import federal, is_holiday, of_region, speaks_of
from directory.zones.hours.rule_tables import RuleTable, released, rule_tables
from directory.zones.hours.weekly_editor import chosen_reading, compose, from_form, rows_of
from directory.zones.hours.weekly_hours import RegularDay, plain_week

MONDAY = date(2026, 6, 1)


def state(osm: str, when: str, region: str = "CT", *, closed_before: bool = False) -> tuple[str, str, bool, str]:
    open_state = Schedule(osm, "America/New_York", region).state_at(
        datetime.fromisoformat(when), closed_before=closed_before
    )
    change = open_state.changes_at.isoformat()[:16] if open_state.changes_at else ""
    return open_state.openness.value, change, open_state.holiday, open_state.note


WEEK = "Mo-Fr 08:00-12:00,13:00-17:30; Sa 09:15-10:45"


@pytest.mark.parametrize(
    ("osm", "when", "expected"),
    [
        (WEEK, "2026-06-01T07:59", ("closed", "2026-06-01T08:00", False, "")),
        (WEEK, "2026-06-01T08:00", ("open", "2026-06-01T12:00", False, "")),
        (WEEK, "2026-06-01T11:59", ("open", "2026-06-01T12:00", False, "")),
        (WEEK, "2026-06-01T12:00", ("closed", "2026-06-01T13:00", False, "")),
        ("Mo-Fr 08:00-12:00,12:00-17:00", "2026-06-01T09:00", ("open", "2026-06-01T17:00", False, "")),
        (WEEK, "2026-06-01T17:29", ("open", "2026-06-01T17:30", False, "")),
        (WEEK, "2026-06-01T17:30", ("closed", "2026-06-02T08:00", False, "")),
        (WEEK, "2026-06-05T23:59", ("closed", "2026-06-06T09:15", False, "")),
        (WEEK, "2026-06-06T10:45", ("closed", "2026-06-08T08:00", False, "")),
        ("24/7", "2026-06-01T00:00", ("open", "", False, "")),
        ("Mo-Su 00:00-24:00; PH off", "2026-06-01T12:00", ("open", "2026-06-19T00:00", False, "")),
        ("We 08:00-08:00", "2026-06-04T07:00", ("open", "2026-06-04T08:00", False, "")),
        ("We 08:00-08:00", "2026-06-03T07:59", ("closed", "2026-06-03T08:00", False, "")),
        ("Mo-Su 17:00-01:00", "2026-06-01T00:59", ("open", "2026-06-01T01:00", False, "")),
        ("Mo-Su 17:00-01:00", "2026-06-01T01:00", ("closed", "2026-06-01T17:00", False, "")),
        ("Mo-Su 17:00-01:00", "2026-06-01T17:00", ("open", "2026-06-02T01:00", False, "")),
        ("Mo 22:00-30:00", "2026-06-02T05:59", ("open", "2026-06-02T06:00", False, "")),
        ("Mo-Fr 09:00-17:00; We 12:00-14:00 off", "2026-06-03T11:59", ("open", "2026-06-03T12:00", False, "")),
        ("Mo-Fr 09:00-17:00; We 12:00-14:00 off", "2026-06-03T13:59", ("closed", "2026-06-03T14:00", False, "")),
        ("Mo-Fr 09:00-17:00; We 12:00-14:00 off", "2026-06-03T14:00", ("open", "2026-06-03T17:00", False, "")),
        ("Mo-Fr 09:00-17:00; We off", "2026-06-03T12:00", ("closed", "2026-06-04T09:00", False, "")),
        ("Mo-Fr 09:00-17:00; We 10:00-12:00", "2026-06-03T09:30", ("closed", "2026-06-03T10:00", False, "")),
        ("Mo-Fr 09:00-12:00, We 14:00-16:00", "2026-06-03T14:30", ("open", "2026-06-03T16:00", False, "")),
        ('Mo-Fr 09:00-17:00 || "call"', "2026-06-03T08:00", ("unknown", "", False, "call")),
        ('Mo-Fr 09:00-17:00; We off || "call"', "2026-06-03T10:00", ("closed", "2026-06-04T09:00", False, "")),
        ("Mo-Fr 09:00-17:00 || Sa open", "2026-06-06T11:00", ("open", "2026-06-07T00:00", False, "")),
        ('Mo-Fr 09:00-17:00 || Sa 10:00-12:00 unknown "call"', "2026-06-06T11:00", ("unknown", "", False, "call")),
        (
            'Mo-Fr 09:00-17:00 || Sa 10:00-12:00 unknown "call"',
            "2026-06-06T13:00",
            ("closed", "2026-06-08T09:00", False, ""),
        ),
        ("Mo-Fr 09:00-17:00 || Sa 10:00-12:00", "2026-06-06T11:00", ("open", "2026-06-06T12:00", False, "")),
        ("Mo-Fr 09:00-17:00 || Mo-Su 10:00-20:00", "2026-06-01T18:00", ("closed", "2026-06-02T09:00", False, "")),
        ('Mo-Fr 09:00-17:00 "ring"', "2026-06-03T10:00", ("unknown", "", False, "ring")),
        ('Mo-Fr 09:00-17:00 "ring"', "2026-06-03T08:00", ("closed", "", False, "")),
        ("Mo-Fr 08:00-17:00", "2026-11-26T10:00", ("unknown", "", True, "")),
        ("Mo-Fr 08:00-17:00", "2026-11-26T07:00", ("closed", "2026-11-27T08:00", False, "")),
        ("Mo-Fr 08:00-17:00; PH 10:00-12:00", "2026-11-26T11:00", ("open", "2026-11-26T12:00", False, "")),
        ("Nov Mo-Fr 08:00-17:00; PH off", "2026-11-26T11:00", ("closed", "2026-11-27T08:00", False, "")),
        ("Nov PH 08:00-17:00", "2026-11-26T11:00", ("open", "2026-11-26T17:00", False, "")),
        ("Nov PH 08:00-17:00", "2026-11-25T11:00", ("closed", "2026-11-26T08:00", False, "")),
        ("Nov Mo,Fr,PH 08:00-17:00", "2026-11-25T11:00", ("closed", "2026-11-26T08:00", False, "")),
        ("Nov Mo,Fr,PH 08:00-17:00", "2026-11-27T11:00", ("open", "2026-11-27T17:00", False, "")),
        ("Mo-Fr 08:00-17:00; Nov PH off", "2026-11-25T11:00", ("open", "2026-11-25T17:00", False, "")),
        ("Mo-Fr 08:00-17:00; Nov PH off", "2026-11-26T11:00", ("closed", "2026-11-27T08:00", False, "")),
        ("Jun-Aug 10:00-11:00", "2026-09-01T10:30", ("closed", "2027-06-01T10:00", False, "")),
        ("2020 Jun 10:00-11:00", "2026-09-01T10:30", ("closed", "", False, "")),
        ("", "2026-06-01T12:00", ("unknown", "", False, "")),
        ("nonsense", "2026-06-01T12:00", ("unknown", "", False, "")),
    ],
)
def test_the_state_at_a_minute_and_when_it_changes(osm: str, when: str, expected: tuple[str, str, bool, str]) -> None:
    assert state(osm, when) == expected


def test_after_a_closed_day_nothing_runs_over_from_its_evening() -> None:
    assert state("Mo-Su 17:00-01:00", "2026-06-01T00:30", closed_before=True)[:2] == ("closed", "2026-06-01T17:00")
    assert state("Mo-Su 09:00-10:00", "2026-06-01T09:30", closed_before=True)[0] == "open"


def test_a_time_with_a_zone_is_the_zones_own_minute() -> None:
    schedule = Schedule("Mo 09:00-10:00", "America/New_York", "")
    assert schedule.state_at(datetime(2026, 6, 1, 13, 59, tzinfo=UTC)).openness is Openness.OPEN
    assert schedule.state_at(datetime(2026, 6, 1, 14, 0, tzinfo=UTC)).openness is Openness.CLOSED


def test_days_have_the_spans_that_begin_on_them() -> None:
    days = Schedule(
        "Mo 08:05-12:30,17:00-23:50; Tu 17:00-25:15; We unknown; Th 00:00-24:00", "America/New_York", "CT"
    ).days(MONDAY, 4)
    assert days == (
        Day(MONDAY, ((time(8, 5), time(12, 30)), (time(17), time(23, 50)))),
        Day(date(2026, 6, 2), ((time(17), time(1, 15)),)),
        Day(date(2026, 6, 3), ()),
        Day(date(2026, 6, 4), ((time(0), time(0)),)),
    )
    assert days[3].all_day and not days[0].all_day


def test_a_holiday_of_which_nothing_is_said_is_marked_where_it_has_hours() -> None:
    schedule = Schedule("Mo-Fr 08:00-17:00", "America/New_York", "CT")
    assert [day.holiday for day in schedule.days(date(2026, 11, 25), 3)] == [False, True, False]
    assert schedule.days(date(2026, 7, 4), 1)[0] == Day(date(2026, 7, 4), ())


def test_a_day_tells_what_its_hours_depend_on() -> None:
    days = regular_week('Mo 09:00-10:00 "ring"; Tu 09:00-10:00 || "call"')
    assert [day.note for day in days[:3]] == ["ring", "", "call"]
    assert len(days) == 7 and days[0].date.weekday() == 0


@pytest.mark.parametrize(
    ("day", "region", "comment", "expected"),
    [
        ("2026-11-26", "CT", "", True),
        ("2026-11-25", "CT", "", False),
        ("2026-10-12", "TX", "", None),  # federal, not the state's
        ("2026-03-02", "TX", "", True),
        ("2026-03-02", "TX", "federal holidays", False),
        ("2026-10-12", "TX", "federal holidays", True),
        ("2026-03-02", "TX", "state and federal holidays", True),
        ("2026-11-26", "CT", "major holidays", True),
        ("2026-10-12", "CT", "major holidays", None),
        ("2026-06-19", "CT", "major holidays", None),  # Juneteenth is also called Independence Day
        ("2026-11-25", "CT", "major holidays", False),
        ("2026-09-07", "CT", "Labor Day", True),
        ("2026-09-07", "ON", "Labor Day", True),  # Labour Day
        ("2026-11-26", "CT", "Labor Day", False),
        ("2026-11-26", "CT", "Christmas, Thanksgiving", True),
        ("2026-07-01", "ON", "major holidays", True),
        ("2026-06-19", "CT", "Independence Day", False),  # Juneteenth National Independence Day
        ("2026-06-19", "TX", "Juneteenth National Independence Day", True),
        ("2026-07-03", "TX", "Independence Day", True),  # observed
        ("2026-11-27", "TX", "Thanksgiving", False),  # the Friday after it
        ("2026-11-27", "TX", "major holidays", None),
        ("2026-12-24", "TX", "Christmas", False),
        ("2026-12-25", "TX", "Christmas", True),
        ("2026-04-27", "AL", "Memorial Day", False),  # Confederate Memorial Day
        ("2026-01-19", "AL", "Martin Luther King Jr. Day", True),
        ("2026-02-16", "CT", "Presidents' Day", True),
        ("2026-10-12", "TX", "Columbus Day", True),
        ("2026-04-03", "ON", "Good Friday", True),
        ("2026-11-11", "ON", "federal holidays", True),
        ("2026-11-26", "", "", False),
    ],
)
def test_which_holidays_the_words_mean(day: str, region: str, comment: str, expected: bool | None) -> None:
    assert speaks_of(date.fromisoformat(day), region, comment) is expected


def test_holidays_are_those_of_the_region_and_of_its_country() -> None:
    assert is_holiday(date(2026, 3, 2), "TX") and not is_holiday(date(2026, 3, 2), "CT")
    assert is_holiday(date(2026, 10, 12), "TX"), "a federal one"
    assert of_region("XX", 2026) == {} and federal("XX", 2026) == {}
    assert date(2026, 11, 11) in federal("ON", 2026)


@pytest.mark.parametrize(
    ("name", "installed", "day"),
    [
        ("tzdata", "2026.6", date(2026, 10, 28)),
        ("tzdata", "2026.5", date(2026, 10, 28)),
        ("tzdata", "2025.9", date(2026, 10, 28)),
        ("tzdata", "2026.7", date(2026, 1, 1)),
        ("tzdata", "2027.1", date(2027, 1, 1)),
        ("holidays", "0.109", date(2026, 11, 17)),
        ("holidays", "0.99", date(2026, 11, 17)),
        ("holidays", "0.110", None),
        ("holidays", "1.0", None),
    ],
)
def test_a_release_of_a_rule_table_is_at_most_as_new_as_the_pinned_one_or_newer(
    name: str, installed: str, day: date | None
) -> None:
    assert released(name, installed) == day


def test_a_rule_table_is_old_after_a_year() -> None:
    table = RuleTable("tzdata", "2026.6", date(2026, 1, 1))
    assert not table.is_old(date(2027, 1, 1)) and table.is_old(date(2027, 1, 2))
    assert not RuleTable("holidays", "9", None).is_old(date(2099, 1, 1))
    assert [one.name for one in rule_tables()] == ["tzdata", "holidays"]


OFF = ("", "")
LONG_WEEK = [("09:00", "17:00")] * 5 + [OFF] * 2


@pytest.mark.parametrize(
    ("rows", "osm"),
    [
        (LONG_WEEK, "Mo-Fr 09:00-17:00"),
        ([("09:00", "17:00"), OFF, ("09:00", "17:00"), *[OFF] * 4], "Mo 09:00-17:00; We 09:00-17:00"),
        ([*[OFF] * 5, ("10:00", "00:00"), ("10:00", "00:00")], "Sa-Su 10:00-24:00"),
        ([("09:00", ""), *[OFF] * 6], "Mo 09:00-?"),
        ([("", "17:00"), *[OFF] * 6], "Mo ?-17:00"),
        ([OFF] * 7, ""),
    ],
)
def test_the_weekly_editor_writes_a_week(rows: list[tuple[str, str]], osm: str) -> None:
    assert compose(rows) == osm


@pytest.mark.parametrize(
    "osm",
    ["", "24/7", "Mo-Fr 08:00-12:00,13:00-17:00", "Mo-Fr 08:00-17:00; PH off", "sunrise-sunset", "Mo,We 09:00-10:00"],
)
def test_the_weekly_editor_does_not_show_what_it_would_lose(osm: str) -> None:
    assert rows_of(osm) is None


def test_the_weekly_editor_shows_a_plain_week() -> None:
    assert rows_of("Mo-Fr 09:00-17:00") == LONG_WEEK
    assert rows_of("Mo-Tu 09:00-17:00; Sa 08:30-12:00") == [
        ("09:00", "17:00"), ("09:00", "17:00"), OFF, OFF, OFF, ("08:30", "12:00"), OFF,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "hours"),
    [
        ({"hours_mode": "always"}, "24/7"),
        ({"hours_mode": "week", "from_Mo": "09:00", "to_Mo": "17:00"}, "Mo 09:00-17:00"),
        ({"hours_mode": "words", "hours_words": " 8-5 "}, "8-5"),
        ({"hours_mode": "words", "hours_words": "8-5", "hours_asked": "8-5", "hours_choice": "Mo-Fr 08:00-17:00"},
         "Mo-Fr 08:00-17:00"),
        ({"hours_mode": "words", "hours_words": "9-5", "hours_asked": "8-5", "hours_choice": "Mo-Fr 08:00-17:00"},
         "9-5"),
        ({"hours_mode": "words", "hours_words": "8-5", "hours_asked": "8-5", "hours_choice": "not-stated"}, ""),
        ({"hours_mode": "", "hours_words": "8-5"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_form_gives_hours_by_its_mode(form: dict[str, str], hours: str) -> None:
    assert from_form(form) == hours


def test_a_choice_counts_in_the_mode_of_words_only() -> None:
    form = {"hours_words": "8-5", "hours_asked": "8-5", "hours_choice": "x"}
    assert chosen_reading({**form, "hours_mode": "words"}) == "x"
    assert chosen_reading({**form, "hours_mode": "week"}) == ""


DAY = RegularDay((("09:00", "17:00"),))


@pytest.mark.parametrize(
    ("osm", "days", "holidays", "which", "beside"),
    [
        ("Mo-Fr 09:00-17:00", [DAY] * 5 + [RegularDay()] * 2, None, "", ""),
        ("Mo 09:00-12:00, Mo 13:00-17:00", [RegularDay((("09:00", "12:00"), ("13:00", "17:00")))] + [RegularDay()] * 6,
         None, "", ""),
        ("Mo 09:00-12:00; Mo 09:00-17:00", [DAY] + [RegularDay()] * 6, None, "", ""),
        ("24/7", [RegularDay((("00:00", "24:00"),))] * 7, None, "", ""),
        ('Mo-Su 09:00-17:00; PH off "federal holidays"', [DAY] * 7, RegularDay(), "federal holidays", ""),
        ("Mo-Su 09:00-17:00; PH 09:00-17:00", [DAY] * 7, DAY, "", ""),
        ('Mo-Su 09:00-17:00 || "call"', [DAY] * 7, None, "", "call"),
        ('Mo-Fr 09:00-17:00; Sa-Su unknown "call"', [DAY] * 5 + [RegularDay((), "call")] * 2, None, "", ""),
        ("Mo-Fr 09:00-17:00; Sa-Su unknown", [DAY] * 5 + [RegularDay((), "unknown")] * 2, None, "", ""),
        ("Mo-Su sunrise-20:00", [RegularDay((("sunrise", "20:00"),))] * 7, None, "", ""),
    ],
)  # fmt: skip
def test_hours_as_a_plain_week(
    osm: str, days: list[RegularDay], holidays: RegularDay | None, which: str, beside: str
) -> None:
    week = plain_week(osm)
    assert week is not None
    assert (list(week.days), week.holidays, week.which_holidays, week.beside) == (days, holidays, which, beside)
    assert [day.sunny for day in week.days] == ["sunrise" in osm] * 7
    assert [day.all_day for day in week.days] == [osm == "24/7"] * 7


@pytest.mark.parametrize(
    "osm",
    ["Apr-Oct Mo 09:00-17:00", "Dec 25 09:00-10:00", "Mo-Fr 09:00-17:00; We 12:00-13:00 off", "Mo-Fr 09:00+",
     "Mo-Fr 09:00-17:00 || Sa 10:00-12:00", 'Mo-Fr 09:00-17:00 "ring"', "nonsense", "Mo-Fr 10:00-16:00/90"],
)  # fmt: skip
def test_what_a_plain_week_cannot_say_has_none(osm: str) -> None:
    assert plain_week(osm) is None
