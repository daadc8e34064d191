"""Build a richer gazetteer from public files of the Census Bureau and of Canada, beside the packaged one.

The files are read as published (tab- or bar-separated text or CSV, also in .gz or .zip), or as CSV with the same
columns. `docs/gazetteer.md` names the source and the credit of each.
"""

import contextlib
import csv
import gzip
import io
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from directory.errors import BadInputError
from directory.geo import Coordinates, distance_m
from directory.geocoding.gazetteer import CHECKSUM, SCHEMA_VERSION
from directory.geocoding.matching.place_names import SAME_TOWN_M
from directory.regions import read_region
from directory.text import fold

_COLUMNS = {
    "geoid": ("geoid",),
    "state": ("usps", "state", "province", "province - territory", "province/territory", "prov_terr"),
    "name": ("name", "geographical name", "csdname", "geo_name"),
    "type": ("type", "generic term", "csdtype"),
    "status": ("funcstat", "status"),
    "county": ("county",),
    "latitude": ("intptlat", "lat", "latitude"),
    "longitude": ("intptlong", "intptlon", "lon", "longitude"),
    "population": ("population", "pop"),
    "also": ("also",),
    "kind": ("kind",),
    "category": ("generic category",),
}
_REQUIRED_COLUMNS = ("state", "name", "latitude", "longitude")
_TYPES = (
    "charter township", "township", "city and borough", "town city", "town", "city", "borough", "village",
    "municipality", "plantation", "barrio-pueblo", "barrio", "election district", "district", "precinct", "location",
    "grant", "gore", "purchase", "CDP", "comunidad", "zona urbana", "consolidated government",
    "metropolitan government", "unified government", "urban county", "corporation",
)  # fmt: skip
_OFFICIAL_NAME = re.compile(rf"(.+?) ({'|'.join(_TYPES)})(?: \(balance\))?")
_STATISTICAL = re.compile(r"(?:.* )?(?:CCD|census subarea|unorganized territory|UT|not defined)")
_TOWNSHIPS = ("township", "charter township")
_UNRANKED = ("N", "I", "S")
"""Status of divisions without a government: they rank after every other place of the name."""


class BadGazetteerFileError(BadInputError):
    """A file that cannot be read as a list of its kind; nothing was changed."""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One place to add. `formal` is how it is shown: "Colerain Township"."""

    name: str
    formal: str
    state: str
    county: str
    kind: str
    population: int
    point: Coordinates


@dataclass(slots=True)
class BuildSummary:
    """Number of places added, by file, and the rows that could not be read: (file, line, reason)."""

    added: dict[str, int] = field(default_factory=dict)
    rejected: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to build from; None for one that is missing."""

    subdivisions: Path | None = None
    places: Path | None = None
    counties: Path | None = None
    canada: Path | None = None


def build_gazetteer(
    packaged: Path, target: Path, sources: Sources, on_row: Callable[[int], None] = lambda _rows: None
) -> BuildSummary:
    """Write `target`: the packaged gazetteer plus the places of the files. `on_row` gets each line number.

    The old target stays until the new one is complete. Raises BadGazetteerFileError.
    """
    summary = BuildSummary()
    county_names = {row["geoid"]: row["name"] for _, row in _rows(sources.counties)} if sources.counties else {}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        draft = Path(scratch) / target.name
        shutil.copyfile(packaged, draft)
        draft.chmod(0o600)
        with contextlib.closing(sqlite3.connect(draft)) as database:
            writer = _Writer(database)
            for path in (sources.counties, sources.places, sources.subdivisions, sources.canada):
                if path:
                    county = path == sources.counties
                    summary.added[path.name] = writer.add_all(_entries(path, county, county_names, summary, on_row))
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            database.execute("CREATE TABLE built_from (checksum TEXT)")
            database.execute("INSERT INTO built_from VALUES (?)", (CHECKSUM.read_text().strip(),))
            database.commit()
            database.execute("VACUUM")
        draft.replace(target)
    return summary


