"""Monitors tell the truth: a database that takes no write, and a disk that is nearly full, are not "ok"."""

import platform
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from directory import __version__
from directory.db.schema import newest_schema
from directory.db.transaction import transaction
from directory.monitoring.write_probe import WriteProbe
from directory.settings import Settings
from directory.store.runs.datasets import release_in
from directory.store.runs.mail_status import beat
from tests.conftest import sqlite_only
from tests.support.site import Site, site_on
from tests.support.statements import statements


def gauge(site: Site, name: str) -> float:
    found = re.search(rf"^{name} (\S+)$", site.visitor().get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def tables(site: Site) -> dict[str, list[object]]:
    from sqlmodel import SQLModel

    return {name: site.rows(f'SELECT * FROM "{name}"') for name in SQLModel.metadata.tables}


def test_readyz_shows_release_and_schema_and_free_disk_and_changes_no_row(site: Site) -> None:
    with transaction(site.engine) as session:
        beat(session)  # as a mail worker does
    before = tables(site)
    told = site.visitor().get("/readyz").json
    assert (told["release"], told["schema"]) == (__version__, newest_schema())
    assert told["checks"]["disk"]["free_mb"] > 0 and told["status"] == "ok"
    zones = release_in(site.services.settings.zones_file)[1]
    labels = f'data_release="{zones}",python="{platform.python_version()}",release="{__version__}"'
    info = f'safezones_build_info{{{labels},schema="{newest_schema()}"}} 1.0'
    assert info in site.visitor().get("/metrics").text
    assert gauge(site, "safezones_disk_free_bytes") > 0 and gauge(site, "safezones_database_writable") == 1
    assert tables(site) == before


def test_a_database_that_can_be_read_but_not_written_is_not_ok(own_settings: Settings) -> None:
    sqlite_only(own_settings)
    with site_on(own_settings) as site:
        site.services.snapshot_cache.current()
        event.listen(site.engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only=ON"))
        site.engine.dispose()
        told = site.visitor().get("/readyz")
        assert told.status_code == 200 and told.json["status"] == "degraded"
        assert "cannot be written" in told.json["checks"]["database"]["problem"]
        assert told.json["checks"]["outbox"]["status"] == "ok", "what can be read is told"
        assert gauge(site, "safezones_database_writable") == 0 and gauge(site, "safezones_database_up") == 1


def test_a_database_that_another_program_holds_delays_readyz_by_no_more_than_seconds(own_settings: Settings) -> None:
    sqlite_only(own_settings)
    with site_on(own_settings) as site, closing(sqlite3.connect(_file(own_settings), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        told = [site.visitor().get("/readyz") for _ in range(5)]
        assert time.monotonic() - begun < 4, "one probe for all of them"
        assert {answer.json["checks"]["database"]["status"] for answer in told} == {"degraded"}
        assert {answer.status_code for answer in told} == {200}


def _file(settings: Settings) -> Path:
    return settings.data_dir / "directory.sqlite"


def test_a_full_disk_is_reported_before_it_is_full(own_settings: Settings) -> None:
    for least, status in ((1_000_000_000, "degraded"), (0, "ok")):
        with site_on(own_settings.model_copy(update={"min_free_mb": least})) as site:
            with transaction(site.engine) as session:
                beat(session)
            told = site.visitor().get("/readyz")
            assert (told.status_code, told.json["checks"]["disk"]["status"]) == (200, status)
            assert told.json["status"] == status


def test_the_least_free_disk_is_200_megabytes() -> None:
    assert Settings.model_fields["min_free_mb"].default == 200


@pytest.mark.parametrize("monitors", [1, 20])
def test_the_database_is_probed_at_most_every_five_seconds(site: Site, monitors: int) -> None:
    at = [100.0]
    probe = WriteProbe(site.engine, lambda: at[0])
    with statements(site.engine) as executed:
        for second in range(10):
            at[0] = 100.0 + second
            for _ in range(monitors):
                assert probe.result().problem == ""
    assert len([one for one in executed if one.startswith("INSERT INTO geocode_turn")]) == 2
