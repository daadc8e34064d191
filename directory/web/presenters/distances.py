"""Distances, directions and places of a search as a reader says them."""

from collections.abc import Mapping

from flask import url_for

from directory.geo import METERS_PER_MILE
from directory.geocoding.results import NEAR_M, Geocode, Precision
from directory.search.geography.crossings import Crossing
from directory.search.results import SearchHit
from directory.store.repository import StoredZone
from directory.text import translatable
from directory.web.i18n.translate import _, number, translate
from directory.zones.schemas import AREAS


def unit_m(units: str) -> float:
    """The meters of a unit."""
    return 1_000 if units == "km" else METERS_PER_MILE


def _in_unit(amount: str, units: str) -> str:
    return _("%(number)s km", number=amount) if units == "km" else _("%(number)s mi", number=amount)


def distance(meters: float, units: str) -> str:
    """ "2.3 mi", "850 ft", "3.7 km"."""
    if units == "km" and meters < 950:
        return _("%(number)s m", number=number(round(meters, -1)))
    if units != "km" and meters / METERS_PER_MILE < 0.1:
        return _("%(number)s ft", number=number(round(meters / 0.3048, -1)))
    return _in_unit(_short(meters / unit_m(units)), units)


def whole_distance(meters: float, units: str) -> str:
    """ "5 mi", "8 km": for what is rough anyway."""
    return _in_unit(number(round(meters / unit_m(units))), units)


def rough_words(meters: float, units: str) -> str:
    """ "5 mi", "less than 1 km": a distance of which one end is known only roughly."""
    if meters < unit_m(units):
        return _("less than %(distance)s", distance=whole_distance(unit_m(units), units))
    return whole_distance(meters, units)


def reach_words(meters: float, units: str) -> str:
    """How far somebody looked: "50 miles", "80 kilometers", "2.5 miles"."""
    amount = _short(meters / unit_m(units))
    if amount == "1":
        return _in_unit(amount, units)
    return _("%(number)s kilometers", number=amount) if units == "km" else _("%(number)s miles", number=amount)


def _short(value: float) -> str:
    return number(round(value, 1 if value < 10 else 0), "#,##0.#")


_BORDER_CROSSINGS = {
    "CA": translatable("In Canada: border crossing"), "US": translatable("In the United States: border crossing"),
}  # fmt: skip


def crossing_words(hit: SearchHit) -> str:
    """What lies between the reader and the zone; empty where nothing does that we know of."""
    if hit.crosses is Crossing.WATER:
        return _("Across the water: check the route")
    if hit.crosses is None:
        return ""
    return translate(_BORDER_CROSSINGS[hit.zone.country])


HERE_M = 5.0
"""What is nearer than this lies in no direction: the address searched for is the zone's own."""


def says_distance(hit: SearchHit) -> bool:
    """Whether a distance to it can be said: not where both may be anywhere in the same town, or are the same spot."""
    if hit.zone.location_source in AREAS and hit.distance_m < 5_000:
        return False
    return hit.distance_m >= (NEAR_M if hit.area else HERE_M)


def how_far(hit: SearchHit, units: str) -> str:
    """Distance and direction; from or to a spot that nobody knows exactly only what can be said of it."""
    direction = hit.direction
    rough = rough_distance(hit.zone, hit.distance_m, hit.area, units, direction)
    if rough:
        return rough
    if hit.distance_m < HERE_M:
        return _("at this place")
    return directed(distance(hit.distance_m, units), direction)


def directed(text: str, direction: str) -> str:
    """A distance towards a point of the compass ("NE"): "9.9 mi NE"; as it is where there is none."""
    return translate(_DIRECTIONS[direction]) % {"distance": text} if direction else text


def rough_distance(zone: StoredZone, meters: float, area: str, units: str, direction: str = "") -> str:
    """What can be said of a distance to or from a spot that nobody knows exactly; empty where both ends are known.

    `area` names the town or postal area from whose middle it was measured: the page says once that such distances are
    rough, as the zone's row says that its spot is approximate. `direction` is the point of the compass.
    """
    if zone.location_source in AREAS and meters < 5_000:
        return _("somewhere in %(town)s", town=zone.town)
    if not area and not zone.approximate:
        return ""
    if area and meters < NEAR_M:
        return _("nearby")
    return directed(rough_words(meters, units), direction if meters >= NEAR_M else "")


_DIRECTIONS = {
    "N": translatable("%(distance)s N"), "NE": translatable("%(distance)s NE"),
    "E": translatable("%(distance)s E"), "SE": translatable("%(distance)s SE"),
    "S": translatable("%(distance)s S"), "SW": translatable("%(distance)s SW"),
    "W": translatable("%(distance)s W"), "NW": translatable("%(distance)s NW"),
}  # fmt: skip
"""A distance with its direction. Other languages than English have no letters that every reader knows: they say
"9,9 km au nord-ouest".
"""


def units_for(units: str, country: str) -> str:
    """Miles in the United States, kilometers in Canada, or what was asked for."""
    return units or ("km" if country == "CA" else "mi")


RADII = {"mi": (1, 5, 10, 25, 50), "km": (2, 5, 10, 25, 50, 100)}
"""The radii that a search offers, whole in each unit."""


def radius_choices(units: str, chosen_miles: float | None) -> list[tuple[float, str]]:
    """The radii that a search offers, in miles and in words; one that was asked for is among them.

    They have three decimals, as one that was asked for has, so that it is the same one again.
    """
    offered = [round(radius * unit_m(units) / METERS_PER_MILE, 3) for radius in RADII[units]]
    radii = sorted({*offered, chosen_miles} if chosen_miles else offered)
    return [(miles, distance(miles * METERS_PER_MILE, units)) for miles in radii]


def shared_search(query: str, place: Geocode, params: Mapping[str, str]) -> str:
    """The address of a search to pass on, with what was chosen; an exact place is given to about a kilometer only.

    `query` is what names `place` and nothing more exact, else empty: a street address of which only the ZIP was
    understood still says where somebody is.
    """
    if query and place.precision not in (Precision.ADDRESS, Precision.STREET):
        return url_for("searching.search", q=query, _external=True, **params)
    point = place.coordinates
    return url_for(
        "searching.search", lat=f"{point.latitude:.2f}", lon=f"{point.longitude:.2f}", _external=True, **params
    )
