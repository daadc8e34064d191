"""Answers over HTTP, Granian with two workers, wrk with sixteen connections, 20,000 zones."""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import machines
from benchmarks.rows import Row, at_least, at_most
from directory.geocoding.gazetteer import Gazetteer
from quality.samples import write_spread_zones
from quality.site import free_port, site_environment

ZONES = 20_000
ANSWERS = 30_000
NEAREST, ITEMS = "/api/v1/nearest", "/api/v1/collections/zones/items"
ONE_PLACE = f"{NEAREST}?lat=41.14670&lon=-73.49490"


def serving() -> Iterator[Row]:
    """The API and the results page against a trivial route, and against pygeoapi."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zones = folder / "zones.geojson"
        write_spread_zones(zones, ZONES, Gazetteer.open_packaged(folder))
        searches = write_searches(folder)
        with machines.trivial(folder) as trivial, machines.site(folder, zones) as site:
            base = machines.load(f"{trivial}/", "nearest", BENCH_PATH="/")
            same = machines.load(f"{trivial}/")
            yield _memory(folder, site, "after 30,000 answers")
            yield from _api(site, base, same)
            yield from _pages(site, base, searches)
            yield _memory(folder, site, "after all of these answers and pages")
            yield from _beside_an_import(folder, site, searches)
            ours = machines.load(site, "items", BENCH_PATH=ITEMS)
        yield from _pygeoapi(folder, zones, ours)


def _api(site: str, base: machines.Load, same: machines.Load) -> Iterator[Row]:
    for address in (ONE_PLACE, f"{ITEMS}?limit=10"):
        machines.load(site + address, seconds=2)
    for name, script, path, size in (
        ("nearest, another place each time", "nearest", NEAREST, "10 of 20,000"),
        ("items in a box, another box each time", "items", ITEMS, "10 of 20,000"),
    ):
        machines.load(site, script, seconds=3, BENCH_PATH=path)
        found = machines.load(site, script, BENCH_PATH=path)
        yield from _against(name, size, found, base)
    found = machines.load(site + ONE_PLACE)
    yield from _against("nearest, the same place within a minute", "10 of 20,000", found, same)


def _against(name: str, size: str, found: machines.Load, base: machines.Load, goal: float = 0.6) -> Iterator[Row]:
    told = f"{found.failed} failed" if found.failed else ""
    yield at_least(f"{name}: answers a second", size, f"{found.per_second:,.0f}/s", f"{base.per_second:,.0f}/s",
                   found.per_second / base.per_second, goal, told)  # fmt: skip
    yield at_most(
        f"{name}: p99", size, f"{found.p99 * 1e3:.1f} ms", f"{base.p99 * 1e3:.1f} ms", found.p99 / base.p99, 2
    )


def _pages(site: str, base: machines.Load, searches: Path) -> Iterator[Row]:
    """500 places searched for again and again; and one page after the other that nobody asked for before."""
    values: dict[str, Any] = {"BENCH_SEARCHES": str(searches)}
    machines.load(site, "pages", seconds=8, **values)
    found = machines.load(site, "pages", **values)
    yield at_least("results page, 500 places searched for: answers a second", "20 KB of HTML",
                   f"{found.per_second:,.0f}/s", f"{base.per_second:,.0f}/s", found.per_second / base.per_second, 0.25,
                   f"p50 {found.p50 * 1e3:.1f} ms, p99 {found.p99 * 1e3:.0f} ms")  # fmt: skip
    new = machines.load(site, "nearest", BENCH_PATH="/search")
    yield Row("results page, another place each time: answers a second", "20 KB of HTML", f"{new.per_second:,.0f}/s",
              f"{base.per_second:,.0f}/s", round(new.per_second / base.per_second, 3), "told, not promised", None,
              f"each page written anew; p50 {new.p50 * 1e3:.0f} ms, p99 {new.p99 * 1e3:.0f} ms")  # fmt: skip


def _memory(folder: Path, site: str, when: str) -> Row:
    """What the larger worker holds after 30,000 answers of the API, or so many more."""
    answers = 0.0
    while answers < ANSWERS:
        answers += machines.load(site, "nearest", BENCH_PATH=NEAREST).per_second * machines.SECONDS
    resident, proportional = max(machines.memory_of(worker) for worker in machines.workers_of(folder))
    return Row(f"worker: memory {when}", "20,000 zones", f"{proportional:.0f} MB", "", None,
               "≤ 150 MB", proportional <= 150, f"of the larger of two workers; proportional set size, {resident:.0f} "
               "MB with all that it shares with the main process")  # fmt: skip


def _beside_an_import(folder: Path, site: str, searches: Path) -> Iterator[Row]:
    """The same pages while all 20,000 zones are imported again and again, each time with something changed."""
    over = threading.Event()
    statuses: list[int] = []

    def go_on() -> None:
        while not over.is_set():
            path = folder / "again.geojson"
            write_spread_zones(path, ZONES, Gazetteer.open_packaged(folder), phone=f"316-555-{len(statuses):04}")
            command = [sys.executable, "-m", "directory", "import", str(path)]
            done = subprocess.run(command, env=site_environment(folder), check=False, capture_output=True)
            statuses.append(done.returncode)

    beside = threading.Thread(target=go_on)
    beside.start()
    time.sleep(2)
    found = machines.load(site, "pages", seconds=30, connections=8, BENCH_SEARCHES=str(searches))
    over.set()
    beside.join()
    well = found.per_second >= 100 and found.p95 < 0.2 and not found.failed and not any(statuses)
    told = f"{found.per_second:,.0f}/s, p95 {found.p95 * 1e3:.0f} ms"
    yield Row("results page beside a running import of 20,000 features", "8 connections", told, "", None,
              "≥ 100/s, p95 < 200 ms", well, f"p99 {found.p99 * 1e3:.0f} ms, {found.failed} failed; "
              f"{len(statuses)} imports, {sum(map(bool, statuses))} of them failed")  # fmt: skip


def _pygeoapi(folder: Path, zones: Path, ours: machines.Load) -> Iterator[Row]:
    """pygeoapi under the same server, on PostGIS with the same zones."""
    with machines.postgres() as port:
        source = f"PG:host=127.0.0.1 port={port} user=tester dbname=postgres"
        psql = [
            "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-U",
            "tester",
            "-q",
            "-c",
            "CREATE EXTENSION postgis",
            "postgres",
        ]
        subprocess.run(psql, check=True, capture_output=True)
        subprocess.run(
            ["ogr2ogr", "-f", "PostgreSQL", source, str(zones), "-nln", "zones"], check=True, capture_output=True
        )
        config = (Path(__file__).parent / "pygeoapi.yml").read_text(encoding="utf-8")
        web = free_port()
        (folder / "pygeoapi.yml").write_text(config.replace("WEBPORT", str(web)).replace("DBPORT", str(port)))
        environment = {**os.environ, **machines.AS_IN_PRODUCTION,
                       "PYGEOAPI_CONFIG": str(folder / "pygeoapi.yml"),
                       "PYGEOAPI_OPENAPI": str(folder / "pygeoapi-openapi.yml")}  # fmt: skip
        made = [str(Path(sys.executable).with_name("pygeoapi")), "openapi", "generate", str(folder / "pygeoapi.yml")]
        subprocess.run([*made, "--output-file", str(folder / "pygeoapi-openapi.yml")], env=environment, check=True,
                       capture_output=True)  # fmt: skip
        with machines.granian("pygeoapi.flask_app:APP", folder, environment, "/?f=json", factory=False) as address:
            machines.load(address, "items", seconds=2, BENCH_PATH="/collections/zones/items")
            theirs = machines.load(address, "items", BENCH_PATH="/collections/zones/items")
    yield at_least("items in a box, against pygeoapi on PostGIS: answers a second", "10 of 20,000",
                   f"{ours.per_second:,.0f}/s", f"{theirs.per_second:,.0f}/s", ours.per_second / theirs.per_second, 20,
                   f"pygeoapi: p50 {theirs.p50 * 1e3:.0f} ms, {theirs.failed} failed")  # fmt: skip


def write_searches(folder: Path, count: int = 500) -> Path:
    """ZIP codes that the gazetteer knows, one a line."""
    gazetteer = Gazetteer.open_packaged(folder)
    dice = random.Random(6)
    codes: list[str] = []
    while len(codes) < count:
        labels = gazetteer.suggest(f"{dice.randrange(10_000, 99_999)}"[:4])
        codes.extend(label.rpartition(" ")[2] for label in labels)
    path = folder / "searches.txt"
    path.write_text("\n".join(codes[:count]) + "\n")
    return path
