"""Questions of the directory's own: the nearest zones, where an address is, which towns there are."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for

from directory.formats.json_schema import feature_schema
from directory.geo import Coordinates
from directory.geocoding.results import (
    NOTES,
    BadAddressError,
    Geocode,
    GeocodeResult,
    GeocoderUnavailableError,
    Interpretation,
    NoMatchError,
)
from directory.meetings.daylight import daylight_at
from directory.meetings.times import TypedTime, UnreadableTimeError
from directory.search.crossings import Crossing
from directory.search.service import FAR_M, MAX_LIMIT, Filters, SearchResult, VisitTime
from directory.search.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.text import slug
from directory.web.api import schemas
from directory.web.api.operations import GEOJSON, JSON, Api, Operation, cached, chosen, link, private
from directory.web.api.parameters import AddressQuery, NearestQuery, TownsQuery, limited
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.api.stations import station_collection
from directory.web.http.container import container, snapshot
from directory.web.http.problem_documents import ApiError
from directory.web.http.rate_limits import counted_as_api
from directory.web.http.urls import public_address
from directory.web.operations.usage import counts_of
from directory.web.presenters.zones import town_url
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.zones.hours import Openness

blueprint = counted_as_api(Blueprint("lookups", __name__, url_prefix="/api/v1"))
api = Api(blueprint)

TAG = "Lookups"
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
Answered = TypeVar("Answered")
REFUSALS = ("no-match", "several-places")


WITH_PLACE = {**schemas.PLACE, "properties": schemas.PLACE["properties"] | schemas.ANSWERED["properties"]}
NEAREST = schemas.feature_collection(
    feature_schema(schemas.FOUND, nulls=True),
    geocode=WITH_PLACE,
    closest=schemas.CLOSEST,
    nothing_near=schemas.NOTHING_NEAR,
    stations=schemas.STATIONS,
)


@api.get(
    Operation("/nearest", "nearest", TAG, "The nearest zones to a place, exactly, in order of distance", NearestQuery,
              (GEOJSON, JSON), "zones in order of distance", NEAREST, REFUSALS),
)  # fmt: skip
def nearest(query: NearestQuery) -> Response:
    """The nearest zones to a position or an address."""
    kind = chosen((GEOJSON, JSON), None)
    result = _search(query)
    container().statistics_buffer.count(counts_of(snapshot(), result, bounded=query.within_m is not None))
    return private(_zones_found(snapshot(), query, result, request_url()), kind)


def _zones_found(now: Snapshot, query: NearestQuery, result: SearchResult, here: RequestUrl) -> bytes:
    """The FeatureCollection of a search's result."""
    more: dict[str, Any] = {} if query.address is None else {"geocode": _place(result.place) | _how(result.answer)}
    more["closest"] = result.closest_usable.zone.zone_id if result.closest_usable else None
    more["nothing_near"] = result.nothing_near
    if query.stations:
        more["stations"] = _stations(now, query, result)
    rest = {"numberReturned": len(result.hits), **more, "links": [link("self", here.address(), GEOJSON)]}
    return b'{"type":"FeatureCollection","features":[%b],%b' % (_written(now, result), dumped(rest)[1:])


def _stations(now: Snapshot, query: NearestQuery, result: SearchResult) -> dict[str, Any] | None:
    if result.place is None:
        return None
    limit = limited(query.limit, MAX_LIMIT)
    within_m = FAR_M if query.within_m is None else query.within_m
    return station_collection(container().stations.nearest(result.place.coordinates, limit, now, within_m=within_m))


def _search(query: NearestQuery) -> SearchResult:
    """Raises BadParametersError or ApiError where there is no one place to search around."""
    if query.address is not None:
        if query.lat is not None or query.lon is not None:
            raise BadParametersError(
                [BadParameter("address", query.address[:100], "either an address, or lat and lon")]
            )
        filters, limits = _wishes(query)
        with_place = _refusing(lambda: container().search_service.search(str(query.address), filters, **limits))
        if with_place.place is None:
            raise _several(with_place.answer)
        return with_place
    missing = [name for name, value in (("lat", query.lat), ("lon", query.lon)) if value is None]
    if missing or query.lat is None or query.lon is None:
        raise BadParametersError([BadParameter(name, "", "needed: lat and lon, or an address") for name in missing])
    filters, limits = _wishes(query)
    return container().search_service.around(Coordinates(query.lat, query.lon), filters, **limits)


def _wishes(query: NearestQuery) -> tuple[Filters, dict[str, Any]]:
    limits: dict[str, Any] = {"limit": limited(query.limit, MAX_LIMIT)}
    if query.within_m is not None:
        limits["within_m"] = query.within_m
    if query.at is not None:
        limits["at"] = _meant_there(query.at)
    return query.filters, limits


def _meant_there(typed: TypedTime) -> VisitTime:
    """The time that is meant at the place; a contradiction in it becomes a problem of the parameter."""

    def on(now_there: datetime) -> datetime:
        try:
            return typed.on(now_there)
        except UnreadableTimeError as error:
            raise BadParametersError([BadParameter("at", typed.text, str(error))]) from error

    return on


