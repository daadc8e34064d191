"""Where the time goes: the parts of an answer and of an import, each timed by itself in one process."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from werkzeug.test import EnvironBuilder

from benchmarks.rows import Row, micro
from benchmarks.trivial import create_app as create_trivial
from directory.app import create_app
from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.formats.recognition import open_source
from directory.geo import Coordinates, time_zone_at
from directory.geocoding.gazetteer import Gazetteer
from directory.settings import Settings
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.store.importing.judged_file import BATCH
from directory.web.http.container import KEY
from directory.zones.validation.row_validation import validate_batch
from quality.samples import points, write_spread_zones, write_zones

ZONES, ROWS = 20_000, 5_000


def where() -> Iterator[Row]:
    """The nearest zones over HTTP, and an import."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gazetteer = Gazetteer.open_packaged(folder)
        settings = Settings(data_dir=folder, geocoders=(), api_per_minute=100_000_000)
        engine = open_database(settings.database)
        migrate(engine)
        write_spread_zones(folder / "zones.geojson", ZONES, gazetteer)
        import_file(engine, folder / "zones.geojson", gazetteer, ImportOptions())
        engine.dispose()
        yield from _nearest(settings)
        yield from _import(folder, gazetteer)


def _nearest(settings: Settings) -> Iterator[Row]:
    app = create_app(settings)
    parts = app.extensions[KEY]
    now = parts.snapshot_cache.current()
    trivial = each(lambda _: _asked(create_trivial_once.wsgi_app, "/"), 2_000)
    steps = (
        ("the index: ten nearest, exactly", lambda at: now.index.nearest(at, 10)),
        ("the search service: the same with hours, status and the nearest usable one", parts.search_service.around),
        ("the whole request through Flask", lambda at: _asked(app.wsgi_app, _query(at))),
    )
    for name, step in steps:
        each(step, 1_000)
        seconds = each(step, 2_000)
        told = "in process, one thread; peer: the trivial Flask route"
        yield Row(f"where the time goes, nearest: {name}", f"{ZONES:,} zones", micro(seconds), micro(trivial),
                  round(seconds / trivial, 2), "told", None, told)  # fmt: skip
    parts.engine.dispose()


create_trivial_once = create_trivial()


def _query(at: Coordinates) -> str:
    return f"/api/v1/nearest?lat={at.latitude:.5f}&lon={at.longitude:.5f}"


def _asked(application: Callable[..., object], address: str) -> None:
    path, _, query = address.partition("?")
    environ = EnvironBuilder(path=path, query_string=query).get_environ()
    for _part in application(environ, lambda *_: None):  # type: ignore[attr-defined]
        pass


def each(step: Callable[[Coordinates], object], count: int) -> float:
    """Median seconds of so many different questions."""
    times = []
    for at in points(count, seed=count):
        begun = time.perf_counter()
        step(at)
        times.append(time.perf_counter() - begun)
    return median(times)


def _import(folder: Path, gazetteer: Gazetteer) -> Iterator[Row]:
    path = folder / "rows.geojson"
    write_zones(path, ROWS)
    time_zone_at(Coordinates(40, -90))  # loads its map once
    begun = time.perf_counter()
    with open_source(path) as source:
        rows = list(source.rows)
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    for start in range(0, ROWS, BATCH):
        validate_batch(rows[start : start + BATCH], gazetteer)
    judged = time.perf_counter() - begun
    engine = open_database(f"sqlite:///{folder / 'rows.sqlite'}")
    migrate(engine)
    begun = time.perf_counter()
    import_file(engine, path, gazetteer, ImportOptions())
    whole = time.perf_counter() - begun
    engine.dispose()
    for name, seconds in (
        ("read from GeoJSON", read), ("judged by every rule", judged),
        ("found in the store, written with its log entry", whole - read - judged),
        ("together", whole),
    ):  # fmt: skip
        yield Row(f"where the time goes, import: a row {name}", f"{ROWS:,} features", micro(seconds / ROWS), "",
                  round(seconds / whole, 2), "told", None, "ratio: the share")  # fmt: skip
