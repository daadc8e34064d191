"""Which of the nearest zones is the closest place to meet."""

import math
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from directory.regions import COVERED
from directory.search.geography.crossings import Crossing


class AnyHit(Protocol):
    """A hit of a search from one place or from several."""

    @property
    def distance_m(self) -> float:
        """How far it is, in metres; from several places the longest trip."""

    @property
    def crosses(self) -> Crossing | None:
        """What the way there crosses."""


Hit = TypeVar("Hit", bound=AnyHit)
TWICE = 2
LOOKS = (16, 128)
"""How many of the nearest are looked at for one that is not across the water, on which from an island all may lie."""


def is_offered(country: str, home: str, across_border: bool) -> bool:
    """Whether a zone in `country` may be the closest place to meet of a buyer in `home`.

    A buyer in a country that has no zones is offered those of any.
    """
    return across_border or country == home or home not in COVERED


def closest_to_meet(
    offered: Sequence[Hit], reached_m: float, nearest: Callable[[int, float], Sequence[Hit]]
) -> Hit | None:
    """The nearest zone that may be it; where that lies across the water, one within twice its distance that does not.

    `offered` are all that may be it within `reached_m`, nearest first; `nearest` gives those within so many metres, in
    the same order: as many as it is asked for, or all.
    """
    first = next(iter(offered or nearest(1, math.inf)), None)
    if first is None or first.crosses is not Crossing.WATER:
        return first
    twice = first.distance_m * TWICE
    dry = _first_dry([hit for hit in offered if hit.distance_m <= twice])
    if dry is None and reached_m < twice:
        for most in LOOKS:
            near = nearest(most, twice)
            dry = _first_dry(near)
            if dry or len(near) < most:
                break
    return dry or first


def _first_dry(hits: Sequence[Hit]) -> Hit | None:
    return next((hit for hit in hits if hit.crosses is not Crossing.WATER), None)
