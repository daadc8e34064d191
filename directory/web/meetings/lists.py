"""The list of places to meet, and what its pages share."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request

from directory.geo import METERS_PER_MILE
from directory.geocoding.results import BadAddressError, GeocoderUnavailableError, GeocodingError
from directory.meetings.times import UnreadableTimeError
from directory.search.filters import stated_counts
from directory.search.meetings.meeting_results import PlaceAnswer
from directory.search.service import SearchOptions
from directory.web.http.container import container, snapshot
from directory.web.http.security.private_answers import kept_private
from directory.web.operations.usage import count_shown
from directory.web.presenters.distances import units_for
from directory.web.presenters.meetings.meeting import People
from directory.web.presenters.results.visit_times import time_parameter
from directory.web.query.meeting_parameters import KEPT
from directory.web.query.parameters import SearchParameters


@dataclass(frozen=True, slots=True)
class ListPage:
    """Where a list stands: its endpoint with the values in its path, and the parameters that its links keep."""

    endpoint: str
    where: Mapping[str, str]
    again: Mapping[str, str]

    @classmethod
    def here(cls, endpoint: str, **where: str) -> "ListPage":
        """The page of the request at hand."""
        return cls(endpoint, where, {name: value for name, value in request.args.items() if name in KEPT and value})

    def show(self, search: SearchParameters, people: People, **values: Any) -> Response:
        """The zones between these people; a question where the time of the visit contradicts itself."""
        # Behind a link a router gives the order alone: times from afar would tell more than whole miles do.
        options: SearchOptions = {"limit": search.limit, "mode": search.mode, "says_times": not people.private,
                                  "counts_more": True}  # fmt: skip
        if search.at is not None:
            options["at"] = search.at.on
        within_m = search.within_m
        if people.private and math.isfinite(within_m):  # else it would tell distances that the page rounds
            within_m = math.ceil(within_m / METERS_PER_MILE) * METERS_PER_MILE
        options["within_m"] = within_m
        try:
            result = container().meeting_service.between(people.places, search.filters, **options)
        except UnreadableTimeError as error:
            return self.ask_time(error)
        count_shown(container().statistics_buffer, [hit.zone for hit in result.hits])
        # Words such as "tonight" mean another day tomorrow: links say the time itself.
        at = {"at": time_parameter(result.at)} if result.at else {}
        return private_page(
            "meetings/list.html", 200, search=search, people=people, result=result, endpoint=self.endpoint,
            where=self.where, again={**self.again, **at}, units=units_for(search.units, people.places[0].country),
            stated_items=tuple(stated_counts(snapshot()).items()), **values,
        )  # fmt: skip

    def ask_time(self, error: UnreadableTimeError) -> Response:
        """The page that asks which time is meant, with everything that was typed."""
        return private_page(
            "meetings/time_question.html", 400, error=error, query=request.args, endpoint=self.endpoint,
            where=self.where, again=self.again,
        )  # fmt: skip


def private_page(template: str, status: int, **values: Any) -> Response:
    """A page that no cache and no search engine keeps: where people are is nobody's business."""
    return kept_private(make_response(render_template(template, **values), status))


def status_of(place_answers: Sequence[PlaceAnswer]) -> int:
    """The status of a page that has no list: the worst of what became of the places."""
    errors = [answer.outcome for answer in place_answers if isinstance(answer.outcome, GeocodingError)]
    if any(isinstance(error, GeocoderUnavailableError) for error in errors):
        return 503
    if any(isinstance(error, BadAddressError) for error in errors):
        return 400
    return 404 if errors else 200
