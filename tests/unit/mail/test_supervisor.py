"""The mail worker's supervisor: started again at once, and after growing pauses where it fails soon."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from directory.mail import supervisor
from directory.mail.supervisor import MailSupervisor

FAILS = [sys.executable, "-S", "-c", "raise SystemExit(3)"]


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """What the tests' own process does at a timer's signal is left as it was."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_the_pauses_of_a_worker_that_fails_at_once_grow_and_end_at_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    ends: list[float] = []
    watched = MailSupervisor(FAILS, lambda: ends.append(passed[0]))
    with structlog.testing.capture_logs() as log:
        watched.start()
        while len(ends) < 9:
            assert watched.process is None or watched.process.wait(10) == 3
            passed[0] += 1
            watched.check()
        watched.stop()
    pauses = [line["started_again_in_seconds"] for line in log]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert {(line["log_level"], line["event"], line["status"]) for line in log} == {("error", "mail worker ended", 3)}


def test_a_worker_that_ran_for_a_minute_is_started_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (supervisor.STEADY_SECONDS, supervisor.LONGEST_PAUSE_SECONDS, supervisor.LOOK_EVERY_SECONDS) == (60, 60, 1)
    starts = tmp_path / "starts"
    note = f"open({str(starts)!r}, 'a').write('x'); import time; time.sleep(60)"
    watched = MailSupervisor([sys.executable, "-S", "-c", note], lambda: None)
    watched.start()
    while not starts.exists():
        time.sleep(0.05)
    process = watched.process
    assert process is not None
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + supervisor.STEADY_SECONDS)
    process.kill()
    started_at = time.monotonic()
    while starts.read_text() != "xx":
        time.sleep(0.05)  # the timer's signal does it
        assert time.monotonic() - started_at < 10
    watched.stop()
    assert watched.process is not None and watched.process.returncode == -signal.SIGTERM
    time.sleep(1.5)
    assert starts.read_text() == "xx", "what was stopped stays so"


def test_a_command_that_cannot_be_started_is_reported_and_ends_nothing() -> None:
    watched = MailSupervisor(["/nonexistent/python"], lambda: None)
    with structlog.testing.capture_logs() as log:
        watched.start()
        watched.stop()
    assert [line["event"] for line in log] == ["mail worker not started"]
