"""The offline gazetteer: postal codes and place names of the US and Canada, in one small SQLite file.

Built by scripts/build_gazetteer.py from the Census Bureau and GeoNames (CC BY 4.0).
"""

import contextlib
import difflib
import json
import lzma
import mmap
import os
import sqlite3
import sys
import tempfile
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from directory.geo import EARTH_RADIUS_M, Coordinates, distance_m, unit_vector, unit_vectors
from directory.geocoding.place_aliases import aliases_beginning
from directory.geocoding.results import Geocode, Precision
from directory.regions import REGIONS, regions_beginning
from directory.text import fold, one_letter_off, plain

log = structlog.get_logger()
COMPRESSED = Path(__file__).with_name("gazetteer.sqlite.xz")
CHECKSUM = Path(__file__).with_name("gazetteer.crc32")
"""The CRC-32 of what it unpacks to: checked at every start, in about a millisecond."""
FAR_APART_M = 25_000
"""Places of one name nearer to each other than this count as one."""
MAX_CANDIDATES = 5
LEAST_TO_GUESS_POPULATION = 10_000
"""A town of which several letters are wrong is guessed from this size on, where no state is typed."""
NEAREST_POSTAL_CODES = 8
SCHEMA_VERSION = 1
"""SQLite's user_version of a richer gazetteer."""
MAX_NEAR_M = 300_000

SCHEMA = """
CREATE TABLE postal (
    code TEXT PRIMARY KEY, country TEXT, state TEXT, place TEXT, latitude INTEGER, longitude INTEGER
) WITHOUT ROWID;
CREATE TABLE county (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE place (
    key TEXT, state TEXT, latitude INTEGER, longitude INTEGER, name TEXT, county INTEGER, kind TEXT,
    population INTEGER, PRIMARY KEY (key, state, latitude, longitude)
) WITHOUT ROWID;
"""
"""Latitudes and longitudes are whole ten-thousandths of a degree; kind is town (a
populated place with mail delivery), place (one without), mailing (a postal name only) or county."""


@dataclass(frozen=True, slots=True)
class _PostalTree:
    """The postal codes as points on the unit sphere, and the state of each."""

    tree: Any
    states: list[str]


