"""The nearest zones, exactly: by geodesic distance on WGS 84, from a tree over the ellipsoid's normals."""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from directory.geo import WGS84, Coordinates, distances_m, unit_vector, unit_vectors

SHORTEST_PER_RADIAN_M = WGS84.b**2 / WGS84.a
"""Between two points whose normals are s radians apart the geodesic is at least (b²/a)·s metres long."""
MARGIN_M = 0.5
"""Chords of nearly equal vectors lose digits: half a metre is ten times the worst case."""

TINY_RADIANS = 1e-9
"""Rounding, at the size of a few millimetres."""
SPARE = 4
"""How many candidates more than asked for: enough that the first look nearly always suffices."""

Accept = Callable[[int], bool]


class Point(Protocol):
    """Whatever has a place on WGS 84, in degrees."""

    @property
    def latitude(self) -> float:
        """North is positive."""

    @property
    def longitude(self) -> float:
        """East is positive."""


class NearestIndex:
    """An immutable index over n points, numbered in the order in which ties are to be broken."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.latitudes = np.array([point.latitude for point in points], dtype=np.float64)
        self.longitudes = np.array([point.longitude for point in points], dtype=np.float64)
        self.normals = unit_vectors(self.latitudes, self.longitudes)
        """The normals of the ellipsoid at the points, shape (n, 3)."""
        self._tree = cKDTree(self.normals)

    def __len__(self) -> int:
        return len(self.latitudes)

    def closest_to(self, vector: ArrayLike, count: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """The `count` points whose normals are closest to `vector`, which need not be a normal: chords, numbers."""
        # For one neighbour the tree gives a number instead of a list.
        chords, numbers = self._tree.query(vector, k=count if count > 1 else [1])
        return chords, numbers

    def within(self, vector: ArrayLike, chord: float) -> NDArray[np.intp]:
        """The numbers of the points whose normals are no farther than `chord` from `vector`."""
        return np.array(self._tree.query_ball_point(vector, chord), dtype=np.intp)

    def nearest(
        self,
        origin: Coordinates,
        limit: int,
        *,
        within_m: float = math.inf,
        accept: Accept | None = None,
    ) -> list[tuple[int, float]]:
        """The `limit` nearest points that `accept` takes: (number, metres), nearest first, ties by number.

        Exact also at the poles, across the date line and among duplicates: a candidate counts only once it is
        certainly nearer than every point not yet looked at.
        """
        count = min(len(self), limit + SPARE)
        while count:
            numbers, meters, certain_m = self._candidates(origin, count)
            reached = min(certain_m, within_m)
            hits = self._accepted(numbers, meters, certain_m, within_m, limit, accept)
            if len(hits) >= limit or count == len(self) or reached == within_m:
                return hits
            uncertain = int((meters >= certain_m).sum())
            # From afar many are nearly as near: then one look at all that could be nearer than these is enough.
            more = self._count_within(origin, float(meters[-1])) if len(hits) + uncertain >= limit else count
            # Where `accept` refuses nearly all, growth by a factor keeps the walk over all of them linear.
            count = min(len(self), max(count * 4, more))
        return []

    def _count_within(self, origin: Coordinates, meters: float) -> int:
        """How many of the closest normals leave nothing out that is no farther than this."""
        angle = (meters + MARGIN_M) / SHORTEST_PER_RADIAN_M + TINY_RADIANS
        chord = 2 * math.sin(min(angle, math.pi) / 2)
        return int(self._tree.query_ball_point(unit_vector(origin), chord, return_length=True)) + 1

    def _candidates(self, origin: Coordinates, count: int) -> tuple[NDArray[np.intp], NDArray[np.float64], float]:
        """The `count` points of the closest normals in order of distance, and how far nothing is missing."""
        chords, numbers = self.closest_to(unit_vector(origin), count)
        meters = distances_m(origin, self.latitudes[numbers], self.longitudes[numbers])
        order = np.lexsort((numbers, meters))
        if count == len(self):
            return numbers[order], meters[order], math.inf
        angle = 2 * math.asin(min(1.0, float(chords[-1]) / 2))
        return numbers[order], meters[order], SHORTEST_PER_RADIAN_M * angle - MARGIN_M

    @staticmethod
    def _accepted(
        numbers: NDArray[np.intp],
        meters: NDArray[np.float64],
        certain_m: float,
        within_m: float,
        limit: int,
        accept: Accept | None,
    ) -> list[tuple[int, float]]:
        hits: list[tuple[int, float]] = []
        for number, distance in zip(numbers.tolist(), meters.tolist(), strict=True):
            if distance >= certain_m or distance > within_m or len(hits) == limit:
                break
            if accept is None or accept(number):
                hits.append((number, distance))
        return hits
