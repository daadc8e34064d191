"""The nearest zones in process, against everything one might take instead, each made exact where it can be."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopy.distance
import numpy as np
import psycopg
import redis
import shapely
from sklearn.neighbors import BallTree

from benchmarks import machines
from benchmarks.rows import Row, at_least, at_most, micro
from directory.geo import Coordinates, distances_m
from directory.search.geography.nearest_index import NearestIndex
from quality.samples import points

SIZES = (1_000, 20_000, 100_000, 1_000_000)
LIMIT = 10
CHECKED = 40
Ask = Callable[[Coordinates], list[int]]


def nearest() -> Iterator[Row]:
    """Ten nearest of so many: median and 99th percentile, and how right each answer is."""
    medians = {}
    with tempfile.TemporaryDirectory() as folder, machines.postgres() as postgres, machines.redis(Path(folder)) as port:
        for size in SIZES:
            zones = points(size)
            begun, before = time.perf_counter(), _resident()
            index = NearestIndex(zones)
            build, memory = time.perf_counter() - begun, _resident() - before
            ours = timed(lambda origin: [number for number, _ in index.nearest(origin, LIMIT)], 2_000)  # noqa: B023
            medians[size] = ours[0]
            note = f"ours: p99 {micro(ours[1])}, built in {build:.2f} s, {memory:.0f} MB"
            peers = _peers(zones, postgres, port)
            truth = _brute(zones)
            for name, (ask, count) in peers.items():
                theirs = timed(ask, count)
                right = (
                    sum(ask(origin) == truth(origin) for origin in points(20, seed=3)) if name != "brute force" else 20
                )
                more = "" if right == 20 else f"; its answer differs from the truth in {20 - right} of 20 queries"
                told = f"peer: p99 {micro(theirs[1])}{more}"
                told = f"{note}; {told}" if name == "brute force" else told
                yield at_least(f"nearest, in process: {name}", f"{size:,}", micro(ours[0]), micro(theirs[0]),
                               theirs[0] / ours[0], 1, told)  # fmt: skip
            wrong = sum(
                [number for number, _ in index.nearest(origin, LIMIT)] != truth(origin)
                for origin in points(CHECKED, seed=4)
            )
            told = f"{CHECKED - wrong} of {CHECKED}"
            yield Row("nearest is exact", f"{size:,}", told, "brute-force pyproj", None, "all", wrong == 0)
    yield at_most("nearest, median at 1,000,000 against 1,000", "1,000,000", micro(medians[1_000_000]),
                  micro(medians[1_000]), medians[1_000_000] / medians[1_000], 2)  # fmt: skip


def timed(ask: Ask, count: int) -> tuple[float, float]:
    """Median and 99th percentile in seconds of so many different questions, after a few to warm up."""
    for origin in points(max(1, count // 10), seed=8):
        ask(origin)
    times = []
    for origin in points(count, seed=9):
        begun = time.perf_counter()
        ask(origin)
        times.append(time.perf_counter() - begun)
    return statistics.median(times), float(np.percentile(times, 99))


def _resident() -> float:
    text = Path("/proc/self/statm").read_text()
    return int(text.split()[1]) * 4096 / 1e6


def _peers(zones: list[Coordinates], postgres: int, redis_port: int) -> dict[str, tuple[Ask, int]]:
    """Each peer and how many questions it is asked: slow ones fewer."""
    size = len(zones)
    few = max(5, min(1_000, 2_000_000 // size))
    peers: dict[str, tuple[Ask, int]] = {
        "brute force": (_brute(zones), few),
        "shapely STRtree": (_strtree(zones), 500),
        "sklearn BallTree": (_balltree(zones), 500),
        "PostGIS": (_postgis(zones, postgres), 300),
        "Redis GEOSEARCH": (_redis(zones, redis_port), 300),
    }
    if size <= 20_000:
        peers["geopy"] = (_geopy(zones), 3)
    return peers


def _arrays(zones: list[Coordinates]) -> tuple[Any, Any]:
    return np.array([zone.latitude for zone in zones]), np.array([zone.longitude for zone in zones])


def _brute(zones: list[Coordinates]) -> Ask:
    """pyproj on every zone: the truth."""
    latitudes, longitudes = _arrays(zones)

    def ask(origin: Coordinates) -> list[int]:
        meters = distances_m(origin, latitudes, longitudes)
        near = np.argpartition(meters, LIMIT)[: LIMIT + 1]
        return near[np.lexsort((near, meters[near]))][:LIMIT].tolist()  # type: ignore[no-any-return]

    return ask


def _geopy(zones: list[Coordinates]) -> Ask:
    """geopy's geodesic on every zone."""

    def ask(origin: Coordinates) -> list[int]:
        here = (origin.latitude, origin.longitude)
        meters = [geopy.distance.geodesic(here, (zone.latitude, zone.longitude)).m for zone in zones]
        return sorted(range(len(zones)), key=lambda number: (meters[number], number))[:LIMIT]

    return ask


