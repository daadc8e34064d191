"""The names of towns that a map writes: the largest of each tile of the usual web maps (zoom, column, row)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from directory.geo import Coordinates, compass_direction, distance_m, mercator_latitude
from directory.geocoding.gazetteer import Gazetteer

DEEPEST = 12
"""Tiles of names end here: one is 10 km wide."""
NAMES_PER_TILE = 40
MOST_IN_A_BOX = 400
SEARCHED_DEGREES = 0.75
LEAST_POPULATION = 2_000
"""Of a town that people know from elsewhere."""
KINDS = ("town", "place", "mailing")


@dataclass(frozen=True, slots=True)
class TownName:
    """A town on the map; population 0 where nobody stated it."""

    name: str
    state: str
    coordinates: Coordinates
    population: int
    is_town: bool
    """With mail delivery of its own: not a quarter of another town."""


@dataclass(frozen=True, slots=True)
class NearTown:
    """A town near a place: how far in meters, and in which of the eight directions ("NE")."""

    town: TownName
    distance_m: float
    direction: str


class TownNames:
    """The towns of a gazetteer, by where they are. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def in_tile(self, zoom: int, column: int, row: int) -> list[TownName]:
        """The largest towns of a tile, largest first; at most `NAMES_PER_TILE`.

        Raises ValueError for a tile that does not exist.
        """
        if not 0 <= zoom <= DEEPEST:  # before anything is computed of it: it comes from an address
            raise ValueError("no such zoom")
        tiles = 2**zoom
        if not (0 <= column < tiles and 0 <= row < tiles):
            raise ValueError("no such tile")
        west, east = (360 * edge / tiles - 180 for edge in (column, column + 1))
        north, south = (mercator_latitude(math.pi * (1 - 2 * edge / tiles)) for edge in (row, row + 1))
        return self.within(south, west, north, east)[:NAMES_PER_TILE]

    def around(self, point: Coordinates, most: int, other_than: Sequence[str] = ()) -> list[NearTown]:
        """The nearest known towns, nearest first, one for each of eight directions; none of the names `other_than`."""
        wide = SEARCHED_DEGREES / max(math.cos(math.radians(point.latitude)), 0.1)
        high = SEARCHED_DEGREES
        south_west, north_east = (
            (point.latitude - high, point.longitude - wide),
            (point.latitude + high, point.longitude + wide),
        )
        found = self.within(*south_west, *north_east)
        known = [town for town in found if town.is_town and town.population >= LEAST_POPULATION]
        near = sorted(
            (_seen_from(point, town) for town in known if town.name not in other_than), key=lambda seen: seen.distance_m
        )
        by_direction = {seen.direction: seen for seen in reversed(near)}
        return sorted(by_direction.values(), key=lambda seen: seen.distance_m)[:most]

    def within(self, south: float, west: float, north: float, east: float) -> list[TownName]:
        """The towns of a box of degrees, largest first; at most `MOST_IN_A_BOX`."""
        order, latitudes, longitudes = self._by_latitude
        first, end = np.searchsorted(latitudes, (south, north))
        inside = (longitudes[first:end] >= west) & (longitudes[first:end] < east)
        return [self._towns[index] for index in np.sort(order[first:end][inside])[:MOST_IN_A_BOX]]

    @cached_property
    def _towns(self) -> list[TownName]:
        sql = (
            "SELECT name, state, latitude, longitude, population, kind = 'town' FROM place WHERE kind IN (?, ?, ?) "
            # Quarters often carry the population of their city: a town with mail delivery is the better known one.
            "ORDER BY population / (1 + 4 * (kind = 'place')) DESC, kind = 'mailing', LENGTH(name) DESC, name, state"
        )
        # A town has its other names ("NYC") at the same spot, behind the longest.
        spots: dict[tuple[int, int], tuple[str, str, int, int]] = {}
        for name, state, latitude, longitude, population, is_town in self._gazetteer.rows(sql, *KINDS):
            spots.setdefault((latitude, longitude), (name, state, population, is_town))
        return [
            TownName(name, state, Coordinates(latitude / 10_000, longitude / 10_000), population, bool(is_town))
            for (latitude, longitude), (name, state, population, is_town) in spots.items()
        ]

    @cached_property
    def _by_latitude(self) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
        """The numbers of the towns from south to north, with their latitudes and longitudes."""
        points = np.array([(town.coordinates.latitude, town.coordinates.longitude) for town in self._towns])
        order = np.argsort(points[:, 0], kind="stable")
        return order, points[order, 0], points[order, 1]


def _seen_from(point: Coordinates, town: TownName) -> NearTown:
    place = town.coordinates
    return NearTown(town, distance_m(point, place), compass_direction(point, place))
