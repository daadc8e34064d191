"""Requests are counted within windows of time, and Redis that does not answer is left alone for a while."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from directory.web.http.limits.request_counts import LocalCounts, RequestCounts, Window


class Clock:
    """Tells the time it is set to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_window_counts_until_it_ends_and_then_from_nothing(clock: Clock) -> None:
    counts = LocalCounts(clock)
    assert counts.count("a", 60) == (1, 1060.0)
    clock.now = 1059.9
    assert counts.count("a", 60) == (2, 1060.0)
    clock.now = 1060.0
    assert counts.count("a", 60) == (1, 1120.0)


def test_every_key_and_every_length_has_a_count_of_its_own(clock: Clock) -> None:
    counts = LocalCounts(clock)
    assert [counts.count(key, 60)[0] for key in ("a", "a", "b")] == [1, 2, 1]
    assert counts.count("a", 3600) == (1, 4600.0)
    assert counts.count("a", 60) == (3, 1060.0)


@pytest.mark.parametrize(("used", "exceeded", "remaining"), [(2, False, 1), (3, False, 0), (4, True, 0)])
def test_the_request_after_the_last_allowed_one_is_one_too_many(used: int, exceeded: bool, remaining: int) -> None:
    window = Window(3, used, 0.0)
    assert (window.exceeded, window.remaining) == (exceeded, remaining)


def test_headers_say_how_long_to_wait_only_when_the_limit_is_exceeded() -> None:
    ends_at = time.time() + 50.2
    headers = dict(Window(3, 2, ends_at).headers())
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("3", "1")
    assert 45 <= int(headers["RateLimit-Reset"]) <= 50 and "Retry-After" not in headers
    headers = dict(Window(3, 4, ends_at).headers())
    assert headers["RateLimit-Remaining"] == "0" and headers["Retry-After"] == headers["RateLimit-Reset"]
    assert dict(Window(3, 4, time.time() - 50).headers())["Retry-After"] == "0"


def test_counts_of_this_process_have_the_limit_they_were_asked_with() -> None:
    counts = RequestCounts()
    windows = [counts.count("a", 2, 60) for _ in range(3)]
    assert [(window.limit, window.used, window.exceeded) for window in windows] == [
        (2, 1, False), (2, 2, False), (2, 3, True),
    ]  # fmt: skip
    assert 0 < windows[0].ends_at - time.time() <= 60


class DeafRedis:
    """Accepts connections and ends them at once; counts them."""

    def __init__(self) -> None:
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@pytest.fixture
def redis() -> Iterator[DeafRedis]:
    server = DeafRedis()
    yield server
    server.socket.close()


def test_redis_that_does_not_answer_is_left_alone_for_half_a_minute_and_reported_once(
    redis: DeafRedis, clock: Clock
) -> None:
    counts = RequestCounts(redis.address, clock)
    with capture_logs() as log:
        assert counts.count("a", 2, 60).used == 1
        asked_once = redis.connections
        assert asked_once > 0
        assert [(entry["event"], entry["log_level"]) for entry in log] == [
            ("limits are counted by each worker", "error"),
        ]  # fmt: skip
        clock.now += 29.9
        assert counts.count("a", 2, 60).used == 2
        assert redis.connections == asked_once
        clock.now += 0.1
        assert counts.count("a", 2, 60).exceeded
        assert redis.connections > asked_once
    assert len(log) == 1
