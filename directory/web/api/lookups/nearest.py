"""The nearest zones to a position or an address."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from directory.formats.json_schema import feature_schema
from directory.geo import Coordinates
from directory.search.filters import Filters
from directory.search.results import FAR_M, SearchResult
from directory.search.service import MAX_LIMIT, SearchOptions
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.stations.index import StationHit
from directory.web.api import schemas
from directory.web.api.features.feature_answers import own_links
from directory.web.api.features.hit_features import at_json, hit_features, travel_json
from directory.web.api.lookups.lookup_answers import FORMS, TAG, blueprint, leading_links, visit_time_of
from directory.web.api.lookups.places import REFUSALS, how_json, place_json, refusing, several
from directory.web.api.operations import (
    HTML,
    Api,
    Operation,
    media_type_for,
    private,
)
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.pages.site_searches import same_search
from directory.web.api.parameters import NearestQuery, limited
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.api.stations import station_collection
from directory.web.http.container import container, snapshot
from directory.web.operations.usage import counts_of
from directory.web.presenters.distances import units_for
from directory.web.query.parameters import BadParameter, BadParametersError

api = Api(blueprint)

_HIT_SCHEMA = feature_schema(schemas.FOUND | schemas.TRIP, nulls=True)
NEAREST = schemas.feature_collection(
    _HIT_SCHEMA,
    geocode=schemas.WITH_PLACE,
    at=schemas.AT,
    closest=schemas.CLOSEST,
    nothing_near=schemas.NOTHING_NEAR,
    travel=schemas.TRAVEL,
    unstated=schemas.UNSTATED,
    nearer_unstated=schemas.nearer_unstated(_HIT_SCHEMA),
    stations=schemas.STATIONS,
)


@api.get(
    Operation("/nearest", "nearest", TAG, "The nearest zones to a place, exactly, in order of distance", NearestQuery,
              FORMS, "zones in order of distance", NEAREST, REFUSALS,
              form_fields=("address", "lat", "lon", "at", "setting", "usable", "limit"), page="api/nearest.html"),
)  # fmt: skip
def nearest(query: NearestQuery) -> Response:
    """The nearest zones to a position or an address."""
    kind, here, now = media_type_for(FORMS, query.f), request_url(), snapshot()
    result = _search(query)
    container().statistics_buffer.count(counts_of(now, result, bounded=query.within_m is not None))
    if kind == HTML:
        return _nearest_for_people(query, result, here)
    return private(_feature_collection(now, query, result, here, kind), kind)


def _nearest_for_people(query: NearestQuery, result: SearchResult, here: RequestUrl) -> Response:
    country = result.place.country if result.place else ""
    return resource_page(
        "api/nearest.html", own_links(here, HTML), private=True, result=result, query=query,
        units=units_for("", country), stations=_stations_near(snapshot(), query, result) if query.stations else None,
        same_search=same_search("searching.search", here.args, query.within_m),
    )  # fmt: skip


def _feature_collection(now: Snapshot, query: NearestQuery, result: SearchResult, here: RequestUrl, kind: str) -> bytes:
    """The FeatureCollection of a search's result."""
    more: dict[str, Any] = (
        {} if query.address is None else {"geocode": place_json(result.place) | how_json(result.answer)}
    )
    more["at"] = at_json(result.at)
    more["closest"] = result.closest_usable.zone.zone_id if result.closest_usable else None
    more["nothing_near"] = result.nothing_near
    more["travel"] = travel_json(result.travel)
    more["unstated"] = result.unstated
    if query.stations:
        more["stations"] = station_collection(_stations_near(now, query, result))
    members = {"numberReturned": len(result.hits), **more, "links": leading_links(here, kind)}
    return b'{"type":"FeatureCollection","features":[%b],"nearer_unstated":[%b],%b' % (
        hit_features(now, result.hits, result.at),
        hit_features(now, result.nearer_unstated, result.at),
        dumped(members)[1:],
    )


def _stations_near(now: Snapshot, query: NearestQuery, result: SearchResult) -> Sequence[StationHit] | None:
    if result.place is None:
        return None
    limit = limited(query.limit, MAX_LIMIT)
    within_m = FAR_M if query.within_m is None else query.within_m
    return container().stations.nearest(result.place.coordinates, limit, now, within_m=within_m)


def _search(query: NearestQuery) -> SearchResult:
    """Raises BadParametersError or ApiError where there is no one place to search around."""
    if query.address is not None:
        if query.lat is not None or query.lon is not None:
            raise BadParametersError(
                [BadParameter("address", query.address[:100], "either an address, or lat and lon")]
            )
        filters, limits = _search_options(query)
        with_place = refusing(
            "address", query.address, lambda: container().search_service.search(str(query.address), filters, **limits)
        )
        if with_place.place is None:
            raise several(with_place.answer)
        return with_place
    missing = [name for name, value in (("lat", query.lat), ("lon", query.lon)) if value is None]
    if missing or query.lat is None or query.lon is None:
        raise BadParametersError([BadParameter(name, "", "needed: lat and lon, or an address") for name in missing])
    filters, limits = _search_options(query)
    return container().search_service.around(Coordinates(query.lat, query.lon), filters, **limits)


def _search_options(query: NearestQuery) -> tuple[Filters, SearchOptions]:
    limits: SearchOptions = {"limit": limited(query.limit, MAX_LIMIT), "mode": query.mode}
    if query.within_m is not None:
        limits["within_m"] = query.within_m
    if query.at is not None:
        limits["at"] = visit_time_of(query.at)
    return query.filters, limits
