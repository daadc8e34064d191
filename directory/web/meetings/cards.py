"""Meeting cards: a form for a day and a time, and the live page that its link opens. Nothing about people is stored."""

import io
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import segno
from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import now
from directory.geo import METERS_PER_MILE
from directory.meetings.calendar_files import meeting_calendar
from directory.meetings.card_links import CardLinks
from directory.meetings.daylight import daylight_at
from directory.meetings.meeting import Meeting
from directory.meetings.obstacles import JudgedTime, judge, judge_all
from directory.meetings.recurrence import Recurrence
from directory.search.filters import Filters
from directory.search.results import SearchHit
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.limits.rate_limits import bounded
from directory.web.http.security.private_answers import kept_private
from directory.web.http.urls import public_address
from directory.web.meetings.plan_form import USUAL_MEETINGS, read_form
from directory.web.presenters.distances import units_for
from directory.web.presenters.meetings import meeting_cards as words
from directory.zones.hours import Openness
from directory.zones.schemas import Status, TriState

blueprint = bounded(Blueprint("meetings", __name__))
NEXT_BEST = 3
LIT_WITHIN_M = 25 * METERS_PER_MILE
LOOKED_AT = 50
"""Of the nearest zones, how many are looked at for some that are not closed then."""


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card as it stands: its meeting, the zone, and the meeting's next time, or its last one when `is_over`."""

    token: str
    meeting: Meeting
    zone: StoredZone
    judged: JudgedTime
    dates: tuple[JudgedTime, ...]
    is_over: bool

    @property
    def can_be_kept(self) -> bool:
        """Whether there is a date left to go to the place, and so to put into a calendar and to tell the other side."""
        return not self.is_over and any(judged.obstacle is None for judged in (self.judged, *self.dates))

    @property
    def page(self) -> str:
        """The card's address."""
        return url_for("meetings.card", token=self.token, _external=True)


@blueprint.get("/zones/<zone_id>/meet")
def plan(zone_id: str) -> ResponseReturnValue:
    """The form for a meeting at a zone, and the card that it makes."""
    zone = zone_or_404(zone_id)
    if zone.status is Status.WITHDRAWN:
        abort(404)
    form = read_form(request.args, zone)
    meeting = form.meeting(zone) if "make" in request.args else None
    if meeting is not None:
        leads_to_card = Response(
            status=303, headers={"Location": url_for("meetings.card", token=_links().token(meeting))}
        )
        return kept_private(leads_to_card)
    page = render_template(
        "meetings/plan.html",
        zone=zone,
        form=form,
        recurrences=words.RECURRENCES,
        most_meetings=Recurrence.WEEKLY.most_meetings,
        most_a_month=Recurrence.MONTHLY.most_meetings,
        usual_meetings=USUAL_MEETINGS,
        hit=container().search_service.describe(zone),
    )
    return kept_private(make_response(page, 400 if form.errors else 200))


@blueprint.get("/m/<token>")
def card(token: str) -> ResponseReturnValue:
    """A meeting's card, judged from the directory as it is now."""
    meeting = _links().read(token)
    if meeting is None:
        return kept_private(make_response(render_template("meetings/no_card.html"), 404))
    opened = _opened(token, meeting)
    if opened is None:
        return kept_private(make_response(render_template("meetings/card_gone.html", meeting=meeting), 410))
    zone, at = opened.zone, opened.judged.at
    message, length = words.ready_message(meeting, zone, opened.page)
    entry = words.calendar_entry(zone, message, opened.page)
    judged = opened.judged
    page = render_template(
        "meetings/card.html",
        card=opened, meeting=meeting, zone=zone, at=at, judged=judged, words=words,
        hit=SearchHit(judged.zone_status, 0.0), message=message, length=length,
        calendars=words.calendar_links(meeting, entry), units=units_for("", zone.country),
        next_best=_next_best(zone, at, Filters(usable=True)) if judged.obstacle and not opened.is_over else (),
        lit=_lit_one(zone, at),
        replacement=snapshot().by_id.get(zone.replaced_by),
    )  # fmt: skip
    return kept_private(make_response(page))


@blueprint.get("/m/<token>/meeting.ics")
def calendar(token: str) -> Response:
    """The card as a calendar file, without the dates on which the zone is surely closed."""
    meeting = _meeting_or_404(token)
    opened = _opened(token, meeting) or abort(410)
    message, _length = words.ready_message(meeting, opened.zone, opened.page)
    entry = words.calendar_entry(opened.zone, message, opened.page)
    left_out = [judged.at for judged in opened.dates if judged.obstacle and judged.obstacle.is_sure]
    host = urlsplit(public_address()).hostname or "localhost"
    response = Response(meeting_calendar(meeting, entry, host, now(), left_out), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return kept_private(response)


@blueprint.get("/m/<token>/qr.svg")
def qr(token: str) -> Response:
    """A QR code of the card, for another telephone or a print."""
    _meeting_or_404(token)
    picture = io.BytesIO()
    address = url_for("meetings.card", token=token, _external=True)
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2, light="#fff", xmldecl=False)
    return kept_private(Response(picture.getvalue(), mimetype="image/svg+xml"))


def _links() -> CardLinks:
    return CardLinks(container().signing_keys)


def _meeting_or_404(token: str) -> Meeting:
    return _links().read(token) or abort(404)


def _opened(token: str, meeting: Meeting) -> OpenedCard | None:
    """The card as the directory has its zone now; None where it does not have it any more."""
    zone = snapshot().by_id.get(meeting.zone_id)
    if zone is None:
        return None
    next_time = meeting.next_time(now(), zone.time_zone)
    at = next_time or meeting.times[-1]
    dates = judge_all(zone, meeting.times) if meeting.repeats else ()
    return OpenedCard(token, meeting, zone, judge(zone, at), dates, next_time is None)


def _next_best(zone: StoredZone, at: datetime, filters: Filters) -> list[SearchHit]:
    """The zones nearest to this one that are not known to be closed then."""
    around = container().search_service.around
    near = around(zone.coordinates, filters, limit=LOOKED_AT, at=lambda _now: at, by_road=False).hits
    others = [hit for hit in near if hit.zone.zone_id != zone.zone_id]
    return [hit for hit in others if hit.open_state.openness is not Openness.CLOSED][:NEXT_BEST]


def _lit_one(zone: StoredZone, at: datetime) -> SearchHit | None:
    """The nearest zone that is lit, where it is dark at this one and nobody said that it is lit; within 25 miles."""
    if zone.lighting is TriState.YES or not daylight_at(zone.coordinates, at, zone.time_zone).dark:
        return None
    hits = _next_best(zone, at, Filters(usable=True, lit=True))
    return next((hit for hit in hits if hit.distance_m < LIT_WITHIN_M), None)
