"""The ranking between several places equals brute-force geodesic everywhere on the ellipsoid."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from directory.geo import Coordinates, distance_m, distances_m, ecef_position
from directory.search.geography.meeting_index import Order, Trips, longest_m, ranked
from directory.search.geography.nearest_index import MARGIN_M, NearestIndex

# Poles, the date line written both ways, opposite ends of the earth, and points shared by many zones.
latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, 89.9999999, -41.0, 41.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.9999999, -73.5, 106.5])
points = st.builds(Coordinates, latitudes, longitudes)
near = st.builds(Coordinates, st.floats(40.5, 41.5), st.floats(-74, -73))
"""A region of a hundred kilometres, where the bounds decide about single zones."""


def brute_force(
    zones: list[Coordinates], places: list[Coordinates], limit: int, order: Order, accepted: set[int]
) -> list[Trips]:
    arrays = np.array([zone.latitude for zone in zones]), np.array([zone.longitude for zone in zones])
    trips = list(zip(*(distances_m(place, *arrays).tolist() for place in places), strict=True))
    keys = (max, sum) if order is Order.LONGEST_TRIP else (sum, max)
    best = sorted(accepted, key=lambda number: (*(key(trips[number]) for key in keys), number))
    return [Trips(number, trips[number]) for number in best[:limit]]


def with_duplicates(some: st.SearchStrategy[Coordinates]) -> st.SearchStrategy[list[Coordinates]]:
    lists = st.lists(some, min_size=1, max_size=80)
    return lists.flatmap(lambda first: st.lists(st.sampled_from(first), max_size=40).map(lambda again: first + again))


def places_of(some: st.SearchStrategy[Coordinates]) -> st.SearchStrategy[list[Coordinates]]:
    return st.lists(some, min_size=2, max_size=5)


@settings(max_examples=2_000)
@given(points | near, points | near)
def test_no_geodesic_is_longer_than_its_chord_lets_it_be(one: Coordinates, other: Coordinates) -> None:
    greatest_m = float(longest_m(np.array(math.dist(ecef_position(one), ecef_position(other)))))
    assert distance_m(one, other) <= greatest_m + MARGIN_M / 10_000, "rounding takes less than a micrometer"


@settings(max_examples=500)
@given(
    st.tuples(with_duplicates(points), places_of(points)) | st.tuples(with_duplicates(near), places_of(near)),
    st.integers(1, 12),
    st.sampled_from(Order),
    st.integers(1, 4),
)
@example(
    ([Coordinates(0, 179.9), Coordinates(0, -179.8)], [Coordinates(0, 180), Coordinates(1, -180)]),
    1,
    Order.ALL_TRIPS,
    1,
)
@example(([Coordinates(41, -73)] * 30, [Coordinates(41, -73)] * 2), 12, Order.LONGEST_TRIP, 2)
def test_the_ranking_equals_brute_force_with_poles_date_line_and_duplicates(
    given_points: tuple[list[Coordinates], list[Coordinates]], limit: int, order: Order, every: int
) -> None:
    zones, places = given_points
    accepted = {number for number in range(len(zones)) if number % every == 0}
    hits = ranked(NearestIndex(zones), places, limit, order=order, accept=lambda number: number in accepted)
    assert hits == brute_force(zones, places, limit, order, accepted)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("degrees", [0.0, 0.2, 3.0, 30.0])
def test_among_many_zones_the_ranking_equals_brute_force_from_near_and_far(order: Order, degrees: float) -> None:
    draw = np.random.default_rng(7)
    zones = [Coordinates(*point) for point in draw.uniform((25, -124), (49, -67), (5_000, 2)).tolist()]
    index, everything = NearestIndex(zones), set(range(5_000))
    for latitude, longitude in draw.uniform((30, -120), (45, -100), (20, 2)).tolist():
        places = [Coordinates(latitude, longitude), Coordinates(latitude, longitude + degrees)]
        assert ranked(index, places, 10, order=order) == brute_force(zones, places, 10, order, everything)


class Watched(NearestIndex):
    """Counts the points that it was asked to find."""

    candidates = 0

    def closest_to(self, vector: ArrayLike, count: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        self.candidates += count
        return super().closest_to(vector, count)

    def within(self, vector: ArrayLike, chord: float) -> NDArray[np.intp]:
        numbers = super().within(vector, chord)
        self.candidates += len(numbers)
        return numbers


@pytest.mark.parametrize(
    ("order", "degrees"), [(Order.LONGEST_TRIP, 3.0), (Order.LONGEST_TRIP, 8.0), (Order.ALL_TRIPS, 3.0)]
)
def test_between_places_of_one_region_few_of_many_points_are_looked_at(order: Order, degrees: float) -> None:
    draw = np.random.default_rng(7)
    index = Watched([Coordinates(*point) for point in draw.uniform((25, -124), (49, -67), (5_000, 2)).tolist()])
    for latitude, longitude in draw.uniform((30, -120), (45, -100), (20, 2)).tolist():
        ranked(index, [Coordinates(latitude, longitude), Coordinates(latitude, longitude + degrees)], 10, order=order)
    assert index.candidates < 20 * 100


def test_a_filter_that_takes_just_as_many_as_are_wanted_is_asked_of_those_around_only() -> None:
    zones = [Coordinates(41.0, -73.0 + number / 1000) for number in range(2_000)]
    judged_numbers: list[int] = []

    def accept(number: int) -> bool:
        judged_numbers.append(number)
        return number < 3

    assert [hit.number for hit in ranked(NearestIndex(zones), [zones[0], zones[0]], 3, accept=accept)] == [0, 1, 2]
    assert len(judged_numbers) < 30


def test_for_one_place_given_twice_it_is_the_nearest_search() -> None:
    zones = [Coordinates(41.0 + number / 100, -73.0) for number in range(300)]
    here = Coordinates(41.5, -73.2)
    nearest = NearestIndex(zones).nearest(here, 10)
    assert [(hit.number, hit.meters[0]) for hit in ranked(NearestIndex(zones), [here, here], 10)] == nearest


def test_a_filter_that_nearly_nothing_passes_is_asked_a_few_times_of_each_zone() -> None:
    zones = [Coordinates(41.0, -73.0 + number / 1000) for number in range(2_000)]
    judged_numbers: list[int] = []

    def accept(number: int) -> bool:
        judged_numbers.append(number)
        return number == 1_999

    assert [hit.number for hit in ranked(NearestIndex(zones), zones[:2], 1, accept=accept)] == [1_999]
    assert len(judged_numbers) <= 3 * len(zones)


def test_an_empty_directory_has_no_place_between() -> None:
    assert ranked(NearestIndex([]), [Coordinates(0, 0), Coordinates(1, 1)], 5) == []
    judged_numbers: list[int] = []

    def accept(number: int) -> bool:
        judged_numbers.append(number)
        return True

    assert ranked(NearestIndex([Coordinates(0, 0)]), [Coordinates(0, 0), Coordinates(1, 1)], 0, accept=accept) == []
    assert judged_numbers == [], "where none is wanted none is looked at"
