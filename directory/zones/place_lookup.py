"""What the rules ask of a gazetteer."""

from collections.abc import Sequence
from typing import Protocol

from directory.geo import Coordinates


class KnownPlace(Protocol):
    """A place the gazetteer knows."""

    @property
    def coordinates(self) -> Coordinates:
        """Its centre."""

    @property
    def state(self) -> str:
        """Its state or province."""

    @property
    def label(self) -> str:
        """Its name, with its state: "Westport, CT"."""


class PlaceLookup(Protocol):
    """What the rules ask of a gazetteer."""

    def postal_code(self, code: str) -> KnownPlace | None:
        """The area of a ZIP or FSA."""

    def places(self, name: str, state: str = "") -> Sequence[KnownPlace]:
        """The places of a name, best known first."""

    def places_spelt_like(self, name: str, state: str = "") -> Sequence[KnownPlace]:
        """The places of a name that is one letter away."""

    def is_near(self, point: Coordinates, state: str) -> bool:
        """Whether `state` is among `states_near(point)`, which is known at once where the nearest code lies in it."""

    def states_near(self, point: Coordinates) -> set[str]:
        """The states that have a postal code around `point`."""


class BatchLookup(PlaceLookup, Protocol):
    """A gazetteer that knows of many points at once what it knows of one."""

    def nearest_states(self, points: Sequence[Coordinates]) -> list[str]:
        """For each point the state of the nearest postal code, which is among `states_near` it; else empty."""


class PointsLookedUp:
    """A gazetteer that has looked up the states of many points at once: one at a time takes thirty times as long."""

    def __init__(self, places: BatchLookup, points: Sequence[Coordinates]) -> None:
        self.postal_code, self.states_near = places.postal_code, places.states_near
        self.places, self.places_spelt_like = places.places, places.places_spelt_like
        self._is_near = places.is_near
        self._nearest = dict(zip(points, places.nearest_states(points), strict=True))

    def is_near(self, point: Coordinates, state: str) -> bool:
        """Whether `state` is among `states_near(point)`."""
        return self._nearest.get(point) == state or self._is_near(point, state)
