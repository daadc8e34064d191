"""What the mask of land says of ways and of places at sea, against its cells looked up one by one."""

from itertools import groupby
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from directory.geo import Coordinates, distance_m
from directory.search.geography.land_mask import PACKAGED, LandMask, packaged_land_mask

with np.load(PACKAGED) as arrays:
    INDEX, SHARED, COUNTRY = arrays["index"], arrays["shared"], arrays["country"]
    LAND, AMERICAN = (np.unpackbits(arrays[name], axis=2, bitorder="little") for name in ("land", "american"))
ROWS, COLUMNS = INDEX.shape[0] * 64, INDEX.shape[1] * 64
CELL = 1 / 256
"""A cell's height and width in degrees; the first one's corner is 15 degrees south, 144 east."""
SOUTH, WEST, NORTH, EAST = -15.0, 144.0, 70.0, 309.0

SHORES = st.sampled_from(
    [
        (40.8, -73.2, 41.4, -71.8),  # Long Island Sound
        (47.0, -124.8, 49.0, -122.3),  # Puget Sound
        (42.0, -88.0, 46.5, -79.0),  # the Great Lakes
        (51.0, 172.0, 53.5, 190.0),  # both sides of the date line
        (20.0, -160.0, 22.0, -155.5),  # Hawaii
        (24.0, -82.0, 26.5, -80.0),  # the end of Florida
        (SOUTH - 0.3, 169.0, SOUTH + 0.3, 190.0),  # the edges of the grid
        (13.0, WEST, 14.0, WEST + 1.2),
        (NORTH - 0.4, -165.0, NORTH + 0.3, -130.0),
        (45.0, EAST - 3.0, 53.0, EAST + 0.2),
    ]
)


def place(latitude: float, longitude: float) -> Coordinates:
    return Coordinates(latitude, (longitude + 180) % 360 - 180)


PLACES = SHORES.flatmap(lambda box: st.builds(place, st.floats(box[0], box[2]), st.floats(box[1], box[3])))


def is_water(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each point is in a cell of the grid that is not land; the first cells reach one cell farther out."""
    y = ((latitudes - SOUTH) / CELL).astype(int)
    x = (((longitudes - WEST + 90) % 360 - 90) / CELL).astype(int)
    inside = (y >= 0) & (x >= 0) & (y < ROWS) & (x < COLUMNS)
    y, x = np.where(inside, y, 0), np.where(inside, x, 0)
    return inside & (LAND[INDEX[y // 64, x // 64], y % 64, x % 64] == 0)


@settings(max_examples=200)
@given(
    y=st.integers(-70, ROWS + 70) | st.integers(-2, 2) | st.integers(ROWS - 2, ROWS + 2),
    x=st.integers(-70, COLUMNS + 70) | st.integers(-2, 2) | st.integers(COLUMNS - 2, COLUMNS + 2),
)
def test_a_cell_is_water_where_its_bit_says_so_and_none_is_outside(y: int, x: int) -> None:
    inside = 0 <= y < ROWS and 0 <= x < COLUMNS
    assert packaged_land_mask().is_water_at(y, x) is bool(inside and not LAND[INDEX[y // 64, x // 64], y % 64, x % 64])


def test_near_a_shore_every_cell_is_told_from_its_neighbours() -> None:
    y, x = int((41.0 - SOUTH) / CELL), int((-73.6 - WEST) % 360 / CELL)
    is_water = [
        [packaged_land_mask().is_water_at(row, column) for column in range(x, x + 150)] for row in range(y, y + 150, 7)
    ]
    rows, columns = np.mgrid[y : y + 150 : 7, x : x + 150]
    assert is_water == (LAND[INDEX[rows // 64, columns // 64], rows % 64, columns % 64] == 0).tolist()


WET = (LAND == 0).any(axis=(1, 2))[INDEX]
"""Whether a block has water."""


@settings(max_examples=300)
@given(
    corner=st.tuples(st.floats(SOUTH - 2, NORTH + 2), st.floats(WEST - 2, EAST + 2))
    | st.tuples(st.floats(38, 46), st.floats(255, 290)),
    up=st.sampled_from([0.0, 0.1, 0.3, 2.0]),
    right=st.sampled_from([0.0, 0.1, 0.3, 2.0]),
)
def test_a_box_has_water_where_a_block_that_it_touches_has(
    corner: tuple[float, float], up: float, right: float
) -> None:
    south, west = corner
    north, east = south + up, west + right
    assume(north >= SOUTH and east >= WEST)
    rows = [row for row in range(len(WET)) if SOUTH + row / 4 <= north and SOUTH + (row + 1) / 4 > south]
    columns = [at for at in range(WET.shape[1]) if WEST + at / 4 <= east and WEST + (at + 1) / 4 > west]
    assert packaged_land_mask().has_water(south, north, west, east) is bool(WET[np.ix_(rows, columns)].any())


def great_circle(here: Coordinates, there: Coordinates, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The middles of so many equal parts of the way."""
    ends = np.radians([(place.latitude, place.longitude) for place in (here, there)])
    lat, lon = ends.T
    first, last = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).T
    angle = np.arccos(np.clip(first @ last, -1, 1))
    shares = ((np.arange(count) + 0.5) / count)[:, None]
    points = np.sin((1 - shares) * angle) * first + np.sin(shares * angle) * last
    x, y, z = points.T
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def longest_run(flags: NDArray[np.bool_]) -> int:
    return max((len(list(run)) for wet, run in groupby(flags.tolist()) if wet), default=0)


