"""OGC API Features: landing page, conformance, the collection of zones."""

from typing import Any

from flask import Blueprint, Response, url_for

from directory.formats.edition import LICENCE
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped, moment
from directory.web.api import schemas
from directory.web.api.features.conformance_classes import CONFORMANCE
from directory.web.api.operations import (
    CSV,
    GEOJSON,
    HTML,
    JSON,
    SCHEMA,
    Api,
    Built,
    Operation,
    both_forms,
    cached,
    link,
    media_type_for,
)
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.parameters import ResourceQuery
from directory.web.api.reference_systems import CRS84, SYSTEMS
from directory.web.api.request_url import request_url
from directory.web.http.container import snapshot
from directory.web.http.limits.rate_limits import counted_as_api

blueprint = counted_as_api(Blueprint("features", __name__, url_prefix="/api/v1"))
api = Api(blueprint)

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
TITLE = "Safe Zone Directory"
WHAT = (
    "Places that police departments set aside for finishing a trade with somebody met online, "
    "with hours, facts, source and freshness."
)
TAG = "Features"
FORMS = (JSON, HTML)
QUERYABLES_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SCHEMA_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/schema"


@api.get(
    Operation("/", "landing", TAG, "Where everything is", ResourceQuery, FORMS, "links", schemas.LANDING),
)
def landing(query: ResourceQuery) -> Response:
    """The landing page."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    links = [
        *both_forms(here, kind),
        link("service-desc", url_for("api.openapi", _external=True), OPENAPI, "The contract"),
        link("service-doc", url_for("api.docs", _external=True), HTML, "Documentation for people"),
        link("conformance", url_for("features.conformance", _external=True), JSON, "What it conforms to"),
        link("data", url_for("features.collections", _external=True), JSON, "The collections"),
        link("license", LICENCE, HTML, "ODC-BY 1.0"),
    ]
    if kind == HTML:
        return resource_page("api/landing.html", links)
    document = {
        "title": TITLE,
        "description": WHAT,
        "attribution": "Safe Zone Directory and each entry’s source",
        "links": links,
    }
    return cached(lambda _now: Built(dumped(document), links), kind, here)


@api.get(
    Operation("/conformance", "conformance", TAG, "What it conforms to", ResourceQuery, FORMS,
              "conformance classes", schemas.CONFORMANCE),
)  # fmt: skip
def conformance(query: ResourceQuery) -> Response:
    """The conformance classes that are claimed, each with its tests in tests/integration/clients."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    links = both_forms(here, kind)
    if kind == HTML:
        return resource_page("api/conformance.html", links, classes=CONFORMANCE)
    return cached(lambda _now: Built(dumped({"conformsTo": CONFORMANCE}), links), kind, here)


@api.get(
    Operation("/collections", "collections", TAG, "The collections: there is one", ResourceQuery, FORMS,
              "collections", schemas.COLLECTIONS),
)  # fmt: skip
def collections(query: ResourceQuery) -> Response:
    """All collections."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    links = both_forms(here, kind)
    if kind == HTML:
        return resource_page("api/collections.html", links, collections=[_collection(snapshot())])

    def build(now: Snapshot) -> Built:
        return Built(dumped({"links": links, "crs": SYSTEMS, "collections": [_collection(now)]}), links)

    return cached(build, kind, here)


@api.get(
    Operation("/collections/zones", "collection", TAG, "The collection of zones", ResourceQuery, FORMS,
              "a collection", schemas.COLLECTION),
)  # fmt: skip
def collection(query: ResourceQuery) -> Response:
    """The one collection."""
    kind, here = media_type_for(FORMS, query.f), request_url()
    if kind == HTML:
        return resource_page("api/collection.html", both_forms(here, kind), collection=_collection(snapshot()))

    def build(now: Snapshot) -> Built:
        described = _collection(now)
        return Built(dumped(described), described["links"])

    return cached(build, kind, here)


def _collection(now: Snapshot) -> dict[str, Any]:
    zones = now.collection
    extent: dict[str, Any] = {}
    if zones.extent and zones.first_change:
        extent = {
            "spatial": {"bbox": [zones.extent], "crs": CRS84},
            "temporal": {"interval": [[moment(zones.first_change), None]],
                         "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"},
        }  # fmt: skip
    own, items = url_for("features.collection", _external=True), url_for("features.items", _external=True)
    return {
        "id": "zones",
        "title": "Safe zones",
        "description": f"{WHAT} A zone's time is that of its last change.",
        "itemType": "feature",
        "crs": SYSTEMS,
        "storageCrs": CRS84,
        **({"extent": extent} if extent else {}),
        "links": [
            link("self", own),
            link("alternate", f"{own}?f=html", HTML, "For people"),
            link("items", items, GEOJSON, "The zones"),
            link("items", f"{items}?f=csv", CSV, "The zones as a table"),
            link("items", f"{items}?f=html", HTML, "The zones for people"),
            link(SCHEMA_RELATION, url_for("features.schema", _external=True), SCHEMA, "The properties of a zone"),
            link(QUERYABLES_RELATION, url_for("features.queryables", _external=True), SCHEMA, "What filters are about"),
            # The case of a relation means nothing (RFC 8288); GDAL before 3.7 knows the second only.
            *(
                link(relation, url_for("features.feature_schema", _external=True), SCHEMA, "A zone as a Feature")
                for relation in ("describedby", "describedBy")
            ),
            link("license", LICENCE, HTML, "ODC-BY 1.0"),
            *(
                link("enclosure", url_for("downloads.whole", form=form, _external=True), kind, f"Everything as {form}")
                for form, kind in (("geojson", GEOJSON), ("csv", CSV))
            ),
        ],
    }
