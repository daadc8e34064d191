"""Each fault, and what the site does then: ZIP and town searches go on. docs/operating.md says the same in a table.

The database's faults end in a read-only site with a notice; everything else is not seen at all by who searches for a
ZIP code or a town.
"""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from limits.storage import storage_from_string

from directory import clock
from directory.records.database import migrate, open_database, schema_version
from directory.search.last_known import LAST_KNOWN
from directory.settings import Settings
from directory.web.api_limit import ApiLimit
from directory.web.limits import REDIS_PATIENCE
from tests.conftest import ON_POSTGRES, ROOT, ZONES, Built, Loopback, copied, database_on, free_port, sqlite_only
from tests.faults.conftest import Site, served
from tests.townhall import Hall, words_of

Serve = Callable[[Callable[[str], tuple[int, bytes, float]]], Loopback]
NOTICE = "Our database does not answer just now"
SEARCHES = ("/search?q=06840", "/search?q=New+Canaan,+CT", "/api/v1/nearest?address=06840", "/towns/ct/new-canaan")
ADDRESS = "/search?q=174+South+Avenue,+New+Canaan,+CT+06840"


def searching_goes_on(get: Callable[[str], tuple[int, str]]) -> None:
    for path in SEARCHES:
        status, text = get(path)
        assert status == 200 and "New Canaan" in text, (path, status)


def getter(client: FlaskClient) -> Callable[[str], tuple[int, str]]:
    return lambda path: (client.get(path).status_code, client.get(path).text)


# Geocoders -----------------------------------------------------------------------------------------------------------


def census(latitude: float, longitude: float) -> bytes:
    """An answer of the Census Bureau's service."""
    match = {
        "matchedAddress": "174 SOUTH AVE, NEW CANAAN, CT, 06840",
        "coordinates": {"x": longitude, "y": latitude},
        "addressComponents": {"state": "CT", "zip": "06840", "city": "NEW CANAAN"},
    }
    return json.dumps({"result": {"addressMatches": [match]}}).encode()


