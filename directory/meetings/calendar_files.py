"""Calendar files (RFC 5545): a meeting or a series of them, and the closures that zones announce."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vRecur

from directory.geo import Coordinates
from directory.meetings.clock_rules import clock_rules
from directory.meetings.meeting import LASTS, Meeting
from directory.meetings.recurrence import WEEKDAYS, Recurrence
from directory.store.repository import StoredZone
from directory.zones.closures import MONTHS, Repeat, all_closures, covers, parse_repeat
from directory.zones.schemas import Status

PRODUCT = "-//Safe Zone Directory//EN"
REMINDS_BEFORE = timedelta(hours=1)
LOOK_AHEAD_DAYS = 9 * 366
"""How far the first day of a repeated closure may be: February 29 may take eight years."""
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
A_LEAP_YEAR = 2024
YEARS_OF_A_FEED = 2024, 2034
"""Fixed, so that a feed stays the same while no closure changes; its entries are whole days, which need no clock."""


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """What a calendar says of a meeting, in the reader's language; `page` is the card's address.

    `changed_at` is when the zone was changed last.
    """

    title: str
    place: str
    description: str
    page: str
    point: Coordinates
    time_zone: str
    changed_at: datetime


def meeting_calendar(
    meeting: Meeting, entry: MeetingEntry, host: str, now: datetime, left_out: Sequence[datetime] = ()
) -> bytes:
    """A file with one entry: a series is one entry with a rule, without the times that are `left_out`.

    `now` is aware. The entry has the same UID for the same meeting, so that a file opened twice makes no second one.
    """
    zone = ZoneInfo(entry.time_zone)
    starts_at = meeting.starts_at.replace(tzinfo=zone)
    key = f"{meeting.zone_id} {meeting.starts_at.isoformat()} {meeting.recurrence or 0} {meeting.count}"
    event = _event(key, host, now, entry.changed_at, entry.title, entry.page)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + LASTS)
    event.add("location", entry.place)
    event.add("description", entry.description)
    event.add("geo", (round(entry.point.latitude, 6), round(entry.point.longitude, 6)))
    if meeting.recurrence:
        event.add("rrule", series_rule(meeting, meeting.recurrence))
        for at in left_out:
            event.add("exdate", at.replace(tzinfo=zone))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", -REMINDS_BEFORE)
    event.add_component(alarm)
    calendar = _calendar()
    calendar.add_component(clock_rules(entry.time_zone, starts_at.year, meeting.times[-1].year + 1))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def series_rule(meeting: Meeting, recurrence: Recurrence) -> vRecur:
    """The rule of a series: FREQ=WEEKLY;INTERVAL=2;COUNT=10."""
    return vRecur({**recurrence.rule(meeting.starts_at), "count": meeting.count})


def rule_text(meeting: Meeting, recurrence: Recurrence) -> str:
    """The same rule as text."""
    return bytes(series_rule(meeting, recurrence).to_ical()).decode()  # type: ignore[no-untyped-call]


def closures_calendar(
    name: str,
    zones: Iterable[StoredZone],
    host: str,
    page_of: Callable[[StoredZone], str],
    words_of: Callable[[StoredZone, bool], str],
) -> bytes:
    """The announced closures and moves of zones as entries of whole days.

    The same directory gives the same bytes. `words_of` gives an entry's title for a zone, and whether it moves.
    """
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    listed = [zone for zone in zones if zone.status is not Status.WITHDRAWN]
    for zone in listed:
        for key, (first, last, rule), note in _closed_days(zone):
            event = _event(key, host, zone.changed_at, zone.changed_at, words_of(zone, False), page_of(zone))
            _fill_days(event, zone, first, last, note)
            if rule is not None:
                event.add("rrule", rule)
            calendar.add_component(event)
        if zone.status is Status.MOVED and len(zone.status_from) == len("2026-11-28"):
            key, moves = f"{zone.zone_id} moves", date.fromisoformat(zone.status_from)
            event = _event(key, host, zone.changed_at, zone.changed_at, words_of(zone, True), page_of(zone))
            _fill_days(event, zone, moves, moves, zone.status_note)
            calendar.add_component(event)
    # A calendar without any component is none; the rules of the clock also tell whose days these are.
    for time_zone in sorted({zone.time_zone for zone in listed}) or ["America/New_York"]:
        calendar.add_component(clock_rules(time_zone, *YEARS_OF_A_FEED))
    return bytes(calendar.to_ical())


Span = tuple[date, date, vRecur | None]
"""The first and the last day of an entry, and the rule by which it repeats."""


def closed_spans(closure: dict[str, str], known_since: date) -> list[Span]:
    """The days of a closure as entries of a calendar; `known_since` is when it begins where nobody said that.

    A closure until further notice is an entry of a day that repeats daily; the feed ends it when the zone reopens. A
    repeated one has an entry of one day with a rule, or one a month of its days: so the days are exactly those of the
    closure, in leap years too. It is empty where no day is left.
    """
    begins, ends = _first_day(closure.get("from", "")), _last_day(closure.get("until", ""))
    if "repeat" not in closure:
        first = begins or (min(known_since, ends) if ends else known_since)
        return [(first, ends, None)] if ends else [(first, first, vRecur({"freq": "daily"}))]
    spans: list[Span] = []
    for rule, covered in _rules(parse_repeat(closure["repeat"])):
        days = (  # where no beginning was said, from the day on which it was entered
            day for day in _days_from(begins or known_since) if covers(closure, day) and covered(day)
        )
        first_day = next(days, None)
        if first_day is not None:
            bounded = {**rule, "until": ends} if ends else rule
            spans.append((first_day, first_day, vRecur(bounded)))
    return spans


def _closed_days(zone: StoredZone) -> Iterator[tuple[str, Span, str]]:
    """The entries of a zone's closures: what tells each apart, its days, and the note."""
    for closure in all_closures(zone):
        for number, span in enumerate(closed_spans(closure, zone.changed_at.date())):
            yield f"{zone.zone_id} {sorted(closure.items())} {number}", span, closure.get("note", "")


