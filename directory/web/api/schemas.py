"""What the API answers with, in what JSON Schema and OpenAPI 3.0 have in common."""

from typing import Any

from directory.formats.json_schema import POINT
from directory.geocoding.results import NOTES, Precision
from directory.routing.router import Mode
from directory.search.geography.crossings import Crossing
from directory.search.travel_order import TravelProblem
from directory.submissions.items.item import Action
from directory.submissions.risk.wait_reasons import WaitReason
from directory.submissions.zone_lists.results import ListOutcome
from directory.web.api.stations import NOTE
from directory.zones.evidence.confidence import ExistenceConfidence, PositionConfidence
from directory.zones.findings import Severity

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
TIME: dict[str, Any] = {"type": "string", "format": "date-time"}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    members: dict[str, Any] = {"type": "object", "properties": properties}
    return members | ({"required": required.split()} if required else {})


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


LINKS = _list(_object("href rel", href=TEXT, rel=TEXT, type=TEXT, title=TEXT))
LANDING = _object("links", title=TEXT, description=TEXT, attribution=TEXT, links=LINKS)
CONFORMANCE = _object("conformsTo", conformsTo=_list(TEXT))
EXTENT = _object(
    spatial=_object("bbox", bbox=_list(_list(NUMBER, minItems=4, maxItems=6), minItems=1), crs=TEXT),
    temporal=_object("interval", interval=_list(_list({**TIME, "nullable": True}, minItems=2, maxItems=2)), trs=TEXT),
)
COLLECTION = _object(
    "id links",
    id=TEXT,
    title=TEXT,
    description=TEXT,
    itemType=TEXT,
    crs=_list(TEXT),
    storageCrs=TEXT,
    extent=EXTENT,
    links=LINKS,
)
COLLECTIONS = _object("links collections", links=LINKS, crs=_list(TEXT), collections=_list(COLLECTION))
LIFE: dict[str, Any] = {
    "time_zone": {**TEXT, "description": "the zone's own, as IANA names it"},
    "changed_at": {**TIME, "description": "when the entry was last changed"},
    "position_confidence": {
        **TEXT,
        "enum": [one.value for one in PositionConfidence],
        "description": "what the point is: the spot, the department's building, a place near it, roughly its area",
    },
    "existence_confidence": {
        **TEXT,
        "enum": [one.value for one in ExistenceConfidence],
        "description": "confirmed by the department within a year; likely by it before or by a source of the last "
        "three years; uncertain by an older or undated one; doubtful where it moved or is only planned",
    },
}
"""The properties that the API adds to the file's."""

FOUND: dict[str, Any] = {
    **LIFE,
    "distance_m": {**NUMBER, "minimum": 0, "description": "geodesic distance from the place asked for"},
    "crosses": {
        **TEXT,
        "nullable": True,
        "enum": [*Crossing, None],
        "description": "what the straight line to it crosses: the border between the country of the place and its own, "
        "or over 2 km of open water; null: neither that we know of",
    },
    "open": {
        **TEXT,
        "enum": ["yes", "no", "unknown"],
        "description": "at `at`, else open_at, else now, less closures; unknown where it moved or is only planned",
    },
    "usable": {"type": "boolean", "description": "false for zones that moved, are closed for now or only planned"},
    "dark": {
        "type": "boolean",
        "nullable": True,
        "description": "only with `at`: whether it is after sunset or before sunrise there then; null without it",
    },
}
TRIP: dict[str, Any] = {
    "duration_s": {
        **NUMBER,
        "nullable": True,
        "minimum": 0,
        "description": "the fastest trip from the place asked for, by the mode of travel, without traffic; null: not "
        "asked for, or no way is known",
    },
    "road_distance_m": {**NUMBER, "nullable": True, "minimum": 0, "description": "how long that trip is"},
}
"""What a router adds to them, around one place."""
BETWEEN: dict[str, Any] = {
    **FOUND,
    "distance_m": {**NUMBER, "minimum": 0, "description": "the longest trip of anybody: what the zones are ranked by"},
    "trips_m": {
        "type": "array", "items": {**NUMBER, "minimum": 0},
        "description": "geodesic distance from each of the places, in their order",
    },
    "total_m": {**NUMBER, "minimum": 0, "description": "all trips together: what breaks ties"},
    "durations_s": {
        "type": "array", "nullable": True, "items": {**NUMBER, "nullable": True, "minimum": 0},
        "description": "the fastest trip from each of the places, by the mode of travel, without traffic; null: not "
        "asked for, or the router did not answer; an item is null where no way is known",
    },
    "road_distances_m": {
        "type": "array", "nullable": True, "items": {**NUMBER, "nullable": True, "minimum": 0},
        "description": "how long those trips are",
    },
    "crosses": {
        **FOUND["crosses"],
        "description": "what the straight line from one of the places crosses; water where one crosses that",
    },
    "crossings": {
        "type": "array", "items": FOUND["crosses"],
        "description": "what the straight line from each of the places crosses, in their order",
    },
}  # fmt: skip
NOTHING_NEAR: dict[str, Any] = {
    "type": "boolean",
    "description": "no zone that one can go to and that the filters take lies within 50 miles (80467 m), or within_m "
    "where that is less, in the place's own country unless across_border: do not call closest near; a feature may be "
    "near all the same, across the border (crosses)",
}
UNSTATED: dict[str, Any] = {
    **COUNT,
    "description": "zones that the filters left out because nobody stated what they ask for, no farther than the last "
    'feature, or within 50 miles where there are fewer than asked for: what nobody said is no "no"',
}


