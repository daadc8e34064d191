"""What a row leaves out and what it says tells: country, name and point. Nothing is judged here."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from directory.geo import distance_m
from directory.regions import REGIONS
from directory.text import fold
from directory.zones.duplicates.towns import bare_town
from directory.zones.namesakes import namesakes
from directory.zones.place_lookup import KnownPlace, PlaceLookup
from directory.zones.schemas import AREAS, EXACT, LocationSource

Values = Mapping[str, Any]

PLAIN_NAME = "Safe exchange zone"
SEVERAL_PLACES_M = 25_000
"""So far apart, two places of one name are not the same town."""
SPOT_DECIMALS = 4
"""Decimals of a degree that a surveyed spot has at least: eleven metres."""
_COMPACT = re.compile(r"\b(city|village|borough)\b", re.I)
CENTRE_DECIMALS = 4
"""Decimals that the gazetteer has of its centres."""


def with_defaults(values: Values) -> dict[str, Any]:
    """The values with the country of their state and a name, where none is given."""
    region = REGIONS.get(values.get("state", ""))
    country = {"country": region.country} if region else {}
    return {"name": PLAIN_NAME, **country, **values}


def with_known_spelling(values: Values, places: PlaceLookup) -> Values:
    """The values with the town as the gazetteer writes it: for "WESTON", and for "City of Oxford"."""
    town = values["town"]
    if town[:8].lower() == "city of " and not places.places(town, values["state"]):
        bare = town[8:].strip()
        values = {**values, "town": bare} if places.places(bare, values["state"]) else values
        town = values["town"]
    if town.isupper() or town.islower():
        place = next(iter(places.places(town, values["state"])), None)
        name = place.label.rpartition(", ")[0] if place is not None else town
        if name.casefold() == town.casefold():
            return {**values, "town": name}
    return values


def with_point(values: Values, places: PlaceLookup) -> dict[str, Any]:
    """The values with the centre of their postal code or town, marked as approximate, where no point is given."""
    if "latitude" in values:
        coarse = level_by_numbers(values, places)
        if coarse is not None:
            return {**values, "location_source": coarse, "approximate": True}
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


def level_by_numbers(values: Values, places: PlaceLookup) -> LocationSource | None:
    """The level of a point whose numbers show that it is not the spot, of which nobody says what it is; else None.

    Fewer than four decimals, or whole minutes of arc, are no survey of a spot: with three, the point is `SURVEYED` and
    approximate. With fewer it may lie a kilometre away, as the centre of a town does. A point that the gazetteer has
    for the postal code or the town is its centre.
    """
    if "approximate" in values or values.get("location_source", LocationSource.SURVEYED) != LocationSource.SURVEYED:
        return None
    point = (values["latitude"], values["longitude"])
    if not _have_decimals(point, CENTRE_DECIMALS):
        return LocationSource.TOWN if _are_whole_minutes(point) else None
    code = places.postal_code(area_code(values.get("postal_code", "")))
    if code is not None and _is_centre(point, code):
        return LocationSource.POSTAL_CODE
    if _have_decimals(point, 2) or any(_is_centre(point, town) for town in towns_of(values, places)):
        return LocationSource.TOWN
    return LocationSource.SURVEYED if _have_decimals(point, SPOT_DECIMALS - 1) else None


def _have_decimals(point: tuple[float, float], most: int) -> bool:
    """Whether both numbers have no more decimals than that."""
    return round(point[0], most) == point[0] and round(point[1], most) == point[1]


def _are_whole_minutes(point: tuple[float, float]) -> bool:
    """Whether both are degrees and minutes without seconds, as far as six decimals tell: two kilometres."""
    return all(abs(degrees * 60 - round(degrees * 60)) < 1e-4 for degrees in point)


def _is_centre(point: tuple[float, float], place: KnownPlace) -> bool:
    centre = place.coordinates
    return (round(centre.latitude, CENTRE_DECIMALS), round(centre.longitude, CENTRE_DECIMALS)) == point


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
    """The places of the town's name in its state, best known first, then those of the mailing town's.

    Where nobody knows "Mantua Township" or "Town of Weston", those of the name alone, unless several counties of the
    state have a town or township of that name: Washington Township may be far from Washington.
    """
    state = values["state"]
    names = [name for name in (values["town"], values.get("mailing_town", "")) if name]
    towns = [place for name in names for place in places.places(name, state)]
    return towns or [place for name in names for place in _places_of_the_name_alone(name, state, places)]


def _places_of_the_name_alone(name: str, state: str, places: PlaceLookup) -> Sequence[KnownPlace]:
    bare = bare_town(name, state)
    alike = namesakes().get((state, fold(bare)), ())
    form = _COMPACT.search(name)
    if form:  # the gazetteer's place of the name is one, and no township
        alike = tuple(one for one in alike if one[0] == form[0].lower()) or alike
    counties = {county for _, county in alike}
    return () if bare == name or len(counties) > 1 else places.places(bare, state)


def has_several_towns(values: Values, places: PlaceLookup) -> bool:
    """Whether the two best known places of the town's name lie apart."""
    towns = towns_of(values, places)
    return len(towns) > 1 and distance_m(towns[0].coordinates, towns[1].coordinates) > SEVERAL_PLACES_M


def area_code(code: str) -> str:
    """The part of a postal code the gazetteer knows: five digits, or three characters."""
    return code[:5] if code[:1].isdigit() else code[:3]
