"""Where no zone is near: whether that is said, and whether the nearest police stations are right."""

import random
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from directory.app import create_app
from directory.geo import METERS_PER_MILE, Coordinates, distances_m
from directory.search.results import FAR_M
from directory.search.snapshots.snapshot import Snapshot
from directory.settings import Settings
from directory.stations.index import StationIndex, is_zone
from directory.stations.parsing import Station
from directory.stations.repository import FILE_NAME, StationFile, import_stations
from directory.zones.schemas import Status
from quality.geocoding import offline
from quality.rows import Row
from quality.samples import points

PAGES = 200
"""How many pages of ZIP codes without a zone near are read."""
QUERIES = 300
Degrees = NDArray[np.float64]
SHOWN = 5


def said() -> Iterator[Row]:
    """Every US ZIP code: is a zone over 50 miles away called near? Pages of a sample say the same in words."""
    with tempfile.TemporaryDirectory() as folder:
        _, services = offline(folder)
        snapshot = services.snapshot_cache.current()
        usable = [zone for zone in snapshot.zones if zone.status is Status.ACTIVE]
        latitudes, longitudes = (
            np.array([getattr(zone, name) for zone in usable]) for name in ("latitude", "longitude")
        )
        rows = services.gazetteer.rows("SELECT code FROM postal WHERE country = 'US' ORDER BY code")
        far, wrong = [], 0
        for (code,) in rows:
            place = services.gazetteer.postal_code(code)
            assert place is not None
            nearest = float(distances_m(place.coordinates, latitudes, longitudes).min())
            wrong += services.search_service.around(place.coordinates, limit=1).nothing_near is not (nearest > FAR_M)
            if nearest > FAR_M:
                far.append((code, nearest))
        share = f"{len(far):,} of {len(rows):,} US ZIP codes have none within 50 miles ({len(far) / len(rows):.0%})"
        yield Row("ZIP codes where near and far are taken for each other", str(wrong), "0", wrong == 0, share)
        client = create_app(Settings(data_dir=Path(folder), geocoders=())).test_client()
        sample = random.Random(PAGES).sample(far, PAGES)
        bad = sum(not _is_honest(client.get(f"/search?q={code}").text, nearest) for code, nearest in sample)
        name = "pages of such ZIP codes that say so, name the nearest at its distance and link to police stations"
        yield Row(name, f"{PAGES - bad} of {PAGES}", "all", bad == 0)


def _is_honest(page: str, nearest_m: float) -> bool:
    told = re.search(r"The nearest one that we know of:.*?(?:about )?([\d,]+) mi", page, re.DOTALL)
    return (
        "within 50 miles" in page
        and "Closest place to meet" not in page
        and "https://www.google.com/maps/search/?" in page
        and told is not None
        and abs(int(told[1].replace(",", "")) - nearest_m / METERS_PER_MILE) <= 1
    )


def station_list(path: Path | None) -> Iterator[Row]:
    """A list of stations: how much of it is taken, how long that takes, and whether the nearest are right."""
    name = "list of police stations"
    if path is None:
        yield Row(f"{name}: rows taken", "no list of stations was given", "≥ 99 %", None)
        return
    with tempfile.TemporaryDirectory() as folder:
        _, services = offline(folder)
        snapshot = services.snapshot_cache.current()
        begun = time.monotonic()
        report = import_stations(Path(folder), path, progress=lambda _done: None)
        seconds = time.monotonic() - begun
        share = report.added / (report.added + report.refused + report.closed)
        yield Row(f"{name}: rows taken", f"{share:.2%} of {report.added + report.refused:,}", "≥ 99 %", share >= 0.99)
        yield Row(f"{name}: time to take it", f"{seconds:.1f} s", "≤ 30 s", seconds <= 30)
        stations = StationIndex(Path(folder))
        file = StationFile(Path(folder) / FILE_NAME)
        everywhere = file.points()
        latitudes, longitudes = (
            np.array([getattr(at, axis) for at in everywhere]) for axis in ("latitude", "longitude")
        )
        right, milliseconds = 0, []
        for origin in points(QUERIES, seed=3):
            begun = time.perf_counter()
            hits = stations.nearest(origin, SHOWN, snapshot) or ()
            milliseconds.append((time.perf_counter() - begun) * 1000)
            right += [hit.station for hit in hits] == _by_force(origin, file, latitudes, longitudes, snapshot)
        yield Row(f"{name}: nearest {SHOWN} equal brute force", f"{right} of {QUERIES}", "all", right == QUERIES)
        median = float(np.median(milliseconds))
        yield Row(f"{name}: nearest {SHOWN}, median", f"{median:.2f} ms", "≤ 5 ms", median <= 5)


def _by_force(
    origin: Coordinates, file: StationFile, latitudes: Degrees, longitudes: Degrees, snapshot: Snapshot
) -> list[Station]:
    """The nearest stations that are no zones, by measuring to all of them."""
    meters = distances_m(origin, latitudes, longitudes)
    found: list[Station] = []
    for number in np.lexsort((np.arange(len(meters)), meters)).tolist():
        station = file.station(number)
        if not is_zone(station, snapshot):
            found.append(station)
        if len(found) == SHOWN:
            break
    return found
