"""The process that sends mail is killed, stopped, and never started: it comes back, and the monitors say so."""

import json
import os
import signal
from contextlib import suppress

import pytest

from directory.db.engine import open_database
from directory.db.transaction import transaction
from directory.mail.message_texts import MessageWriter
from directory.mail.queueing import queue_message
from directory.settings import Settings
from tests.integration.faults.conftest import RunningSite
from tests.support.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.slow


def checks(running: RunningSite) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(running.get("/readyz")[1])["checks"]
    return found


def test_the_mail_worker_is_started_again_when_it_is_killed_and_mail_goes_on(running: RunningSite) -> None:
    eventually(lambda: checks(running)["mail"]["status"] == "ok")
    for kill in range(1, 4):
        (before,) = running.mail_workers()
        os.kill(before, signal.SIGKILL)
        eventually(lambda gone=before: running.mail_workers() not in ([], [gone]))  # type: ignore[misc]
        log = [line for line in running.log().splitlines() if "mail worker ended" in line]
        assert len(log) == kill and '"level": "error"' in log[-1] and '"status": -9' in log[-1]
    assert "\nsafezones_mail_worker_ends_total 3.0" in running.get("/metrics")[1]
    settings = Settings(data_dir=running.folder, database_url=running.environment["SAFEZONES_DATABASE_URL"])
    with transaction(open_database(settings.database)) as session:
        message = MessageWriter("en", running.address).sign_in(f"{running.address}/sign-in/x")
        queue_message(session, "directory@localhost", "clerk@example.org", message)
    eventually(lambda: list((running.folder / "mail").glob("*.eml")))
    assert len(running.workers()) == 2, "the others were left alone"


def test_a_mail_worker_that_hangs_is_noticed(running: RunningSite) -> None:
    eventually(lambda: checks(running)["mail"]["status"] == "ok")
    (worker,) = running.mail_workers()
    os.kill(worker, signal.SIGSTOP)
    try:
        eventually(lambda: checks(running)["mail"]["status"] == "degraded", 2 * PATIENCE_SECONDS)
        assert "has not said that it runs" in str(checks(running)["mail"]["problem"])
        assert json.loads(running.get("/readyz")[1])["status"] == "degraded"
    finally:
        os.kill(worker, signal.SIGCONT)
    eventually(lambda: checks(running)["mail"]["status"] == "ok")


def alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_the_mail_worker_ends_with_the_server_however_that_ends(running: RunningSite) -> None:
    (worker,) = running.mail_workers()
    workers = running.workers()
    running.server.kill()
    running.server.wait()
    for process in workers:
        os.kill(process, signal.SIGKILL)
    eventually(lambda: not alive(worker))