def nearer_unstated(feature: dict[str, Any]) -> dict[str, Any]:
    """The list of the zones that a filter may hide wrongly."""
    return _list(
        feature,
        description="those of them that one can go to and that lie nearer than closest, or within 50 miles where there "
        "is none, at most 50 in order of distance: ask them before you go farther",
    )


STATED_OF_STATIONS = ("address", "town", "state", "postal_code", "telephone", "website")
STATION = _object(
    "type geometry properties",
    type={**TEXT, "enum": ["Feature"]},
    geometry=POINT,
    properties=_object(
        "name source year distance_m note",
        name=TEXT,
        type={**TEXT, "nullable": True, "description": "the kind of agency, in the list's words"},
        **{name: {**TEXT, "nullable": True} for name in STATED_OF_STATIONS},
        source={**TEXT, "description": "who lists it"},
        year={"type": "integer", "nullable": True, "description": "when they last looked: buildings move"},
        distance_m={**NUMBER, "minimum": 0, "description": "geodesic distance from the place asked for"},
        note={**TEXT, "enum": [NOTE]},
    ),
)
STATIONS: dict[str, Any] = {
    **_object(
        "type note features",
        type={**TEXT, "enum": ["FeatureCollection"]},
        note={**TEXT, "enum": [NOTE]},
        features=_list(STATION),
    ),
    "nullable": True,
    "description": "only with stations=true: police stations that are no safe zones as far as the directory knows, in "
    "order of distance; null where the operator added no list",
}
TRAVEL: dict[str, Any] = {
    **_object(
        "mode order problem",
        mode={
            **TEXT,
            "nullable": True,
            "enum": [*Mode, None],
            "description": "of the travel times; drive though none was asked for where the closest zone lies across "
            "water or a border",
        },
        order={
            **TEXT,
            "enum": ["straight_line", "travel_time"],
            "description": "travel_time: features by duration_s, of several places by the longest of "
            "durations_s, then those without by distance",
        },
        problem={
            **TEXT,
            "nullable": True,
            "enum": [*TravelProblem, None],
            "description": "no_router: the server has none, or none for this mode; router_silent: it does not answer "
            "now; no_road: it knows no way from there to any zone near; unproven: another zone, farther away in a "
            "straight line, might be reached sooner",
        },
    ),
    "description": "by what the features are ordered",
}
CLOSEST = {
    **TEXT, "nullable": True,
    "description": "the closest place to meet, which may be farther than all features: the nearest usable zone, in the "
    "place's own country unless across_border, and not across open water where another lies within twice its distance; "
    "where travel.order is travel_time, the one that is reached soonest",
}  # fmt: skip
_OFFERED = "in the country of one of the places unless across_border; null: none that the filters take"
FAIREST = {
    **TEXT, "nullable": True,
    "description": "the usable zone with the shortest longest trip, not across open water where another lies within "
    f"twice its distance, {_OFFERED}",
}  # fmt: skip
LEAST_TOGETHER = {
    **TEXT, "nullable": True,
    "description": f"the usable zone with the shortest trips together, {_OFFERED}; it need not be among the features",
}  # fmt: skip
BEST_KNOWN = {
    **TEXT, "nullable": True,
    "description": "of the thirty fairest usable zones whose longest trip is at most 1.5 times the fairest one's, and "
    "whose line crosses the same, the one of which most is stated: open then, recorded, lit, confirmed; null where "
    "that is nothing; it need not be among the features",
}  # fmt: skip
NEAREST_TO_EACH = {
    "type": "array", "items": {**TEXT, "nullable": True},
    "description": "the closest place to meet for each of the places, where no zone lies between them or they are over "
    "1000 miles apart; else empty",
}  # fmt: skip
AT = {
    **TEXT, "nullable": True,
    "description": "the time that was read from `at`, by each zone's own clock where it has no offset; null is now",
}  # fmt: skip
SAME_PLACE = {"type": "boolean", "description": "all the places are one, to a hundred metres"}
FAR_APART = {"type": "boolean", "description": "two of the places are over 1000 miles apart: perhaps one was not meant"}
TOMBSTONE = _object(
    "type id geometry properties",
    type={**TEXT, "enum": ["Feature"]},
    id=TEXT,
    geometry={"type": "object", "nullable": True, "enum": [None]},
    properties=_object("status changed_at", status={**TEXT, "enum": ["withdrawn"]}, changed_at=TIME, status_from=TEXT,
                       status_note=TEXT, replaced_by=TEXT),
)  # fmt: skip
MIRROR: dict[str, Any] = {
    "next_cursor": {**TEXT, "description": "after of a mirror's next question; tells nothing else"},
    "full_resync": {"type": "boolean", "description": "everything follows, for the cursor is of another history of the "
                    "directory (a backup was restored): what a mirror holds is to be let go"},
    "next_changed_since": {**TIME, "description": "changed_since of the next request, for mirrors that ask by time"},
}  # fmt: skip
"""What an answer to a mirror has besides."""
PLACE = _object(
    "label latitude longitude provider precision approximate",
    label=TEXT, latitude=NUMBER, longitude=NUMBER, provider=TEXT,
    precision={**TEXT, "enum": list(Precision)},
    approximate={"type": "boolean", "description": "the point is only the middle of a street, an area or a town"},
    state=TEXT, country=TEXT, county=TEXT,
)  # fmt: skip
READING_NOTE = _object("code detail", code={**TEXT, "enum": sorted(NOTES)}, detail=TEXT, text=TEXT, place=PLACE)
INTERPRETATION = _object(
    "typed read_as notes",
    typed=TEXT,
    read_as={**TEXT, "description": "the place's label; empty while there is a choice"},
    notes=_list(READING_NOTE),
)
ANSWERED = _object(
    "partial degraded asks interpretation",
    asks={"type": "boolean", "description": "even a single candidate is only a suggestion, for the reader to confirm"},
    interpretation=INTERPRETATION,
    partial={
        "type": "boolean",
        "description": "a part of the words was not read, or only the place in an address found",
    },
    degraded={"type": "boolean", "description": "a geocoder that might have known more did not answer"},
)
WITH_PLACE = {**PLACE, "properties": PLACE["properties"] | ANSWERED["properties"]}
"""A place, and how it was read."""
CANDIDATES = _object(
    "type features partial degraded asks interpretation",
    type={**TEXT, "enum": ["FeatureCollection"]},
    features=_list(_object("type geometry properties", type=TEXT, geometry={"type": "object"}, properties=PLACE)),
    links=LINKS,
    **ANSWERED["properties"],
)
TOWN = _object(
    "id name state country zones page embed",
    id=TEXT, name=TEXT, state=TEXT, country=TEXT, zones=COUNT, page=TEXT, embed=TEXT,
)  # fmt: skip
TOWNS = _object(
    "towns numberMatched numberReturned links", towns=_list(TOWN), numberMatched=COUNT, numberReturned=COUNT,
    links=LINKS,
)  # fmt: skip
FILTER_NOTES = _list(
    _object("property value detail", property=TEXT, value=TEXT, detail=TEXT),
    description="texts of the filter that the property can never be, by its enumeration in the queryables",
)
PROBLEM = _object(
    "type title status detail",
    type={**TEXT, "format": "uri", "description": "the kind of problem: it stays the same"},
    title=TEXT,
    status={"type": "integer"},
    detail=TEXT,
    errors=_list(_object("name value allowed", name=TEXT, value=TEXT, allowed=TEXT)),
    candidates=_list(PLACE),
    interpretation=INTERPRETATION,
    parameter={**TEXT, "description": "of several places the one that it is about"},
    offered=_list(TEXT),
)


