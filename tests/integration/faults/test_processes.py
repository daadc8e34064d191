"""Workers that are killed, clients that dawdle, clocks that jump, and the counts that tell of it all."""

import json
import os
import re
import signal
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from directory import clock
from directory.db.engine import open_database
from directory.db.schema import newest_schema
from directory.settings import Settings
from quality.site import free_port
from tests.conftest import ROOT, copied
from tests.integration.faults.conftest import ADDRESS, SEARCHES, WORKERS, RunningSite, served
from tests.support.loopback_router import LoopbackRouter
from tests.support.site import Site
from tests.support.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.slow


def test_a_clock_that_jumps_stops_nothing(site: Site) -> None:
    from datetime import timedelta

    client = site.visitor()
    for days in (400, -400, 20_000, 0):
        clock.run_ahead(timedelta(days=days))
        for path in SEARCHES:
            assert client.get(path).status_code == 200, (days, path)
        assert client.get("/readyz").status_code == 200


def test_workers_killed_under_load_cost_the_requests_they_held_and_no_other(running: RunningSite) -> None:
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
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends and (len(running.workers()) < 2 or before[0] in running.workers()):
            time.sleep(0.1)
        running.wait_for_workers()
        assert running.listeners() == len(running.workers()) == 2, running.log()
        time.sleep(4)  # Granian starts a worker again only so often
    over.set()
    for visitor in visitors:
        visitor.join()
    failed = [status for _at, status in results if status != 200]
    assert len(results) > 50 and len(failed) <= 2 * 4 * 2, (len(results), failed[:20], running.log())
    assert results[-1][1] == 200


def replaced(running: RunningSite, lost: int) -> None:
    """Until another worker runs in the place of this one."""
    eventually(lambda: len(running.workers()) == WORKERS and lost not in running.workers())


def test_a_worker_that_dies_again_and_again_does_not_end_the_server(running: RunningSite) -> None:
    for _ in range(3):  # within the seconds in which Granian alone would give up
        before = running.workers()
        os.kill(before[0], signal.SIGKILL)
        replaced(running, before[0])
        running.wait_for_workers()
        assert running.eventually("/healthz", lambda status, _text: status == 200)[0] == 200
    assert running.server.poll() is None
    assert running.log().count('"worker ended"') == 3


def test_workers_that_cannot_start_are_tried_again_after_pauses_and_the_others_go_on(
    real_settings: Settings, tmp_path: Path
) -> None:
    with copied(real_settings, tmp_path) as settings, served(settings) as running:
        engine = open_database(settings.database)

        def is_at(schema: str) -> None:
            with engine.begin() as connection:
                both = text("UPDATE alembic_version SET version_num = :schema, oldest_schema = :schema")
                connection.execute(both, {"schema": schema})

        is_at("9999")  # of a release that this one knows nothing of: a worker that starts now ends at once
        os.kill(running.workers()[0], signal.SIGKILL)
        eventually(lambda: running.log().count('"worker ended"') >= 3)
        for path in SEARCHES:  # while nobody listens who might not answer: the other worker has the port
            assert running.eventually(path, lambda status, _text: status == 200)[0] == 200
        pauses = re.findall(r'"started_again_in_seconds": ([\d.]+)', running.log())
        assert pauses[:3] == ["0.0", "1.0", "2.0"] and "newer release" in running.log()
        is_at(newest_schema())
        engine.dispose()
        eventually(lambda: running.listeners() == 2)
        assert running.server.poll() is None


def test_workers_are_replaced_under_load_without_a_lost_request(real_settings: Settings, tmp_path: Path) -> None:
    """SIGHUP, which `systemctl reload` sends: at a Unix socket, where whoever waits in the queue waits for all."""
    with (
        copied(real_settings, tmp_path) as settings,
        served(settings, at_socket=str(tmp_path / "site.sock")) as running,
    ):
        over, results = threading.Event(), list[int]()

        def visit() -> None:
            while not over.is_set():
                results.append(running.get("/towns/ct/new-canaan")[0])

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        before = running.workers()
        running.server.send_signal(signal.SIGHUP)
        eventually(lambda: "Stopped old worker-2" in running.log())
        assert not set(before) & set(running.workers())
        assert running.get("/metrics")[0] == 200, "who may ask at the socket is on this machine"
        over.set()
        for visitor in visitors:
            visitor.join()
        assert set(results) == {200} and len(results) > len(visitors), running.log()


def test_slow_clients_do_not_stop_others(running: RunningSite) -> None:
    """A hundred clients that send a request a byte at a time; others are answered as before."""

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
        status, _text = running.get("/search?q=06840", timeout=PATIENCE_SECONDS)
        times.append(time.monotonic() - begun)
        assert status == 200
    for connection in slow:
        connection.close()
    assert max(times) < PATIENCE_SECONDS / 2, "the slow ones never end"


def test_every_count_that_operating_rules_and_dashboard_name_is_reported_by_a_server_with_several_workers(
    real_settings: Settings, tmp_path: Path, loopback_router: LoopbackRouter
) -> None:
    files = ("docs/operating.md", "deploy/prometheus/rules.yml", "deploy/grafana/safezones.json")
    texts = " ".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"\b(?:safezones|process)_\w+", texts))
    away: dict[str, Any] = {
        "geocoders": "census", "census_url": f"http://127.0.0.1:{free_port()}/",
    }  # fmt: skip
    router, begun = f"valhalla:{loopback_router.url}", time.monotonic()
    with copied(real_settings, tmp_path) as settings, served(settings, router=router, **away) as running:
        assert time.monotonic() - begun < PATIENCE_SECONDS, "nothing waits for threads that ask the router"
        assert loopback_router.asked == [], "the server asks for nobody before the fork"
        first = json.loads(running.get("/api/v1/nearest?address=06840&mode=drive")[1])
        assert first["travel"]["order"] == "travel_time", "a worker asks with threads of its own"
        for _ in range(40):
            assert running.get("/search?q=06840")[0] == 200
        assert running.get(ADDRESS)[0] == 200
        told = running.get("/metrics")[1]
        workers = {str(pid) for pid in running.workers()}
    assert len(named) > 8 and {name for name in named if f"\n{name}" not in told} == set()
    asked = re.search(r'safezones_request_seconds_count{route="searching.search",status="2xx"} (\S+)', told)
    assert asked and float(asked[1]) == 41, "of all workers together"
    resident = re.findall(r'process_resident_memory_bytes{pid="(\d+)",process="(\w+)"} (\S+)', told)
    assert sorted(process for _pid, process, _bytes in resident) == ["mail", "server", "worker", "worker"]
    assert {pid for pid, process, _bytes in resident if process == "worker"} == workers
    assert all(10e6 < float(size) < 2e9 for _pid, _process, size in resident)
