"""Borders and water: marked where they are, and never between a buyer and the closest place to meet without need."""

import csv
import tempfile
import time
from collections.abc import Iterator

import numpy as np

from directory.geo import Coordinates, distances_m
from directory.geocoding.results import NoMatchError
from directory.search.geography.crossings import OPEN_WATER_M, Crossing, crossings
from directory.search.geography.land_mask import packaged_land_mask
from directory.search.results import SearchResult
from directory.search.snapshots.snapshot import Snapshot
from directory.web.http.container import Container
from quality.geocoding import ROOT, offline
from quality.rows import Row

TIMED = 2_000


def pairs() -> Iterator[Row]:
    """The list of pairs of places, in both directions."""
    mask, right, asked = packaged_land_mask(), 0, 0
    rows = list(csv.DictReader((ROOT / "tests" / "cases" / "crossings.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows:
        ends = [Coordinates(float(row[f"{end}_lat"]), float(row[f"{end}_lon"])) for end in ("from", "to")]
        for start, end in (ends, ends[::-1]):
            meters = distances_m(start, np.array([end.latitude]), np.array([end.longitude])).tolist()
            water = mask.longest_water_m(start, [end], meters)[0] > OPEN_WATER_M
            border = mask.country_at(start) != mask.country_at(end)
            right += ("border" if border else "water" if water else "") == row["crosses"]
            asked += 1
    yield Row("pairs of places: border, water or neither, both ways", f"{right} of {asked}", "all", right == asked)


def closest_places() -> Iterator[Row]:
    """From every ZIP and Canadian area: what lies between it and the closest place to meet; and what that costs."""
    with tempfile.TemporaryDirectory() as folder:
        _, services = offline(folder)
        codes = postal_codes(services)
        asked, abroad, wet = tried(services, codes)
        cost_ms = _cost_ms(services, codes)
    name = "closest place to meet, all ZIPs and Canadian areas"
    yield Row(f"{name}: abroad", f"{abroad} of {asked:,}", "0", abroad == 0)
    yield Row(f"{name}: across water with another within twice as far", f"{wet} of {asked:,}", "0", wet == 0)
    yield Row("border and water, for each zone of an answer, median", f"{cost_ms:.3f} ms", "≤ 0.05 ms", cost_ms <= 0.05)


def postal_codes(services: Container) -> list[str]:
    """Every ZIP and Canadian area that the gazetteer knows."""
    return [code for (code,) in services.gazetteer.rows("SELECT code FROM postal ORDER BY code")]


def tried(services: Container, codes: list[str]) -> tuple[int, int, int]:
    """From how many of these there is a closest place to meet, and how many of those lie abroad, or across the water
    although another lies within twice the distance.
    """
    abroad = wet = asked = 0
    for code in codes:
        try:
            result = services.search_service.search(code)
        except NoMatchError:
            continue
        best = result.closest_usable
        if best is None or result.place is None:
            continue
        asked += 1
        abroad += best.crosses is Crossing.BORDER
        wet += best.crosses is Crossing.WATER and _lies_dry(services.snapshot_cache.current(), result)
    return asked, abroad, wet


def _lies_dry(snapshot: Snapshot, result: SearchResult) -> bool:
    """By brute force: whether a zone that one can go to lies within twice the distance, not across water or border."""
    best, place = result.closest_usable, result.place
    assert best is not None and place is not None
    zones = [zone for zone in snapshot.zones if zone.status == "active" and zone.country == place.country]
    latitudes, longitudes = (np.array([getattr(zone, name) for zone in zones]) for name in ("latitude", "longitude"))
    meters = distances_m(place.coordinates, latitudes, longitudes)
    near = np.flatnonzero(meters <= 2 * best.distance_m).tolist()
    between = crossings(place.coordinates, place.country, [zones[n] for n in near], meters[near].tolist())
    return None in between


def _cost_ms(services: Container, codes: list[str]) -> float:
    """The median time of judging one zone among those of an answer, over a sample of places."""
    times = []
    for code in codes[:: max(1, len(codes) // TIMED)]:
        try:
            result = services.search_service.search(code)
        except NoMatchError:
            continue
        if result.place and result.hits:
            zones, meters = [seen.zone for seen in result.hits], [seen.distance_m for seen in result.hits]
            begun = time.perf_counter()
            crossings(result.place.coordinates, result.place.country, zones, meters)
            times.append((time.perf_counter() - begun) / len(zones))
    return float(np.median(times)) * 1000
