"""Questions of the directory's own: the nearest zones, where an address is, which towns there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from directory.formats.json_schema import feature_schema
from directory.geo import Coordinates
from directory.meetings.daylight import daylight_at
from directory.meetings.times import TypedTime, UnreadableTimeError
from directory.routing.router import Trip
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing
from directory.search.meetings.meeting_results import MeetingHit
from directory.search.results import FAR_M, SearchHit, SearchResult
from directory.search.service import MAX_LIMIT, SearchOptions
from directory.search.snapshots.snapshot import Snapshot
from directory.search.travel_order import Travel
from directory.search.visit_time import VisitTime
from directory.search.zone_features import dumped
from directory.search.zone_status import ZoneStatus
from directory.stations.index import StationHit
from directory.store.repository import StoredTown, StoredZone
from directory.text import slug
from directory.web.api import schemas
from directory.web.api.features.feature_answers import own_links
from directory.web.api.operations import (
    GEOJSON,
    HTML,
    JSON,
    Api,
    Built,
    Operation,
    around,
    both_forms,
    cached,
    chosen,
    link,
    private,
)
from directory.web.api.pages.resource_pages import Links, resource_page
from directory.web.api.pages.site_searches import same_search
from directory.web.api.parameters import AddressQuery, NearestQuery, TownsQuery, limited
from directory.web.api.places import REFUSALS, how_json, place_json, refusing, several
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.api.stations import station_collection
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import counted_as_api
from directory.web.http.urls import public_address
from directory.web.operations.usage import counts_of
from directory.web.presenters.distances import units_for
from directory.web.presenters.zone_facts.zones import town_url
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.zones.hours import Openness

blueprint = counted_as_api(Blueprint("lookups", __name__, url_prefix="/api/v1"))
api = Api(blueprint)

TAG = "Lookups"
FORMS = (GEOJSON, JSON, HTML)
OPEN = {Openness.OPEN: "yes", Openness.CLOSED: "no", Openness.UNKNOWN: "unknown"}
HERE_AND_NOW = {
    (openness, usable): f',"open":"{OPEN[openness]}","usable":{str(usable).lower()},"dark":null,"crosses":'.encode()
    for openness in OPEN
    for usable in (True, False)
}
"""What is written after a zone's distance."""
CROSSES: dict[Crossing | None, bytes] = {
    None: b"null,", Crossing.BORDER: b'"border",', Crossing.WATER: b'"water",',
}  # fmt: skip
NO_TRIPS = b'"durations_s":null,"road_distances_m":null'
NO_TRIP = b',"duration_s":null,"road_distance_m":null'
WITH_PLACE = {**schemas.PLACE, "properties": schemas.PLACE["properties"] | schemas.ANSWERED["properties"]}
_FOUND = feature_schema(schemas.FOUND | schemas.TRIP, nulls=True)
NEAREST = schemas.feature_collection(
    _FOUND,
    geocode=WITH_PLACE,
    at=schemas.AT,
    closest=schemas.CLOSEST,
    nothing_near=schemas.NOTHING_NEAR,
    travel=schemas.TRAVEL,
    unstated=schemas.UNSTATED,
    nearer_unstated=schemas.nearer_unstated(_FOUND),
    stations=schemas.STATIONS,
)


@api.get(
    Operation("/nearest", "nearest", TAG, "The nearest zones to a place, exactly, in order of distance", NearestQuery,
              FORMS, "zones in order of distance", NEAREST, REFUSALS,
              asked=("address", "lat", "lon", "at", "setting", "usable", "limit"), page="api/nearest.html"),
)  # fmt: skip
def nearest(query: NearestQuery) -> Response:
    """The nearest zones to a position or an address."""
    kind, here, now = chosen(FORMS, query.f), request_url(), snapshot()
    result = _search(query)
    container().statistics_buffer.count(counts_of(now, result, bounded=query.within_m is not None))
    if kind == HTML:
        return _nearest_for_people(query, result, here)
    return private(_zones_found(now, query, result, here, kind), kind)


