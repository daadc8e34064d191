"""The file form as a JSON Schema: what docs/data-format.md says in words, for machines."""

from collections.abc import Mapping
from typing import Any

from directory.regions import REGIONS
from directory.zones.departments.schemas import DEPARTMENT_FIELDS, TOWN_FIELDS, AgencyKind
from directory.zones.fields import Field, Kind
from directory.zones.programs import FIELDS_OF_A_PROGRAM
from directory.zones.schemas import FIELDS, SourceKind

PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
ZONE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _date(description: str) -> dict[str, Any]:
    return _text(description, pattern=PARTIAL_DATE)


CLOSURE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "from": _date("the first day; with repeat the beginning of the series"),
        "until": _date("the last day; none means until further notice"),
        "repeat": _text("the days in OSM syntax: Th, Mo[1], Nov Th[4], Dec 25 or Dec 24-Jan 02"),
        "note": _text("why, for readers"),
    },
    "additionalProperties": False,
}
SOURCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "url": _text("where it is written"),
        "name": _text("its name, where it is not clear from the address"),
        "kind": _text("who it is", enum=[kind.value for kind in SourceKind if kind is not SourceKind.UNKNOWN]),
        "date": _date("of the source"),
        "seen": _date("the day on which somebody last read it"),
    },
    "additionalProperties": False,
}
_AS_DATE = {"type": "string", "pattern": PARTIAL_DATE}
_AS_LIST = {"type": "array", "items": {"type": "string"}}
_BY_KIND: dict[Kind, dict[str, Any]] = {
    Kind.STATE: {"type": "string", "enum": sorted(REGIONS)},
    Kind.COUNTRY: {"type": "string", "enum": ["US", "CA"]},
    Kind.AGENCY_KIND: {"type": "string", "enum": [kind.value for kind in AgencyKind]},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.COUNT: {"type": "integer", "minimum": 0},
    Kind.PARTIAL_DATE: _AS_DATE,
    Kind.PAST_DATE: {"type": "string", "format": "date"},
    Kind.TEXTS: _AS_LIST,
    Kind.SOURCES: {"type": "array", "items": SOURCE},
    Kind.EVIDENCE: {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
    Kind.CLOSURES: {"type": "array", "items": CLOSURE},
    Kind.CHANNELS: {"type": "array", "items": {"type": "object"}},
    Kind.HISTORY: {"type": "array", "items": {"type": "object"}},
}


def _property(field: Field) -> dict[str, Any]:
    """A field as a property. An unknown value is left out of a file, so it is none of the values."""
    if field.kind in (Kind.CHOICE, Kind.TRI_STATE):
        return _text(field.description, enum=[value.value for value in field.type if value.value != "unknown"])
    return {**_BY_KIND.get(field.kind, {"type": "string"}), "description": field.description}


def _properties(fields: Mapping[str, Field]) -> dict[str, dict[str, Any]]:
    return {name: _property(field) for name, field in fields.items() if field.is_property}


PROPERTIES = _properties(FIELDS)
"""Every property of a Feature. What nobody stated is left out, and means unknown, never no."""

ALWAYS = tuple(name for name, field in FIELDS.items() if field.always)
"""The properties that every zone has."""

POINT: dict[str, Any] = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": {"type": "number", "minimum": -180, "maximum": 180},
            "description": "longitude, latitude",
        },
    },
}
AREA: dict[str, Any] = {
    "type": "object",
    "description": FIELDS["area"].description,
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]},
        "coordinates": {"type": "array", "items": {"type": "array", "items": {}}},
    },
}


def feature_schema(more: dict[str, Any] | None = None, *, nulls: bool = False) -> dict[str, Any]:
    """One zone as a Feature, with `more` properties that are always there.

    Written in what JSON Schema and OpenAPI 3.0 have in common; that properties may be null (`nulls`) is said in the
    way of OpenAPI 3.0.
    """
    properties = {name: _or_null(name, schema) if nulls else schema for name, schema in PROPERTIES.items()}
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _text("the zone_id: never used again for another zone", pattern=ZONE_ID),
            "geometry": POINT,
            "area": AREA,
            "properties": {
                "type": "object",
                "required": [*ALWAYS, *(more or {})],
                "properties": properties | (more or {}),
            },
        },
    }


def _or_null(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name in ALWAYS or name == "approximate":
        return schema
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "nullable": True, **choices}


def file_schema(address: str) -> dict[str, Any]:
    """The whole file as a JSON Schema whose id is `address`."""
    department, town = (
        {"type": "object", "required": ["name", "state", "country"], "properties": _properties(fields)}
        for fields in (DEPARTMENT_FIELDS, TOWN_FIELDS)
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Safe zones",
        "description": "Places that police departments set aside for exchanges, as GeoJSON (RFC 7946).",
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "departments": {
                "type": "array",
                "items": department,
                "description": "departments of which more is known than a name",
            },
            "towns": {
                "type": "array",
                "items": town,
                "description": "towns that people also look for under other names",
            },
            "programs": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["program_id", "name", "department", "state", "country"],
                    "properties": {
                        "program_id": _text("by which its sites name it", pattern=ZONE_ID),
                        **{name: PROPERTIES[name] for name in ("department", "state", "country", *FIELDS_OF_A_PROGRAM)},
                    },
                },
                "description": "programs of many sites, with the facts that their sites share",
            },
            "features": {"type": "array", "items": feature_schema()},
        },
    }
