"""Coordinate reference systems by reference (OGC API Features, Part 2): longitude and latitude, or web maps' meters."""

from typing import Any, Literal, get_args

import numpy as np

from directory.geo import to_web_mercator

System = Literal["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/3857"]
CRS84: System = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
SYSTEMS: tuple[str, ...] = get_args(System)


def projected(coordinates: Any) -> Any:
    """GeoJSON coordinates of any depth, from degrees to web maps' meters, to the centimeter."""
    if isinstance(coordinates[0], int | float):
        ((x, y),) = to_web_mercator(np.array([coordinates[:2]], dtype=np.float64))
        return [round(float(x), 2), round(float(y), 2)]
    return [projected(part) for part in coordinates]
