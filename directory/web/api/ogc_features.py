"""OGC API Features, Part 1: landing page, conformance, the collection of zones, its items."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from directory import clock
from directory.formats.edition import LICENCE
from directory.formats.json_schema import feature_schema
from directory.search.snapshot import Snapshot
from directory.search.zone_features import (
    QUERYABLES,
    deleted_feature,
    dumped,
    moment,
)
from directory.store.repository import StoredZone
from directory.web.api import schemas
from directory.web.api.operations import GEOJSON, HTML, JSON, Api, Operation, cached, chosen, link
from directory.web.api.parameters import Cursor, FormatQuery, ItemQuery, ItemsQuery, LandingQuery, limited
from directory.web.api.request_url import RequestUrl, request_url
from directory.web.http.container import renew_snapshot, snapshot
from directory.web.http.problem_documents import ApiError
from directory.web.http.rate_limits import counted_as_api
from directory.web.query.parameters import BadParameter, BadParametersError
from directory.zones.schemas import Status

blueprint = counted_as_api(Blueprint("features", __name__, url_prefix="/api/v1"))
api = Api(blueprint)

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
TITLE = "Safe Zone Directory"
WHAT = (
    "Places that police departments set aside for finishing a trade with somebody met online, "
    "with hours, facts, source and freshness."
)
CONFORMANCE = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
]
EARLIEST = datetime.min.replace(tzinfo=UTC)
TAG = "Features"
ITEMS = "/api/v1/collections/zones/items"
CLOCK_SKEW = timedelta(days=2)
"""How far a mirror that asks by time looks back, for changes that were under way and for clocks that were ahead."""
COLLECTION = "/api/v1/collections/zones"


@api.get(
    Operation("/", "landing", TAG, "Where everything is", LandingQuery, (JSON, HTML), "links", schemas.LANDING),
)
def landing(query: Any) -> Response:
    """The landing page; a browser is shown the documentation."""
    kind = chosen((JSON, HTML), query.f)
    if kind == HTML:
        return Response(status=303, headers={"Location": url_for("api.docs"), "Vary": "Accept"})
    return cached(lambda _now: dumped(_landing()), kind)


def _landing() -> dict[str, Any]:
    here = url_for("features.landing", _external=True)
    return {
        "title": TITLE,
        "description": WHAT,
        "attribution": "Safe Zone Directory and each entry’s source",
        "links": [
            link("self", here, JSON, "This document"),
            link("alternate", url_for("api.docs", _external=True), HTML, "Documentation for people"),
            link("service-desc", url_for("api.openapi", _external=True), OPENAPI, "The contract"),
            link("service-doc", url_for("api.docs", _external=True), HTML, "Documentation for people"),
            link("conformance", url_for("features.conformance", _external=True), JSON, "What it conforms to"),
            link("data", url_for("features.collections", _external=True), JSON, "The collections"),
            link("license", LICENCE, HTML, "ODC-BY 1.0"),
        ],
    }


@api.get(
    Operation("/conformance", "conformance", TAG, "What it conforms to", FormatQuery, (JSON,),
              "conformance classes", schemas.CONFORMANCE),
)  # fmt: skip
def conformance(query: Any) -> Response:
    """The conformance classes that are claimed, each with its tests in tests/integration/clients/test_annex_a.py."""
    return cached(lambda _now: dumped({"conformsTo": CONFORMANCE}), chosen((JSON,), query.f))


@api.get(
    Operation("/collections", "collections", TAG, "The collections: there is one", FormatQuery, (JSON,),
              "collections", schemas.COLLECTIONS),
)  # fmt: skip
def collections(query: Any) -> Response:
    """All collections."""

    def build(now: Snapshot) -> bytes:
        here = link("self", url_for("features.collections", _external=True))
        return dumped({"links": [here], "collections": [_collection(now)]})

    return cached(build, chosen((JSON,), query.f))


@api.get(
    Operation("/collections/zones", "collection", TAG, "The collection of zones", FormatQuery, (JSON,),
              "a collection", schemas.COLLECTION),
)  # fmt: skip
def collection(query: Any) -> Response:
    """The one collection."""
    return cached(lambda now: dumped(_collection(now)), chosen((JSON,), query.f))


def _collection(now: Snapshot) -> dict[str, Any]:
    zones = now.collection
    extent: dict[str, Any] = {}
    if zones.extent and zones.first_change:
        extent = {
            "spatial": {"bbox": [zones.extent], "crs": CRS84},
            "temporal": {"interval": [[moment(zones.first_change), None]],
                         "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"},
        }  # fmt: skip
    items = url_for("features.items", _external=True)
    return {
        "id": "zones",
        "title": "Safe zones",
        "description": f"{WHAT} A zone's time is that of its last change.",
        "itemType": "feature",
        "crs": [CRS84],
        **({"extent": extent} if extent else {}),
        "links": [
            link("self", url_for("features.collection", _external=True)),
            link("items", items, GEOJSON, "The zones"),
            link("describedby", url_for("downloads.schema", _external=True), SCHEMA, "What a zone is"),
            link("license", LICENCE, HTML, "ODC-BY 1.0"),
            *(
                link("enclosure", url_for("downloads.whole", form=form, _external=True), kind, f"Everything as {form}")
                for form, kind in (("geojson", GEOJSON), ("csv", "text/csv"))
            ),
        ],
    }


@api.get(
    Operation("/collections/zones/items", "items", TAG, "Zones: in a box, of a time, with these properties",
              ItemsQuery, (GEOJSON, JSON), "a page of zones", schemas.feature_collection(
                  feature_schema(schemas.LIFE, nulls=True), tombstones=True)),
)  # fmt: skip
def items(query: Any) -> Response:
    """A page of zones, or of changes for a mirror."""
    kind, here = chosen((GEOJSON, JSON), query.f), request_url()
    if not query.changed_since and not query.after:
        # What is usable changes with the clock, too.
        minute = f"{clock.now():%Y-%m-%dT%H:%M}" if query.usable else ""
        return cached(lambda now: _page_of_zones(now, query, kind, here), kind, minute)
    _refuse_filters(query)
    if query.changed_since:
        return cached(lambda now: _changes_since(now, query, kind, here), kind)
    if _is_ahead(query.after, snapshot()):
        renew_snapshot()
    return cached(lambda now: _changes_after(now, query.after, limited(query.limit), kind, here), kind)


def _refuse_filters(query: Any) -> None:
    """A mirror follows everything: a filter would hide that a zone moved out of what it asks for."""
    mirror = "changed_since" if query.changed_since else "after"
    names = [name for name in ("bbox", "datetime", "offset", "usable", *QUERYABLES) if getattr(query, name)]
    problems = [BadParameter(name, request.args[name][:100], f"cannot go with {mirror}") for name in names]
    if query.after and isinstance(query.after, Cursor) == bool(query.changed_since):
        rule = "cannot go with changed_since" if query.changed_since else "goes with changed_since"
        problems.append(BadParameter("after", request.args["after"][:100], rule))
    if problems:
        raise BadParametersError(problems)


def _page_of_zones(now: Snapshot, query: Any, kind: str, here: RequestUrl) -> bytes:
    """A FeatureCollection of the zones that the parameters ask for."""
    zones = now.collection
    wanted = {name: value for name in QUERYABLES if (value := getattr(query, name))}
    rows = zones.select(query.bbox, query.datetime, wanted)
    if query.usable:
        moment = now.at(clock.now())
        rows = rows[[moment.of(zones.zones[row]).usable for row in rows.tolist()]]
    limit, offset = limited(query.limit), min(query.offset, len(rows))
    features = [zones.split_feature(zones.zones[row]) for row in rows[offset : offset + limit].tolist()]
    links = _own_links(here, kind)
    if offset + limit < len(rows):
        links.append(link("next", here.address(limit=limit, offset=offset + limit), kind))
    if offset:
        links.append(link("prev", here.address(limit=limit, offset=max(0, offset - limit)), kind))
    return _collected(features, len(rows), links, here)


def _changes_after(now: Snapshot, cursor: Cursor, limit: int, kind: str, here: RequestUrl) -> bytes:
    """What changed after an earlier answer; everything where that was of another history of the directory."""
    resync = cursor.database_id != now.database_id or _is_ahead(cursor, now)
    left = now.collection.by_revision if resync else now.collection.changes_after(cursor.position)
    shown = left[:limit]
    links = _own_links(here, kind)
    reached = Cursor(now.database_id, now.revision)
    if len(left) > limit:
        reached = Cursor(now.database_id, shown[-1].revision, shown[-1].zone_id)
        links.append(link("next", here.address(after=reached), kind))
    features = [(_or_tombstone(now, zone),) for zone in shown]
    return _collected(features, len(left), links, here, next_cursor=str(reached), full_resync=resync)


def _changes_since(now: Snapshot, query: Any, kind: str, here: RequestUrl) -> bytes:
    """What changed since a time; everything where that is a time to come, which only a wrong clock can have told."""
    since = query.changed_since if query.changed_since <= clock.now() else EARLIEST
    everything = now.collection.changes_since(since)
    changed = everything
    if query.after:
        changed = [zone for zone in everything if (zone.changed_at, zone.zone_id) > query.after]
    limit = limited(query.limit)
    shown = changed[:limit]
    links = _own_links(here, kind)
    if len(changed) > limit:
        cursor = f"{moment(shown[-1].changed_at)},{shown[-1].zone_id}"
        links.append(link("next", here.address(after=cursor), kind))
    last = now.collection.last_change
    names = ("next_changed_since", "ask_next_from")  # the second is the name that releases before 1.0 used
    more: dict[str, Any] = dict.fromkeys(names, moment(last - CLOCK_SKEW)) if last else {}
    return _collected([(_or_tombstone(now, zone),) for zone in shown], len(everything), links, here, **more)


def _is_ahead(cursor: Cursor, now: Snapshot) -> bool:
    """Whether the cursor was given by a newer directory of this database."""
    return cursor.database_id == now.database_id and cursor.revision > now.revision


def _or_tombstone(now: Snapshot, zone: StoredZone) -> bytes:
    return dumped(deleted_feature(zone)) if zone.status is Status.WITHDRAWN else now.collection.feature(zone)


def _collected(
    features: Sequence[tuple[bytes, ...]], matched: int, links: list[dict[str, str]], here: RequestUrl, **more: Any
) -> bytes:
    """A FeatureCollection of features in parts that are ready."""
    links = [*links, link("collection", f"{here.root}{COLLECTION}")]
    rest = {"numberMatched": matched, "numberReturned": len(features), **more, "links": links}
    parts = [part for feature in features for part in (*feature, b",")]
    return b"".join((b'{"type":"FeatureCollection","features":[', *parts[:-1], b"],", dumped(rest)[1:]))


def _own_links(here: RequestUrl, kind: str) -> list[dict[str, str]]:
    """The answer itself, and the same as the other media type."""
    other, form = (JSON, "json") if kind == GEOJSON else (GEOJSON, "geojson")
    return [link("self", here.address(), kind), link("alternate", here.address(f=form), other)]


@api.get(
    Operation("/collections/zones/items/{zone_id}", "item", TAG, "One zone", ItemQuery, (GEOJSON, JSON), "a zone",
              schemas.one_feature(feature_schema(schemas.LIFE, nulls=True)), ("not-found",),
              {"zone_id": {"type": "string", "example": "ct-new-canaan-lobby"}}),
)  # fmt: skip
def item(query: Any, zone_id: str) -> Response:
    """One zone; a withdrawn one too, which says so in its status."""
    kind = chosen((GEOJSON, JSON), query.f)
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        raise ApiError("not-found", f"There is no zone {zone_id[:100]}.")
    return cached(lambda now: _one(now, zone, kind), kind)


def _one(now: Snapshot, zone: StoredZone, kind: str) -> bytes:
    links = [
        *_own_links(request_url(), kind),
        link("alternate", url_for("places.zone", zone_id=zone.zone_id, _external=True), HTML, "Its page"),
        link("collection", f"{request_url().root}{COLLECTION}"),
    ]
    return now.collection.feature(zone)[:-1] + b',"links":' + dumped(links) + b"}"
