"""Calendar files, read back by a reader of RFC 5545 and compared with what they must say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from directory.geo import Coordinates
from directory.meetings.calendar_files import MeetingEntry, closed_spans, meeting_calendar
from directory.meetings.meeting import Meeting
from directory.meetings.recurrence import Recurrence
from directory.zones.closures import covers

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ENTRY = MeetingEntry("Meeting: Darien police; lobby, side door", "25 Hecker Avenue, Darien, CT 06820",
                     "One line\nAnother, with a comma",
                     "https://zones.example/m/x", Coordinates(41.0789, -73.469), "America/New_York", NOW)  # fmt: skip
ONCE = Meeting("ct-darien-parking-lot", datetime(2026, 11, 28, 19))
SERIES = Meeting("ct-darien-parking-lot", datetime(2026, 10, 16, 18), Recurrence.EVERY_OTHER_WEEK, 6)


def written(meeting: Meeting, left_out: tuple[datetime, ...] = ()) -> bytes:
    return meeting_calendar(meeting, ENTRY, "zones.example", NOW, left_out)


def read(text: bytes) -> Any:
    return Calendar.from_ical(text)


@pytest.mark.parametrize("meeting", [ONCE, SERIES])
def test_a_file_keeps_the_rules_of_rfc_5545(meeting: Meeting) -> None:
    text = written(meeting, (datetime(2026, 10, 30, 18),) if meeting.repeats else ())
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    calendar = read(text)
    assert calendar["version"] == "2.0" and calendar["prodid"]
    assert "method" not in calendar  # with one it would be an invitation, which names people (RFC 5546)
    (event,) = calendar.walk("VEVENT")
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "GEO", "URL", "DESCRIPTION"):
        assert event.get(name) is not None and not isinstance(event[name], list), name
    assert re.fullmatch(rb"\d{8}T\d{6}Z", event["dtstamp"].to_ical())
    (zone,) = calendar.walk("VTIMEZONE")
    assert event["dtstart"].params["TZID"] == zone["tzid"] == "America/New_York"
    (alarm,) = event.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(hours=-1))
    assert not calendar.errors and not event.errors


def test_it_says_what_the_card_says() -> None:
    (event,) = read(written(ONCE)).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2026, 11, 28, 19, tzinfo=ZoneInfo("America/New_York"))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
    assert (str(event["summary"]), str(event["location"])) == (ENTRY.title, ENTRY.place)
    assert (event["geo"].latitude, event["geo"].longitude) == (41.0789, -73.469)
    assert str(event["description"]) == ENTRY.description


def test_the_same_meeting_has_the_same_uid_and_another_one_another() -> None:
    def uid(meeting: Meeting) -> str:
        return str(read(written(meeting)).walk("VEVENT")[0]["uid"])

    assert uid(ONCE) == uid(ONCE) and uid(ONCE) != uid(SERIES)
    assert uid(ONCE).endswith("@zones.example")


def test_a_calendar_that_has_a_meeting_takes_it_anew_where_its_zone_was_changed() -> None:
    later = replace(ENTRY, changed_at=NOW + timedelta(days=1))
    before, after = (
        read(meeting_calendar(ONCE, entry, "zones.example", NOW)).walk("VEVENT")[0] for entry in (ENTRY, later)
    )
    assert before["uid"] == after["uid"] and before["sequence"] < after["sequence"] < 2**31
    assert after["last-modified"].dt == later.changed_at


def test_a_series_keeps_its_hour_over_the_change_of_the_clocks_and_leaves_out_the_closed_dates() -> None:
    closed = datetime(2026, 11, 27, 18)
    (event,) = read(written(SERIES, (closed,))).walk("VEVENT")
    rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=event["dtstart"].dt.replace(tzinfo=None))
    assert tuple(rule) == SERIES.times
    assert event["exdate"].dts[0].dt == closed.replace(tzinfo=ZoneInfo("America/New_York"))


REPEATS = ["Th", "Mo-Fr", "Sa,Su", "Mo[1]", "Fr[-1]", "We[5]", "Nov Th[4]", "Dec 25", "Dec 24-Jan 02", "Feb 29",
           "Feb 20-Mar 05",            "Jul 04", "Jan 31-Feb 02"]  # fmt: skip
KNOWN_SINCE = date(2026, 3, 17)
LAST = date(2037, 12, 31)
days = st.dates(date(2026, 4, 1), date(2030, 12, 31))
partial = days.flatmap(lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]]))


def named(closure: dict[str, str]) -> set[date]:
    """The days that a calendar shows as closed."""
    closed_days: set[date] = set()
    for first, last, rule in closed_spans(closure, KNOWN_SINCE):
        if rule is None:
            closed_days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
            continue
        start = datetime(first.year, first.month, first.day)
        each = rrulestr(rule.to_ical().decode(), dtstart=start)
        dates = {at.date() for at in each.between(start, datetime(2038, 1, 1), inc=True)}
        assert first in dates, "an entry begins on a day of its rule"
        closed_days |= dates
    return {day for day in closed_days if day <= LAST}


def covered(closure: dict[str, str], first: date) -> set[date]:
    return {day for day in (first + timedelta(days=n) for n in range((LAST - first).days + 1)) if covers(closure, day)}


@given(st.sampled_from(REPEATS), st.none() | partial, st.none() | partial)
def test_a_repeated_closure_shows_exactly_its_days(repeat: str, begins: str | None, ends: str | None) -> None:
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        begins, ends = ends, begins
    closure = {name: text for name, text in (("repeat", repeat), ("from", begins), ("until", ends)) if text}
    first = date.fromisoformat((begins + "-01-01")[:10]) if begins else KNOWN_SINCE
    assert named(closure) == covered(closure, first)


@given(st.none() | partial, st.none() | partial)
def test_a_closure_with_dates_shows_exactly_its_days(begins: str | None, ends: str | None) -> None:
    if not begins and not ends:
        return
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        begins, ends = ends, begins
    closure = {name: text for name, text in (("from", begins), ("until", ends)) if text}
    first = date.fromisoformat((begins + "-01-01")[:10]) if begins else KNOWN_SINCE
    assert named(closure) == covered(closure, first)
