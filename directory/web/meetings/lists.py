"""The list of places to meet, and what its pages share."""

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template

from directory.geocoding.results import BadAddressError, GeocoderUnavailableError, GeocodingError
from directory.search.filters import stated_counts
from directory.search.meeting import PlaceAnswer
from directory.web.http.container import container, snapshot
from directory.web.operations.usage import count_shown
from directory.web.presenters.distances import units_for
from directory.web.presenters.meeting import People
from directory.web.query.parameters import SearchParameters


def list_page(search: SearchParameters, people: People, **values: Any) -> Response:
    """The zones between these people."""
    service = container().meeting_service
    result = service.between(people.places, search.filters, limit=search.limit, within_m=search.within_m)
    count_shown(container().statistics_buffer, [hit.zone for hit in result.hits])
    units = units_for(search.units, people.places[0].country)
    stated = tuple(stated_counts(snapshot()).items())
    return private_page(
        "meetings/list.html",
        200,
        search=search,
        people=people,
        result=result,
        units=units,
        stated_items=stated,
        **values,
    )


def private_page(template: str, status: int, **values: Any) -> Response:
    """A page that no cache keeps: where people are is nobody's business."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def status_of(answers: Sequence[PlaceAnswer]) -> int:
    """The status of a page that has no list: the worst of what became of the places."""
    errors = [answer.outcome for answer in answers if isinstance(answer.outcome, GeocodingError)]
    if any(isinstance(error, GeocoderUnavailableError) for error in errors):
        return 503
    if any(isinstance(error, BadAddressError) for error in errors):
        return 400
    return 404 if errors else 200