def check_way(here: Coordinates, there: Coordinates, up: float = 0, right: float = 0) -> None:
    """The longest stretch over water is that of the great circle, give or take so many cells.

    It is at least as long as where all cells around a point are water, and no longer than where any is.
    """
    meters = distance_m(here, there)
    latitudes, longitudes = great_circle(here, there, 100)
    wet = [
        is_water(latitudes + north * CELL, longitudes + east * CELL) for north in around(up) for east in around(right)
    ]
    (water_m,) = packaged_land_mask().longest_water_m(here, [there], [meters])
    assert longest_run(np.all(wet, axis=0)) <= round(water_m / meters * 100) <= longest_run(np.any(wet, axis=0))


def around(slack: float) -> NDArray[np.float64]:
    """From so far on one side to as far on the other, no farther apart than a cell is wide."""
    return np.linspace(-slack, slack, 2 * ceil(slack) + 1)


@settings(max_examples=300)
@given(here=PLACES, far=st.tuples(st.floats(-3, 3), st.floats(-5, 5)), share=st.sampled_from([0.001, 0.05, 1.0, 2.0]))
def test_the_longest_stretch_over_water_is_as_long_as_the_cells_on_the_great_circle_say(
    here: Coordinates, far: tuple[float, float], share: float
) -> None:
    assume(max(map(abs, far)) > 0.01)
    assume(here.latitude < 60 or share < 1)  # there a degree of longitude is short, and a way soon leads over the pole
    there = place(here.latitude + far[0] * share, here.longitude + far[1] * share)
    # Over a thousand kilometers (2.0) the line that is looked at lies up to three cells beside the great circle.
    check_way(here, there, up=0.13 * share**3, right=0.4 * share**3)


BORDERS = st.sampled_from(
    [
        (42.0, -83.4, 43.2, -82.3),  # Detroit, Windsor, Sarnia
        (42.8, -79.3, 43.4, -78.8),  # Niagara
        (31.5, -107.0, 32.0, -106.0),  # El Paso, Juárez
        (25.7, -99.0, 27.0, -97.2),  # the Rio Grande
        (44.9, -75.0, 45.3, -67.0),  # Quebec and New Brunswick
    ]
)


@settings(max_examples=300)
@given(box=BORDERS, up=st.floats(0, 1), right=st.floats(0, 1))
def test_near_a_border_whose_land_a_place_is_on_is_what_its_fine_cell_says(
    box: tuple[float, float, float, float], up: float, right: float
) -> None:
    here = Coordinates(box[0] + up * (box[2] - box[0]), box[1] + right * (box[3] - box[1]))
    y, x = int((here.latitude - SOUTH) * 512), int((here.longitude - WEST) % 360 * 512)
    block = INDEX[y // 128, x // 128]
    american = AMERICAN[SHARED[block], y % 128, x % 128]
    assert packaged_land_mask().country_at(here) == ("US" if american else ("", "US", "CA", "MX")[COUNTRY[block]])


def made_mask(
    path: Path, index: NDArray[np.uint16], land: NDArray[np.bool_], american: NDArray[np.bool_] | None = None
) -> LandMask:
    """A mask of blocks by their numbers, all Canada's but for the fine cells of each that are `american`."""
    nobody = np.zeros(len(land), dtype=np.uint8)
    fine = np.zeros((128, 128), dtype=bool) if american is None else american
    np.savez(
        path / "made.npz", index=index, land=np.packbits(land, axis=2, bitorder="little"), country=nobody + 2,
        shared=nobody, american=np.packbits(fine[None], axis=2, bitorder="little"),
    )  # fmt: skip
    return LandMask(path / "made.npz")


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (SOUTH, WEST, "CA"), (SOUTH + 0.49, WEST + 0.74, "CA"), (SOUTH - 0.01, WEST + 0.1, ""),
        (SOUTH - 0.3, WEST + 0.1, ""), (SOUTH + 0.5, WEST + 0.7, ""), (SOUTH + 0.1, WEST - 0.01, ""),
        (SOUTH + 0.4, WEST + 0.75, ""),
    ],
)  # fmt: skip
def test_a_grid_of_one_country_ends_at_its_edges(
    latitude: float, longitude: float, country: str, tmp_path: Path
) -> None:
    canada = made_mask(tmp_path, np.zeros((2, 3), dtype=np.uint16), np.ones((1, 64, 64), dtype=bool))
    assert canada.country_at(place(latitude, longitude)) == country


