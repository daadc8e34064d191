"""Nearest: right everywhere, fast at every size."""

import random
import time
from collections.abc import Iterator

import numpy as np

from directory.geo import Coordinates, distances_m
from directory.search.geography.nearest_index import NearestIndex
from quality.rows import Row
from quality.samples import points

QUERIES = 10_000


def is_right() -> Iterator[Row]:
    """Equal to brute force by geodesic on random queries, poles, date line and duplicates included."""
    dice = random.Random(5)
    world = [Coordinates(dice.uniform(-90, 90), dice.uniform(-180, 180)) for _ in range(1_500)]
    edges = [
        Coordinates(lat, lon) for lat in (-90, -89.9999, 0, 89.9999, 90) for lon in (-180, -179.9999, 0, 179.9999, 180)
    ]
    zones = world + edges + world[:200]
    latitudes, longitudes = np.array([z.latitude for z in zones]), np.array([z.longitude for z in zones])
    index = NearestIndex(zones)
    right = 0
    for number in range(QUERIES):
        origin = (
            edges[number % len(edges)]
            if number % 20 == 0
            else Coordinates(dice.uniform(-90, 90), dice.uniform(-180, 180))
        )
        meters = distances_m(origin, latitudes, longitudes)
        expected = np.lexsort((np.arange(len(zones)), meters))[:10]
        right += [n for n, _ in index.nearest(origin, 10)] == expected.tolist()
    share = right / QUERIES
    yield Row("nearest equals brute-force geodesic", f"{share:.2%} of {QUERIES:,} queries", "100 %", share == 1)


def is_fast() -> Iterator[Row]:
    """Median time of a query in process, and how it grows."""
    medians = {size: median_ms(size) for size in (1_000, 20_000, 1_000_000)}
    yield Row(
        "nearest, 20,000 zones, median in process", f"{medians[20_000]:.3f} ms", "≤ 0.1 ms", medians[20_000] <= 0.1
    )
    ratio = medians[1_000_000] / medians[1_000]
    yield Row("nearest, 1,000,000 zones against 1,000", f"{ratio:.2f}x", "≤ 2x", ratio <= 2)


def median_ms(size: int) -> float:
    """The median time of 2,000 queries."""
    index, times = NearestIndex(points(size)), []
    for origin in points(2_000, seed=9):
        begun = time.perf_counter()
        index.nearest(origin, 10)
        times.append(time.perf_counter() - begun)
    return float(np.median(times)) * 1000
