"""Geocoding without the internet: how often, how near, how honest, how long."""

import csv
import gzip
import io
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geo import Coordinates, distance_m
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.factory import build_chain
from directory.geocoding.results import GeocodingError, Precision
from directory.settings import Settings
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.web.http.container import Container, build_container
from quality.rows import Row

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = 1_500


def offline(folder: str, **values: object) -> tuple[GeocodingChain, Container]:
    """The chain and the services over the real zones."""
    settings = Settings(data_dir=Path(folder), **{"geocoders": (), **values})  # type: ignore[arg-type]
    engine = open_database(settings.database)
    migrate(engine)
    chain = build_chain(settings, StoredAnswers(engine, settings.signing_keys), StoredRateLimits(engine))
    import_file(engine, ROOT / "data" / "zones.geojson", chain.gazetteer, ImportOptions())
    return chain, build_container(settings, engine)


def stations(path: Path | None) -> Iterator[Row]:
    """Real station addresses: the share answered, the median error, the share far off."""
    name = "station addresses, online geocoders off"
    if path is None:
        yield Row(name, "no list of stations was given", "≥ 97 % answered", None)
        return
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    sample = random.Random(SAMPLE).sample(list(csv.DictReader(io.StringIO(text.decode()))), SAMPLE)
    errors, choices, boasts = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        chain, _ = offline(folder)
        for row in sample:
            try:
                answer = chain.locate(f"{row['address']}, {row['city']}, {row['state']}")
            except GeocodingError:
                continue
            first = answer.candidates[0]
            errors.append(distance_m(first.coordinates, Coordinates(float(row["lat"]), float(row["lon"]))))
            choices += len(answer.candidates) > 1
            boasts += first.precision in (Precision.ADDRESS, Precision.STREET)
    answered, far = len(errors) / SAMPLE, sum(error > 50_000 for error in errors) / SAMPLE
    median = statistics.median(errors) / 1000
    yield Row(
        f"{name}: answered",
        f"{answered:.1%} of {SAMPLE:,} ({choices / SAMPLE:.1%} as a choice)",
        "≥ 97 %",
        answered >= 0.97,
    )
    yield Row(f"{name}: median error", f"{median:.2f} km", "≤ 1 km", median <= 1)
    yield Row(f"{name}: over 50 km off", f"{far:.2%}", "≤ 0.8 %", far <= 0.008)
    yield Row(f"{name}: precision better than the truth", str(boasts), "0", boasts == 0)


def own_zones() -> Iterator[Row]:
    """Every real address in data/zones.geojson, typed into the search, finds its own town's zones."""
    features = json.loads((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8"))["features"]
    asked, misses = 0, []
    with tempfile.TemporaryDirectory() as folder:
        _, services = offline(folder)
        for item in features:
            facts = item["properties"]
            if not facts.get("street_address") or facts["status"] in ("planned", "withdrawn"):
                continue
            asked += 1
            words = f"{facts['street_address']}, {facts['town']}, {facts['state']}"
            try:
                result = services.search_service.search(words)
                towns = {found.zone.town for found in result.hits}
                if result.place is None:
                    # A choice: right when choosing the right one leads there.
                    choices = [services.search_service.around(place.coordinates) for place in result.answer.candidates]
                    towns = {found.zone.town for choice in choices for found in choice.hits}
            except GeocodingError as error:
                misses.append(f"{words} ({type(error).__name__})")
                continue
            if facts["town"] not in towns:
                misses.append(words)
    share = 1 - len(misses) / asked
    yield Row(
        "own addresses find their own town's zones, online geocoders off",
        f"{share:.1%} of {asked}",
        "≥ 99 %",
        share >= 0.99,
        "missed: " + "; ".join(misses) if misses else "",
    )  # fmt: skip


class _Hung(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(20)

    def log_message(self, *_args: object) -> None:
        pass


def services_down() -> Iterator[Row]:
    """All online services hang: the longest wait, and whether ZIP, town and address are answered."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hung)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    longest, answered, marked = 0.0, 0, False
    asked = [
        "06840",
        "New Canaan, CT",
        "174 South Avenue, New Canaan, CT",
        "25 Hecker Ave, Darien, CT",
        "1 Main St, Boise, ID",
    ]
    with tempfile.TemporaryDirectory() as folder:
        chain, _ = offline(folder, geocoders=("census", "nominatim"), census_url=url, nominatim_url=url)
        for words in asked:
            begun = time.monotonic()
            answer = chain.locate(words)
            longest = max(longest, time.monotonic() - begun)
            answered += bool(answer.candidates)
            marked |= answer.degraded
    server.shutdown()
    value = f"{answered} of {len(asked)}, {'yes' if marked else 'no'}"
    met = answered == len(asked) and marked
    yield Row("all online geocoders hang: answered, and said so", value, "all, yes", met)
    yield Row("all online geocoders hang: longest wait", f"{longest:.2f} s", "≤ 3.1 s", longest <= 3.1)
