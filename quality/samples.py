"""Made-up zones at made-up places, for measuring size and speed."""

import json
import random
from pathlib import Path

from directory.geo import Coordinates
from directory.geocoding.gazetteer import Gazetteer


def points(count: int, seed: int = 1) -> list[Coordinates]:
    """Random points over the contiguous United States."""
    dice = random.Random(seed)
    return [Coordinates(dice.uniform(25, 49), dice.uniform(-124, -67)) for _ in range(count)]


def write_zones(path: Path, count: int, phone: str = "316-555-0100") -> None:
    """Write a GeoJSON file of `count` zones in Kansas, each in its own spot, feature by feature."""
    dice = random.Random(2)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number in range(count):
            item = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [dice.uniform(-101.5, -95.2), dice.uniform(37.2, 39.8)]},
                "properties": {
                    "name": f"Safe exchange zone {number}",
                    "department": f"Department {number % 500}",
                    "town": "Wichita",
                    "state": "KS",
                    "street_address": f"{number} Main Street",
                    "setting": "parking_lot",
                    "opening_hours": "Mo-Fr 08:00-17:00",
                    "cameras": "yes",
                    "phone": phone,
                },
            }
            file.write(("," if number else "") + json.dumps(item))
        file.write("]}")


def write_spread_zones(path: Path, count: int, gazetteer: Gazetteer, phone: str = "316-555-0100") -> None:
    """Write zones where people live: each at a ZIP code's center or some hundred meters from it, in that town."""
    dice = random.Random(4)
    codes = [code for (code,) in gazetteer.rows("SELECT code FROM postal WHERE country = 'US' ORDER BY code")]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number in range(count):
            code = dice.choice(codes)
            place = gazetteer.postal_code(code)
            assert place is not None
            town = place.label.rpartition(",")[0]
            at = [place.coordinates.longitude + dice.uniform(-0.005, 0.005),
                  place.coordinates.latitude + dice.uniform(-0.005, 0.005)]  # fmt: skip
            item = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": at},
                "properties": {
                    "department": f"{town} Police Department",
                    "town": town,
                    "state": place.state,
                    "street_address": f"{number} Main Street",
                    "postal_code": code,
                    "setting": dice.choice(("parking_lot", "lobby", "lobby_and_lot")),
                    "opening_hours": dice.choice(("24/7", "Mo-Fr 08:00-17:00", "Mo-Su 07:00-23:00", "")),
                    "cameras": dice.choice(("yes", "unknown")),
                    "phone": phone,
                },
            }
            file.write(("," if number else "") + json.dumps(item))
        file.write("]}")
