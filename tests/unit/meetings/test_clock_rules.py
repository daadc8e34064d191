"""The rules of a clock in a calendar file, evaluated as RFC 5545 says and compared with the time zone database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Timezone

from directory.meetings.clock_rules import clock_rules

ZONES = ["America/New_York", "America/St_Johns", "America/Phoenix", "America/Adak", "Pacific/Honolulu",
         "America/Halifax", "America/Regina", "America/Los_Angeles"]  # fmt: skip
RULES = {name: clock_rules(name, 2024, 2030) for name in ZONES}


def offset_by_rules(rules: Any, at: datetime) -> timedelta:
    """The offset of the last observance that began: its onsets are written by the clock before."""
    onsets: list[tuple[datetime, timedelta]] = []
    for part in rules.subcomponents:
        before = part["tzoffsetfrom"].td
        times = [part["dtstart"].dt, *([one.dt for one in part["rdate"].dts] if "rdate" in part else [])]
        onsets += [(time.replace(tzinfo=UTC) - before, part["tzoffsetto"].td) for time in times]
    return max(onset for onset in onsets if onset[0] <= at)[1]


@given(st.sampled_from(ZONES), st.datetimes(datetime(2024, 1, 2), datetime(2030, 12, 30)))
def test_the_rules_give_the_offset_of_the_time_zone(name: str, at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    assert offset_by_rules(RULES[name], instant) == instant.astimezone(ZoneInfo(name)).utcoffset()


@pytest.mark.parametrize("minute", range(-90, 91, 5))
def test_they_do_so_around_a_change_of_the_clocks(minute: int) -> None:
    for change in (datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)):
        at = change + timedelta(minutes=minute)
        assert offset_by_rules(RULES["America/New_York"], at) == at.astimezone(ZoneInfo("America/New_York")).utcoffset()


def test_they_are_read_back_as_they_were_written() -> None:
    for rules in RULES.values():
        assert Timezone.from_ical(rules.to_ical()).to_ical() == rules.to_ical()