def _rules(repeat: Repeat) -> list[tuple[dict[str, object], Callable[[date], bool]]]:
    """Rules that together name the days of a repeated closure, each with which of these days it names."""
    names = [WEEKDAYS[day] for day in sorted(repeat.weekdays)]
    if repeat.nth:
        by_day = {"byday": [f"{repeat.nth}{names[0]}"]}
        if repeat.month:
            return [({"freq": "yearly", "bymonth": repeat.month, **by_day}, repeat.covers)]
        return [({"freq": "monthly", **by_day}, repeat.covers)]
    if repeat.weekdays:
        return [({"freq": "weekly", "byday": names}, repeat.covers)]
    rules: list[tuple[dict[str, object], Callable[[date], bool]]] = []
    for month in range(1, len(MONTHS) + 1):
        in_month = range(1, monthrange(A_LEAP_YEAR, month)[1] + 1)
        days = [day for day in in_month if repeat.covers(date(A_LEAP_YEAR, month, day))]
        if days:
            rule: dict[str, object] = {"freq": "yearly", "bymonth": month, "bymonthday": days}
            rules.append((rule, _in_month(month)))
    return rules


def _in_month(month: int) -> Callable[[date], bool]:
    return lambda day: day.month == month


def _days_from(first: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(LOOK_AHEAD_DAYS))


def _first_day(text: str) -> date | None:
    """The first day of a year, month or day."""
    return date.fromisoformat((text + "-01-01")[:10]) if text else None


def _last_day(text: str) -> date | None:
    """The last day of a year, month or day."""
    if not text:
        return None
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    return date(year, month or 12, monthrange(year, month or 12)[1])


def _fill_days(event: Event, zone: StoredZone, first: date, last: date, note: str) -> None:
    event.add("dtstart", first)
    event.add("dtend", min(last, date.max - A_DAY) + A_DAY)
    event.add("transp", "TRANSPARENT")
    event.add("location", ", ".join(filter(None, (zone.street_address, zone.town, zone.state))))
    event.add("geo", (round(zone.latitude, 6), round(zone.longitude, 6)))
    if note:
        event.add("description", note)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(key: str, host: str, stamp: datetime, changed_at: datetime, title: str, page: str) -> Event:
    """An entry; calendars that have it already take it anew where the zone was changed meanwhile."""
    event = Event()
    event.add("uid", f"{sha256(key.encode()).hexdigest()[:32]}@{host}")
    event.add("dtstamp", stamp)
    event.add("last-modified", changed_at)
    event.add("sequence", (changed_at - BEGINNING) // A_MINUTE)
    event.add("summary", title)
    event.add("url", page)
    return event