def _nearest_for_people(query: NearestQuery, result: SearchResult, here: RequestUrl) -> Response:
    country = result.place.country if result.place else ""
    return resource_page(
        "api/nearest.html", own_links(here, HTML), private=True, result=result, query=query,
        units=units_for("", country), stations=_stations_near(snapshot(), query, result) if query.stations else None,
        same_search=same_search("searching.search", here.args, query.within_m),
    )  # fmt: skip


def _zones_found(now: Snapshot, query: NearestQuery, result: SearchResult, here: RequestUrl, kind: str) -> bytes:
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
    rest = {"numberReturned": len(result.hits), **more, "links": leading_links(here, kind)}
    return b'{"type":"FeatureCollection","features":[%b],"nearer_unstated":[%b],%b' % (
        written(now, result.hits, result.at),
        written(now, result.nearer_unstated, result.at),
        dumped(rest)[1:],
    )


def leading_links(here: RequestUrl, kind: str) -> Links:
    """An answer to where somebody is, and its page."""
    return [link("self", here.address(), kind), link("alternate", here.address(f="html"), HTML)]


def at_json(at: datetime | None) -> str | None:
    """The time of the visit as the answer names it."""
    return at.isoformat(timespec="minutes") if at else None


def travel_json(travel: Travel) -> dict[str, Any]:
    """By what the features are ordered."""
    return {"mode": travel.mode, "order": "travel_time" if travel.by_time else "straight_line",
            "problem": travel.problem}  # fmt: skip


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
        filters, limits = _wishes(query)
        with_place = refusing(
            "address", query.address, lambda: container().search_service.search(str(query.address), filters, **limits)
        )
        if with_place.place is None:
            raise several(with_place.answer)
        return with_place
    missing = [name for name, value in (("lat", query.lat), ("lon", query.lon)) if value is None]
    if missing or query.lat is None or query.lon is None:
        raise BadParametersError([BadParameter(name, "", "needed: lat and lon, or an address") for name in missing])
    filters, limits = _wishes(query)
    return container().search_service.around(Coordinates(query.lat, query.lon), filters, **limits)


def _wishes(query: NearestQuery) -> tuple[Filters, SearchOptions]:
    limits: SearchOptions = {"limit": limited(query.limit, MAX_LIMIT), "mode": query.mode}
    if query.within_m is not None:
        limits["within_m"] = query.within_m
    if query.at is not None:
        limits["at"] = meant_there(query.at)
    return query.filters, limits


def meant_there(typed: TypedTime) -> VisitTime:
    """The time that is meant at the place; a contradiction in it becomes a problem of the parameter."""

    def on(now_there: datetime) -> datetime:
        try:
            return typed.on(now_there)
        except UnreadableTimeError as error:
            raise BadParametersError([BadParameter("at", typed.text, str(error))]) from error

    return on


def written(now: Snapshot, hits: Sequence[SearchHit | MeetingHit], at: datetime | None) -> bytes:
    """Features with what is only known from here and now, with commas between them."""
    pieces: list[bytes] = []
    for seen in hits:
        (before, *properties), after = seen.zone_status.parts or _parts(now, seen.zone_status)
        trips = _trip(seen.trip) if isinstance(seen, SearchHit) else _trips(seen)
        if at is not None:
            after = after.replace(b'"dark":null', b'"dark":true' if _is_dark(seen.zone, at) else b'"dark":false')
        pieces += (
            before,
            b'"distance_m":%.1f' % seen.distance_m,
            trips,
            after,
            CROSSES[seen.crosses],
            *properties,
            b",",
        )
    return b"".join(pieces[:-1])


def _trip(trip: Trip | None) -> bytes:
    """The way to it, as properties."""
    if trip is None:
        return NO_TRIP
    return b',"duration_s":%.0f,"road_distance_m":%.0f' % (trip.seconds, trip.meters)


