"""Where several people can meet, when one of them types all their places."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from directory.meetings.times import UnreadableTimeError
from directory.web.http.container import container
from directory.web.http.limits.rate_limits import bounded
from directory.web.meetings.lists import ListPage, private_page, status_of
from directory.web.presenters.meetings.meeting import People, place_fields, themselves
from directory.web.query.meeting_parameters import read_meeting

blueprint = bounded(Blueprint("meet", __name__))


@blueprint.get("/meet")
def between() -> ResponseReturnValue:
    """The zones between two to five places; a form where there are fewer, or where words name no place."""
    here = ListPage.here("meet.between")
    try:
        params = read_meeting(request.args)
    except UnreadableTimeError as error:
        return here.ask_time(error)
    place_answers = container().meeting_service.locate([*params.places.values()]) if params.complete else []
    places = [answer.place for answer in place_answers if answer.place is not None]
    missing = params.missing(request.args)
    fields = place_fields(params.places, dict(zip(params.places, place_answers, strict=False)), missing)
    if not place_answers or len(places) < len(place_answers):
        status = 400 if missing else status_of(place_answers)
        return private_page("meetings/start.html", status, fields=fields, again=here.again)
    return here.show(params.search, People(themselves(len(places)), places), fields=fields, token="")