def _refusing(ask: Callable[[], Answered]) -> Answered:
    """Ask a geocoder; its three refusals become three problems."""
    try:
        return ask()
    except BadAddressError as error:
        value = request.args.get("address", "")
        bad = {"name": "address", "value": value[:100], "allowed": str(error)}
        read = _interpretation(Interpretation(value, notes=error.notes))
        raise ApiError("bad-parameters", f"address: {error}", errors=[bad], interpretation=read) from error
    except NoMatchError as error:
        similar = [_place(place) for place in error.similar]
        read = _interpretation(Interpretation(request.args.get("address", ""), notes=error.notes))
        detail = " ".join([*(NOTES[note.code] for note in error.notes), "Try a ZIP code, or a town and state."])
        raise ApiError("no-match", detail, candidates=similar, interpretation=read) from error
    except GeocoderUnavailableError as error:
        read = _interpretation(Interpretation(request.args.get("address", ""), notes=error.notes))
        detail = "The services that know street addresses are silent. ZIP codes and towns still work."
        raise ApiError("service-down", detail, interpretation=read) from error


def _several(answer: GeocodeResult) -> ApiError:
    detail = "Choose one and ask again with its latitude and longitude, or add the state."
    if len(answer.candidates) == 1:
        detail = "This is a suggestion, or a whole state: ask again with a town in it, or with latitude and longitude."
    candidates = [_place(place) for place in answer.candidates]
    return ApiError(
        "several-places", detail, candidates=candidates, interpretation=_interpretation(answer.interpretation)
    )


def _written(now: Snapshot, result: SearchResult) -> bytes:
    """Features with what is only known from here and now, with commas between them."""
    pieces: list[bytes] = []
    for seen in result.hits:
        before, after, properties = seen.zone_status.parts or _parts(now, seen.zone_status)
        if result.at is not None:
            after = after.replace(b'"dark":null', b'"dark":true' if _is_dark(seen.zone, result.at) else b'"dark":false')
        pieces += (before, b"%.1f" % seen.distance_m, after, CROSSES[seen.crosses], properties, b",")
    return b"".join(pieces[:-1])


def _is_dark(zone: StoredZone, at: datetime) -> bool:
    return daylight_at(zone.coordinates, at, zone.time_zone).dark


def _parts(now: Snapshot, zone_status: ZoneStatus) -> tuple[bytes, bytes, bytes]:
    """What is written before and after the distance, once for all who ask within the minute."""
    before, properties = now.collection.split_feature(zone_status.zone)
    here_and_now = HERE_AND_NOW[zone_status.open_state.openness, zone_status.usable]
    zone_status.parts = before + b'"distance_m":', here_and_now, properties
    return zone_status.parts


def _place(place: Geocode | None) -> dict[str, Any]:
    if place is None:
        return {}
    members = {**place.to_json(), "latitude": place.coordinates.latitude, "longitude": place.coordinates.longitude,
            "approximate": place.precision.approximate}  # fmt: skip
    return {name: value for name, value in members.items() if name != "coordinates" and value != ""}


def _how(answer: GeocodeResult) -> dict[str, Any]:
    read = _interpretation(answer.interpretation)
    confirm = answer.needs_confirmation
    return {"partial": answer.partial, "degraded": answer.degraded, "asks": confirm, "interpretation": read}


def _interpretation(read: Interpretation) -> dict[str, Any]:
    """How the words were read; notes carry a stable code, a sentence, and the words that they concern."""
    notes = [
        {"code": note.code, "detail": NOTES[note.code]}
        | ({"text": note.text} if note.text else {})
        | ({"place": _place(note.place)} if note.place else {})
        for note in read.notes
    ]
    return {"typed": read.typed, "read_as": read.read_as, "notes": notes}


@api.get(
    Operation("/geocode", "geocode", TAG, "Where an address is, by whom and how exactly", AddressQuery,
              (GEOJSON, JSON), "one place, or several to choose from", schemas.CANDIDATES, ("no-match",)),
)  # fmt: skip
def geocode(query: AddressQuery) -> Response:
    """One place, or the candidates."""
    kind = chosen((GEOJSON, JSON), None)
    answer = _refusing(lambda: container().search_service.locate(query.address))
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": place.coordinates.position},
         "properties": _place(place)}
        for place in answer.candidates
    ]  # fmt: skip
    return private({"type": "FeatureCollection", "features": features, **_how(answer)}, kind)


@api.get(
    Operation("/towns", "towns", TAG, "The towns that have a zone", TownsQuery, (JSON,), "towns by state and name",
              schemas.TOWNS),
)  # fmt: skip
def towns(query: TownsQuery) -> Response:
    """A page of towns."""
    return cached(lambda now: dumped(_towns(now, query)), chosen((JSON,), None))


def _towns(now: Snapshot, query: TownsQuery) -> dict[str, Any]:
    towns = [
        town
        for town in now.towns.values()
        if town.slug in now.by_town and (not query.state or town.state in query.state)
    ]
    towns.sort(key=lambda town: (town.state, slug(town.name)))
    limit, offset = limited(query.limit), min(query.offset, len(towns))
    shown = towns[offset : offset + limit]
    params: dict[str, Any] = request.args.to_dict()
    links = [link("self", url_for("lookups.towns", _external=True, **params))]
    if offset + limit < len(towns):
        links.append(link("next", url_for("lookups.towns", _external=True, **params | {"offset": offset + limit})))
    site = public_address()
    return {
        "towns": [
            {"id": town.slug, "name": town.name, "state": town.state, "country": town.country,
             "zones": len(now.by_town[town.slug]), "page": site + town_url(town.slug),
             "embed": f"{site}/embed/{town.slug}"}
            for town in shown
        ],
        "numberMatched": len(towns), "numberReturned": len(shown), "links": links,
    }  # fmt: skip
