"""The nearest zones, exactly: by geodesic distance on WGS 84, from a tree over positions in space."""

import math
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from directory.geo import WGS84, Coordinates, ecef_position, ecef_positions

DIAMETER_M = 2 * WGS84.a**2 / WGS84.b
"""Twice the ellipsoid's greatest radius of curvature, which is that at the poles."""
MARGIN_M = 0.001
"""Far more than rounding makes, which is some nanometres."""
SPARE = 4
"""How many candidates more than asked for: enough that the first look nearly always suffices."""

Accept = Callable[[int], bool]
Floats = NDArray[np.float64]


class Point(Protocol):
    """Whatever has a place on WGS 84, in degrees."""

    @property
    def latitude(self) -> float:
        """North is positive."""

    @property
    def longitude(self) -> float:
        """East is positive."""


def shortest_m(chords: Floats) -> Floats:
    """The least geodesic distances in metres of points that are so many metres apart in space, in any shape.

    Let R be the greatest radius of curvature and γ a geodesic from p, at unit speed, with the outward normal N. For
    f = |γ-p|² is f'' = 2 - 2κ⟨γ-p, N⟩, where the normal curvature κ is at least 1/R. The ellipsoid lies within the ball
    of radius R that touches it at γ (Blaschke's rolling theorem), so that ⟨γ-p, N⟩ ≥ f/2R and f'' ≤ 2 - f/R². Hence f
    is at most what it is on a circle of radius R (Sturm): a geodesic of length d has a chord of at most 2R·sin(d/2R).
    """
    return np.asarray(DIAMETER_M * np.arcsin(chords / DIAMETER_M))


class NearestIndex:
    """An immutable index over n points, numbered in the order in which ties are to be broken."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.latitudes = np.array([point.latitude for point in points], dtype=np.float64)
        self.longitudes = np.array([point.longitude for point in points], dtype=np.float64)
        self.positions = ecef_positions(self.latitudes, self.longitudes)
        """The points in space, in metres, shape (n, 3)."""
        self._tree = cKDTree(self.positions)
        # Single numbers are read faster from these than from arrays.
        self._latitude, self._longitude = self.latitudes.data, self.longitudes.data

    def __len__(self) -> int:
        return len(self.latitudes)

    def closest_to(self, position: ArrayLike, count: int) -> tuple[Floats, NDArray[np.intp]]:
        """The `count` points closest to a position in space, which need not be on the ellipsoid: metres, numbers.

        Both have shape (count,); there have to be as many points.
        """
        # For one neighbour the tree gives a number instead of a list.
        chords, numbers = self._tree.query(position, k=count if count > 1 else [1])
        return chords, numbers

    def within(self, position: ArrayLike, chord: float) -> NDArray[np.intp]:
        """The numbers of the points that are no farther than `chord` metres from a position in space."""
        return np.array(self._tree.query_ball_point(position, chord), dtype=np.intp)

    def nearest(
        self,
        origin: Coordinates,
        limit: int,
        *,
        within_m: float = math.inf,
        accept: Accept | None = None,
    ) -> list[tuple[int, float]]:
        """The `limit` nearest points that `accept` takes: (number, metres), nearest first, ties by number.

        Exact also at the poles, across the date line and among duplicates.
        """
        hits: list[tuple[int, float]] = []
        if limit < 1:
            return hits
        for meters, number in self._by_distance(origin, limit + SPARE):
            if meters > within_m:
                break
            if accept is None or accept(number):
                hits.append((number, meters))
                if len(hits) == limit:  # before another one is measured
                    break
        return hits

    def _by_distance(self, origin: Coordinates, count: int) -> Iterator[tuple[float, int]]:
        """Each point as (metres, number), from near to far; as few are measured as that takes.

        A point is given out when it is nearer than any that was not measured can be: the multi-step search of Seidl and
        Kriegel (1998).
        """
        measured: list[tuple[float, int]] = []
        longitude, latitude = origin.longitude, origin.latitude
        for number, least_m in self._by_chord(origin, count):
            while measured and measured[0][0] < least_m:
                yield heappop(measured)
            meters = WGS84.inv(longitude, latitude, self._longitude[number], self._latitude[number])[2]
            heappush(measured, (meters, number))
        while measured:
            yield heappop(measured)

    def _by_chord(self, origin: Coordinates, count: int) -> Iterator[tuple[int, float]]:
        """Each point's number from near to far in space, and how many metres it is away at least.

        The first look into the tree takes `count` of them.
        """
        position = ecef_position(origin)
        met: set[int] = set()
        while len(met) < len(self):
            count = min(len(self), count)
            chords, numbers = self.closest_to(position, count)
            least_m = shortest_m(chords) - MARGIN_M
            # Those at the same distance come in any order, another one at each look.
            fresh = [each for each in zip(numbers.tolist(), least_m.tolist(), strict=True) if each[0] not in met]
            yield from fresh
            met.update([number for number, _ in fresh])
            count *= 4  # all looks together stay linear where `accept` refuses nearly all
