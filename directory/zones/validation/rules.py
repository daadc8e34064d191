"""The rules that need several fields. A rule judges values and changes none; its name is what a finding carries."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from directory.geo import Coordinates, distance_m
from directory.regions import REGIONS, read_region
from directory.text import TranslatableText, translatable
from directory.zones.derivations import (
    Values,
    area_code,
    area_of,
    has_several_towns,
    level_by_numbers,
    says_area,
    towns_of,
)
from directory.zones.evidence.zone_evidence import FACTS
from directory.zones.findings import Finding, Severity
from directory.zones.parsing.composites import split_address
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import LocationSource

FAR_FROM_TOWN_M = 40_000
REQUIRED = ("department", "town", "state")

Rule = Callable[[int, Values, PlaceLookup], Iterable[Finding]]
_Slip = tuple[str, TranslatableText, Coordinates]


def _error(rule: str, row: int, field: str, value: str, reason: str, fix: str) -> Finding:
    return Finding(rule, Severity.ERROR, row, field, value, reason, fix)


def _warning(rule: str, row: int, field: str, value: str, reason: str, fix: str) -> Finding:
    return Finding(rule, Severity.WARNING, row, field, value, reason, fix)


def required_fields_are_given(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A zone needs a department, a town and a state."""
    for name in REQUIRED:
        if not values.get(name):
            reason, fix = translatable("is missing"), translatable("Fill it in.")
            yield _error("required_fields_are_given", number, name, "", reason, fix)