ZONE_LIST = _object(
    "type features",
    type={**TEXT, "enum": ["FeatureCollection"]},
    features=_list(_object("type geometry properties", type={**TEXT, "enum": ["Feature"]}, id=TEXT,
                           geometry={"type": "object", "nullable": True}, properties={"type": "object"})),
)  # fmt: skip
"""A department's whole list; the properties are those of a file, or the columns of a spreadsheet."""
ZONE_RESULT = _object(
    "feature zone_id name outcome action fields reasons findings",
    feature={**COUNT, "nullable": True, "description": "its place in the list, from 1; null: it is not in the list"},
    zone_id={**TEXT, "nullable": True, "description": "null for a new zone that is not live yet"},
    name=TEXT,
    outcome={**TEXT, "enum": list(ListOutcome)},
    action={**TEXT, "nullable": True, "enum": [*Action, None], "description": "what the list proposes for it"},
    fields=_list(TEXT, description="the fields that change"),
    reasons=_list(_object("code detail", code={**TEXT, "enum": list(WaitReason)}, detail=TEXT),
                  description="why it waits for a second person"),
    decision={**TEXT, "description": "what a moderator wrote when the same change was declined or sent back"},
    findings=_list(_object("severity field value reason fix", severity={**TEXT, "enum": list(Severity)}, field=TEXT,
                           value=TEXT, reason=TEXT, fix=TEXT)),
)  # fmt: skip
LIST_RESULT = _object(
    "department dry_run complete counts published waiting zones",
    department=TEXT,
    dry_run={"type": "boolean"},
    complete={
        "type": "boolean",
        "description": "false where a zone was refused: none is proposed for withdrawal then",
    },
    counts=_object(" ".join(ListOutcome), **{outcome.value: COUNT for outcome in ListOutcome}),
    published={**COUNT, "nullable": True, "description": "the number of the submission that was published at once"},
    waiting={**COUNT, "nullable": True, "description": "the number of the submission that waits"},
    zones=_list(ZONE_RESULT),
)


