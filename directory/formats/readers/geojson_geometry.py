"""The geometry of a GeoJSON feature: where one stands, or the outline of the bays."""

import math
from collections.abc import Iterator
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from directory.geo import Coordinates, distance_m
from directory.text import translatable
from directory.zones.findings import Finding, Severity
from directory.zones.validation.row_validation import RawRow

WIDEST_AREA_M = 3_000
"""Metres across that the outline of a spot may have: the grounds of a campus or an airport do."""


def shape_finding(number: int, name: str, value: Any, reason: str, fix: str = "") -> Finding:
    """An error about the shape of a feature, or of its geometry."""
    fix = fix or translatable("Correct it and import again.")
    return Finding("geometry_is_a_point_or_area", Severity.ERROR, number, name, str(value)[:80], reason, fix)


def read_geometry(row: RawRow, geometry: Any) -> None:
    """A Point is where one stands; a Polygon is the bays, and one stands inside; null is unknown."""
    geometry = _one_of_one(geometry)
    if geometry is not None and (problem := _take_geometry(row, geometry)):
        row.problems.append(shape_finding(row.number, "geometry", *problem))


def _one_of_one(geometry: Any) -> Any:
    """A geometry; of a MultiPoint of one point that point, of a geometry without coordinates None (RFC 7946, 3.1)."""
    if not isinstance(geometry, dict) or not isinstance(coordinates := geometry.get("coordinates"), list):
        return geometry
    if not coordinates:
        return None
    if geometry.get("type") == "MultiPoint" and len(coordinates) == 1:
        return {"type": "Point", "coordinates": coordinates[0]}
    return geometry


_Problem = tuple[Any, str, str]
"""What is wrong with a geometry: the value, the reason, and what to do; empty for what is always to do."""


def _take_geometry(row: RawRow, geometry: Any) -> _Problem | None:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Point", "Polygon", "MultiPolygon"):
        nested = kind == "GeometryCollection"
        reason = translatable("is nested") if nested else translatable("is no geometry a zone can have")
        return kind, reason, translatable("Use a Point, or a Polygon around the bays.")
    coordinates = geometry.get("coordinates")
    numbers = list(_numbers(coordinates))
    if not numbers or None in numbers:
        return coordinates, translatable("has coordinates that are no numbers"), ""
    if max(abs(number or 0) for number in numbers) > 360:
        fix = translatable("Export the file in WGS 84 (EPSG:4326).")
        return coordinates, translatable("has projected coordinates, not degrees"), fix
    return _take_point(row, coordinates) if kind == "Point" else _take_area(row, geometry)


def _take_point(row: RawRow, coordinates: Any) -> _Problem | None:
    if not isinstance(coordinates, list) or len(coordinates) not in (2, 3):
        return coordinates, translatable("is not one position"), ""
    if len(coordinates) == 3:
        reason = translatable("has a height, which the directory does not keep")
        note = ("height_is_ignored", Severity.NOTE, row.number, "geometry", str(coordinates), reason)
        row.problems.append(Finding(*note, translatable("Nothing to do.")))
    row.values["longitude"], row.values["latitude"] = coordinates[:2]
    return None


def _take_area(row: RawRow, geometry: dict[str, Any]) -> _Problem | None:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    try:
        for ring in (ring for polygon in polygons for ring in polygon):
            if len(ring) < 4 or ring[0] != ring[-1]:
                fix = translatable("Repeat the first position at the end of the ring.")
                return str(ring), translatable("has a ring that is not closed"), fix
        outline = shape(geometry)
        inside = outline.representative_point()
    except (ShapelyError, TypeError, ValueError, IndexError, AttributeError):
        return geometry["coordinates"], translatable("is not a polygon"), ""
    across_m = max(_across_m(part.bounds) for part in getattr(outline, "geoms", [outline]))
    if across_m > WIDEST_AREA_M:
        row.problems.append(_too_wide(row.number, across_m))
        return None
    row.area = geometry
    row.values["longitude"], row.values["latitude"] = inside.x, inside.y
    return None


def _across_m(bounds: tuple[float, float, float, float]) -> float:
    west, south, east, north = bounds
    try:
        return distance_m(Coordinates(south, west), Coordinates(north, east))
    except ValueError:
        return 0.0  # beyond the poles: the point is refused with words of its own


def _too_wide(number: int, across_m: float) -> Finding:
    return Finding(
        "area_is_a_spot", Severity.WARNING, number, "geometry", f"{across_m / 1000:,.1f} km",
        translatable("is an outline as wide as a town or a county, not of parking bays"),
        translatable("It was left out; without a point of its own the zone is placed by its postal code or town. "
                     "Give the point of the spot."),
    )  # fmt: skip


def _numbers(coordinates: Any, depth: int = 0) -> Iterator[float | None]:
    """Every number in nested coordinates; None for anything else."""
    if isinstance(coordinates, list) and depth < 5:
        for item in coordinates:
            yield from _numbers(item, depth + 1)
    elif isinstance(coordinates, int | float) and not isinstance(coordinates, bool) and math.isfinite(coordinates):
        yield float(coordinates)
    else:
        yield None
