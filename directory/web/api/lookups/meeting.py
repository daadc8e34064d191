"""The zones between several places."""

from flask import Blueprint, Response

from directory.formats.json_schema import feature_schema
from directory.geocoding.results import Geocode, GeocodeResult, GeocodingError
from directory.search.meetings.meeting_results import MeetingResult, PlaceAnswer
from directory.search.results import ZoneHit
from directory.search.service import MAX_LIMIT, SearchOptions
from directory.search.zone_features import dumped
from directory.web.api import schemas
from directory.web.api.features.feature_answers import own_links
from directory.web.api.features.hit_features import at_json, hit_features, travel_json
from directory.web.api.lookups.lookup_answers import FORMS, TAG, leading_links, visit_time_of
from directory.web.api.lookups.places import REFUSALS, how_json, place_json, refusal, several
from directory.web.api.operations import HTML, Api, Operation, media_type_for, private
from directory.web.api.pages.resource_pages import Links, resource_page
from directory.web.api.pages.site_searches import same_search
from directory.web.api.parameters import MeetQuery, limited
from directory.web.api.request_url import request_url
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import counted_as_api
from directory.web.operations.usage import count_shown
from directory.web.presenters.distances import units_for
from directory.web.presenters.meetings.meeting import People, themselves

blueprint = counted_as_api(Blueprint("meeting", __name__, url_prefix="/api/v1"))
api = Api(blueprint)
MEET = schemas.feature_collection(
    feature_schema(schemas.BETWEEN, nulls=True),
    places={"type": "array", "items": schemas.WITH_PLACE, "description": "the places, in the order of the parameters"},
    at=schemas.AT,
    fairest=schemas.FAIREST,
    least_together=schemas.LEAST_TOGETHER,
    best_known=schemas.BEST_KNOWN,
    nearest_to_each=schemas.NEAREST_TO_EACH,
    same_place=schemas.SAME_PLACE,
    far_apart=schemas.FAR_APART,
    travel=schemas.TRAVEL,
    unstated=schemas.UNSTATED,
)


@api.get(
    Operation("/meet", "meet", TAG, "The zones between two to five places, exactly, by the longest trip of anybody",
              MeetQuery, FORMS, "zones by the longest trip, then by all trips together", MEET, REFUSALS,
              form_fields=("a", "b", "c", "at", "setting", "usable", "limit"), page="api/meet.html"),
)  # fmt: skip
def meet(query: MeetQuery) -> Response:
    """The zones between places that are each named by words."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    place_answers = container().meeting_service.locate([*query.places.values()])
    places = [_place(name, answer) for name, answer in zip(query.places, place_answers, strict=True)]
    options: SearchOptions = {"limit": limited(query.limit, MAX_LIMIT), "mode": query.mode}
    if query.within_m is not None:
        options["within_m"] = query.within_m
    if query.at is not None:
        options["at"] = visit_time_of(query.at)
    result = container().meeting_service.between(places, query.filters, **options)
    count_shown(container().statistics_buffer, [hit.zone for hit in result.hits])
    if kind == HTML:
        people = People(themselves(len(places)), places)
        return resource_page(
            "api/meet.html", own_links(here, HTML), private=True, result=result, people=people, query=query,
            units=units_for("", places[0].country),
            same_search=same_search("meet.between", here.args, query.within_m),
        )  # fmt: skip
    return private(_collection(result, place_answers, leading_links(here, kind)), kind)


def _place(name: str, answer: PlaceAnswer) -> Geocode:
    """Raises ApiError where the words name no one place."""
    if answer.place is not None:
        return answer.place
    outcome = answer.outcome
    problem = refusal(name, answer.query, outcome) if isinstance(outcome, GeocodingError) else several(outcome)
    problem.members["parameter"] = name
    raise problem


def _collection(result: MeetingResult, place_answers: list[PlaceAnswer], links: Links) -> bytes:
    members = {
        "numberReturned": len(result.hits),
        "places": [
            place_json(one.place) | how_json(one.outcome)
            for one in place_answers
            if isinstance(one.outcome, GeocodeResult)
        ],
        "at": at_json(result.at),
        "fairest": _id(result.fairest),
        "least_together": _id(result.least_together),
        "best_known": _id(result.best_known),
        "nearest_to_each": [_id(hit) for hit in result.nearest_to_each],
        "same_place": result.same_place,
        "far_apart": result.far_apart,
        "travel": travel_json(result.travel),
        "unstated": result.unstated,
        "links": links,
    }
    return b'{"type":"FeatureCollection","features":[%b],%b' % (
        hit_features(snapshot(), result.hits, result.at),
        dumped(members)[1:],
    )


def _id(hit: ZoneHit | None) -> str | None:
    return hit.zone.zone_id if hit else None