class _Writer:
    """Adds entries to the tables of a gazetteer, without duplicates."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._counties: dict[str, int] = {
            name: number for number, name in database.execute("SELECT id, name FROM county")
        }
        self._existing: dict[tuple[str, str], list[tuple[Coordinates, str, str]]] = {}
        rows = database.execute(
            "SELECT key, state, latitude, longitude, place.name, county.name FROM place "
            "JOIN county ON county.id = county"
        )
        for key, state, latitude, longitude, name, county in rows:
            point = Coordinates(latitude / 10_000, longitude / 10_000)
            self._existing.setdefault((key, state), []).append((point, name, county))

    def add_all(self, entries: Iterator[PlaceEntry]) -> int:
        """Add entries and return how many were new."""
        added = 0
        for entry in entries:
            is_new = self._add(entry, fold(entry.formal))
            if entry.formal != entry.name:
                is_new = self._add(entry, fold(entry.name)) or is_new
            added += is_new
        return added

    def _add(self, entry: PlaceEntry, key: str) -> bool:
        existing = self._existing.setdefault((key, entry.state), [])
        for point, name, county in existing:
            is_near = distance_m(point, entry.point) < SAME_TOWN_M
            is_other_township = name == entry.formal and county != entry.county and "ownship" in name
            if is_near and not is_other_township:
                return False
        latitude, longitude = round(entry.point.latitude * 10_000), round(entry.point.longitude * 10_000)
        county_id = self._county(entry.county)
        values = (key, entry.state, latitude, longitude, entry.formal, county_id, entry.kind, entry.population)
        self._database.execute("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        existing.append((entry.point, entry.formal, entry.county))
        return True

    def _county(self, name: str) -> int:
        if name not in self._counties:
            self._counties[name] = len(self._counties)
            self._database.execute("INSERT INTO county VALUES (?, ?)", (self._counties[name], name))
        return self._counties[name]


def _entries(
    path: Path, counties: bool, county_names: dict[str, str], summary: BuildSummary, on_row: Callable[[int], None]
) -> Iterator[PlaceEntry]:
    for line, row in _rows(path):
        on_row(line)
        try:
            yield from _row_entries(row, counties, county_names)
        except ValueError as error:
            summary.rejected.append((path.name, line, str(error)))


def _row_entries(row: dict[str, str], counties: bool, county_names: dict[str, str]) -> Iterator[PlaceEntry]:
    """The entries of a row: none for statistical divisions, several where a place has other names."""
    if row.get("category") and not row["category"].lower().startswith(("populated", "administrative")):
        return  # the list of Canadian names includes lakes and mountains
    state = read_region(row["state"])
    if not state:
        raise ValueError(f"state: “{row['state']}” is not a state or province")
    point = Coordinates(_degrees(row, "latitude"), _degrees(row, "longitude"))
    name, form = _name_and_type(row)
    if not name or re.search(r"\d", name) or row.get("status") == "F":  # "District 4" is no postal address
        return
    population = int(row["population"]) if row.get("population", "").isdigit() else 0
    if row.get("status") in _UNRANKED:
        population = 0
    county = "" if counties else row.get("county") or county_names.get(row.get("geoid", "")[:5], "")
    is_county = counties or row.get("kind") == "region"
    formal = f"{name} Township" if form in _TOWNSHIPS else row["name"].strip() if is_county else name
    kind = "county" if is_county else "place"
    yield PlaceEntry(name, formal, state, county, kind, population, point)
    for other in filter(None, row.get("also", "").split("|")):
        yield PlaceEntry(other, other, state, county, kind, population, point)


def _name_and_type(row: dict[str, str]) -> tuple[str, str]:
    """The bare name and the type in lower case; an official name carries its type ("Mahwah township")."""
    name = row["name"].strip()
    if _STATISTICAL.fullmatch(name):
        return "", ""
    if row.get("type"):
        return name, row["type"].strip().lower()
    if match := _OFFICIAL_NAME.fullmatch(name):
        return match[1], match[2]
    return name, ""


def _degrees(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise ValueError(f"{column}: “{row[column]}” is not a number") from None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and rows, by the names of _COLUMNS. Raises BadGazetteerFileError."""
    try:
        with _open_text(path) as file:
            header = file.readline()
            delimiter = max("\t|,", key=header.count)
            titles = [title.strip().strip('"').lstrip("\ufeff").lower() for title in header.split(delimiter)]
            columns = {
                name: titles.index(title) for name, forms in _COLUMNS.items() for title in forms if title in titles
            }
            missing = [name for name in _REQUIRED_COLUMNS if name not in columns]
            if missing:
                raise BadGazetteerFileError(
                    f"{path}: no column for {', '.join(missing)}; its first line has {', '.join(titles[:12])}"
                )
            for line, cells in enumerate(csv.reader(file, delimiter=delimiter), start=2):
                cells += [""] * (len(titles) - len(cells))
                yield line, {name: cells[number].strip() for name, number in columns.items()}
    except (OSError, UnicodeDecodeError, EOFError, zipfile.BadZipFile, csv.Error) as error:
        raise BadGazetteerFileError(f"{path} cannot be read: {error}") from error


def _open_text(path: Path) -> io.TextIOWrapper:
    """Open a file as text, also a .gz or the largest table in a .zip."""
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    if path.suffix == ".zip":
        archive = zipfile.ZipFile(path)
        tables = [item for item in archive.infolist() if item.filename.lower().endswith((".txt", ".csv"))]
        if not tables:
            raise BadGazetteerFileError(f"{path} holds no .txt and no .csv file")
        largest = max(tables, key=lambda item: item.file_size)
        return io.TextIOWrapper(archive.open(largest), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
