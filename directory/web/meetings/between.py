"""Where several people can meet, when one of them types all their places."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from directory.web.http.container import container
from directory.web.meetings.lists import list_page, private_page, status_of
from directory.web.presenters.meeting import People, place_fields, themselves
from directory.web.query.meeting_parameters import KEPT, read_meeting

blueprint = Blueprint("meet", __name__)


@blueprint.get("/meet")
def between() -> ResponseReturnValue:
    """The zones between two to five places; a form where there are fewer, or where words name no place."""
    params = read_meeting(request.args)
    answers = container().meeting_service.locate(params.words) if params.complete else []
    places = [answer.place for answer in answers if answer.place is not None]
    again = {name: value for name, value in request.args.items() if name in KEPT and value}
    fields = place_fields(params.words, answers)
    if not answers or len(places) < len(answers):
        one_missing = len(params.words) == 1 and "b" in request.args
        return private_page(
            "meetings/start.html", 400 if one_missing else status_of(answers), fields=fields, again=again,
            one_missing=one_missing,
        )  # fmt: skip
    typed = {field.name: field.words for field in fields if field.words}
    people = People(themselves(len(places)), places)
    return list_page(params.search, people, fields=fields, typed=typed, again=again, token="")
