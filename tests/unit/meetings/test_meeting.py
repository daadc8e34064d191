"""A meeting or a series of them, and whether its zone can be used then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.meetings.meeting import LASTS, Meeting, count_until
from directory.meetings.obstacles import Obstacle, judge, judge_all
from directory.meetings.recurrence import Recurrence
from directory.zones.schemas import Status
from tests.support.stored_zones import stored_zone

NEW_YORK = "America/New_York"
START = datetime(2026, 10, 16, 18)  # a Friday, summer time
SERIES = Meeting("z", START, Recurrence.EVERY_OTHER_WEEK, 3)


def test_a_series_keeps_its_hour_by_the_clock_of_the_zone() -> None:
    assert SERIES.times == (START, datetime(2026, 10, 30, 18), datetime(2026, 11, 13, 18))
    assert Meeting("z", START).times == (START,)


def test_a_time_outside_the_hours_for_custody_exchanges_is_noted_and_no_obstacle() -> None:
    zone = stored_zone(opening_hours="24/7", custody_hours="Mo-Fr 08:00-19:00; PH off")
    friday, late, new_year = datetime(2026, 12, 18, 18), datetime(2026, 12, 18, 20), datetime(2027, 1, 1, 18)
    judged = judge_all(zone, (friday, late, new_year))
    assert [one.outside_custody_hours for one in judged] == [False, True, True]
    assert all(one.obstacle is None for one in judged)
    assert not judge(stored_zone(opening_hours="24/7"), late).outside_custody_hours


def test_the_next_meeting_is_the_first_that_has_not_ended() -> None:
    assert SERIES.next_time(datetime(2026, 10, 16, 22, 29, tzinfo=UTC), NEW_YORK) == START  # 18:29 there
    assert SERIES.next_time(datetime(2026, 10, 16, 22, 30, tzinfo=UTC), NEW_YORK) == datetime(2026, 10, 30, 18)
    assert SERIES.next_time(datetime(2026, 11, 13, 23, 29, tzinfo=UTC), NEW_YORK) == datetime(2026, 11, 13, 18)
    assert SERIES.next_time(datetime(2026, 11, 13, 23, 30, tzinfo=UTC), NEW_YORK) is None
    assert timedelta(minutes=30) == LASTS


@given(st.sampled_from(Recurrence), st.integers(0, 500))
def test_a_series_until_a_day_has_all_its_meetings_up_to_that_day(recurrence: Recurrence, days: int) -> None:
    last = START.replace(hour=23, minute=59) + timedelta(days=days)
    count = count_until(START, recurrence, last)
    times = Meeting("z", START, recurrence, count + 1).times
    assert times[-1] > last and (count == 0 or times[-2] <= last)


def test_no_meeting_of_a_series_begins_before_its_end_where_that_is_earlier() -> None:
    assert count_until(START, Recurrence.WEEKLY, START - timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("facts", "at", "obstacle"),
    [
        ({"opening_hours": "24/7"}, START, None),
        ({}, START, None),
        ({"opening_hours": "Mo-Fr 09:00-17:00"}, START, Obstacle.OUT_OF_HOURS),
        ({"opening_hours": "Mo-Fr 09:00-17:00"}, START.replace(hour=12), None),
        ({"closures": [{"from": "2026-10-16", "until": "2026-10-16"}]}, START, Obstacle.CLOSED),
        ({"closures": [{"from": "2026-10-17"}]}, START, None),
        ({"status": Status.MOVED}, START, Obstacle.MOVED),
        ({"status": Status.MOVED, "status_from": "2026-10-17"}, START, None),
        ({"status": Status.MOVED, "status_from": "2026-10-16"}, START, Obstacle.MOVED),
        ({"status": Status.PLANNED}, START, Obstacle.PLANNED),
        ({"status": Status.WITHDRAWN}, START, Obstacle.WITHDRAWN),
        ({"time_zone": NEW_YORK}, datetime(2027, 3, 14, 2, 30), Obstacle.NO_SUCH_TIME),
    ],
)
def test_what_is_in_the_way_is_named(facts: dict[str, Any], at: datetime, obstacle: Obstacle | None) -> None:
    assert judge(stored_zone("z", **facts), at).obstacle is obstacle


def test_only_what_moved_or_is_planned_may_yet_be_in_use() -> None:
    assert {one for one in Obstacle if not one.is_sure} == {Obstacle.MOVED, Obstacle.PLANNED}


def test_each_date_of_a_series_is_judged_for_itself() -> None:
    zone = stored_zone("z", closures=[{"repeat": "Fr[-1]"}])
    assert [one.obstacle for one in judge_all(zone, SERIES.times)] == [None, Obstacle.CLOSED, None]
