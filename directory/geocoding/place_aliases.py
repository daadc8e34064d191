"""Everyday names: nicknames, neighbourhoods, areas, islands, bases, names in other languages.

The table is `names/everyday.csv`; each row has its source, credits are in `names/README.md`.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache

from directory.geo import Coordinates
from directory.geocoding.results import Geocode, Precision
from directory.regions import NAMES, REGIONS, read_region
from directory.text import fold, plain

PROVIDER = "everyday names"
_PART_OF = re.compile(r"(.+?) \((?:neighbourhood|borough) of ([^;)]+)")
_BASE = re.compile(r"(.+?) \(.+\)(?:, at .+)?")


@dataclass(frozen=True, slots=True)
class PlaceAlias:
    """One row: what a name means. `city` is the city that a neighbourhood belongs to, `regions` several states."""

    kind: str
    place: Geocode | None
    city: str = ""
    regions: tuple[str, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a city or an area: names that many towns bear."""
        return bool(self.city) or self.kind == "area"


def place_aliases(name: str, region: str = "") -> tuple[PlaceAlias, ...]:
    """The meanings of a name, those in `region` only where one is given."""
    rows = _table().get(_key(name), ())
    return tuple(row for row in rows if not region or region in row.regions)


def beginning(prefix: str, limit: int) -> list[str]:
    """Labels of the nicknames that begin with `prefix`, by name; for type-ahead."""
    key = fold(prefix)
    if len(key) < 2:
        return []
    found = [row for form, rows in _table().items() if form.startswith(key) for row in rows if not row.is_part]
    return list(dict.fromkeys(row.place.label for row in found if row.place))[:limit]


@cache
def _table() -> dict[str, tuple[PlaceAlias, ...]]:
    table: dict[str, tuple[PlaceAlias, ...]] = {}
    with (NAMES / "everyday.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meaning = _read(row)
            is_base = meaning.place is not None and ("GNIS" in row["source"] or "CFB" in row["means"])
            named = meaning.place.name if is_base and meaning.place else ""
            for key in {_key(row["name"]), _key(_without_region(row["name"])), _key(named)} - {""}:
                known = table.setdefault(key, ())
                if meaning not in known:
                    table[key] = (*known, meaning)
    return table


def _key(name: str) -> str:
    """The key of a name; an abbreviation is no part of a longer word: "GR" is not "Grove"."""
    short = plain(name).replace(" ", "")
    return short if len(short) <= 3 else fold(name)


def _without_region(name: str) -> str:
    """ "Tri Cities WA" and "North Shore (Massachusetts)" are also typed with a comma, or without the state."""
    if match := re.fullmatch(r"(.+?)(?:,? |, | \()([^()]+)\)?", name):
        last = match[2]
        if read_region(last) and len(plain(match[1])) > 3:
            return match[1]
    return name


def _read(row: dict[str, str]) -> PlaceAlias:
    regions = tuple(row["state"].split("|"))
    if not row["latitude"]:
        return PlaceAlias(row["kind"], None, regions=regions)
    part = _PART_OF.match(row["means"])
    base = None if part else _BASE.fullmatch(row["means"])
    name = f"{part[1]}, {part[2]}" if part else base[1] if base else row["means"]
    if row["kind"] == "area":
        name = _without_region(row["name"])
    if part and "borough" in row["means"]:
        name = part[1]
    precision = Precision.PLACE if row["kind"] == "place" else Precision.COUNTY
    point = Coordinates(float(row["latitude"]), float(row["longitude"]))
    region = REGIONS[regions[0]]
    place = Geocode(f"{name}, {region.code}", point, PROVIDER, precision, region.code, region.country)
    return PlaceAlias(row["kind"], place, city=part[2] if part else "", regions=regions)
