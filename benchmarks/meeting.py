"""Places between two people, in process, against one nearest search of the same index."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.nearest import LIMIT, timed
from benchmarks.rows import Row, at_most, micro
from directory.geo import Coordinates
from directory.search.geography.meeting_index import Order, ranked
from directory.search.geography.nearest_index import NearestIndex
from quality.samples import points

PROMISED = 20_000
SIZES = (1_000, PROMISED, 1_000_000)
APART = {"10 miles": 0.19, "100 miles": 1.9}
"""Degrees of longitude at the middle latitude of the samples."""


def meeting() -> Iterator[Row]:
    """Ten places between two people so far apart, by the longest trip, for directories of these sizes."""
    medians = {}
    for size in SIZES:
        index = NearestIndex(points(size))
        nearest, _ = timed(lambda origin: [number for number, _ in index.nearest(origin, LIMIT)], 2_000)  # noqa: B023
        for apart, degrees in APART.items():
            median, late = timed(partial(_between, index, degrees), 2_000)
            medians[size, apart] = median
            row = at_most(f"between two places {apart} apart, in process: one nearest search", f"{size:,}",
                          micro(median), micro(nearest), median / nearest, 3, f"p99 {micro(late)}")  # fmt: skip
            yield row if size == PROMISED else replace(row, goal="told", met=None)
    for apart in APART:
        few, many = medians[SIZES[0], apart], medians[SIZES[-1], apart]
        yield at_most(f"between two places {apart} apart, median at 1,000,000 against 1,000", "1,000,000", micro(many),
                      micro(few), many / few, 2)  # fmt: skip


def _between(index: NearestIndex, degrees: float, first: Coordinates) -> list[int]:
    second = Coordinates(first.latitude, first.longitude + degrees)
    return [hit.number for hit in ranked(index, [first, second], LIMIT, order=Order.LONGEST_TRIP)]