def _measured(origin: Coordinates, numbers: Any, latitudes: Any, longitudes: Any) -> list[int]:
    """Candidates in order of their geodesic distance."""
    meters = distances_m(origin, latitudes[numbers], longitudes[numbers])
    return numbers[np.lexsort((numbers, meters))][:LIMIT].tolist()  # type: ignore[no-any-return]


def _strtree(zones: list[Coordinates]) -> Ask:
    """An R-tree over degrees: a box that grows until its circle holds enough, then pyproj. It knows no k."""
    latitudes, longitudes = _arrays(zones)
    tree = shapely.STRtree(shapely.points(longitudes, latitudes))
    first_m = 3_000_000 / np.sqrt(len(zones))

    def ask(origin: Coordinates) -> list[int]:
        reach = first_m
        while True:
            degrees = reach / 110_000
            wide = degrees / max(0.01, np.cos(np.radians(min(89.0, abs(origin.latitude) + degrees))))
            box = shapely.box(origin.longitude - wide, origin.latitude - degrees, origin.longitude + wide,
                              origin.latitude + degrees)  # fmt: skip
            numbers = tree.query(box)
            meters = distances_m(origin, latitudes[numbers], longitudes[numbers])
            if (meters <= reach).sum() >= min(LIMIT, len(zones)):
                return numbers[np.lexsort((numbers, meters))][:LIMIT].tolist()  # type: ignore[no-any-return]
            reach *= 2

    return ask


def _balltree(zones: list[Coordinates]) -> Ask:
    """A ball tree over the sphere, its candidates measured by pyproj: a few spare ones, no proof."""
    latitudes, longitudes = _arrays(zones)
    tree = BallTree(np.radians(np.stack((latitudes, longitudes), axis=-1)), metric="haversine")

    def ask(origin: Coordinates) -> list[int]:
        found = tree.query(np.radians([[origin.latitude, origin.longitude]]), k=LIMIT + 4, return_distance=False)
        return _measured(origin, found[0], latitudes, longitudes)

    return ask


def _postgis(zones: list[Coordinates], port: int) -> Ask:
    """The nearest by `<->`, and then every zone within the distance of the last of them."""
    connection = psycopg.connect(host="127.0.0.1", port=port, user="tester", dbname="postgres", autocommit=True)
    connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.execute("DROP TABLE IF EXISTS zones")
    connection.execute("CREATE TABLE zones (number integer PRIMARY KEY, place geography(Point))")
    with connection.cursor().copy("COPY zones FROM STDIN") as copy:
        for number, zone in enumerate(zones):
            copy.write_row((number, f"SRID=4326;POINT({zone.longitude} {zone.latitude})"))
    connection.execute("CREATE INDEX ON zones USING gist (place)")
    connection.execute("VACUUM ANALYZE zones")
    query = """
        WITH here AS (SELECT ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography AS place),
        far AS (SELECT max(ST_Distance(near.place, here.place)) AS meters FROM here, LATERAL
                (SELECT place FROM zones ORDER BY place <-> here.place LIMIT 10) near)
        SELECT number FROM zones, here, far WHERE ST_DWithin(zones.place, here.place, far.meters + 1)
        ORDER BY ST_Distance(zones.place, here.place), number LIMIT 10
    """

    def ask(origin: Coordinates) -> list[int]:
        return [row[0] for row in connection.execute(query, (origin.longitude, origin.latitude), prepare=True)]

    return ask


def _redis(zones: list[Coordinates], port: int) -> Ask:
    """Redis measures on a sphere and rounds positions; a circle that grows until it holds enough."""
    client = redis.Redis(port=port)
    client.flushall()
    pipe = client.pipeline(transaction=False)
    for number, zone in enumerate(zones):
        pipe.geoadd("zones", (zone.longitude, zone.latitude, number))
        if number % 10_000 == 9_999:
            pipe.execute()
    pipe.execute()
    first_km = 3_000 / float(np.sqrt(len(zones)))

    def ask(origin: Coordinates) -> list[int]:
        reach = first_km
        while True:
            found = client.geosearch("zones", longitude=origin.longitude, latitude=origin.latitude, radius=reach,
                                     unit="km", sort="ASC", count=LIMIT)  # fmt: skip
            if len(found) == LIMIT:
                return [int(number) for number in found]  # type: ignore[arg-type]
            reach *= 2

    return ask