def test_where_two_countries_share_a_block_each_fine_cell_is_of_one(tmp_path: Path) -> None:
    american = np.random.default_rng(1).random((128, 128)) < 0.5
    shared = made_mask(tmp_path, np.zeros((1, 1), dtype=np.uint16), np.ones((1, 64, 64), dtype=bool), american=american)
    is_american = [
        [shared.country_at(place(SOUTH + (y + 0.5) / 512, WEST + (x + 0.5) / 512)) == "US" for x in range(128)]
        for y in range(0, 128, 9)
    ]
    assert is_american == american[::9].tolist()


@pytest.mark.parametrize(("up", "right"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
@pytest.mark.parametrize(("meters", "at_sea"), [(2_700, False), (3_500, True)])
def test_one_island_within_three_kilometers_and_nobody_is_at_sea(
    up: int, right: int, meters: float, at_sea: bool, tmp_path: Path
) -> None:
    # Four rows of blocks at 60 degrees north, where a cell is half as wide as it is high.
    index = np.zeros((304, 5), dtype=np.uint16)
    index[298:302] = np.arange(1, 21).reshape(4, 5)
    land = np.zeros((21, 64, 64), dtype=bool)
    here = Coordinates(60 + 0.5 * CELL, WEST + 0.6 + 0.5 * CELL)
    north, east = up * meters / 111_400, right * meters / 55_800
    y, x = int((here.latitude + north - SOUTH) / CELL), int((here.longitude + east - WEST) / CELL)
    land[index[y // 64, x // 64], y % 64, x % 64] = True
    assert made_mask(tmp_path, index, land).is_at_sea(here) is at_sea


def test_near_the_eastern_edge_of_the_grid_nobody_is_certainly_at_sea() -> None:
    assert not packaged_land_mask().is_at_sea(Coordinates(40.0, -51.01))


@pytest.mark.parametrize("cells", [-70.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 70.5])
@pytest.mark.parametrize(("latitude", "longitude"), [(SOUTH, 185.1), (NORTH, 215.1), (13.1, WEST), (50.1, EAST)])
def test_a_way_that_ends_just_beyond_an_edge_of_the_grid_is_looked_at_as_far_as_the_grid_goes(
    latitude: float, longitude: float, cells: float
) -> None:
    inward = CELL / 5 * (1 if latitude == SOUTH or longitude == WEST else -1)
    if latitude in (SOUTH, NORTH):
        check_way(place(latitude + inward, longitude), place(latitude + cells * CELL, longitude))
    else:
        check_way(place(latitude, longitude + inward), place(latitude, longitude + cells * CELL))


@settings(max_examples=300)
@given(here=PLACES)
def test_who_is_at_sea_has_three_kilometers_of_water_all_around_and_who_has_five_is_at_sea(here: Coordinates) -> None:
    def all_water(meters: float) -> bool:
        angles, lengths = np.linspace(0, 2 * np.pi, 60)[:, None], np.linspace(0, meters, 25)[None, :]
        north = lengths * np.cos(angles) / 111_200
        east = lengths * np.sin(angles) / 111_200 / np.cos(np.radians(here.latitude))
        return bool(is_water(here.latitude + north, here.longitude + east).all())

    if packaged_land_mask().is_at_sea(here):
        assert all_water(2_950)
    else:
        assert not all_water(5_000)


@pytest.mark.parametrize(
    ("here", "far"),
    [
        ((45, -100), (0, 11)), ((22, -100), (8, 8)), ((30, -90), (8, -8)), ((55, -160), (-5, 7)), ((16, -90), (9, 4)),
        ((52, 178), (1, 5)), ((52, -177), (-1, -6)),
    ],
)  # fmt: skip
def test_a_canal_along_a_great_circle_is_water_from_end_to_end(
    here: tuple[float, float], far: tuple[float, float], tmp_path: Path
) -> None:
    ends = Coordinates(*here), place(here[0] + far[0], here[1] + far[1])
    latitudes, longitudes = great_circle(*ends, 20_000)
    y, x = ((latitudes - SOUTH) / CELL).astype(int), ((longitudes - WEST) % 360 / CELL).astype(int)
    index, land = np.zeros_like(INDEX), [np.ones((64, 64), dtype=bool)]
    cells = {(row, column) for row, column in zip(y.tolist(), x.tolist(), strict=True)}
    for row, column in {
        (row + up, column + right) for row, column in cells for up in (-1, 0, 1) for right in (-1, 0, 1)
    }:
        if not index[row // 64, column // 64]:
            index[row // 64, column // 64] = len(land)
            land.append(np.ones((64, 64), dtype=bool))
        land[index[row // 64, column // 64]][row % 64, column % 64] = False
    mask, meters = made_mask(tmp_path, index, np.array(land)), distance_m(*ends)
    assert mask.longest_water_m(ends[0], ends[1:], [meters]) == [pytest.approx(meters)]
    aside = Coordinates(ends[1].latitude + 1, ends[1].longitude)
    assert mask.longest_water_m(ends[0], [aside], [distance_m(ends[0], aside)])[0] < meters / 4
