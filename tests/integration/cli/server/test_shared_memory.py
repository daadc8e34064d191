"""The application that is made before the workers are forked: they go on from it, and inherit nothing half done."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from directory.app import Site, take_up
from directory.cli.server.shared_memory import app_for_workers
from directory.clock import now
from directory.db.engine import open_database
from directory.settings import Settings
from directory.web.http.container import KEY, Container
from tests.conftest import copied, sqlite_only
from tests.support.applications import end
from tests.support.loopback_router import LoopbackRouter

ITEM = "/api/v1/collections/zones/items/ct-darien-parking-lot"
RENAME = text("UPDATE zone SET name = 'Renamed since' WHERE zone_id = 'ct-darien-parking-lot'")


@pytest.fixture
def own_settings(real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Those of a copy of the directory of real zones, which a test may change."""
    with copied(real_settings, tmp_path) as settings:
        yield settings


@contextmanager
def site_for_workers(settings: Settings, change: str = "") -> Iterator[Site]:
    """The application before the fork; `change` is a statement that the database is given before it is read."""
    engine = open_database(settings.database)
    with engine.begin() as connection:
        connection.execute(text(change or "SELECT 1"))
    app = app_for_workers(settings, engine)
    yield app
    end(app)
    engine.dispose()


def test_pages_are_written_once_before_the_fork_and_nothing_of_that_is_left_but_what_they_needed(
    real_settings: Settings, tmp_path: Path, loopback_router: LoopbackRouter, capsys: pytest.CaptureFixture[str]
) -> None:
    with copied(real_settings, tmp_path) as copy:
        settings = copy.model_copy(update={"router": f"valhalla:{loopback_router.url}"})
        running = set(threading.enumerate())
        engine = open_database(settings.database)
        app = app_for_workers(settings, engine)
        parts: Container = app.extensions[KEY]
        assert "public/_results.html" in {name for _loader, name in app.jinja_env.cache or ()}
        router_threads = {one for one in threading.enumerate() if "request" in one.name}
        assert set(threading.enumerate()) - router_threads <= running, "a lock that a thread holds stays held in a fork"
        assert loopback_router.asked == [] and parts.travel_times
        assert "Connections in pool: 0" in parts.engine.pool.status()
        parts.statistics_buffer.write()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM town_figure")).scalar() == 0
        told = parts.metrics.text(parts.snapshot_cache, parts.engine, parts.write_probe, settings)
        assert b'route="searching.search"' not in told and b"safezones_router_calls_total{" not in told
        assert "exception" not in capsys.readouterr().err
        parts.engine.dispose()
        engine.dispose()


def test_a_page_that_cannot_be_rehearsed_is_logged_and_the_others_are_rehearsed(
    own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with site_for_workers(own_settings, "UPDATE zone SET zone_id = 'of/' || zone_id") as app:  # no address can hold it
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        (failed,) = {line["page"] for line in lines if line["event"] == "page not rehearsed"}
        assert failed.startswith("/zones/of/")
        assert any(name.startswith("meetings/") for _loader, name in app.jinja_env.cache or ())


def test_a_worker_has_the_features_of_all_zones_at_its_start(own_settings: Settings) -> None:
    with site_for_workers(own_settings) as app:
        parts: Container = take_up(app).extensions[KEY]
        snapshot = parts.snapshot_cache.current()
        ready = snapshot.collection.ready_for(snapshot.by_id, now())
        assert ready.keys() == {zone.zone_id for zone in snapshot.collection.zones} != set()


def test_a_zone_that_cannot_be_written_keeps_no_server_from_starting(
    own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = "UPDATE zone SET time_zone = 'Atlantis/Poseidonis' WHERE state = 'CT'"  # as on a machine without it
    with site_for_workers(own_settings, unknown) as app:
        assert '"event": "features not written"' in capsys.readouterr().err
        answer = take_up(app).test_client().get("/api/v1/nearest?lat=33.45&lon=-112.07")
        assert answer.status_code == 200


def test_a_worker_goes_on_with_what_was_changed_since(own_settings: Settings) -> None:
    with site_for_workers(own_settings) as app:
        with app.extensions[KEY].engine.begin() as connection:
            connection.execute(RENAME)
        answer = take_up(app).test_client().get(ITEM)
        assert answer.get_json()["properties"]["name"] == "Renamed since"


def test_a_worker_that_starts_while_the_database_is_away_goes_on_too(real_settings: Settings, tmp_path: Path) -> None:
    sqlite_only(real_settings)
    with copied(real_settings, tmp_path) as settings:
        app = app_for_workers(settings, open_database(settings.database))
        (settings.data_dir / "directory.sqlite").rename(tmp_path / "away.sqlite")
        answer = take_up(app).test_client().get("/search?q=06840")
        assert answer.status_code == 200 and "Our database does not answer just now" in answer.text
