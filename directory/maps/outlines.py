"""Land and borders: what maps show where there are no streets, from the files that the pages' maps use too."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from directory.settings import PACKAGE

Edges = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
LAND, COUNTIES, BORDERS = "land-near", "counties", "borders"
FAR_LAND = "land"
"""Coarser, for a view of half a continent."""
_AREAS = (LAND, FAR_LAND)
FAR_DEGREES = 12.0
"""A view that is wider than this shows the coarse outlines, and no counties."""


def outlines(name: str, edges: Edges) -> NDArray[np.object_]:
    """The pieces of one of the outlines inside of these edges; of the outer ones only what lies inside."""
    tree = _pieces(name)
    clipped = shapely.clip_by_rect(tree.geometries[tree.query(shapely.box(*edges))], *edges)
    inside: NDArray[np.object_] = clipped[~shapely.is_empty(clipped)]
    return inside


def lines(name: str, edges: Edges, finest: float) -> NDArray[np.object_]:
    """The same as lines, those of land closed; a bend that is smaller than `finest`, in degrees, is left out."""
    simple = shapely.simplify(outlines(name, edges), finest, preserve_topology=False)
    parts: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(simple))  # a collection has shapes of several
    return shapely.get_rings(parts) if name in _AREAS else parts


def load() -> None:
    """Read all of them now; else the first picture waits for them."""
    for name in (LAND, COUNTIES, BORDERS, FAR_LAND):
        _pieces(name)


@lru_cache
def _pieces(name: str) -> shapely.STRtree:
    path = Path(PACKAGE / "static" / "vendor" / f"{name}.geojson")
    return shapely.STRtree(shapely.get_parts(shapely.from_geojson(path.read_text(encoding="utf-8"))))
