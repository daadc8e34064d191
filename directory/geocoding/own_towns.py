"""Towns that no gazetteer has, placed by the zones that the directory has in them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from typing import NamedTuple, Protocol

from directory.geo import Coordinates, distance_m
from directory.text import fold
from directory.zones.derivations import SEVERAL_PLACES_M
from directory.zones.duplicates.towns import bare_town
from directory.zones.keys import town_slug
from directory.zones.namesakes import namesakes
from directory.zones.place_lookup import KnownPlace, PlaceLookup
from directory.zones.schemas import AREAS, LocationSource


class OwnSpot(NamedTuple):
    """Where a zone of a town is, and the key of its department; `is_area`: only the middle of an area is known."""

    coordinates: Coordinates
    is_area: bool
    department: str


class OwnTown(NamedTuple):
    """A town of the directory as a place (`KnownPlace`)."""

    coordinates: Coordinates
    state: str
    label: str


class PlacedZone(Protocol):
    """A zone, as far as it tells where its town is."""

    @property
    def coordinates(self) -> Coordinates:
        """Its point."""

    @property
    def location_source(self) -> LocationSource:
        """What the point is."""

    @property
    def department_slug(self) -> str:
        """The key of its department."""


SpotsOfTown = Callable[[str], Iterable[OwnSpot]]
"""The zones of the town of a key (`zones.keys.town_slug`) that are not withdrawn."""


class WithOwnTowns:
    """A gazetteer that also knows the directory's own towns, where it has no place of their name itself.

    A town is in the middle of its zones, unless they are far apart: then it stays unknown. Where several counties of
    the state have a town or township of that name, only the zones of `department` (its key) tell which is meant.
    """

    def __init__(self, places: PlaceLookup, spots_of: SpotsOfTown, department: str = "") -> None:
        self.postal_code, self.places_spelt_like = places.postal_code, places.places_spelt_like
        self.is_near, self.states_near = places.is_near, places.states_near
        self._places, self._spots_of, self._department = places, spots_of, department

    def places(self, name: str, state: str = "") -> Sequence[KnownPlace]:
        """The places of a name, best known first; one of our own towns where there is none."""
        places = self._places.places(name, state)
        if places or not state:
            return places
        spots = self._spots_of(town_slug(name, state))
        if _has_namesakes(name, state):
            spots = (spot for spot in spots if spot.department == self._department)
        point = _middle(list(spots))
        return () if point is None else (OwnTown(point, state, f"{name}, {state}"),)


def own_spots(zones: Iterable[PlacedZone]) -> Iterable[OwnSpot]:
    """The zones as they tell where their town is."""
    return (OwnSpot(zone.coordinates, zone.location_source in AREAS, zone.department_slug) for zone in zones)


def _has_namesakes(name: str, state: str) -> bool:
    return len({county for _, county in namesakes().get((state, fold(bare_town(name, state))), ())}) > 1


def _middle(spots: Sequence[OwnSpot]) -> Coordinates | None:
    """The middle of the spots, of those that are no areas if there are any; None where they are far apart."""
    points = [spot.coordinates for spot in spots if not spot.is_area] or [spot.coordinates for spot in spots]
    if not points or any(distance_m(points[0], point) > SEVERAL_PLACES_M for point in points):
        return None
    latitude, longitude = (sum(numbers) / len(points) for numbers in zip(*map(astuple, points), strict=True))
    return Coordinates(latitude, longitude)