def country_fits_state(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """The country follows from the state; a different one is a slip."""
    region = REGIONS.get(values.get("state", ""))
    if region is not None and values["country"] != region.country:
        reason = translatable("%(name)s is not there", name=region.name)
        fix = translatable("Use %(country)s, or correct the state.", country=region.country)
        yield _error("country_fits_state", number, "country", values["country"], reason, fix)


def status_dates_are_in_order(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A closure ends after it begins."""
    begins, ends = values.get("status_from", ""), values.get("status_until", "")
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        reason = translatable("comes before status_from, %(begins)s", begins=begins)
        fix = translatable("Exchange the two dates or correct one.")
        yield _error("status_dates_are_in_order", number, "status_until", ends, reason, fix)


def a_photo_has_words(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """What a photo shows is said in words, for people who cannot see it."""
    if values.get("photo") and not values.get("photo_alt"):
        reason = translatable("a photo needs words for people who cannot see it")
        fix = translatable("Say in one sentence what it shows.")
        yield _error("a_photo_has_words", number, "photo_alt", "", reason, fix)


def coordinates_come_in_pairs(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A latitude without a longitude is no point."""
    present = [name for name in ("latitude", "longitude") if name in values]
    if len(present) == 1:
        missing = "longitude" if present == ["latitude"] else "latitude"
        reason = translatable("is missing beside the %(value)s", value=present[0])
        yield _error("coordinates_come_in_pairs", number, missing, "", reason, translatable("Give both, or neither."))


def coordinates_are_a_point(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """In range, not at 0/0, and neither swapped nor without their minus sign."""
    if "latitude" not in values or "longitude" not in values:
        return
    latitude, longitude, state = values["latitude"], values["longitude"], values.get("state", "")
    point = _point(latitude, longitude)
    if latitude == 0 and longitude == 0:
        rule = "coordinates_are_not_zero"
        reason = translatable("is a spot in the Atlantic, the mark of a failed look-up")
        fix = translatable("Leave both empty, or give the real point.")
    elif point is not None and (not state or places.is_near(point, state)):
        return
    elif slip := _slip(latitude, longitude, state, places):
        rule, reason, likely_point = slip
        fix = translatable(
            "Did you mean %(latitude)s, %(longitude)s? That is in %(state)s.",
            latitude=likely_point.latitude,
            longitude=likely_point.longitude,
            state=state,
        )
    elif point is None:
        rule = "coordinates_are_in_range"
        reason = translatable("latitudes run from -90 to 90 and longitudes from -180 to 180")
        fix = translatable("Correct or leave both empty.")
    else:
        rule = "point_is_in_its_state"
        near = ", ".join(sorted(places.states_near(point))) or "no state or province"
        reason = translatable("lies in %(near)s, not in %(state)s", near=near, state=state)
        fix = translatable("Correct the point or the state.")
    yield _error(rule, number, "latitude", f"{latitude}, {longitude}", reason, fix)


def _slip(latitude: float, longitude: float, state: str, places: PlaceLookup) -> _Slip | None:
    """The slip by which a point of the state became these numbers: the rule against it, its words, that point."""
    for rule, latitude_meant, longitude_meant, reason in (
        ("coordinates_are_not_swapped", longitude, latitude, translatable("latitude and longitude look swapped")),
        ("longitude_has_its_sign", latitude, -longitude, translatable("the longitude lacks its minus sign")),
        ("coordinates_are_not_swapped", longitude, -abs(latitude),
         translatable("latitude and longitude look swapped, and the longitude lacks its minus sign")),
    ):  # fmt: skip
        point = _point(latitude_meant, longitude_meant)
        if point is not None and state and state in places.states_near(point):
            return rule, reason, point
    return None


def point_is_known(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """Without coordinates a zone needs a postal code or town that is known, and is only approximate."""
    if "latitude" in values:
        return
    place, source = area_of(values, places)
    if place is None:
        reason = translatable(
            "is not a place we know in %(value)s, and no coordinates are given", value=values["state"]
        )
        fix = translatable("Check the spelling, or give a postal code or coordinates.")
        yield _error("point_is_known", number, "town", values["town"], reason, fix)
        return
    if source is LocationSource.TOWN and has_several_towns(values, places):
        reason = translatable(
            "%(value)s has several places of this name; the best known was taken", value=values["state"]
        )
        fix = translatable("Give the coordinates or the postal code.")
        yield _warning("town_is_one_place", number, "town", values["town"], reason, fix)
    reason = translatable(
        "no coordinates are given: the middle of the postal area or town was taken, marked as approximate"
    )
    fix = translatable("Give the coordinates of the spot if you know them.")
    yield _warning("point_is_known", number, "latitude", "", reason, fix)


def town_is_spelt_as_it_is_known(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A town that nobody knows, beside one that is spelt nearly so, is asked about: it would be a second town."""
    if "latitude" not in values or towns_of(values, places):
        return
    point = Coordinates(values["latitude"], values["longitude"])
    for place in places.places_spelt_like(values["town"], values["state"]):
        if distance_m(point, place.coordinates) <= FAR_FROM_TOWN_M:
            name = place.label.rpartition(", ")[0]
            reason = translatable("is no place that we know in %(value)s; one nearby is spelt “%(value2)s”",
                                  value=values["state"], value2=name)  # fmt: skip
            fix = translatable("Correct it, unless it is another place.")
            yield Finding("town_is_spelt_as_it_is_known", Severity.WARNING, number, "town", values["town"], reason, fix,
                          (name,))  # fmt: skip
            return


def point_is_near_its_town(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A point far from the town it is said to serve deserves a look."""
    if "latitude" not in values or says_area(values):
        return
    point = Coordinates(values["latitude"], values["longitude"])
    nearest = min((distance_m(point, town.coordinates) for town in towns_of(values, places)), default=0.0)
    if nearest > FAR_FROM_TOWN_M:
        reason = translatable("is %(value)s km from %(value2)s", value=f"{nearest / 1000:.0f}", value2=values["town"])
        fix = translatable("Check the point and the town.")
        position = f"{point.latitude}, {point.longitude}"
        yield _warning("point_is_near_its_town", number, "latitude", position, reason, fix)


def point_is_precise(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A point with few decimals, or one that is the centre of an area, is not called exact."""
    if "latitude" not in values or level_by_numbers(values, places) is None:
        return
    reason = translatable("has too few decimals for a spot, or is the middle of the postal area or town")
    fix = translatable("It was taken and marked as approximate. Give the point of the spot with four decimals or more.")
    position = f"{values['latitude']}, {values['longitude']}"
    yield _warning("point_is_precise", number, "latitude", position, reason, fix)


def postal_code_fits_state(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A postal code of another state is a slip in one of the two."""
    code = values.get("postal_code", "")
    area = places.postal_code(area_code(code)) if code else None
    if area is not None and area.state and area.state != values["state"]:
        reason = translatable("belongs to %(state)s, not %(value2)s", state=area.state, value2=values["state"])
        yield _warning("postal_code_fits_state", number, "postal_code", code, reason, translatable("Check both."))


def address_fits_state(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """An address on one line that ends in another state is a slip in one of the two."""
    street = values.get("street_address", "")
    address_state = read_region(split_address(street).get("state", "")) if "," in street else ""
    if address_state and address_state != values["state"]:
        reason = translatable("belongs to %(state)s, not %(value2)s", state=address_state, value2=values["state"])
        yield _warning("address_fits_state", number, "street_address", street, reason, translatable("Check both."))


def area_is_valid(number: int, area: Any) -> Iterator[Finding]:
    """The outline of the bays is a simple polygon."""
    try:
        outline = shape(area)
        polygon = outline.geom_type in ("Polygon", "MultiPolygon") and not outline.is_empty
        reason = ("" if outline.is_valid else explain_validity(outline)) if polygon else translatable("not a polygon")
    except (ShapelyError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        reason = translatable("not a polygon (%(error)s)", error=error)
    if reason:
        fix = translatable("Draw the outline again, or leave it out.")
        yield _error("area_is_valid", number, "area", str(area)[:80], reason, fix)


def evidence_names_facts_and_sources(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """Each entry of the evidence is about a fact, and names one of the further sources."""
    most = len(values.get("sources", ()))
    for fact, source in values.get("evidence", {}).items():
        if fact in FACTS and 0 < source <= most:
            continue
        entry = f"{fact}: {source}"
        if fact not in FACTS:
            reason = translatable("is about no fact that we know")
        else:
            reason = translatable("names a source that is not in the list of %(most)s", most=most)
        fix = translatable("The main source counts for it. Correct the entry, or list the source.")
        yield _warning("evidence_names_facts_and_sources", number, "evidence", entry, reason, fix)


FIELD_RULES: tuple[Rule, ...] = (
    required_fields_are_given,
    country_fits_state,
    status_dates_are_in_order,
    a_photo_has_words,
    coordinates_come_in_pairs,
    coordinates_are_a_point,
    evidence_names_facts_and_sources,
)
PLACE_RULES: tuple[Rule, ...] = (
    point_is_known,
    town_is_spelt_as_it_is_known,
    point_is_near_its_town,
    point_is_precise,
    postal_code_fits_state,
    address_fits_state,
)
"""Rules for rows without an error: they ask for the town and the state."""


def point_of(values: Values) -> Coordinates | None:
    """The point that the values state; None where they state none, or one that is nowhere on Earth."""
    return _point(values["latitude"], values["longitude"]) if "latitude" in values and "longitude" in values else None


def _point(latitude: float, longitude: float) -> Coordinates | None:
    try:
        return Coordinates(latitude, longitude)
    except ValueError:
        return None
