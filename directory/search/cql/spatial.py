"""Geometries in filters: their literals, in the coordinates that the filter is written in, and the tests on them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import box, shape

from directory.search.cql.errors import FilterError
from directory.search.cql.values import Geometries, Truth

ToDegrees = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From positions of shape (n, 2) to longitudes and latitudes in degrees."""

TESTS: Mapping[str, Callable[..., Any]] = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}
"""The functions of OGC 21-065r2, 7.5."""
SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
ROUNDED = 1e-6
"""Degrees, a tenth of a meter: so far beyond the edge a position of the edge may come out when it is converted."""


def geometry(members: Mapping[str, Any], to_degrees: ToDegrees | None) -> Geometries:
    """A literal of GeoJSON, or one with a `bbox`, for every row. Raises FilterError."""
    try:
        literal = _box(members["bbox"], to_degrees) if "bbox" in members else _shape(members, to_degrees)
    except (ShapelyError, ValueError, OverflowError, TypeError, KeyError, IndexError, AttributeError) as error:
        if isinstance(error, FilterError):
            raise
        raise FilterError(
            "has a geometry that cannot be read: needed are positions of two numbers, closed rings"
        ) from None
    shapely.prepare(literal)
    return Geometries(np.array(literal))


def _shape(members: Mapping[str, Any], to_degrees: ToDegrees | None) -> shapely.Geometry:
    if members.get("type") not in SHAPES:
        raise FilterError(f"has no geometry of the types {', '.join(SHAPES)}", str(members.get("type")))
    literal = shapely.force_2d(shape(dict(members)))
    if literal.is_empty or not np.isfinite(literal.bounds).all():
        raise FilterError("has a geometry without positions, or with numbers that are not finite")
    if not shapely.is_valid(literal):  # whatever it would find, nobody could say why
        raise FilterError(f"has a {literal.geom_type} that is not valid: {shapely.is_valid_reason(literal)}")
    return _on_earth(shapely.transform(literal, to_degrees) if to_degrees else literal)


def _on_earth(literal: shapely.Geometry) -> shapely.Geometry:
    """The geometry. Raises FilterError where the order of its numbers was probably meant otherwise."""
    west, south, east, north = literal.bounds
    if max(abs(west), abs(east)) > 180 + ROUNDED or max(abs(south), abs(north)) > 90 + ROUNDED:
        raise FilterError("has a position that is not on Earth: first is the longitude, then the latitude")
    return literal


def _box(edges: Any, to_degrees: ToDegrees | None) -> shapely.Geometry:
    """A box whose west is greater than its east crosses the date line; heights say nothing about zones."""
    numbers = np.array(edges, dtype=np.float64)
    if numbers.shape not in ((4,), (6,)) or not np.isfinite(numbers).all():
        raise FilterError("has a box without four numbers (west, south, east, north), or six with heights", "BBOX")
    west, south, east, north = numbers if len(numbers) == 4 else numbers[[0, 1, 3, 4]]
    if to_degrees:
        (west, south), (east, north) = to_degrees(np.array([[west, south], [east, north]]))
    if south > north:
        raise FilterError("has a box whose south is north of its north", "BBOX")
    if west <= east:
        return _on_earth(box(west, south, east, north))
    return _on_earth(shapely.MultiPolygon([box(west, south, 180, north), box(-180, south, east, north)]))


def tested(name: str, first: Geometries, second: Geometries) -> Truth:
    """Whether the function holds between the first geometry and the second. Raises FilterError."""
    try:
        holds = TESTS[name](first.data, second.data)
    except ShapelyError:
        raise FilterError("has a geometry with which this cannot be found out", name) from None
    return Truth.where(np.asarray(holds), first.has_value & second.has_value)
