"""The offline gazetteer: postal codes and place names of the US and Canada, in one small SQLite file.

Built by scripts/build_gazetteer.py from the Census Bureau and GeoNames (CC BY 4.0).
"""

import json
import lzma
import mmap
import re
import sqlite3
import tempfile
import threading
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from scipy.spatial import cKDTree

from directory.geo import EARTH_RADIUS_M, Coordinates, distance_m, unit_vector, unit_vectors
from directory.geocoding.answers import Geocode, Precision
from directory.geocoding.reading import Reading, read_address
from directory.regions import REGIONS
from directory.text import fold, one_letter_off, plain

log = structlog.get_logger()
COMPRESSED = Path(__file__).with_name("gazetteer.sqlite.xz")
CHECKSUM = Path(__file__).with_name("gazetteer.crc32")
"""The CRC-32 of what it unpacks to: it is looked at on every start, and takes a millisecond."""
FAR_APART_M = 25_000
"""Places of one name nearer to each other than this are one answer."""
MAX_CANDIDATES = 5
PLACES_AROUND = 8
NEAR_M = 300_000

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
populated place that mail is sent to), place (one it is not), mailing (a postal name only) or county."""

_TOWN_OF = ("city of ", "town of ", "village of ", "borough of ", "township of ", "county of ")
_KIND_WORDS = ("township", "town", "city", "village", "borough", "twp")


@dataclass(frozen=True, slots=True)
class Match:
    """Places that fit an address; `whole` when every word of it was used."""

    candidates: tuple[Geocode, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _PostalTree:
    """The postal codes as points on the unit sphere, and the state of each."""

    tree: Any
    states: list[str]


class Gazetteer:
    """Look-ups in the gazetteer file. Safe to share between threads."""

    name = "gazetteer"

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._local = threading.local()
        # An import asks for the same towns over and over.
        self._named = lru_cache(maxsize=4096)(lambda key, state: self._ranked([key], state))

    @classmethod
    def unpacked(cls, folder: Path) -> "Gazetteer":
        """Open the packaged gazetteer, unpacking it into `folder` once (again when it is damaged)."""
        checksum = CHECKSUM.read_text().strip()
        target = folder / f"gazetteer-{checksum}.sqlite"
        if not _intact(target, checksum):
            _unpack(target)
        return cls(target)

    def postal_code(self, code: str) -> Geocode | None:
        """The centre of a ZIP or of a Canadian FSA (the first three characters)."""
        row = self._rows("SELECT code, country, state, place, latitude, longitude FROM postal WHERE code = ?", code)
        if not row:
            return None
        code, country, state, place, latitude, longitude = row[0]
        # GeoNames lists every quarter of a Canadian area in brackets.
        label = f"{place.partition(' (')[0]}, {state} {code}" if place else code
        point = Coordinates(latitude / 10_000, longitude / 10_000)
        return Geocode(label, point, self.name, Precision.POSTAL_CODE, state, country)

    def places(self, name: str, state: str = "") -> tuple[Geocode, ...]:
        """Up to five places of that name (exact but for case, accents, abbreviations), the largest first."""
        return self._named(fold(name), state)

    def places_spelt_like(self, name: str, state: str = "") -> tuple[Geocode, ...]:
        """Places whose name is one letter away from `name`."""
        key = fold(name)
        return self._ranked(list(one_letter_off(key)), state) if 5 <= len(key) <= 40 else ()

    def suggest(self, prefix: str, limit: int = 8) -> list[str]:
        """Labels of postal codes or places that begin with `prefix`, the largest first: for type-ahead."""
        words = plain(prefix)
        if len(words) < 2:
            return []
        if words.isdigit() or (len(words) == 3 and words[1].isdigit()):
            sql = "SELECT place, state, code FROM postal WHERE code >= ? AND code < ? AND place != '' LIMIT ?"
            found = self._rows(sql, words.upper(), words.upper() + "~", limit)
            return [f"{place}, {state} {code}" for place, state, code in found]
        key = fold(prefix)
        sql = (
            "SELECT name, state FROM place WHERE key >= ? AND key < ? "
            "GROUP BY key, state ORDER BY MAX(population) DESC LIMIT ?"
        )
        return [f"{name}, {state}" for name, state in self._rows(sql, key, key + "~", limit)]

    def country_at(self, point: Coordinates) -> str:
        """The country of the nearest postal code."""
        _, index = self._postal_tree.tree.query(unit_vector(point), k=[1])
        state = self._postal_tree.states[index[0]]
        return REGIONS[state].country if state in REGIONS else ""

    def is_near(self, point: Coordinates, state: str) -> bool:
        """Whether `state` is among `states_near(point)`: nearly always the nearest postal code says so."""
        chords, index = self._postal_tree.tree.query(unit_vector(point), k=[1])
        near = chords[0] * EARTH_RADIUS_M < NEAR_M
        return (near and self._postal_tree.states[index[0]] == state) or state in self.states_near(point)

    def states_near(self, point: Coordinates) -> set[str]:
        """The states and provinces of the nearest postal codes: those within 25 km, and of the nearest eight.

        Empty when the nearest is over 300 km away: at sea, or on another continent.
        """
        chords, indices = self._postal_tree.tree.query(unit_vector(point), k=PLACES_AROUND)
        within = [i for chord, i in zip(chords, indices, strict=True) if chord * EARTH_RADIUS_M < NEAR_M]
        near = self._postal_tree.tree.query_ball_point(unit_vector(point), 25_000 / EARTH_RADIUS_M)
        return {self._postal_tree.states[i] for i in [*within, *near]} - {""}

    @cached_property
    def _postal_tree(self) -> "_PostalTree":
        rows = self._rows("SELECT state, latitude, longitude FROM postal")
        latitudes, longitudes = (np.array(column) / 10_000 for column in list(zip(*rows, strict=True))[1:])
        return _PostalTree(cKDTree(unit_vectors(latitudes, longitudes)), [state for state, _, _ in rows])

    def match(self, text: str) -> Match:
        """What the gazetteer knows of a cleaned address: its postal code, or the town in it."""
        reading = read_address(text)
        if leading := self._leading_postal_code(text):
            return Match((leading,), whole=True)
        towns, whole = self._town(reading)
        postal = self.postal_code(reading.postal_code) if reading.postal_code else None
        if postal is None and reading.postal_code and not reading.segments:
            return Match((), whole=True)
        if postal is None:
            return Match(towns, whole and bool(towns))
        if (
            towns
            and reading.postal_code[1] == "0"
            and reading.postal_code[0].isalpha()
            and reading.state in ("", postal.state)
        ):
            # A rural Canadian area is as large as a country; the town in it says more.
            return Match(towns, whole)
        if reading.state and postal.state and reading.state != postal.state and towns:
            # The postal code is in another state than the one written: somebody mistyped, so ask.
            return Match((*towns, postal)[:MAX_CANDIDATES], whole)
        return Match((postal,), whole or not reading.segments)

    def _leading_postal_code(self, text: str) -> Geocode | None:
        """The ZIP of "06840 New Canaan": only where the words behind it are its own place's name."""
        match = re.fullmatch(r"(\d{5})[ ,]+(\D+)", text)
        postal = self.postal_code(match[1]) if match else None
        if match is None or postal is None:
            return None
        named = read_address(match[2])
        own = fold(postal.label.partition(",")[0])
        return postal if [fold(segment) for segment in named.segments] == [own] else None

    def _town(self, reading: Reading) -> tuple[tuple[Geocode, ...], bool]:
        """The places named last in the address, and whether nothing stands before them."""
        if not reading.segments:
            return (), False
        last, alone = reading.segments[-1], len(reading.segments) == 1
        for name in _town_names(last):
            if found := self.places(name, reading.state):
                return found, alone
        if not any(char.isdigit() for char in last) and (found := self.places_spelt_like(last, reading.state)):
            return found, alone
        # "174 South Avenue New Canaan CT": no comma says where the town begins. Where one does, the town is all
        # of the segment: "West Carrollton" is not Carrollton.
        if (reading.state or reading.postal_code) and (alone or any(char.isdigit() for char in last)):
            words = last.split()
            for look_up in (self.places, self.places_spelt_like):
                for start in range(1, len(words)):
                    if found := look_up(" ".join(words[start:]), reading.state):
                        return found, False
        return (self._town(Reading(reading.segments[:-1], reading.state))[0], False) if not alone else ((), False)

    def _ranked(self, keys: list[str], state: str) -> tuple[Geocode, ...]:
        """The places of any of these names: towns that mail is sent to first, then by population."""
        sql = (
            "SELECT place.name, state, county.name, latitude, longitude FROM place "
            "JOIN county ON county.id = county "
            "WHERE key IN (SELECT value FROM json_each(?)) AND (? = '' OR state = ?) "
            "ORDER BY kind = 'county', ? != '' AND kind = 'place', population DESC, state, place.name, county.name"
        )
        chosen: list[Geocode] = []
        for name, of, county, latitude, longitude in self._rows(sql, json.dumps(keys), state, state, state):
            point = Coordinates(latitude / 10_000, longitude / 10_000)
            if all(distance_m(point, other.coordinates) > FAR_APART_M for other in chosen):
                chosen.append(
                    Geocode(f"{name}, {of}", point, self.name, Precision.PLACE, of, REGIONS[of].country, county)
                )
            if len(chosen) == MAX_CANDIDATES:
                break
        return tuple(chosen)

    def _rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        try:
            return self._asked(sql, values)
        except sqlite3.DatabaseError:  # the file was damaged or removed under us: it can be made again
            log.error("gazetteer damaged, unpacked again", file=self._path.name)
            _unpack(self._path)
            del self._local.connection
            return self._asked(sql, values)

    def _asked(self, sql: str, values: tuple[object, ...]) -> list[tuple]:  # type: ignore[type-arg]
        if not hasattr(self._local, "connection"):
            self._local.connection = None
            self._local.connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
        cursor: sqlite3.Cursor = self._local.connection.execute(sql, values)
        return cursor.fetchall()


def _town_names(segment: str) -> list[str]:
    """Ways to read a segment as a town: as it is, without "Town of", without a final "Township"."""
    names = [segment]
    lowered = segment.lower()
    names += [segment[len(prefix) :] for prefix in _TOWN_OF if lowered.startswith(prefix)]
    first, _, kind = segment.rpartition(" ")
    if first and kind.lower() in _KIND_WORDS:
        names.append(first)
    return names


def _unpack(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch:
        scratch.write(lzma.decompress(COMPRESSED.read_bytes()))
    Path(scratch.name).replace(target)


def _intact(path: Path, checksum: str) -> bool:
    """Whether the unpacked file is there, whole and unaltered."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return f"{zlib.crc32(content):08x}" == checksum
    except (OSError, ValueError):  # not there, or empty
        return False
