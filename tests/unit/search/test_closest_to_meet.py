"""Which of the nearest zones is the closest place to meet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from directory.search.closest_to_meet import closest_to_meet, is_offered
from directory.search.geography.crossings import Crossing


@dataclass
class Zone:
    distance_m: float
    crosses: Crossing | None = None


WATER, BORDER = Crossing.WATER, Crossing.BORDER


@pytest.mark.parametrize(
    ("country", "home", "across", "offered"),
    [("US", "US", False, True), ("CA", "US", False, False), ("CA", "US", True, True), ("US", "MX", False, True),
     ("US", "CA", False, False), ("CA", "", False, True)],
)  # fmt: skip
def test_a_buyer_is_offered_zones_at_home_or_any_where_home_has_none(
    country: str, home: str, across: bool, offered: bool
) -> None:
    assert is_offered(country, home, across) is offered


class Look:
    """Zones that a further look would give, and the calls for it."""

    def __init__(self, *zones: Zone) -> None:
        self.zones, self.calls = zones, list[tuple[int, float]]()

    def __call__(self, most: int, within_m: float) -> Sequence[Zone]:
        self.calls.append((most, within_m))
        return [zone for zone in self.zones if zone.distance_m <= within_m][:most]


def test_the_nearest_is_it_unless_it_lies_across_the_water() -> None:
    look = Look()
    for crossing in (None, BORDER):
        first = Zone(100, crossing)
        assert closest_to_meet([first, Zone(200)], 1_000, look) is first
    assert look.calls == []


@pytest.mark.parametrize(("meters", "is_expected"), [(150, True), (200, True), (201, False)])
def test_across_the_water_one_within_twice_the_distance_is_taken(meters: float, is_expected: bool) -> None:
    wet, dry = Zone(100, WATER), Zone(meters)
    look = Look()
    assert closest_to_meet([wet, Zone(120, WATER), dry], 1_000, look) is (dry if is_expected else wet)
    assert look.calls == []


def test_a_further_look_is_taken_only_as_far_as_twice_the_distance() -> None:
    wet, dry = Zone(100, WATER), Zone(180)
    look = Look(Zone(150, WATER), dry)
    assert closest_to_meet([wet], 199, look) is dry
    assert look.calls == [(16, 200)]
    assert closest_to_meet([wet], 200, look) is wet


@pytest.mark.parametrize(("across_the_water", "is_expected"), [(16, True), (127, True), (128, False)])
def test_behind_many_across_the_water_one_of_the_128_nearest_is_still_found(
    across_the_water: int, is_expected: bool
) -> None:
    wet, dry = Zone(100, WATER), Zone(180)
    look = Look(*[Zone(150, WATER)] * across_the_water, dry)
    assert closest_to_meet([wet], 199, look) is (dry if is_expected else wet)
    assert look.calls == [(16, 200), (128, 200)]


def test_fewer_than_asked_for_are_all_there_are() -> None:
    wet, look = Zone(100, WATER), Look(Zone(150, WATER))
    assert closest_to_meet([wet], 199, look) is wet
    assert look.calls == [(16, 200)]


def test_without_an_offer_the_nearest_of_all_is_looked_for() -> None:
    only = Zone(9_000)
    look = Look(only)
    assert closest_to_meet([], 1_000, look) is only
    assert look.calls == [(1, math.inf)]
    assert closest_to_meet([], 1_000, Look()) is None
