"""The names of towns that a map writes: the largest of each tile of the usual web maps (zoom, column, row)."""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

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


@dataclass(frozen=True, slots=True)
class _Towns:
    """Every town, largest first, as columns: as objects they take several times the memory.

    The names are one text: a worker that looks at an object copies the page of memory in which it lies.
    """

    names: bytes
    starts: NDArray[np.int32]
    """Where each town's name begins, and where the last one ends."""
    states: list[str]
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    populations: NDArray[np.int32]
    are_towns: NDArray[np.bool_]
    from_south: NDArray[np.intp]
    """The numbers of the towns from south to north."""

    def inside(self, south: float, west: float, north: float, east: float) -> NDArray[np.intp]:
        """The numbers of the towns of a box of degrees; at most `MOST_IN_A_BOX`."""
        first, end = self.latitudes.searchsorted((south, north), sorter=self.from_south)
        numbers = self.from_south[first:end]
        longitudes = self.longitudes[numbers]
        inside = numbers[(longitudes >= west) & (longitudes < east)]
        inside.sort()
        return inside[:MOST_IN_A_BOX]

    def name(self, number: int) -> str:
        """The name of the town of this number."""
        return self.names[self.starts.item(number) : self.starts.item(number + 1)].decode()

    def numbered(self, numbers: NDArray[np.intp]) -> Iterator[TownName]:
        """The towns of these numbers."""
        for number in numbers.tolist():
            place = Coordinates(self.latitudes.item(number), self.longitudes.item(number))
            population, is_town = self.populations.item(number), self.are_towns.item(number)
            yield TownName(self.name(number), self.states[number], place, population, is_town)


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
        return list(islice(self.within(south, west, north, east), NAMES_PER_TILE))

    def around(self, point: Coordinates, most: int, other_than: Sequence[str] = ()) -> list[NearTown]:
        """The nearest known towns, nearest first, one for each of eight directions; none of the names `other_than`."""
        wide = SEARCHED_DEGREES / max(math.cos(math.radians(point.latitude)), 0.1)
        high = SEARCHED_DEGREES
        towns = _towns_of(self._gazetteer)
        inside = towns.inside(
            point.latitude - high, point.longitude - wide, point.latitude + high, point.longitude + wide
        )
        large_towns = inside[towns.are_towns[inside] & (towns.populations[inside] >= LEAST_POPULATION)]
        near = sorted(
            (_near_town(point, town) for town in towns.numbered(large_towns) if town.name not in other_than),
            key=lambda near_town: near_town.distance_m,
        )
        by_direction = {near_town.direction: near_town for near_town in reversed(near)}
        return sorted(by_direction.values(), key=lambda near_town: near_town.distance_m)[:most]

    def within(self, south: float, west: float, north: float, east: float) -> Iterator[TownName]:
        """The towns of a box of degrees, largest first; at most `MOST_IN_A_BOX`."""
        towns = _towns_of(self._gazetteer)
        return towns.numbered(towns.inside(south, west, north, east))

    def positions_within(
        self, south: float, west: float, north: float, east: float
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The numbers of the same n towns, shape (n,), and their degrees, longitude first, shape (n, 2)."""
        towns = _towns_of(self._gazetteer)
        inside = towns.inside(south, west, north, east)
        return inside, np.column_stack([towns.longitudes[inside], towns.latitudes[inside]])

    def name(self, number: int) -> str:
        """The name of the town of this number."""
        return _towns_of(self._gazetteer).name(number)

    def load(self) -> None:
        """Read the names now; else the first that asks waits for them."""
        _towns_of(self._gazetteer)


@lru_cache(maxsize=4)  # as the gazetteers themselves, of which a process opens each once
def _towns_of(gazetteer: Gazetteer) -> _Towns:
    sql = (
        "SELECT name, state, latitude, longitude, population, kind = 'town' FROM place WHERE kind IN (?, ?, ?) "
        # Quarters often carry the population of their city: a town with mail delivery is the better known one.
        "ORDER BY population / (1 + 4 * (kind = 'place')) DESC, kind = 'mailing', LENGTH(name) DESC, name, state"
    )
    # A town has its other names ("NYC") at the same spot, behind the longest.
    spots: dict[tuple[int, int], tuple[str, str, int, int]] = {}
    for name, state, latitude, longitude, population, is_town in gazetteer.rows(sql, *KINDS):
        spots.setdefault((latitude, longitude), (name, sys.intern(state), population, is_town))
    points = np.array(list(spots), dtype=np.float64).reshape(-1, 2) / 10_000
    names, states, populations, are_towns = zip(*spots.values(), strict=True) if spots else ((), (), (), ())
    encoded = [name.encode() for name in names]
    starts = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return _Towns(
        b"".join(encoded), starts, list(states), points[:, 0], points[:, 1],
        np.array(populations, dtype=np.int32), np.array(are_towns, dtype=np.bool_), np.argsort(points[:, 0]),
    )  # fmt: skip


def _near_town(point: Coordinates, town: TownName) -> NearTown:
    place = town.coordinates
    return NearTown(town, distance_m(point, place), compass_direction(point, place))
