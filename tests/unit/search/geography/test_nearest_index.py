"""Nearest is right: equal to brute-force geodesic everywhere on the ellipsoid."""

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from directory.geo import Coordinates, distance_m, distances_m, ecef_position
from directory.search.geography.nearest_index import MARGIN_M, NearestIndex, shortest_m

# Poles, the date line, the antimeridian written both ways, and points shared by many zones.
latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, 89.9999999, -89.9999999])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.9999999])
points = st.builds(Coordinates, latitudes, longitudes)


def brute_force(
    zones: list[Coordinates], origin: Coordinates, limit: int, within_m: float, accepted: set[int]
) -> list[tuple[int, float]]:
    meters = distances_m(
        origin, np.array([zone.latitude for zone in zones]), np.array([zone.longitude for zone in zones])
    )
    ranked = sorted((float(distance), number) for number, distance in enumerate(meters) if number in accepted)
    return [(number, distance) for distance, number in ranked if distance <= within_m][:limit]


def nearby(point: Coordinates, north: float, east: float) -> tuple[Coordinates, Coordinates]:
    return point, Coordinates(max(-90.0, min(90.0, point.latitude + north)), (point.longitude + east + 180) % 360 - 180)


pairs = st.tuples(points, points) | st.builds(nearby, points, st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))


@settings(max_examples=2_000)
@given(pairs)
def test_no_geodesic_is_shorter_than_its_chord_lets_it_be(pair: tuple[Coordinates, Coordinates]) -> None:
    chord = math.dist(*map(ecef_position, pair))
    least_m, meters = float(shortest_m(np.array(chord))), distance_m(*pair)
    assert least_m - MARGIN_M / 10_000 <= meters, "rounding takes less than a micrometer"
    assert meters * 0.9 - MARGIN_M <= least_m, "the bound is never much less, also between opposite ends of the earth"


@settings(max_examples=400)
@given(
    st.lists(points, min_size=1, max_size=60).flatmap(
        lambda some: st.lists(st.sampled_from(some), max_size=60).map(lambda again: some + again)
    ),
    points,
    st.integers(1, 12),
    st.sampled_from([math.inf, 5_000_000.0, 100_000.0, 0.0]),
    st.integers(1, 4),
)
def test_the_answer_equals_brute_force_with_poles_date_line_and_duplicates(
    zones: list[Coordinates], origin: Coordinates, limit: int, within_m: float, every: int
) -> None:
    accepted = {number for number in range(len(zones)) if number % every == 0}
    hits = NearestIndex(zones).nearest(origin, limit, within_m=within_m, accept=lambda n: n in accepted)
    assert hits == brute_force(zones, origin, limit, within_m, accepted)


def test_two_zones_at_equal_distance_come_in_zone_id_order() -> None:
    spot = Coordinates(41.0, -73.0)
    index = NearestIndex([spot] * 40)
    assert [number for number, _ in index.nearest(spot, 12)] == list(range(12))


def test_a_filter_never_hides_a_nearer_match() -> None:
    zones = [Coordinates(41.0, -73.0 + number / 1000) for number in range(500)]
    hits = NearestIndex(zones).nearest(zones[0], 3, accept=lambda number: number in (490, 499, 480))
    assert [number for number, _ in hits] == [480, 490, 499]


def test_a_filter_that_nearly_nothing_passes_is_asked_a_few_times_of_each_zone() -> None:
    zones = [Coordinates(41.0, -73.0 + number / 1000) for number in range(2_000)]
    judged_numbers: list[int] = []

    def accept(number: int) -> bool:
        judged_numbers.append(number)
        return number == 1_999

    hits = NearestIndex(zones).nearest(zones[0], 1, accept=accept)
    assert [number for number, _ in hits] == [1_999]
    assert len(judged_numbers) <= 2 * len(zones)


def test_an_empty_directory_has_no_nearest_zone() -> None:
    assert NearestIndex([]).nearest(Coordinates(0, 0), 5) == []


def test_from_the_other_end_of_the_earth_every_zone_is_equally_far() -> None:
    # The chord comes out as 2.0000000000000004.
    hits = NearestIndex([Coordinates(26.2, 124.5)] * 20).nearest(Coordinates(-26.2, -55.5), 1)
    assert [number for number, _ in hits] == [0] and 20_000_000 < hits[0][1] < 20_010_000


class Looks(NearestIndex):
    """Notes how many candidates each look into the tree gives."""

    def __init__(self, points: Sequence[Coordinates]) -> None:
        super().__init__(points)
        self.sizes: list[int] = []

    def closest_to(self, vector: ArrayLike, count: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        self.sizes.append(count)
        return super().closest_to(vector, count)


def in_a_row(longitude: float, count: int, step: float = 0.0001) -> list[Coordinates]:
    """Points so many degrees apart, from west to east."""
    return [Coordinates(41.0, longitude + number * step) for number in range(count)]


def test_where_none_is_wanted_none_is_looked_at() -> None:
    index = Looks(in_a_row(-73.0, 20))
    assert index.nearest(Coordinates(41.0, -73.0), 0) == [] and index.sizes == []


def test_one_look_is_enough_among_the_zones_of_a_town() -> None:
    index = Looks(in_a_row(-73.0, 2_000))
    hits = index.nearest(Coordinates(41.0, -73.0), 10)
    assert [number for number, _ in hits] == list(range(10))
    assert index.sizes == [14]
    assert [number for number, _ in index.nearest(Coordinates(41.0, -73.0), 10, within_m=50)] == list(range(6))
    assert index.sizes == [14, 14]


def test_from_afar_more_looks_take_those_that_could_be_nearer_and_few_others() -> None:
    index = Looks(in_a_row(-73.0, 300) + in_a_row(60.0, 2_000))
    assert [number for number, _ in index.nearest(Coordinates(41.0, -20.0), 1)] == [299]
    assert index.sizes == [5, 20, 80], "some hundred meters are less than the shape of the earth makes unsure"


def test_from_afar_one_look_suffices_among_zones_a_hundred_meters_apart() -> None:
    index = Looks(in_a_row(-73.0, 2_000, step=0.001) + in_a_row(60.0, 2_000))
    hits = index.nearest(Coordinates(41.0, -20.0), 5)
    assert [number for number, _ in hits] == [1999, 1998, 1997, 1996, 1995]
    assert index.sizes == [9]