POSITION = _object("type coordinates", type={**TEXT, "enum": ["Point"]},
                   coordinates=_list(NUMBER, minItems=2, maxItems=2))  # fmt: skip
"""Where it is, in whatever coordinates."""


def one_feature(feature: dict[str, Any]) -> dict[str, Any]:
    """A Feature with links."""
    return {**feature, "properties": feature["properties"] | {"links": LINKS, "geometry": POSITION}}


def part_of(collection: dict[str, Any]) -> dict[str, Any]:
    """A FeatureCollection whose features may have some of their properties only, and other coordinates."""
    feature = collection["properties"]["features"]["items"]
    properties = {name: part for name, part in feature["properties"]["properties"].items() if name != "required"}
    members = feature["properties"] | {"properties": properties, "geometry": POSITION}
    features = _list({**feature, "properties": members})
    return {**collection, "properties": collection["properties"] | {"features": features}}


def feature_collection(feature: dict[str, Any], *, tombstones: bool = False, **more: Any) -> dict[str, Any]:
    """A FeatureCollection with counts and links."""
    return _object(
        "type features numberReturned links",
        type={**TEXT, "enum": ["FeatureCollection"]},
        features=_list({"anyOf": [feature, TOMBSTONE]} if tombstones else feature),
        numberMatched=COUNT,
        numberReturned=COUNT,
        links=LINKS,
        **(MIRROR if tombstones else {}),
        **more,
    )  # fmt: skip
