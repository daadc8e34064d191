"""The file form as a JSON Schema: what docs/data-format.md says in words, for machines."""

from typing import Any

from directory.regions import REGIONS
from directory.zones.schemas import (
    AgencyKind,
    LocationSource,
    Setting,
    Status,
)

PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
ZONE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _fact(description: str) -> dict[str, Any]:
    return _text(description, enum=["yes", "no"])


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
PROPERTIES: dict[str, dict[str, Any]] = {
    "name": _text("free text"),
    "department": _text("the department's name; with the state it identifies the department"),
    "town": _text("the town the zone serves"),
    "state": _text("a US state or territory, a Canadian province or territory", enum=sorted(REGIONS)),
    "country": _text("territories of the United States are US", enum=["US", "CA"]),
    "setting": _text("what kind of spot it is", enum=[kind.value for kind in Setting if kind is not Setting.UNKNOWN]),
    "spot_note": _text("the exact spot in words"),
    "street_address": _text("as written by the source"),
    "mailing_town": _text("the town of the postal address, where it differs"),
    "postal_code": _text("ZIP, ZIP+4, FSA or Canadian postal code"),
    "location_source": _text(
        "where the point comes from; postal_code and place are the centre of either",
        enum=[source.value for source in LocationSource],
    ),
    "approximate": {"type": "boolean", "description": "true when the point is not the spot"},
    "opening_hours": _text("OSM syntax, judged in the zone's own time zone with its state's or province's holidays"),
    "advised_hours": _text("OSM syntax: when the department advises to come"),
    "hours_note": _text("the original words, or what OSM syntax cannot say"),
    "cameras": _fact("whether there are cameras"),
    "cameras_recorded": _fact("whether what they see is recorded"),
    "cameras_watched": _fact("whether somebody watches live"),
    "cameras_around_the_clock": _fact("says nothing about opening"),
    "lighting": _fact("whether it is lit at night"),
    "marked": _fact("a sign or painted bays"),
    "spaces": {"type": "integer", "minimum": 0, "description": "how many"},
    "step_free": _fact("whether one gets there without steps"),
    "emergency_phone": _fact("whether there is one"),
    "officer_standby": _fact("an officer comes along on request"),
    "footage_days": {"type": "integer", "minimum": 0, "description": "how long recordings are kept"},
    "custody_exchange": _fact("handing over children is welcome"),
    "custody_hours": _text("OSM syntax"),
    "custody_rules": _text("free text"),
    "phone": _text("the spot's own number, where it is not the department's"),
    "rules": {"type": "array", "items": {"type": "string"}, "description": "short texts"},
    "status": _text("active means listed by the source, no more", enum=[status.value for status in Status]),
    "status_from": _date("year, month or day"),
    "status_until": _date("year, month or day; a dated closure ends by itself"),
    "status_note": _text("free text"),
    "closures": {"type": "array", "items": CLOSURE, "description": "days on which it is closed, of its own time zone"},
    "replaced_by": _text("the zone that took its place"),
    "announced_on": _date("year, month or day"),
    "source_url": _text("where it is written"),
    "source_name": _text("the source's name, where it is not clear from the address"),
    "source_date": _date("year, month or day"),
    "other_sources": {"type": "array", "items": {"type": "string"}, "description": "further addresses"},
    "confirmed_on": _date("the day somebody confirmed it"),
    "confirmed_by": _text("who"),
    "photo": _text("the digest under which the site keeps a photo of the spot"),
    "photo_alt": _text("what the photo shows, for people who cannot see it"),
}
"""Every property of a Feature. What nobody stated is left out, and means unknown, never no."""

ALWAYS = ("name", "department", "town", "state", "country", "location_source", "status")
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
    "description": "the outline of the bays",
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
    named = {"type": "object", "required": ["name", "state", "country"]}
    kind = _text("corrects the kind of agency that the name tells", enum=[kind.value for kind in AgencyKind])
    department = {**named, "properties": {"kind": kind}}
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
                "items": named,
                "description": "towns that people also look for under other names",
            },
            "features": {"type": "array", "items": feature_schema()},
        },
    }
