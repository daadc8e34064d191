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


class PlaceLookup(Protocol):
    """What the rules ask of a gazetteer."""

    def postal_code(self, code: str) -> KnownPlace | None:
        """The area of a ZIP or FSA."""

    def places(self, name: str, state: str = "") -> Sequence[KnownPlace]:
        """The places of a name, best known first."""

    def is_near(self, point: Coordinates, state: str) -> bool:
        """Whether `state` is among `states_near(point)`, which is known at once where the nearest code lies in it."""

    def states_near(self, point: Coordinates) -> set[str]:
        """The states that have a postal code around `point`."""
