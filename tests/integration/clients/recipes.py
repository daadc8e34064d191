"""The recipes of docs/recipes: their programs, and what those have to find at a site."""

import csv
import json
import re
from dataclasses import dataclass

import pytest
from shapely.geometry import Point, shape

from directory.clock import today
from directory.geo import Coordinates, distance_m
from directory.store.repository import StoredZone
from directory.zones.freshness import age_on
from directory.zones.schemas import Status, TriState
from tests.conftest import ROOT

RECIPES = ROOT / "docs" / "recipes"
SITE = "http://127.0.0.1:8000"
NEAR = 0.01
"""How far a sphere, or a map projection, may be from the ellipsoid: one percent."""


@dataclass(frozen=True)
class Served:
    """A site, and the zones that it lists."""

    address: str
    zones: dict[str, StoredZone]

    @property
    def inside(self) -> dict[str, str]:
        """The freshness of the zones of the recipes' county."""
        [county] = json.loads((RECIPES / "county.geojson").read_text())["features"]
        outline = shape(county["geometry"])
        return {
            name: age_on(zone.confirmed_on, today()).replace("_", " ")
            for name, zone in self.zones.items()
            if outline.contains(Point(zone.longitude, zone.latitude))
        }

    @property
    def recorded(self) -> set[str]:
        """The zones of Connecticut whose cameras record."""
        return {
            name for name, zone in self.zones.items() if zone.state == "CT" and zone.cameras_recorded is TriState.YES
        }

    def nearest(self, point: Coordinates) -> tuple[set[str], float]:
        """The nearest zones that are in use and whose point is exact, and how far they are in meters."""
        exact = {
            name: distance_m(point, zone.coordinates)
            for name, zone in self.zones.items()
            if zone.status is Status.ACTIVE and not zone.approximate
        }
        least = min(exact.values())
        return {name for name, meters in exact.items() if meters == least}, least


def blocks(recipe: str, language: str, served: Served) -> list[str]:
    """The fenced blocks of a recipe in a language, which read from this site."""
    text = (RECIPES / recipe).read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"{recipe} has no {language}"
    return [block.replace(SITE, served.address) for block in found]


def recipe_text(recipe: str) -> str:
    """A recipe's words, whatever its lines."""
    return " ".join((RECIPES / recipe).read_text(encoding="utf-8").split())


def is_nearest(served: Served, found: dict[str, tuple[str, float]]) -> bool:
    """Whether each of the recipes' own points has its nearest zone, and how far it is."""
    with (RECIPES / "own-points.csv").open() as file:
        points = {
            row["place"]: Coordinates(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)
        }
    expected = {place: served.nearest(point) for place, point in points.items()}
    return found.keys() == expected.keys() and all(
        zone_id in expected[place][0] and meters == pytest.approx(expected[place][1], rel=NEAR)
        for place, (zone_id, meters) in found.items()
    )
