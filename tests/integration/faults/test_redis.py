"""The limits without the Redis that all workers share."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from directory.settings import Settings
from directory.web.http.limits.request_counts import RequestCounts
from quality.site import free_port
from tests.conftest import required
from tests.integration.faults.conftest import searching_goes_on, served
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_redis_that_hangs_holds_up_one_question_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        counts = RequestCounts(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        begun = time.monotonic()
        windows = [counts.count("203.0.113.5", 5, 60) for _ in range(7)]
        assert time.monotonic() - begun < 3
    assert [window.exceeded for window in windows] == [False] * 5 + [True] * 2


def test_redis_that_goes_leaves_each_worker_counting_for_itself(own_settings: Settings, tmp_path: Path) -> None:
    redis = shutil.which("redis-server")
    if redis is None:
        required("redis-server")
    port = free_port()
    server = subprocess.Popen(
        [str(redis), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: answers(port))
        with served(own_settings, limits_storage=f"redis://127.0.0.1:{port}", api_per_minute="30") as running:
            codes = [running.get(f"/api/v1/nearest?lat=41&lon=-{70 + number / 10}")[0] for number in range(60)]
            assert codes.count(200) == 30, "two workers share one limit"
            server.terminate()
            server.wait()
            assert running.get("/api/v1/nearest?lat=41&lon=-73")[0] == 200
            assert "limits are counted by each worker" in running.log()
            searching_goes_on(running.get)
    finally:
        server.kill()
