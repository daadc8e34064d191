"""What lies between a buyer and a zone: a border, open water, or neither that we know of."""

from collections.abc import Sequence
from enum import StrEnum

from directory.geo import Coordinates
from directory.search.geography.land_mask import packaged_land_mask
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
    for number in _across_water(origin, home, zones, meters):
        between[number] = Crossing.WATER
    return between


def _across_water(
    origin: Coordinates, numbers: list[int], zones: Sequence[StoredZone], meters: Sequence[float]
) -> list[int]:
    """Those of the zones with these numbers that lie across open water."""
    if numbers and packaged_land_mask().is_at_sea(origin):
        return numbers
    longest = packaged_land_mask().longest_water_m(origin, [zones[n] for n in numbers], [meters[n] for n in numbers])
    return [number for number, water_m in zip(numbers, longest, strict=True) if water_m > OPEN_WATER_M]
