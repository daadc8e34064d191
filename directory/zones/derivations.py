"""What a row leaves out and what it says tells: country, name and point. Nothing is judged here."""

from collections.abc import Mapping
from typing import Any

from directory.geo import distance_m
from directory.regions import REGIONS
from directory.zones.place_lookup import KnownPlace, PlaceLookup
from directory.zones.schemas import AREAS, EXACT, LocationSource

Values = Mapping[str, Any]

PLAIN_NAME = "Safe exchange zone"
SEVERAL_PLACES_M = 25_000
"""So far apart, two places of one name are not the same town."""


def with_defaults(values: Values) -> dict[str, Any]:
    """The values with the country of their state and a name, where none is given."""
    region = REGIONS.get(values.get("state", ""))
    country = {"country": region.country} if region else {}
    return {"name": PLAIN_NAME, **country, **values}


def with_point(values: Values, places: PlaceLookup) -> dict[str, Any]:
    """The values with the centre of their postal code or town, marked as approximate, where no point is given."""
    if "latitude" in values:
        exact = values.get("location_source", LocationSource.SURVEYED) in EXACT
        return dict(values) if exact else {**values, "approximate": True}
    place, source = area_of(values, places)
    if place is None:
        return dict(values)
    point = place.coordinates
    return {
        **values,
        "latitude": round(point.latitude, 6),
        "longitude": round(point.longitude, 6),
        "location_source": source,
        "approximate": True,
    }


def says_area(values: Values) -> bool:
    """Whether the values say that their point is the centre of an area."""
    return values.get("location_source") in AREAS


def area_of(values: Values, places: PlaceLookup) -> tuple[KnownPlace | None, LocationSource]:
    """The postal area that the values name, in their state, or else their town, the best known of its name."""
    place = places.postal_code(area_code(values.get("postal_code", "")))
    if place is not None and place.state == values["state"]:
        return place, LocationSource.POSTAL_CODE
    return next(iter(towns_of(values, places)), None), LocationSource.TOWN


def towns_of(values: Values, places: PlaceLookup) -> list[KnownPlace]:
    """The places of the town's name in its state, best known first, then those of the mailing town's."""
    names = (values["town"], values.get("mailing_town", ""))
    return [place for name in names if name for place in places.places(name, values["state"])]


def has_several_towns(values: Values, places: PlaceLookup) -> bool:
    """Whether the two best known places of the town's name lie apart."""
    towns = towns_of(values, places)
    return len(towns) > 1 and distance_m(towns[0].coordinates, towns[1].coordinates) > SEVERAL_PLACES_M


def area_code(code: str) -> str:
    """The part of a postal code the gazetteer knows: five digits, or three characters."""
    return code[:5] if code[:1].isdigit() else code[:3]
