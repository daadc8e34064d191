"""The time of a visit as a reader says it, and what is true of a zone then: day or dark, a public holiday."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from directory.clock import now
from directory.meetings.daylight import daylight_at
from directory.meetings.times import exists_at
from directory.search.results import ZoneHit
from directory.search.zone_status import local_day
from directory.store.repository import StoredZone
from directory.web.i18n.translate import _, skeleton_words
from directory.web.presenters.dates import weekday_date
from directory.web.presenters.zone_facts.holiday_names import holiday_name_words
from directory.web.presenters.zone_facts.hours import clock_time
from directory.web.presenters.zone_facts.zones import Label
from directory.zones.hours.holidays import holiday_name, is_holiday
from directory.zones.schemas import TriState

HALF_AN_HOUR = timedelta(minutes=30)


def time_parameter(at: datetime) -> str:
    """The time as the parameter `at` of an address: "2026-11-28T19:00"."""
    return at.isoformat(timespec="minutes")


def visit_words(at: datetime) -> str:
    """ "Sat, Nov 28, 7 PM", with the year where it is not this one."""
    return _("%(day)s, %(time)s", day=weekday_date(at.date(), now()), time=clock_time(at.time()))


def typed_time(at: datetime) -> str:
    """The time as a person may type it, which reads as the same one again."""
    if at.tzinfo is not None:
        return time_parameter(at)
    return _("%(day)s, %(time)s", day=skeleton_words(at.date(), "yMMMEd"), time=clock_time(at.time()))


def is_left_out(at: datetime | None, nearest: ZoneHit | None) -> bool:
    """Whether the clock of the nearest zone never shows the time of a visit: the clocks go forward then."""
    if at is None or at.tzinfo is not None or nearest is None:
        return False
    return not exists_at(at, nearest.zone.time_zone)


def time_gaps(
    at: datetime | None, nearest: ZoneHit | None, again: Mapping[str, str], endpoint: str, where: Mapping[str, str]
) -> dict[str, str]:
    """What the chip of day and time leaves open: the time of a visit, and links to the page of `endpoint` at others.

    `where` is the page's part of its address, `again` what else was asked.
    """
    before, after = half_hours_beside(at, nearest)

    def link(other: str | None) -> str:
        values: dict[str, Any] = {**where, **again, "at": other}
        return url_for(endpoint, **values)

    links = {"earlier": link(before), "later": link(after)}
    if at is None:
        return {"when": _("Now"), "typed": "", **links}
    return {"when": visit_words(at), "typed": typed_time(at), "back": link(None), **links}


def half_hours_beside(at: datetime | None, nearest: ZoneHit | None) -> tuple[str, str]:
    """The half hours before and after the time of a visit, as the parameter `at`; else beside the present one there.

    The nearest zone tells which clock that is: a time zone is looked up for who types a time only. Beside the present
    they are the last and the next one of the clock: the same for a quarter of an hour, as long as pages are kept.
    """
    clock = ZoneInfo(nearest.zone.time_zone) if nearest else UTC
    base = at or now().astimezone(clock).replace(tzinfo=None)
    half_hour = base.replace(minute=base.minute // 30 * 30, second=0, microsecond=0)
    at_the_half_hour = at is not None and half_hour == base.replace(second=0, microsecond=0)
    before = half_hour - HALF_AN_HOUR if at_the_half_hour else half_hour
    return time_parameter(before), time_parameter(half_hour + HALF_AN_HOUR)


def daylight_label(zone: StoredZone, at: datetime) -> Label:
    """ "Dark then: the sun sets at 4:28 PM; lighting not stated"; a naive time is meant in the zone's own time."""
    sky = daylight_at(zone.coordinates, at, zone.time_zone)
    if not sky.dark:
        if sky.until is None:
            return Label("day", _("Daylight then: the sun does not set"))
        return Label("day", _("Daylight then: the sun sets at %(time)s", time=clock_time(sky.until.time())))
    lamps = lamps_words(zone)
    kind = "lit" if zone.lighting is TriState.YES else "dark"
    if sky.until is not None and sky.until.date() == local_day(zone.time_zone, at):
        rises = clock_time(sky.until.time())
        return Label(kind, _("Dark then: the sun rises at %(time)s; %(lamps)s", time=rises, lamps=lamps))
    if sky.since is not None:
        sets = clock_time(sky.since.time())
        return Label(kind, _("Dark then: the sun sets at %(time)s; %(lamps)s", time=sets, lamps=lamps))
    return Label(kind, _("Dark then: the sun does not rise; %(lamps)s", lamps=lamps))


def lamps_words(zone: StoredZone) -> str:
    """Whether it is lit, as far as somebody said."""
    return {TriState.YES: _("lit"), TriState.NO: _("not lit"), TriState.UNKNOWN: _("lighting not stated")}[
        zone.lighting
    ]


def holiday_words(zone: StoredZone, at: datetime) -> str:
    """That it is a public holiday where the zone is, with its name where one is known; else empty."""
    day = local_day(zone.time_zone, at)
    if not is_holiday(day, zone.state):
        return ""
    name = holiday_name_words(holiday_name(day, zone.state))
    return _("Public holiday then: %(name)s", name=name) if name else _("Public holiday then")
