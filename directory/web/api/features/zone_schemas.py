"""A zone's properties as JSON Schema: those that answers have (Part 5), and those that filters take (Part 3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from directory.formats.json_schema import ALWAYS, PROPERTIES, feature_schema
from directory.search.cql.values import Kind
from directory.search.zone_features import dumped
from directory.search.zone_table import FILTERABLE, GEOMETRY, ID
from directory.web.api import schemas
from directory.web.api.features.ogc_features import QUERYABLES_RELATION, SCHEMA_RELATION, TAG, blueprint
from directory.web.api.operations import HTML, SCHEMA, Api, Built, Operation, cached, link, media_type_for
from directory.web.api.pages.resource_pages import Links, resource_page
from directory.web.api.parameters import ResourceQuery
from directory.web.api.request_url import RequestUrl, request_url

api = Api(blueprint)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
POINT: dict[str, Any] = {"format": "geometry-point", "x-ogc-role": "primary-geometry", "description": "where one meets"}
IDENTIFIER: dict[str, Any] = {"type": "string", "x-ogc-role": "id", "description": "the zone_id"}
_ALL: Mapping[str, dict[str, Any]] = {ID: IDENTIFIER, GEOMETRY: POINT, **PROPERTIES, **schemas.LIFE}


@api.get(
    Operation("/collections/zones/schema", "schema", TAG, "The properties of a zone with their types", ResourceQuery,
              (SCHEMA, HTML), "a JSON Schema", {"type": "object"}),
)  # fmt: skip
def schema(query: ResourceQuery) -> Response:
    """Every property that a Feature has."""
    return _answer(query, "A zone", _ALL, required=(ID, GEOMETRY, *ALWAYS, *schemas.LIFE))


@api.get(
    Operation("/collections/zones/queryables", "queryables", TAG, "What a filter may be about", ResourceQuery,
              (SCHEMA, HTML), "a JSON Schema", {"type": "object"}),
)  # fmt: skip
def queryables(query: ResourceQuery) -> Response:
    """Every property that filters take."""
    return _answer(query, "Queryables of zones", {name: _ALL[name] for name in FILTERABLE})


@api.get(
    Operation("/collections/zones/feature-schema", "feature_schema", TAG, "A zone as a GeoJSON Feature", ResourceQuery,
              (SCHEMA, HTML), "a JSON Schema", {"type": "object"}),
)  # fmt: skip
def whole_feature(query: ResourceQuery) -> Response:
    """The Feature of the files, where what nobody stated is left out: GDAL makes its columns of this document."""
    kind, here = media_type_for((SCHEMA, HTML), query.f), request_url()
    links = _links(here, kind)
    if kind == HTML:
        return _page("feature-schema", PROPERTIES, links)
    document = {"$schema": DIALECT, "$id": request.base_url, "title": "A zone", **feature_schema()}
    return cached(lambda _now: Built(dumped(document), links), kind, here)


def _page(name: str, properties: Mapping[str, dict[str, Any]], links: Links) -> Response:
    rows = [(name, _type(name, schema), schema) for name, schema in properties.items()]
    return resource_page("api/schema.html", links, resource=name, properties=rows)


def _answer(
    query: ResourceQuery, title: str, properties: Mapping[str, dict[str, Any]], required: Iterable[str] = ()
) -> Response:
    kind, here = media_type_for((SCHEMA, HTML), query.f), request_url()
    links = _links(here, kind)
    if kind == HTML:
        return _page("schema" if required else "queryables", properties, links)
    document = {
        "$schema": DIALECT,
        "$id": request.base_url,
        "title": title,
        "type": "object",
        "properties": {
            name: {**schema, "title": name.replace("_", " "), "x-ogc-propertySeq": number}
            for number, (name, schema) in enumerate(properties.items(), start=1)
        },
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }
    return cached(lambda _now: Built(dumped(document), links), kind, here)


def _links(here: RequestUrl, kind: str) -> Links:
    other, form = (HTML, "html") if kind == SCHEMA else (SCHEMA, "json")
    collection = f"{here.root}{here.path.rpartition('/')[0]}"
    return [
        link("self", here.address(), kind),
        link("alternate", here.in_form(form), other),
        link("collection", collection),
        link(QUERYABLES_RELATION, f"{collection}/queryables", SCHEMA),
        link(SCHEMA_RELATION, f"{collection}/schema", SCHEMA),
    ]


def _type(name: str, schema: Mapping[str, Any]) -> str:
    """For people."""
    if FILTERABLE.get(name) is Kind.GEOMETRY:
        return "point"
    return {"date-time": "time", "date": "day"}.get(schema.get("format", ""), str(schema["type"]))
