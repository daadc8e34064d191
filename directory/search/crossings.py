"""What lies between a buyer and a zone: a border, open water, or neither that we know of."""

from collections.abc import Sequence
from enum import StrEnum

from directory.geo import Coordinates
from directory.search.land_mask import packaged
from directory.store.repository import StoredZone

OPEN_WATER_M = 2_000
"""A straight line that is longer than this over water in one stretch crosses open water."""


class Crossing(StrEnum):
    """What the way to a zone crosses; where both apply, the border is named."""

    BORDER = "border"
    WATER = "water"


def crossings(
    origin: Coordinates, country: str, zones: Sequence[StoredZone], meters: Sequence[float]
) -> list[Crossing | None]:
    """What the straight line from `origin` to each zone crosses.

    `country` is that of the buyer ("US"), empty where nobody knows it: then no zone lies across a border. `meters` are
    the distances.
    """
    between: list[Crossing | None] = [
        Crossing.BORDER if country and zone.country != country else None for zone in zones
    ]
    home = [number for number, crossing in enumerate(between) if crossing is None and meters[number] > OPEN_WATER_M]
    longest = packaged().longest_water_m(origin, [zones[n] for n in home], [meters[n] for n in home])
    for number, water_m in zip(home, longest, strict=True):
        if water_m > OPEN_WATER_M:
            between[number] = Crossing.WATER
    return between
