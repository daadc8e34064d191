"""The zones between several places, exactly: by the longest trip of anybody, or by all trips together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from directory.geo import WGS84, Coordinates, distances_between_m, unit_vector
from directory.search.geography.nearest_index import MARGIN_M, SHORTEST_PER_RADIAN_M, TINY_RADIANS, Accept, NearestIndex

LONGEST_PER_RADIAN_M = WGS84.a**2 / WGS84.b
"""Between two points whose normals are s radians apart the geodesic is at most (a²/b)·s metres long."""

SPARE = 16
"""How many candidates more than asked for: enough that for places in one region the first look suffices."""

Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]


class Order(StrEnum):
    """What places are ranked by first; the other one breaks ties, then their number."""

    LONGEST_TRIP = "longest_trip"
    ALL_TRIPS = "all_trips"


@dataclass(frozen=True, slots=True)
class Trips:
    """The way from each place to the point of this number, in metres, in the order of the places."""

    number: int
    meters: tuple[float, ...]


def ranked(
    index: NearestIndex,
    places: Sequence[Coordinates],
    limit: int,
    *,
    order: Order = Order.LONGEST_TRIP,
    accept: Accept | None = None,
) -> list[Trips]:
    """The `limit` first points that `accept` takes, from the best; exact as `NearestIndex.nearest` is.

    A look at the points nearest to the middle bounds how long the trips to the last of the answer can be. Then all
    points are looked at to which the trips could be as short. For normals z, places p₁…pₖ and their mean c these lie
    in one ball around c, because the mean of |z−pᵢ|² is |z−c|² + the mean of |pᵢ−c|², and the mean of |z−pᵢ| is at
    least |z−c|.
    """
    if not len(index) or limit < 1:
        return []
    trips = _BestTrips(index, places, order)
    return trips.best_of(trips.all_that_could_be_among(limit, accept), limit, accept)


class _BestTrips:
    """One question: an index, places, and an order."""

    def __init__(self, index: NearestIndex, places: Sequence[Coordinates], order: Order) -> None:
        self._index, self._places, self._order = index, places, order
        self._normals = np.array([unit_vector(place) for place in places])
        self._middle = self._normals.sum(axis=0) / len(places)
        from_middle = self._normals - self._middle
        self._spread = float(np.vdot(from_middle, from_middle)) / len(places)

    def all_that_could_be_among(self, limit: int, accept: Accept | None) -> Numbers:
        """The numbers of the first `limit` accepted points, and of all others that could be among them."""
        count = min(len(self._index), limit + SPARE)
        while True:
            chords, numbers = self._index.closest_to(self._middle, count)
            angles = self._angles(numbers)
            accepted_angles = angles if accept is None else angles[_accepted(numbers, accept)]
            if count == len(self._index):
                return numbers
            if len(accepted_angles) >= limit:
                break
            count = min(len(self._index), count * 4)  # as in NearestIndex: linear where nearly all are refused
        greatest = self._greatest(float(np.partition(accepted_angles, limit - 1)[limit - 1]))
        radius = self._radius(greatest)
        if radius >= chords[-1]:
            numbers = self._index.within(self._middle, radius)
            angles = self._angles(numbers)
        return numbers[angles <= greatest]

    def best_of(self, numbers: Numbers, limit: int, accept: Accept | None) -> list[Trips]:
        """The first `limit` accepted ones of these, by geodesic distance."""
        if accept is not None:
            numbers = numbers[_accepted(numbers, accept)]
        meters = distances_between_m(self._places, self._index.latitudes[numbers], self._index.longitudes[numbers])
        # Added up one after the other, as anybody would who checks it: numpy adds long rows in another order.
        keys = [meters.max(axis=0), sum(meters)]
        first, second = keys if self._order is Order.LONGEST_TRIP else reversed(keys)
        best = np.lexsort((numbers, second, first))[:limit]
        trips = zip(*meters[:, best].tolist(), strict=True)
        return [Trips(number, each) for number, each in zip(numbers[best].tolist(), trips, strict=True)]

    def _angles(self, numbers: Numbers) -> Floats:
        """For each point what the order looks at, in radians between normals: the greatest angle, or all together."""
        between = self._index.normals[numbers][:, None, :] - self._normals
        squares = np.einsum("ijk,ijk->ij", between, between)
        if self._order is Order.LONGEST_TRIP:
            return np.asarray(_angle_of(squares.max(axis=1)))
        return np.asarray(_angle_of(squares).sum(axis=1))

    def _greatest(self, angle: float) -> float:
        """The greatest angle of a point to which the trips could be as short as to one with this angle."""
        meters = angle * LONGEST_PER_RADIAN_M + MARGIN_M * len(self._places)
        return meters / SHORTEST_PER_RADIAN_M + TINY_RADIANS

    def _radius(self, angle: float) -> float:
        """How far from the middle a point's normal can be whose angle is at most this."""
        if self._order is Order.ALL_TRIPS:
            return angle / len(self._places) + TINY_RADIANS
        chord = 2 * math.sin(min(angle, math.pi) / 2)
        return math.sqrt(max(0.0, chord**2 - self._spread)) + TINY_RADIANS


def _angle_of(squared_chords: Floats) -> Floats:
    return np.asarray(2 * np.arcsin(np.minimum(np.sqrt(squared_chords) / 2, 1.0)))


def _accepted(numbers: Numbers, accept: Accept) -> NDArray[np.bool_]:
    return np.fromiter(map(accept, numbers.tolist()), dtype=np.bool_, count=len(numbers))
