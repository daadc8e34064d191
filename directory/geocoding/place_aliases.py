"""Aliases of places: nicknames, neighbourhoods, areas, islands, bases, names in other languages.

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
    """One row of the table. `city` is the city of a neighbourhood, `regions` the states that an alias covers."""

    kind: str
    place: Geocode | None
    city: str = ""
    regions: tuple[str, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a city or an area: many towns share these names."""
        return bool(self.city) or self.kind == "area"


def place_aliases(name: str, region: str = "") -> tuple[PlaceAlias, ...]:
    """The aliases of a name, only those in `region` unless it is empty."""
    rows = _load_table().get(_key(name), ())
    return tuple(row for row in rows if not region or region in row.regions)


def aliases_beginning(prefix: str, limit: int) -> list[str]:
    """Labels of the nicknames that begin with `prefix`, by name; for type-ahead."""
    key = fold(prefix)
    if len(key) < 2:
        return []
    aliases = [row for form, rows in _load_table().items() if form.startswith(key) for row in rows if not row.is_part]
    return list(dict.fromkeys(row.place.label for row in aliases if row.place))[:limit]


@cache
def _load_table() -> dict[str, tuple[PlaceAlias, ...]]:
    table: dict[str, tuple[PlaceAlias, ...]] = {}
    with (NAMES / "everyday.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            alias = _parse_row(row)
            is_base = alias.place is not None and ("GNIS" in row["source"] or "CFB" in row["means"])
            base_name = alias.place.name if is_base and alias.place else ""
            for key in {_key(row["name"]), _key(_without_region(row["name"])), _key(base_name)} - {""}:
                existing = table.setdefault(key, ())
                if alias not in existing:
                    table[key] = (*existing, alias)
    return table


def _key(name: str) -> str:
    """The key of a name; a short name is not expanded: "GR" is not "Grove"."""
    short = plain(name).replace(" ", "")
    return short if len(short) <= 3 else fold(name)


def _without_region(name: str) -> str:
    """ "Tri Cities" of "Tri Cities WA", "North Shore" of "North Shore (Massachusetts)"; other names unchanged."""
    if match := re.fullmatch(r"(.+?)(?:,? |, | \()([^()]+)\)?", name):
        last = match[2]
        if read_region(last) and len(plain(match[1])) > 3:
            return match[1]
    return name


def _parse_row(row: dict[str, str]) -> PlaceAlias:
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
