"""The zones between several places, exactly: by the longest trip of anybody, or by all trips together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from directory.geo import WGS84, Coordinates, distances_between_m, ecef_position
from directory.search.geography.nearest_index import DIAMETER_M, MARGIN_M, Accept, Floats, NearestIndex, shortest_m

SPARE = 16
"""How many candidates more than asked for: enough that for places in one region the first look suffices."""

Numbers = NDArray[np.intp]


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
    points are looked at to which the trips could be as short. For positions in space z, places p₁…pₖ and their mean c
    these lie in one ball around c, because the mean of |z−pᵢ|² is |z−c|² + the mean of |pᵢ−c|², and the mean of |z−pᵢ|
    is at least |z−c|.
    """
    if not len(index) or limit < 1:
        return []
    trips = _BestTrips(index, places, order)
    return trips.best_of(trips.all_that_could_be_among(limit, accept), limit, accept)


def longest_m(chords: Floats) -> Floats:
    """The greatest geodesic distances in metres of points that are so many metres apart in space, in any shape.

    Stretched by a/b along its axis the ellipsoid is a sphere of radius a. No curve is shorter there than before, and no
    chord longer than a/b times what it was.
    """
    return np.asarray(2 * WGS84.a * np.arcsin(np.minimum(chords / (2 * WGS84.b), 1.0)))


class _BestTrips:
    """One question: an index, places, and an order."""

    def __init__(self, index: NearestIndex, places: Sequence[Coordinates], order: Order) -> None:
        self._index, self._places, self._order = index, places, order
        self._positions = np.array([ecef_position(place) for place in places])
        self._middle = self._positions.sum(axis=0) / len(places)
        offsets = self._positions - self._middle
        self._spread = float(np.vdot(offsets, offsets)) / len(places)

    def all_that_could_be_among(self, limit: int, accept: Accept | None) -> Numbers:
        """The numbers of the first `limit` accepted points, and of all others that could be among them."""
        count = min(len(self._index), limit + SPARE)
        while True:
            from_middle, numbers = self._index.closest_to(self._middle, count)
            chords = self._chords(numbers)
            accepted_chords = chords if accept is None else chords[_accepted(numbers, accept)]
            if count == len(self._index):
                return numbers
            if len(accepted_chords) >= limit:
                break
            count = min(len(self._index), count * 4)  # as in NearestIndex: linear where nearly all are refused
        at_most_m = self._ranked_by(longest_m(accepted_chords))
        reached_m = float(np.partition(at_most_m, limit - 1)[limit - 1]) + MARGIN_M * len(self._places)
        radius = self._radius(reached_m)
        if radius >= from_middle[-1]:
            numbers = self._index.within(self._middle, radius)
            chords = self._chords(numbers)
        return numbers[self._ranked_by(shortest_m(chords)) <= reached_m]

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

    def _chords(self, numbers: Numbers) -> Floats:
        """How far in space each of n points is from each of k places, in metres, shape (n, k)."""
        between = self._index.positions[numbers][:, None, :] - self._positions
        return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", between, between)))

    def _ranked_by(self, meters: Floats) -> Floats:
        """For each of n points what the order looks at: the longest of its k trips, or all together."""
        return np.asarray(meters.max(axis=1) if self._order is Order.LONGEST_TRIP else meters.sum(axis=1))

    def _radius(self, meters: float) -> float:
        """How far from the middle a point can be in space of which the order looks at no more than this."""
        if self._order is Order.ALL_TRIPS:
            return meters / len(self._places) + MARGIN_M
        chord = DIAMETER_M * math.sin(min(meters / DIAMETER_M, math.pi / 2))
        return math.sqrt(max(0.0, chord**2 - self._spread)) + MARGIN_M


def _accepted(numbers: Numbers, accept: Accept) -> NDArray[np.bool_]:
    return np.fromiter(map(accept, numbers.tolist()), dtype=np.bool_, count=len(numbers))