def _trips(hit: MeetingHit) -> bytes:
    lines = b",".join(b"%.1f" % meters for meters in hit.meters)
    seconds = b",".join(b"%.0f" % trip.seconds if trip else b"null" for trip in hit.trips)
    roads = b",".join(b"%.0f" % trip.meters if trip else b"null" for trip in hit.trips)
    by_road = b'"durations_s":[%b],"road_distances_m":[%b]' % (seconds, roads) if hit.trips else NO_TRIPS
    between = b",".join(CROSSES[crosses].rstrip(b",") for crosses in hit.crossings)
    return b',"trips_m":[%b],"total_m":%.1f,"crossings":[%b],%b' % (lines, hit.total_m, between, by_road)


def _is_dark(zone: StoredZone, at: datetime) -> bool:
    return daylight_at(zone.coordinates, at, zone.time_zone).dark


def _parts(now: Snapshot, zone_status: ZoneStatus) -> tuple[tuple[bytes, ...], bytes]:
    """The feature, and what is written after the distance: once for all who ask within the minute."""
    here_and_now = HERE_AND_NOW[zone_status.open_state.openness, zone_status.usable]
    zone_status.parts = now.collection.split_feature(zone_status.zone), here_and_now
    return zone_status.parts


@api.get(
    Operation("/geocode", "geocode", TAG, "Where an address is, by whom and how exactly", AddressQuery,
              FORMS, "one place, or several to choose from", schemas.CANDIDATES, ("no-match",),
              asked=("address",), page="api/geocode.html"),
)  # fmt: skip
def geocode(query: AddressQuery) -> Response:
    """One place, or the candidates."""
    kind, here = chosen(FORMS, query.f), request_url()
    answer = refusing("address", query.address, lambda: container().search_service.locate(query.address))
    if kind == HTML:
        return resource_page("api/geocode.html", own_links(here, HTML), private=True, answer=answer)
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": place.coordinates.position},
         "properties": place_json(place)}
        for place in answer.candidates
    ]  # fmt: skip
    links = leading_links(here, kind)
    return private({"type": "FeatureCollection", "features": features, **how_json(answer), "links": links}, kind)


@api.get(
    Operation("/towns", "towns", TAG, "The towns that have a zone", TownsQuery, (JSON, HTML),
              "towns by state and name", schemas.TOWNS, asked=("state", "limit")),
)  # fmt: skip
def towns(query: TownsQuery) -> Response:
    """A page of towns."""
    kind, here = chosen((JSON, HTML), query.f), request_url()

    def build(now: Snapshot) -> Built:
        found = _towns(now, query, here, kind)
        return Built(dumped(found), found["links"])

    if kind == HTML:
        found = _towns(snapshot(), query, here, kind)
        return resource_page("api/towns.html", found.pop("links"), offset=query.offset, **found)
    return cached(build, kind, here)


def _towns_in_order(now: Snapshot) -> list[StoredTown]:
    """The towns that have a zone, by state and name."""

    def sort() -> list[StoredTown]:
        towns = [town for town in now.towns.values() if town.slug in now.by_town]
        return sorted(towns, key=lambda town: (town.state, slug(town.name)))

    return now.once("towns in order", sort)


def _towns(now: Snapshot, query: TownsQuery, here: RequestUrl, kind: str) -> dict[str, Any]:
    towns = [town for town in _towns_in_order(now) if not query.state or town.state in query.state]
    limit, offset = limited(query.limit), min(query.offset, len(towns))
    shown = towns[offset : offset + limit]
    site = public_address()
    return {
        "towns": [
            {"id": town.slug, "name": town.name, "state": town.state, "country": town.country,
             "zones": len(now.by_town[town.slug]), "page": site + town_url(town.slug),
             "embed": f"{site}/embed/{town.slug}"}
            for town in shown
        ],
        "numberMatched": len(towns), "numberReturned": len(shown),
        "links": [*both_forms(here, kind), *around(here, kind, len(towns), offset, limit)],
    }  # fmt: skip
