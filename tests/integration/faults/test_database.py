"""A database that is locked, damaged, gone, full or read-only: a notice, no forms, and searching goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.db.transaction import BUSY_SECONDS
from directory.settings import Settings
from quality.site import free_port
from tests.conftest import ON_POSTGRES, Built, sqlite_only
from tests.integration.faults.conftest import NOTICE, RunningSite, getter, searching_goes_on, served
from tests.support.site import Site, words_of
from tests.support.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.slow


def test_a_database_that_another_program_holds_delays_no_search(own_settings: Settings, build_app: Built) -> None:
    sqlite_only(own_settings)
    app = build_app(own_settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    holder = sqlite3.connect(own_settings.data_dir / "directory.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    begun = time.monotonic()
    searching_goes_on(getter(client))
    assert time.monotonic() - begun < BUSY_SECONDS, "no search waits for it"
    refused = client.post("/zones/ct-new-canaan-lobby/report", data={"kind": "gone", "text": "It is gone."})
    assert refused.status_code == 503 and "Nothing you sent was half-saved" in words_of(refused)
    holder.execute("ROLLBACK")
    holder.close()


@pytest.mark.postgres
def test_a_table_that_another_program_holds_delays_no_search_and_forms_for_seconds(
    on_postgres: Settings, build_app: Built
) -> None:
    app = build_app(on_postgres)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    holder = create_engine(on_postgres.database)
    with holder.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE problemreport IN ACCESS EXCLUSIVE MODE")
        searching_goes_on(getter(client))
        begun = time.monotonic()
        refused = client.post("/zones/ct-new-canaan-lobby/report", data={"kind": "gone", "text": "It is gone."})
        assert refused.status_code == 503 and "Nothing you sent was half-saved" in words_of(refused)
        assert time.monotonic() - begun < 10
    holder.dispose()


@pytest.mark.parametrize("damage", ["garbage", "emptied", "removed"])
def test_a_database_file_that_is_damaged_leaves_a_read_only_site_with_a_notice(site: Site, damage: str) -> None:
    sqlite_only(site.settings)
    client = site.visitor()
    searching_goes_on(getter(client))
    if damage != "removed":  # open connections keep a removed file, and must be noticed to do so
        site.engine.dispose()
    for path in site.settings.data_dir.glob("directory.sqlite*"):
        if damage == "removed":
            path.unlink()
        else:
            path.write_bytes(b"garbage" * 2_000 if damage == "garbage" else b"")
    time.sleep(0.3)
    searching_goes_on(getter(client))
    assert NOTICE in words_of(client.get("/search?q=06840"))
    refused = client.post("/zones/ct-darien-parking-lot/report", data={"kind": "gone", "text": "Closed."})
    assert refused.status_code == 503 and "half-saved" in words_of(refused)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")


def test_a_server_that_is_started_while_its_database_is_damaged_answers_from_what_it_last_knew(
    running: RunningSite,
) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    searching_goes_on(running.get)
    known = running.folder / "last-known.jsonl.gz"
    assert running.eventually("/healthz", lambda _status, _text: known.exists())[0] == 200
    running.server.terminate()
    running.server.wait()
    for path in running.folder.glob("directory.sqlite*"):
        path.write_bytes(b"garbage" * 2_000)
    settings = Settings(data_dir=running.folder, geocoders=())
    with served(settings) as again:
        searching_goes_on(again.get)
        assert NOTICE in again.get("/search?q=06840")[1]
    for path in running.folder.glob("directory.sqlite*"):
        path.unlink()
    command = [sys.executable, "-m", "directory", "serve", "--port", str(free_port())]
    with served(settings) as again:
        searching_goes_on(again.get)
        assert not (running.folder / "directory.sqlite").exists(), "a missing file is not made anew"
    made_anew = open_database(settings.database)
    migrate(made_anew)
    made_anew.dispose()
    empty = subprocess.run(
        command, env=running.environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert empty.returncode == 2 and "995 zones were served from here before" in empty.stderr


def test_a_removed_database_is_missed_by_living_and_new_workers_and_found_again(
    running: RunningSite, tmp_path: Path
) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    searching_goes_on(running.get)
    known = running.folder / "last-known.jsonl.gz"
    running.eventually("/healthz", lambda _status, _text: known.exists())
    away = tmp_path / "away"
    away.mkdir()
    for path in running.folder.glob("directory.sqlite*"):
        path.rename(away / path.name)
    noticed = running.eventually("/search?q=06840", lambda _status, text: NOTICE in text)
    assert NOTICE in noticed[1]
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    status, text = running.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text)
    assert status == 200 and NOTICE in text, running.log()
    searching_goes_on(running.get)
    assert not (running.folder / "directory.sqlite").exists()
    for path in away.iterdir():
        path.rename(running.folder / path.name)
    well = running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text)
    assert NOTICE not in well[1]


def test_workers_follow_a_restore_over_a_damaged_database(running: RunningSite, tmp_path: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    safezones = [sys.executable, "-m", "directory"]
    file = str(tmp_path / "a.safezones")
    subprocess.run([*safezones, "backup", file], env=running.environment, check=True, capture_output=True)
    for path in running.folder.glob("directory.sqlite*"):
        path.write_bytes(b"garbage" * 2_000)
    assert NOTICE in running.eventually("/search?q=06840", lambda _status, text: NOTICE in text)[1]
    subprocess.run([*safezones, "restore", file, "--yes"], env=running.environment, check=True, capture_output=True)
    assert NOTICE not in running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text)[1]


def test_a_full_disk_costs_forms_but_no_search(site: Site) -> None:
    """SQLite's own page limit stands for the disk: the same error, SQLITE_FULL, at the same place."""
    sqlite_only(site.settings)
    from sqlalchemy import event

    site.engine.dispose()

    @event.listens_for(site.engine, "connect")
    def full(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    client = site.visitor()
    codes = set()
    for number in range(40):
        words = "x" * 1900
        data = {"kind": "other", "text": f"{number} {words}"}
        codes.add(client.post("/zones/ct-darien-parking-lot/report", data=data).status_code)
    assert 503 in codes and codes <= {200, 302, 503}
    searching_goes_on(getter(client))
    assert client.get("/readyz").status_code == 200


def test_a_read_only_database_serves_readers(running: RunningSite) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    files = [str(path) for path in running.folder.glob("directory.sqlite*")]
    # Root writes whatever the mode says, but not what is immutable.
    lock, free = (["chattr", "+i"], ["chattr", "-i"]) if os.geteuid() == 0 else (["chmod", "444"], ["chmod", "644"])
    if subprocess.run([*lock, *files], capture_output=True, check=False).returncode:
        pytest.skip("chattr does not work on this file system, and root may write anything else")
    try:
        searching_goes_on(running.get)
        more = running.folder / "more.csv"
        more.write_text("department,town,state,address,zip\nWeston Police,Weston,CT,56 Norfield Road,06883\n")
        begun = subprocess.run(
            [sys.executable, "-m", "directory", "import", str(more)], env=running.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert begun.returncode == 2 and "cannot be written" in begun.stderr + begun.stdout
        searching_goes_on(running.get)
    finally:
        subprocess.run([*free, *files], capture_output=True, check=False)


def test_a_truncated_snapshot_file_is_ignored(running: RunningSite) -> None:
    """That it is written anew is told in tests/integration/search/snapshots/test_snapshot_cache.py."""
    path = running.folder / "last-known.jsonl.gz"
    eventually(path.exists)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    status, _ = running.eventually("/search?q=06840", lambda status, _text: status == 200)
    assert status == 200
    searching_goes_on(running.get)


@pytest.mark.postgres
def test_a_postgresql_that_goes_and_comes_back_is_noticed_by_forms_only(on_postgres: Settings, postgres: str) -> None:
    name = on_postgres.database_url.rpartition("/")[2]
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")

    def let_in(*, everybody: bool) -> None:
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(everybody).lower()}'))
            if not everybody:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
                )

    with served(on_postgres) as running:
        searching_goes_on(running.get)
        let_in(everybody=False)
        time.sleep(1)
        searching_goes_on(running.get)
        assert NOTICE in running.eventually("/search?q=06840", lambda _status, text: NOTICE in text)[1]
        assert "refuses" in running.get("/readyz")[1], "what the server says is more than that it does not answer"
        # A worker that dies now comes back with the last known directory, from its file.
        for pid in running.workers():
            os.kill(pid, signal.SIGKILL)
        status, text_ = running.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text)
        assert status == 200 and NOTICE in text_, running.log()
        searching_goes_on(running.get)
        let_in(everybody=True)
        well = running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text)
        assert well[0] == 200 and NOTICE not in well[1], "it answers again, and nobody had to do anything"
    admin.dispose()