LIES = {
    "dead": (500, b"", 0.0),
    "slow": (200, census(41.1412, -73.4907), 5.0),
    "in another country": (200, census(48.8566, 2.3522), 0.0),
    "in another state": (200, census(34.05, -118.24), 0.0),
    "latitude and longitude swapped": (200, census(-73.4907, 41.1412), 0.0),
    "out of this world": (200, census(941.1412, -9973.4907), 0.0),
    "not a number": (200, census(41.1412, -73.4907).replace(b"41.1412", b'"north"'), 0.0),
    "garbage": (200, b"\x00\xff<html>", 0.0),
    "another shape": (200, b'{"result": {"addressMatches": [{"coordinates": []}]}}', 0.0),
    "an endless list": (200, b'{"result": {"addressMatches": [' + b"{}," * 200_000 + b"{}]}}", 0.0),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_geocoder_that_lies_or_is_silent_never_sends_anybody_far_away(
    own_settings: Settings, built: Built, loopback: Serve, lie: str
) -> None:
    server = loopback(lambda _path: LIES[lie])
    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": server.url})
    client = built(settings).test_client()
    begun = time.monotonic()
    found = client.get(ADDRESS)
    assert time.monotonic() - begun < 4, "never more than three seconds, and a little for the page"
    assert found.status_code == 200
    assert ("New Canaan" in words_of(found) and "We do not know this street address" in words_of(found)) or (
        "do not answer" in words_of(found)
    )
    searching_goes_on(getter(client))
    assert server.asked, "the geocoder was never asked"


def test_a_dead_geocoder_is_left_alone_after_three_failures(
    own_settings: Settings, built: Built, loopback: Serve
) -> None:
    server = loopback(lambda _path: (500, b"", 0.0))
    settings = own_settings.model_copy(update={"geocoders": ("census",), "census_url": server.url})
    client = built(settings).test_client()
    for number in range(10):
        client.get(f"/search?q={number}+South+Avenue,+New+Canaan,+CT+06840")
    assert len(server.asked) == 3


# The database --------------------------------------------------------------------------------------------------------


def test_a_database_that_another_program_holds_delays_no_search(own_settings: Settings, built: Built) -> None:
    sqlite_only(own_settings)
    app = built(own_settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    holder = sqlite3.connect(own_settings.data_dir / "directory.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    begun = time.monotonic()
    searching_goes_on(getter(client))
    assert time.monotonic() - begun < 3
    refused = client.post("/zones/ct-new-canaan-lobby/report", data={"kind": "gone", "text": "It is gone."})
    assert refused.status_code == 503 and "Nothing you sent was half-saved" in words_of(refused)
    holder.execute("ROLLBACK")
    holder.close()


@pytest.mark.parametrize("damage", ["garbage", "emptied", "removed"])
def test_a_database_file_that_is_damaged_leaves_a_read_only_site_with_a_notice(hall: Hall, damage: str) -> None:
    sqlite_only(hall.settings)
    client = hall.visitor()
    searching_goes_on(getter(client))
    if damage != "removed":  # open connections keep a removed file, and must be noticed to do so
        hall.engine.dispose()
    for path in hall.settings.data_dir.glob("directory.sqlite*"):
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


def test_a_server_that_is_started_while_its_database_is_damaged_answers_from_what_it_last_knew(running: Site) -> None:
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
    empty = subprocess.run(command, env=running.environment, capture_output=True, text=True, check=False, timeout=60)
    assert empty.returncode == 2 and "691 zones were served from here before" in empty.stderr


def test_a_removed_database_is_missed_by_living_and_new_workers_and_found_again(running: Site, tmp_path: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    searching_goes_on(running.get)
    known = running.folder / "last-known.jsonl.gz"
    running.eventually("/healthz", lambda _status, _text: known.exists())
    away = tmp_path / "away"
    away.mkdir()
    for path in running.folder.glob("directory.sqlite*"):
        path.rename(away / path.name)
    noticed = running.eventually("/search?q=06840", lambda _status, text: NOTICE in text, 5)
    assert NOTICE in noticed[1]
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    status, text = running.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text, 30)
    assert status == 200 and NOTICE in text, running.log()
    searching_goes_on(running.get)
    assert not (running.folder / "directory.sqlite").exists()
    for path in away.iterdir():
        path.rename(running.folder / path.name)
    well = running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text, 10)
    assert NOTICE not in well[1]


def test_workers_follow_a_restore_over_a_damaged_database(running: Site, tmp_path: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    safezones = [sys.executable, "-m", "directory"]
    file = str(tmp_path / "a.safezones")
    subprocess.run([*safezones, "backup", file], env=running.environment, check=True, capture_output=True)
    for path in running.folder.glob("directory.sqlite*"):
        path.write_bytes(b"garbage" * 2_000)
    assert NOTICE in running.eventually("/search?q=06840", lambda _status, text: NOTICE in text, 5)[1]
    subprocess.run([*safezones, "restore", file, "--yes"], env=running.environment, check=True, capture_output=True)
    assert NOTICE not in running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text, 10)[1]


def an_emptied_database_is_not_believed_and_can_be_restored(site: Site, backup: Path, *refusals: str) -> None:
    """No command makes tables where zones were served from: with tables, the empty database would be the newest."""
    noticed = site.eventually("/search?q=06840", lambda _status, text: NOTICE in text, 10)
    assert NOTICE in noticed[1]
    commands = (["migrate"], ["check"], ["backup"], ["import", str(ZONES)], ["remind"]) if refusals else ()
    for arguments in commands:
        done = site.command(*arguments)
        assert done.exit_code == 2 and [words for words in refusals if words in done.stderr], done.output
    searching_goes_on(site.get)
    restored = site.command("restore", str(backup), "--yes")
    assert restored.exit_code == 0, restored.output
    well = site.eventually("/search?q=06840", lambda _status, text: NOTICE not in text, 10)
    assert NOTICE not in well[1]
    searching_goes_on(site.get)
    assert site.command("staff", "first@example.org").exit_code == 0


SERVED_BEFORE = "691 zones were served from here before"


@pytest.mark.parametrize(
    ("how", "refusals"),
    [("replaced by an empty file", []),
     ("replaced by an empty file", [SERVED_BEFORE]),
     ("removed", [SERVED_BEFORE, "there is no database at"]),
     ("cut off where it lies", [SERVED_BEFORE, "The database is locked by another program"])],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_sqlite_file_that_was_emptied_is_not_believed_and_what_is_restored_outlives_the_server(
    running: Site, tmp_path: Path, how: str, refusals: list[str]
) -> None:
    """Old processes go on with the files they have open: what they do when they end must not touch the new ones."""
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    file, backup = running.folder / "directory.sqlite", tmp_path / "a.safezones"
    assert running.command("backup", str(backup)).exit_code == 0
    known = running.folder / LAST_KNOWN
    searching_goes_on(running.get)
    running.eventually("/healthz", lambda _status, _text: known.exists())
    if how == "cut off where it lies":
        os.truncate(file, 0)
        for pid in running.workers():  # those that have pages in memory may not notice
            os.kill(pid, signal.SIGKILL)
        running.eventually("/healthz", lambda status, _text: status == 200, 30)
    elif how == "removed":
        file.unlink()
    else:
        (tmp_path / "empty").touch()
        (tmp_path / "empty").replace(file)
    an_emptied_database_is_not_believed_and_can_be_restored(running, backup, *refusals)
    if how == "replaced by an empty file":
        assert list(running.folder.glob("directory.sqlite-shm.damaged-*")), "or the old processes' index spoils the new"
    running.server.terminate()
    running.server.wait(timeout=20)
    assert running.command("check").stdout.startswith("691 zones checked")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM person WHERE email = 'first@example.org'").fetchone() == (1,)


@pytest.mark.postgres
def test_an_emptied_postgresql_is_not_believed(on_postgres: Settings, tmp_path: Path) -> None:
    from sqlalchemy import create_engine, text

    with served(on_postgres) as site:
        searching_goes_on(site.get)
        assert site.command("backup", str(tmp_path / "a.safezones")).exit_code == 0
        known = site.folder / LAST_KNOWN
        site.eventually("/healthz", lambda _status, _text: known.exists())
        engine = create_engine(on_postgres.database_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        for pid in site.workers():
            os.kill(pid, signal.SIGKILL)
        assert site.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text, 30)[0] == 200
        assert schema_version(engine) is None, "a worker that starts makes no tables either"
        engine.dispose()
        an_emptied_database_is_not_believed_and_can_be_restored(site, tmp_path / "a.safezones", SERVED_BEFORE)


def test_every_count_that_operating_names_is_told_by_a_server_with_several_workers(
    real_settings: Settings, tmp_path: Path
) -> None:
    named = set(re.findall(r"\bsafezones_\w+", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")))
    away = {"geocoders": "census", "census_url": f"http://127.0.0.1:{free_port()}/"}
    with copied(real_settings, tmp_path) as settings, served(settings, **away) as site:
        for _ in range(40):
            assert site.get("/search?q=06840")[0] == 200
        assert site.get(ADDRESS)[0] == 200
        told = site.get("/metrics")[1]
    assert len(named) > 8 and {name for name in named if f"\n{name}" not in told} == set()
    asked = re.search(r'safezones_request_seconds_count{route="searching.search",status="2xx"} (\S+)', told)
    assert asked and float(asked[1]) == 41, "of all workers together"


def test_a_full_disk_costs_forms_but_no_search(hall: Hall) -> None:
    """SQLite's own page limit stands for the disk: the same error, SQLITE_FULL, at the same place."""
    sqlite_only(hall.settings)
    from sqlalchemy import event

    hall.engine.dispose()

    @event.listens_for(hall.engine, "connect")
    def full(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    client = hall.visitor()
    codes = set()
    for number in range(40):
        words = "x" * 1900
        data = {"kind": "other", "text": f"{number} {words}"}
        codes.add(client.post("/zones/ct-darien-parking-lot/report", data=data).status_code)
    assert 503 in codes and codes <= {200, 302, 503}
    searching_goes_on(getter(client))
    assert client.get("/readyz").status_code == 200


def test_a_read_only_database_serves_readers(running: Site) -> None:
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


@pytest.fixture
def on_postgres(postgres: str, real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The real zones on PostgreSQL, whatever the other tests run on."""
    from directory.records.copying import copy_database
    from directory.records.database import open_database

    with copied(real_settings, tmp_path) as settings, database_on(postgres) as url:
        source, target = open_database(settings.database), open_database(url)
        copy_database(source, target)
        source.dispose()
        target.dispose()
        yield settings.model_copy(update={"database_url": url})


@pytest.mark.postgres
def test_a_postgresql_that_goes_and_comes_back_is_noticed_by_forms_only(on_postgres: Settings, postgres: str) -> None:
    from sqlalchemy import create_engine, text

    name = on_postgres.database_url.rpartition("/")[2]
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")

    def let_in(*, everybody: bool) -> None:
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(everybody).lower()}'))
            if not everybody:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
                )

    with served(on_postgres) as site:
        searching_goes_on(site.get)
        let_in(everybody=False)
        time.sleep(1)
        searching_goes_on(site.get)
        assert NOTICE in site.eventually("/search?q=06840", lambda _status, text: NOTICE in text)[1]
        assert "refuses" in site.get("/readyz")[1], "what the server says is more than that it does not answer"
        # A worker that dies now comes back with the last known directory, from its file.
        for pid in site.workers():
            os.kill(pid, signal.SIGKILL)
        status, text_ = site.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text, 30)
        assert status == 200 and NOTICE in text_, site.log()
        searching_goes_on(site.get)
        let_in(everybody=True)
        well = site.eventually("/search?q=06840", lambda _status, text: NOTICE not in text)
        assert well[0] == 200 and NOTICE not in well[1], "it answers again, and nobody had to do anything"
    admin.dispose()


# Files, clocks, processes --------------------------------------------------------------------------------------------


def test_a_gazetteer_that_is_damaged_under_a_running_site_is_made_again(running: Site) -> None:
    searching_goes_on(running.get)
    copy = next(running.folder.glob("gazetteer-*.sqlite"))
    real = copy.resolve()
    copy.unlink()
    shutil.copy(real, copy)
    with copy.open("r+b") as file:
        file.write(b"garbage!" * 1_000)
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    running.eventually("/healthz", lambda status, _text: status == 200)
    time.sleep(4)
    searching_goes_on(running.get)


def test_a_clock_that_jumps_stops_nothing(hall: Hall) -> None:
    from datetime import timedelta

    client = hall.visitor()
    for days in (400, -400, 20_000, 0):
        clock.run_ahead(timedelta(days=days))
        for path in SEARCHES:
            assert client.get(path).status_code == 200, (days, path)
        assert client.get("/readyz").status_code == 200


def test_a_tile_server_is_never_asked_by_the_server(running: Site) -> None:
    """Tiles are the browser's: what it shows without them is tested in a browser (tests/browser)."""
    page = running.get("/towns/ct/new-canaan")[1]
    assert "tile.openstreetmap.org" not in page


def test_workers_killed_under_load_cost_the_requests_they_held_and_no_other(running: Site) -> None:
    over, results, lock = threading.Event(), [], threading.Lock()

    def visit() -> None:
        while not over.is_set():
            status, _text = running.get("/search?q=06840")
            with lock:
                results.append((time.monotonic(), status))

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for _ in range(2):
        time.sleep(1)
        before = running.workers()
        os.kill(before[0], signal.SIGKILL)
        ends = time.monotonic() + 15
        while time.monotonic() < ends and (len(running.workers()) < 2 or before[0] in running.workers()):
            time.sleep(0.1)
        assert len(running.workers()) == 2, running.log()
        time.sleep(4)  # Granian starts a worker again only so often
    over.set()
    for visitor in visitors:
        visitor.join()
    failed = [status for _at, status in results if status != 200]
    assert len(results) > 200 and len(failed) <= 2 * 4 * 2, (len(results), failed[:20])
    assert results[-1][1] == 200


def test_a_truncated_snapshot_file_is_ignored(running: Site) -> None:
    """That it is written anew is told in tests/test_keeper.py."""
    path = running.folder / "last-known.jsonl.gz"
    for _ in range(50):
        if path.exists():
            break
        time.sleep(0.1)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    status, _ = running.eventually("/search?q=06840", lambda status, _text: status == 200)
    assert status == 200
    searching_goes_on(running.get)


def test_a_redis_that_hangs_holds_up_one_question_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = storage_from_string(f"redis://127.0.0.1:{silent.getsockname()[1]}", **REDIS_PATIENCE)
        limit = ApiLimit(5, lambda: storage)
        begun = time.monotonic()
        windows = [limit.count("203.0.113.5") for _ in range(7)]
        assert time.monotonic() - begun < 3
    assert [window.exceeded for window in windows if window] == [False] * 5 + [True] * 2


def test_slow_clients_do_not_stop_others(running: Site) -> None:
    """A hundred clients that send a request a byte at a time; others are answered as before."""
    import socket

    port = int(running.address.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    for number, connection in enumerate(slow):
        half = b"GET /search?q=06840 HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na"
        post = b"POST /submit HTTP/1.1\r\nHost: localhost\r\n" + form
        connection.sendall(post if number % 2 else half)
    times = []
    for _ in range(20):
        for connection in slow:
            with suppress(OSError):  # some were sent away
                connection.sendall(b"a")
        begun = time.monotonic()
        status, _text = running.get("/search?q=06840", timeout=5)
        times.append(time.monotonic() - begun)
        assert status == 200
    for connection in slow:
        connection.close()
    assert max(times) < 2


def test_redis_that_goes_leaves_each_worker_counting_for_itself(own_settings: Settings, tmp_path: Path) -> None:
    redis = shutil.which("redis-server")
    if redis is None:
        from tests.conftest import required

        required("redis-server")
    from quality.site import free_port

    port = free_port()
    server = subprocess.Popen(
        [str(redis), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(1)
        with served(own_settings, limits_storage=f"redis://127.0.0.1:{port}", api_per_minute="30") as site:
            codes = [site.get(f"/api/v1/nearest?lat=41&lon=-{70 + number / 10}")[0] for number in range(60)]
            assert codes.count(200) == 30, "two workers share one limit"
            server.terminate()
            server.wait()
            assert site.get("/api/v1/nearest?lat=41&lon=-73")[0] == 200
            assert "limits are counted by each worker" in site.log()
            searching_goes_on(site.get)
    finally:
        server.kill()
