"""How a zone stands at a minute: its status, whether it is open, and when that changes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from directory.search.zone_status import (
    MinuteView,
    closed_without_end,
    local_day,
    open_state,
    status_at,
    status_on,
)
from directory.zones.hours import Openness
from directory.zones.schemas import Status
from tests.support.stored_zones import stored_zone

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)  # a Monday's noon in Connecticut


def test_a_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 6, 2, 3, 59, tzinfo=UTC)
    assert local_day("America/New_York", late) == date(2026, 6, 1)
    assert local_day("America/New_York", datetime(2026, 6, 2, 4, tzinfo=UTC)) == date(2026, 6, 2)
    assert local_day("America/New_York", datetime(2026, 6, 2, 3, 59)) == date(2026, 6, 2), "a naive time is local"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "active"),
        ({"status": "planned"}, "planned"),
        ({"status": "withdrawn"}, "withdrawn"),
        ({"status": "moved"}, "moved"),
        ({"status": "moved", "status_from": "2026-06-01"}, "moved"),
        ({"status": "moved", "status_from": "2026-06-02"}, "active"),
        ({"status": "moved", "status_from": "2026-06"}, "moved"),
        ({"status": "moved", "status_from": "2026-07"}, "active"),
        ({"status": "temporarily_closed"}, "temporarily_closed"),
        ({"status": "temporarily_closed", "status_from": "2026-06-02"}, "active"),
        ({"status": "temporarily_closed", "status_until": "2026-06-01"}, "temporarily_closed"),
        ({"status": "temporarily_closed", "status_until": "2026-05-31"}, "active"),
        ({"closures": [{"from": "2026-06-01", "until": "2026-06-01"}]}, "temporarily_closed"),
        ({"closures": [{"from": "2026-06-02"}]}, "active"),
        ({"status": "planned", "closures": [{"from": "2026-06-01"}]}, "planned"),
    ],
)
def test_the_status_that_counts_on_a_day(facts: dict[str, Any], status: str) -> None:
    facts = {**facts, "status": Status(facts.get("status", "active"))}
    assert status_on(stored_zone(**facts), date(2026, 6, 1)) == status


def state(when: datetime = NOON, **facts: Any) -> tuple[str, str]:
    """Whether the zone is open, and when that changes."""
    open_status = open_state(stored_zone(**facts), when)
    return open_status.openness.value, open_status.changes_at.isoformat()[:16] if open_status.changes_at else ""


DAILY = "Mo-Su 09:00-17:00"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"opening_hours": DAILY}, ("open", "2026-06-01T17:00")),
        ({}, ("unknown", "")),
        ({"opening_hours": DAILY, "status": Status.PLANNED}, ("unknown", "")),
        ({"opening_hours": DAILY, "status": Status.MOVED}, ("unknown", "")),
        ({"opening_hours": DAILY, "status": Status.WITHDRAWN}, ("closed", "")),
        ({"opening_hours": DAILY, "status": Status.TEMPORARILY_CLOSED}, ("closed", "")),
        (
            {"opening_hours": DAILY, "status": Status.TEMPORARILY_CLOSED, "status_until": "2026-06-03"},
            ("closed", "2026-06-04T09:00"),
        ),
        (
            {"opening_hours": "24/7", "status": Status.TEMPORARILY_CLOSED, "status_until": "2026-06-03"},
            ("closed", "2026-06-04T00:00"),
        ),
        ({"status": Status.TEMPORARILY_CLOSED, "status_until": "2026-06-03"}, ("closed", "")),
        (
            {"opening_hours": "2020 Jun", "status": Status.TEMPORARILY_CLOSED, "status_until": "2026-06-03"},
            ("closed", ""),
        ),
        ({"opening_hours": "2020 Jun", "closures": [{"from": "2026-06-10"}]}, ("closed", "")),
        ({"opening_hours": "24/7", "closures": [{"from": "2026-06-04"}]}, ("open", "2026-06-04T00:00")),
        ({"opening_hours": "24/7", "closures": [{"from": "2026-06-02"}]}, ("open", "2026-06-02T00:00")),
        ({"opening_hours": "24/7", "closures": [{"from": "2026-06-08"}]}, ("open", "2026-06-08T00:00")),
        ({"opening_hours": "24/7", "closures": [{"from": "2026-06-09"}]}, ("open", "")),
        ({"opening_hours": DAILY, "closures": [{"from": "2026-06-02"}]}, ("open", "2026-06-01T17:00")),
        (
            {"opening_hours": "Mo-Su 09:00-11:30,13:00-17:00", "closures": [{"from": "2026-06-20"}]},
            ("closed", "2026-06-01T13:00"),
        ),
        ({"opening_hours": "Mo-Su 11:00-03:00", "closures": [{"from": "2026-06-02"}]}, ("open", "2026-06-02T00:00")),
        (
            {"opening_hours": "Mo-Su 17:00-01:00", "closures": [{"from": "2026-06-01", "until": "2026-06-03"}]},
            ("closed", "2026-06-04T17:00"),
        ),
        ({"closures": [{"from": "2026-06-02"}]}, ("unknown", "")),
        ({"opening_hours": "24/7", "closures": [{"repeat": "Mo"}]}, ("closed", "2026-06-02T00:00")),
        ({"opening_hours": "Mo 09:00-17:00", "closures": [{"repeat": "Mo"}]}, ("closed", "")),
        (
            {"opening_hours": "Mo 09:00-17:00", "closures": [{"from": "2026-06-01", "until": "2026-06-20"}]},
            ("closed", "2026-06-22T09:00"),
        ),
        (
            {"opening_hours": "Mo 09:00-10:00", "closures": [{"from": "2026-06-02", "until": "2026-06-08"}]},
            ("closed", "2026-06-15T09:00"),
        ),
        (
            {"opening_hours": "Mo 09:00-10:00", "closures": [{"from": "2026-06-02", "until": "2026-06-07"}]},
            ("closed", "2026-06-08T09:00"),
        ),
        (
            {"opening_hours": DAILY, "closures": [{"from": "2026-06-01", "until": "2027-07-05"}]},
            ("closed", "2027-07-06T09:00"),
        ),
        ({"opening_hours": DAILY, "closures": [{"from": "2026-06-01", "until": "2027-07-06"}]}, ("closed", "")),
    ],
)  # fmt: skip
def test_hours_and_closures_together_say_whether_it_is_open_and_until_when(
    facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert state(**facts) == expected


def test_the_night_of_a_closed_day_does_not_reach_into_the_next() -> None:
    early = datetime(2026, 6, 2, 0, 30)
    bar = {"opening_hours": "Mo-Su 17:00-01:00"}
    assert state(early, **bar) == ("open", "2026-06-02T01:00")
    assert state(early, **bar, closures=[{"from": "2026-06-01", "until": "2026-06-01"}]) == (
        "closed",
        "2026-06-02T17:00",
    )
    assert state(early, **bar, closures=[{"from": "2026-05-31", "until": "2026-05-31"}]) == ("open", "2026-06-02T01:00")


@pytest.mark.parametrize(
    ("closure", "endless"),
    [
        ({"from": "2026-06-01"}, True),
        ({"from": "2026-06-02"}, False),
        ({"from": "2026-06-01", "until": "2026-06-30"}, False),
        ({"repeat": "Mo"}, False),
    ],
)
def test_a_closure_without_an_end_is_until_further_notice(closure: dict[str, str], endless: bool) -> None:
    assert closed_without_end(stored_zone(closures=[closure]), date(2026, 6, 1)) is endless


def test_a_closure_to_the_end_of_the_calendar_is_a_closure_and_no_error() -> None:
    for until in ("9999-12-31", "2500-01-01"):
        zone = stored_zone(opening_hours="24/7", closures=[{"from": "2026-05-01", "until": until}])
        assert open_state(zone, NOON).openness is Openness.CLOSED
        assert open_state(zone, NOON).changes_at is None


def test_a_view_of_a_minute_judges_each_zone_once_and_says_whether_one_can_go_there() -> None:
    zones = [stored_zone(opening_hours=DAILY), stored_zone("other", status=Status.TEMPORARILY_CLOSED)]
    view = MinuteView(NOON, zones, zones.index)
    zone = zones[0]
    status = view.of(zone)
    assert view.of(zone) is view.numbered(0) is status
    assert (status.status, status.usable, status.open_state.openness) == (Status.ACTIVE, True, Openness.OPEN)
    closed = view.of(zones[1])
    assert (closed.status, closed.usable) == (Status.TEMPORARILY_CLOSED, False)
    assert (status_at(zone, NOON), status_at(zones[1], NOON)) == (status, closed)
    assert view.day(zone) == date(2026, 6, 1)
    assert view.day(stored_zone("far", time_zone="Pacific/Kiritimati")) == date(2026, 6, 2)