class Gazetteer:
    """Looks up places in the gazetteer file. Safe to share between threads."""

    name = "gazetteer"

    def __init__(self, path: Path, scratch: Path | None = None) -> None:
        """When a richer gazetteer at `path` is damaged, the packaged one is unpacked into `scratch`."""
        self._path = path.resolve()
        self._scratch = scratch
        self._local = threading.local()
        # An import looks up the same towns many times.
        self._cached_places = lru_cache(maxsize=4096)(lambda key, state: self._ranked([key], state))
        self._cached_middle = lru_cache(maxsize=len(REGIONS))(self._middle_of_region)

    @classmethod
    def open_best(cls, data_dir: Path, scratch: Path) -> "Gazetteer":
        """Open the richer gazetteer of the data folder, else the packaged one; a process opens each file once."""
        richer = richer_gazetteer(data_dir)
        if not richer.exists():
            return cls.open_packaged(scratch)
        defect = _find_defect(richer)
        if not defect:
            status = richer.stat()
            return _opened_richer(richer.resolve(), scratch, (status.st_mtime_ns, status.st_size))
        log.error("richer gazetteer not used", file=richer.name, problem=defect, remedy="safezones gazetteer build")
        return cls.open_packaged(scratch)

    @classmethod
    def open_packaged(cls, folder: Path) -> "Gazetteer":
        """Open the packaged gazetteer, unpacked into `folder`; a process opens each file once."""
        return _opened(cls.packaged_file(folder).resolve())

    @staticmethod
    def packaged_file(folder: Path) -> Path:
        """The packaged gazetteer, unpacked into `folder` once (again when it is damaged)."""
        checksum = CHECKSUM.read_text().strip()
        target = folder / f"gazetteer-{checksum}.sqlite"
        if not _is_intact(target, checksum):
            _unpack(target)
        return target

    @cached_property
    def version(self) -> str:
        """Another one for another file: for the addresses of what is made from it."""
        status = self._path.stat()
        return f"{zlib.crc32(repr((self._path.name, status.st_size, status.st_mtime_ns)).encode()):08x}"

    def postal_code(self, code: str) -> Geocode | None:
        """The centre of a ZIP or of a Canadian FSA (the first three characters)."""
        row = self.rows("SELECT code, country, state, place, latitude, longitude FROM postal WHERE code = ?", code)
        if not row:
            return None
        code, country, state, place, latitude, longitude = row[0]
        # GeoNames lists the quarters of a Canadian area in brackets.
        label = f"{place.partition(' (')[0]}, {state} {code}" if place else code
        point = Coordinates(latitude / 10_000, longitude / 10_000)
        return Geocode(label, point, self.name, Precision.POSTAL_CODE, state, country)

    def places(self, name: str, state: str = "") -> tuple[Geocode, ...]:
        """Up to five places of that name (exact but for case, accents, abbreviations), the largest first."""
        return self._cached_places(fold(name), state)

    def places_spelt_like(self, name: str, state: str = "") -> tuple[Geocode, ...]:
        """Places whose name is one letter away from `name`."""
        key = fold(name)
        return self._ranked(list(one_letter_off(key)), state) if 5 <= len(key) <= 40 else ()

    def places_spelt_roughly_like(self, name: str, state: str = "") -> tuple[Geocode, ...]:
        """Places whose name may be meant by a text with several wrong letters; without a state only larger towns."""
        key = fold(name)
        if not 5 <= len(key) <= 40:
            return ()
        sql = (
            "SELECT DISTINCT key FROM place WHERE key >= ?1 AND key < ?1 || '~' AND kind != 'county' "
            "AND length(key) BETWEEN ?2 - 3 AND ?2 + 3 AND (state = ?3 OR (?3 = '' AND population >= ?4))"
        )
        keys = [row[0] for row in self.rows(sql, key[0], len(key), state, LEAST_TO_GUESS_POPULATION)]
        return self._ranked(difflib.get_close_matches(key, keys, MAX_CANDIDATES, cutoff=0.8), state)

    def region(self, code: str) -> Geocode:
        """A state or province as a place, at the mean of its postal codes, else of its places."""
        region = REGIONS[code]
        point = self._cached_middle(code)
        return Geocode(region.name, point, self.name, Precision.REGION, code, region.country)

    def _middle_of_region(self, code: str) -> Coordinates:
        # Some territories have no postal codes of their own here.
        sql = (
            "SELECT AVG(latitude), AVG(longitude) FROM postal WHERE state = ?1 UNION ALL "
            "SELECT AVG(latitude), AVG(longitude) FROM place WHERE state = ?1"
        )
        latitude, longitude = next(row for row in self.rows(sql, code) if row[0] is not None)
        return Coordinates(latitude / 10_000, longitude / 10_000)

    def suggest(self, prefix: str, limit: int = 8) -> list[str]:
        """Labels of postal codes or places that begin with `prefix`, the largest first: for type-ahead."""
        plain_prefix = plain(prefix)
        if len(plain_prefix) < 2:
            return []
        regions = [region.name for region in regions_beginning(prefix)]
        if plain_prefix.isdigit() or (len(plain_prefix) == 3 and plain_prefix[1].isdigit()):
            sql = "SELECT place, state, code FROM postal WHERE code >= ? AND code < ? AND place != '' LIMIT ?"
            rows = self.rows(sql, plain_prefix.upper(), plain_prefix.upper() + "~", limit)
            if len(plain_prefix) == 4 and plain_prefix.isdigit():  # a ZIP without its leading zero
                rows = [*self.rows(sql, f"0{plain_prefix}", f"0{plain_prefix}~", 1), *rows][:limit]
            return [f"{place.partition(' (')[0]}, {state} {code}" for place, state, code in rows]
        whole, _, last = plain_prefix.rpartition(" ")
        key = fold(whole) + last  # the last word may be incomplete: "winston-s" is not "Winston South"
        sql = (
            "SELECT name, state FROM place WHERE key >= ? AND key < ? "
            "GROUP BY key, state ORDER BY MAX(population) DESC LIMIT ?"
        )
        places = [f"{name}, {state}" for name, state in self.rows(sql, key, key + "~", limit)]
        aliases = aliases_beginning(prefix, limit // 2)
        return list(dict.fromkeys([*regions[: limit // 2], *aliases, *places]))[:limit]

    def country_at(self, point: Coordinates) -> str:
        """The country of the nearest postal code."""
        _, index = self._postal_tree.tree.query(unit_vector(point), k=[1])
        state = self._postal_tree.states[index[0]]
        return REGIONS[state].country if state in REGIONS else ""

    def is_near(self, point: Coordinates, state: str) -> bool:
        """Whether `state` is in `states_near(point)`; usually the nearest postal code is enough."""
        chords, index = self._postal_tree.tree.query(unit_vector(point), k=[1])
        near = chords[0] * EARTH_RADIUS_M < MAX_NEAR_M
        return (near and self._postal_tree.states[index[0]] == state) or state in self.states_near(point)

    def nearest_states(self, points: Sequence[Coordinates]) -> list[str]:
        """For each point the state of its nearest postal code; empty where that is none of `states_near(point)`."""
        latitudes, longitudes = np.array([(point.latitude, point.longitude) for point in points]).reshape(-1, 2).T
        chords, indices = self._postal_tree.tree.query(unit_vectors(latitudes, longitudes))
        near = chords * EARTH_RADIUS_M < MAX_NEAR_M
        return [self._postal_tree.states[i] if close else "" for i, close in zip(indices, near, strict=True)]

    def states_near(self, point: Coordinates) -> set[str]:
        """The states and provinces of the nearest postal codes: those within 25 km, and of the nearest eight.

        Empty when the nearest is over 300 km away: at sea, or on another continent.
        """
        chords, indices = self._postal_tree.tree.query(unit_vector(point), k=NEAREST_POSTAL_CODES)
        within = [i for chord, i in zip(chords, indices, strict=True) if chord * EARTH_RADIUS_M < MAX_NEAR_M]
        near = self._postal_tree.tree.query_ball_point(unit_vector(point), 25_000 / EARTH_RADIUS_M)
        return {self._postal_tree.states[i] for i in [*within, *near]} - {""}

    @cached_property
    def _postal_tree(self) -> "_PostalTree":
        from scipy.spatial import cKDTree  # a tenth of a second, that most commands do without

        rows = self.rows("SELECT state, latitude, longitude FROM postal")
        latitudes, longitudes = (np.array(column) / 10_000 for column in list(zip(*rows, strict=True))[1:])
        return _PostalTree(cKDTree(unit_vectors(latitudes, longitudes)), [sys.intern(state) for state, _, _ in rows])

    def _ranked(self, keys: list[str], state: str) -> tuple[Geocode, ...]:
        """The places of any of these names: towns with mail delivery first, then by population."""
        sql = (
            "SELECT place.name, state, county.name, latitude, longitude, kind, population FROM place "
            "JOIN county ON county.id = county "
            "WHERE key IN (SELECT value FROM json_each(?)) AND (? = '' OR state = ?) "
            "ORDER BY kind = 'county', ? != '' AND kind = 'place', population DESC, state, place.name, county.name"
        )
        places: list[Geocode] = []
        rows = self.rows(sql, json.dumps(keys), *[state] * 3)
        settled = {(name, state, county) for name, state, county, *_, kind, _ in rows if kind in ("town", "place")}
        for name, place_state, county, latitude, longitude, kind, population in rows:
            if kind == "mailing" and (name, place_state, county) in settled:
                continue  # its point is the middle of a postal area, which may be as wide as a county
            point = Coordinates(latitude / 10_000, longitude / 10_000)
            precision = Precision.COUNTY if kind == "county" else Precision.PLACE
            label, country = f"{name}, {place_state}", REGIONS[place_state].country
            place = Geocode(label, point, self.name, precision, place_state, country, county, population)
            if all(are_apart(place, other) for other in places):
                places.append(place)
            if len(places) == MAX_CANDIDATES:
                break
        return tuple(places)

    def rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query over the tables `postal`, `place` and `county`."""
        try:
            return self._execute(sql, values)
        except sqlite3.DatabaseError:  # the file was damaged or removed while open
            log.error("gazetteer damaged, the packaged one is unpacked", file=self._path.name)
            if self._scratch is None:
                _unpack(self._path)
            else:
                self._path = self.packaged_file(self._scratch).resolve()
            self._local.process = None
            return self._execute(sql, values)

    def _execute(self, sql: str, values: tuple[object, ...]) -> list[tuple]:  # type: ignore[type-arg]
        if getattr(self._local, "process", None) != os.getpid():  # a fork opens the file for itself
            self._local.connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.process = os.getpid()
        cursor: sqlite3.Cursor = self._local.connection.execute(sql, values)
        return cursor.fetchall()


@lru_cache(maxsize=4)  # a process has one data folder; tests have a few
def _opened(path: Path) -> Gazetteer:
    return Gazetteer(path)


@lru_cache(maxsize=4)
def _opened_richer(path: Path, scratch: Path, _written: tuple[int, int]) -> Gazetteer:
    """What was loaded of it is shared until it was built anew, when it was written at another time."""
    return Gazetteer(path, scratch)


def richer_gazetteer(data_dir: Path) -> Path:
    """The file that `safezones gazetteer build` writes."""
    return data_dir / "gazetteer.sqlite"


def _find_defect(path: Path) -> str:
    """Why a richer gazetteer cannot be used; empty when it can. One with an older base is used and logged."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                return "it was built by another release"
            database.execute("SELECT key FROM place LIMIT 1").fetchone()
            base = database.execute("SELECT checksum FROM built_from").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    if base != (CHECKSUM.read_text().strip(),):
        log.warning("richer gazetteer is older than the packaged one", remedy="safezones gazetteer build")
    return ""


def are_apart(one: Geocode, other: Geocode) -> bool:
    """Whether two places of one name differ: far apart, in two states, or townships of two counties."""
    if one.state != other.state:
        return True
    if Precision.REGION in (one.precision, other.precision):
        return False
    if distance_m(one.coordinates, other.coordinates) > FAR_APART_M:
        return True
    townships = all(" Township," in place.label for place in (one, other))
    return townships and bool(one.county and other.county) and one.county != other.county


def _unpack(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch:
        scratch.write(lzma.decompress(COMPRESSED.read_bytes()))
    Path(scratch.name).replace(target)


def _is_intact(path: Path, checksum: str) -> bool:
    """Whether the unpacked file exists and has this checksum."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return f"{zlib.crc32(content):08x}" == checksum
    except (OSError, ValueError):  # missing or empty
        return False
