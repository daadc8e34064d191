"""Geodesy: coordinates, distances, directions, time zones."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

WGS84 = Geod(ellps="WGS84")
EARTH_RADIUS_M = 6_371_008.8
METERS_PER_MILE = 1609.344
MERCATOR_RADIUS_M = 6_378_137.0
"""Of the sphere of web maps (EPSG:3857)."""
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point on WGS 84, in degrees.

    Raises ValueError when the latitude is outside -90…90, the longitude outside -180…180, or either not finite.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180:
            return
        for name, value, limit in (("latitude", self.latitude, 90), ("longitude", self.longitude, 180)):
            if not abs(value) <= limit:
                raise ValueError(f"{name} {value} is not between -{limit} and {limit}")

    @property
    def position(self) -> list[float]:
        """The GeoJSON position: longitude first, six decimals (0.1 m)."""
        return [round(self.longitude, 6), round(self.latitude, 6)]


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A box in degrees on WGS 84, edges included; one whose west is greater than its east crosses the date line.

    Longitudes outside -180…180 are wrapped. Raises ValueError when a number is not finite or the south is north of the
    north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(edge) for edge in (self.west, self.south, self.east, self.north)):
            raise ValueError("the edges of a box must be finite numbers")
        if self.south > self.north:
            raise ValueError(f"its south ({self.south:g}) is north of its north ({self.north:g})")

    def spans(self, longitudes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of n meridians run through it, shape (n,)."""
        if self.east - self.west >= 360:
            return np.ones(len(longitudes), dtype=np.bool_)
        west, east = (wrap_longitude(edge) for edge in (self.west, self.east))
        if west <= east:
            return (longitudes >= west) & (longitudes <= east)
        return (longitudes >= west) | (longitudes <= east)


def wrap_longitude(longitude: float) -> float:
    """The longitude of the same meridian between -180 and 180."""
    return longitude if abs(longitude) <= 180 else (longitude + 180) % 360 - 180


def mercator_height(latitude: float) -> float:
    """How far north of the equator a latitude in degrees lies on web maps, in radii of their sphere."""
    return math.asinh(math.tan(math.radians(latitude)))


def mercator_latitude(height: float) -> float:
    """The other way."""
    return math.degrees(math.atan(math.sinh(height)))


def to_web_mercator(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes in degrees, shape (n, 2), as x and y of web maps in meters; the poles are infinite."""
    longitudes, latitudes = np.radians(positions.T)
    return MERCATOR_RADIUS_M * np.column_stack([longitudes, np.arctanh(np.sin(latitudes))])


def from_web_mercator(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """The other way."""
    x, y = positions.T / MERCATOR_RADIUS_M
    degrees: NDArray[np.float64] = np.degrees(np.column_stack([x, np.arcsin(np.tanh(y))]))
    return degrees


@lru_cache(maxsize=8)
def to_wgs84(system: str) -> Callable[[float, float], tuple[float, float]]:
    """From x and y in a coordinate system ("EPSG:3857", or WKT) to longitude and latitude in degrees.

    What cannot be converted becomes infinite. Raises ValueError when there is no such system.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        transformer = Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except ProjError as error:
        raise ValueError(system) from error
    return lambda x, y: transformer.transform(x, y)


def unit_vector(point: Coordinates) -> tuple[float, float, float]:
    """The normal of the ellipsoid at `point`: geodetic latitude and longitude on the unit sphere."""
    latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def unit_vectors(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unit vectors of n points, shape (n, 3)."""
    latitude, longitude = np.radians(latitudes), np.radians(longitudes)
    cos_latitude = np.cos(latitude)
    return np.stack((cos_latitude * np.cos(longitude), cos_latitude * np.sin(longitude), np.sin(latitude)), axis=-1)


def ecef_position(point: Coordinates) -> tuple[float, float, float]:
    """Earth-centred, Earth-fixed coordinates (ECEF) of a point on the ellipsoid, in metres."""
    latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
    sine = math.sin(latitude)
    normal_m = WGS84.a / math.sqrt(1 - WGS84.es * sine * sine)
    from_axis_m = normal_m * math.cos(latitude)
    return from_axis_m * math.cos(longitude), from_axis_m * math.sin(longitude), normal_m * (1 - WGS84.es) * sine


def ecef_positions(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of n points, shape (n, 3)."""
    normals = unit_vectors(latitudes, longitudes)
    normal_m = WGS84.a / np.sqrt(1 - WGS84.es * normals[:, 2:] ** 2)
    return np.asarray(normal_m * normals * (1, 1, 1 - WGS84.es))


def distance_m(a: Coordinates, b: Coordinates) -> float:
    """Geodesic distance on WGS 84 in metres."""
    return float(WGS84.inv(a.longitude, a.latitude, b.longitude, b.latitude)[2])


def distances_m(
    origin: Coordinates, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Geodesic distances in metres from `origin` to each of n points, shape (n,)."""
    n = len(latitudes)
    _, _, meters = WGS84.inv(np.full(n, origin.longitude), np.full(n, origin.latitude), longitudes, latitudes)
    return np.asarray(meters, dtype=np.float64)


def distances_between_m(
    origins: Sequence[Coordinates], latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Geodesic distances in metres from each of k origins to each of n points, shape (k, n)."""
    n, k = len(latitudes), len(origins)
    from_longitudes = np.repeat([origin.longitude for origin in origins], n)
    from_latitudes = np.repeat([origin.latitude for origin in origins], n)
    _, _, meters = WGS84.inv(from_longitudes, from_latitudes, np.tile(longitudes, k), np.tile(latitudes, k))
    return np.asarray(meters, dtype=np.float64).reshape(k, n)


def compass_direction(origin: Coordinates, target: Coordinates) -> str:
    """One of the eight compass points, as seen from `origin` ("NE")."""
    azimuth = WGS84.inv(origin.longitude, origin.latitude, target.longitude, target.latitude)[0]
    return COMPASS[round((azimuth % 360) / 45) % 8]


@lru_cache(maxsize=1)
def _time_zone_finder() -> Any:
    from timezonefinder import TimezoneFinder  # loads 40 MB; needed for imports and forms only

    return TimezoneFinder(in_memory=True)


def load_time_zones() -> None:
    """Load what `time_zone_at` looks up, which takes a tenth of a second: for who is waiting anyway."""
    _time_zone_finder()


def time_zone_at(point: Coordinates) -> str:
    """The IANA name of the time zone at `point` ("America/New_York")."""
    return str(_time_zone_finder().timezone_at(lat=point.latitude, lng=point.longitude) or "UTC")
