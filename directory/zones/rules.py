"""The rules that need several fields. A rule is a function with a name that a finding can carry."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from directory.geo import Coordinates, distance_m
from directory.regions import REGIONS
from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.place_lookup import KnownPlace, PlaceLookup
from directory.zones.schemas import LocationSource

FAR_FROM_TOWN_M = 40_000
SEVERAL_PLACES_M = 25_000
REQUIRED = ("department", "town", "state")

Values = dict[str, Any]
Rule = Callable[[int, Values, PlaceLookup], Iterable[Finding]]


def required_fields_are_given(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A zone needs a department, a town and a state."""
    for name in REQUIRED:
        if not values.get(name):
            yield Finding(
                "required_fields_are_given",
                Severity.ERROR,
                number,
                name,
                "",
                translatable("is missing"),
                translatable("Fill it in."),
            )


def country_fits_state(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """The country follows from the state; a different one is a slip."""
    region = REGIONS.get(values.get("state", ""))
    if region is None:
        return
    given = values.setdefault("country", region.country)
    if given != region.country:
        yield Finding(
            "country_fits_state",
            Severity.ERROR,
            number,
            "country",
            given,
            translatable("%(name)s is not there", name=region.name),
            translatable("Use %(country)s, or correct the state.", country=region.country),
        )


def name_is_given(_number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A zone without a name gets the plain one."""
    values.setdefault("name", "Safe exchange zone")
    return iter(())


def status_dates_are_in_order(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A closure ends after it begins."""
    begins, ends = values.get("status_from", ""), values.get("status_until", "")
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        yield Finding(
            "status_dates_are_in_order",
            Severity.ERROR,
            number,
            "status_until",
            ends,
            translatable("comes before status_from, %(begins)s", begins=begins),
            translatable("Exchange the two dates or correct one."),
        )


def a_photo_has_words(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """What a photo shows is said in words, for people who cannot see it."""
    if values.get("photo") and not values.get("photo_alt"):
        yield Finding(
            "a_photo_has_words",
            Severity.ERROR,
            number,
            "photo_alt",
            "",
            translatable("a photo needs words for people who cannot see it"),
            translatable("Say in one sentence what it shows."),
        )


def coordinates_come_in_pairs(number: int, values: Values, _places: PlaceLookup) -> Iterator[Finding]:
    """A latitude without a longitude is no point."""
    given = [name for name in ("latitude", "longitude") if name in values]
    if len(given) == 1:
        missing = "longitude" if given == ["latitude"] else "latitude"
        yield Finding(
            "coordinates_come_in_pairs",
            Severity.ERROR,
            number,
            missing,
            "",
            translatable("is missing beside the %(value)s", value=given[0]),
            translatable("Give both, or neither."),
        )


def coordinates_are_a_point(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """In range, not at 0/0, and neither swapped nor without their minus sign."""
    if "latitude" not in values or "longitude" not in values:
        return
    latitude, longitude = values["latitude"], values["longitude"]
    shown = f"{latitude}, {longitude}"
    if latitude == 0 and longitude == 0:
        yield Finding(
            "coordinates_are_not_zero",
            Severity.ERROR,
            number,
            "latitude",
            shown,
            translatable("is a spot in the Atlantic, the mark of a failed look-up"),
            translatable("Leave both empty, or give the real point."),
        )
        return
    state = values.get("state", "")
    point = _point(latitude, longitude)
    if point is not None and (not state or places.is_near(point, state)):
        return
    for rule, latitude_meant, longitude_meant, words in (
        ("coordinates_are_not_swapped", longitude, latitude, translatable("latitude and longitude look swapped")),
        ("longitude_has_its_sign", latitude, -longitude, translatable("the longitude lacks its minus sign")),
        ("coordinates_are_not_swapped", longitude, -abs(latitude),
         translatable("latitude and longitude look swapped, and the longitude lacks its minus sign")),
    ):  # fmt: skip
        meant = _point(latitude_meant, longitude_meant)
        if meant is not None and state and state in places.states_near(meant):
            yield Finding(
                rule,
                Severity.ERROR,
                number,
                "latitude",
                shown,
                words,
                translatable(
                    "Did you mean %(latitude)s, %(longitude)s? That is in %(state)s.",
                    latitude=meant.latitude,
                    longitude=meant.longitude,
                    state=state,
                ),
            )
            return
    if point is None:
        yield Finding(
            "coordinates_are_in_range",
            Severity.ERROR,
            number,
            "latitude",
            shown,
            translatable("latitudes run from -90 to 90 and longitudes from -180 to 180"),
            translatable("Correct or leave both empty."),
        )
        return
    near = ", ".join(sorted(places.states_near(point))) or "no state or province"
    yield Finding(
        "point_is_in_its_state",
        Severity.ERROR,
        number,
        "latitude",
        shown,
        translatable("lies in %(near)s, not in %(state)s", near=near, state=state),
        translatable("Correct the point or the state."),
    )


def point_is_known(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A zone without coordinates stands at the centre of its postal code or town, and says so."""
    if "latitude" in values:
        return
    known: KnownPlace | None = places.postal_code(_area_code(values.get("postal_code", "")))
    source = LocationSource.POSTAL_CODE
    if known is None or known.state != values["state"]:
        named = [
            place
            for name in (values["town"], values.get("mailing_town", ""))
            for place in (places.places(name, values["state"]) if name else ())
        ]
        known, source = (named[0] if named else None), LocationSource.PLACE
        if len(named) > 1 and distance_m(named[0].coordinates, named[1].coordinates) > SEVERAL_PLACES_M:
            yield Finding(
                "town_is_one_place",
                Severity.WARNING,
                number,
                "town",
                values["town"],
                translatable(
                    "%(value)s has several places of this name; the best known was taken", value=values["state"]
                ),
                translatable("Give the coordinates or the postal code."),
            )
    if known is None:
        yield Finding(
            "point_is_known",
            Severity.ERROR,
            number,
            "town",
            values["town"],
            translatable("is not a place we know in %(value)s, and no coordinates are given", value=values["state"]),
            translatable("Check the spelling, or give a postal code or coordinates."),
        )
        return
    yield Finding(
        "point_is_known",
        Severity.WARNING,
        number,
        "latitude",
        "",
        translatable(
            "no coordinates are given: the middle of the postal area or town was taken, marked as approximate"
        ),
        translatable("Give the coordinates of the spot if you know them."),
    )
    point = known.coordinates
    values.update(
        latitude=round(point.latitude, 6),
        longitude=round(point.longitude, 6),
        location_source=source,
        approximate=True,
    )


def point_is_near_its_town(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A point far from the town it is said to serve deserves a look."""
    if "latitude" not in values:
        return
    if values.get("location_source") in (LocationSource.POSTAL_CODE, LocationSource.PLACE):
        values["approximate"] = True
        return
    names = [values["town"], values.get("mailing_town", "")]
    towns = [place for name in names if name for place in places.places(name, values["state"])]
    point = Coordinates(values["latitude"], values["longitude"])
    nearest = min((distance_m(point, town.coordinates) for town in towns), default=0.0)
    if nearest > FAR_FROM_TOWN_M:
        yield Finding(
            "point_is_near_its_town",
            Severity.WARNING,
            number,
            "latitude",
            f"{point.latitude}, {point.longitude}",
            translatable("is %(value)s km from %(value2)s", value=f"{nearest / 1000:.0f}", value2=values["town"]),
            translatable("Check the point and the town."),
        )


def postal_code_fits_state(number: int, values: Values, places: PlaceLookup) -> Iterator[Finding]:
    """A postal code of another state is a slip in one of the two."""
    code = values.get("postal_code", "")
    known = places.postal_code(_area_code(code)) if code else None
    if known is not None and known.state and known.state != values["state"]:
        yield Finding(
            "postal_code_fits_state",
            Severity.WARNING,
            number,
            "postal_code",
            code,
            translatable("belongs to %(state)s, not %(value2)s", state=known.state, value2=values["state"]),
            translatable("Check both."),
        )


def area_is_valid(number: int, area: Any) -> Iterator[Finding]:
    """The outline of the bays is a simple polygon."""
    try:
        outline = shape(area)
        polygon = outline.geom_type in ("Polygon", "MultiPolygon") and not outline.is_empty
        reason = ("" if outline.is_valid else explain_validity(outline)) if polygon else translatable("not a polygon")
    except (ShapelyError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        reason = translatable("not a polygon (%(error)s)", error=error)
    if reason:
        yield Finding(
            "area_is_valid",
            Severity.ERROR,
            number,
            "area",
            str(area)[:80],
            reason,
            translatable("Draw the outline again, or leave it out."),
        )


COMPLETING_RULES: tuple[Rule, ...] = (
    required_fields_are_given,
    country_fits_state,
    name_is_given,
    status_dates_are_in_order,
    a_photo_has_words,
    coordinates_come_in_pairs,
    coordinates_are_a_point,
)
PLACE_RULES: tuple[Rule, ...] = (point_is_known, point_is_near_its_town, postal_code_fits_state)


def _point(latitude: float, longitude: float) -> Coordinates | None:
    try:
        return Coordinates(latitude, longitude)
    except ValueError:
        return None


def _area_code(code: str) -> str:
    """The part of a postal code the gazetteer knows: five digits, or three characters."""
    return code[:5] if code[:1].isdigit() else code[:3]
