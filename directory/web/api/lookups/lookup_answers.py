"""What the questions of the directory's own share: their blueprint, the forms of an answer, its links, and its time."""

from datetime import datetime

from flask import Blueprint

from directory.meetings.times import TypedTime, UnreadableTimeError
from directory.search.visit_time import VisitTime
from directory.web.api.operations import (
    GEOJSON,
    HTML,
    JSON,
    link,
)
from directory.web.api.pages.resource_pages import Links
from directory.web.api.request_url import RequestUrl
from directory.web.http.limits.rate_limits import counted_as_api
from directory.web.query.parameters import BadParameter, BadParametersError

blueprint = counted_as_api(Blueprint("lookups", __name__, url_prefix="/api/v1"))

TAG = "Lookups"
FORMS = (GEOJSON, JSON, HTML)


def leading_links(here: RequestUrl, kind: str) -> Links:
    """An answer to where somebody is, and its page."""
    return [link("self", here.address(), kind), link("alternate", here.in_form("html"), HTML)]


def visit_time_of(typed_time: TypedTime) -> VisitTime:
    """The time that is meant at the place; a contradiction in it becomes a problem of the parameter."""

    def on(now_there: datetime) -> datetime:
        try:
            return typed_time.on(now_there)
        except UnreadableTimeError as error:
            raise BadParametersError([BadParameter("at", typed_time.text, str(error))]) from error

    return on
