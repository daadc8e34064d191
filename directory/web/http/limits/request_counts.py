"""Counts requests within a window of time: in this process, or in Redis for all workers together."""

import math
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import structlog
from limits.storage import Storage, storage_from_string

log = structlog.get_logger()
REDIS_PATIENCE = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
"""In seconds: a limit is worth no longer wait."""
REDIS_PAUSE_SECONDS = 30.0
"""How long Redis is left alone after it did not answer: no request waits for it meanwhile."""


class Window(NamedTuple):
    """What an address has used of a limit, and when its count ends (seconds since 1970)."""

    limit: int
    used: int
    ends_at: float

    @property
    def exceeded(self) -> bool:
        """Whether the request at hand is one too many."""
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        """How many requests are left."""
        return max(0, self.limit - self.used)

    def headers(self) -> list[tuple[str, str]]:
        """As the IETF's draft of RateLimit has them, in seconds."""
        reset = str(max(0, round(self.ends_at - time.time())))
        headers = [
            ("RateLimit-Limit", str(self.limit)),
            ("RateLimit-Remaining", str(self.remaining)),
            ("RateLimit-Reset", reset),
        ]
        if self.exceeded:
            headers.append(("Retry-After", reset))
        return headers


class LocalCounts:
    """Counts of this process in fixed windows, one for each length; a window that is over is forgotten at once."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[int, tuple[float, dict[str, int]]] = {}

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """One more under this key; how many that makes, and when they are forgotten."""
        with self._lock:
            at = self._clock()
            ends_at, counts = self._windows.get(seconds, (-math.inf, {}))
            if at >= ends_at:
                ends_at, counts = self._windows[seconds] = at + seconds, {}
            used = counts[key] = counts.get(key, 0) + 1
            return used, ends_at


class RequestCounts:
    """Counts in Redis where a server is named, else in this process; also there while Redis does not answer."""

    def __init__(self, address: str = "memory://", clock: Callable[[], float] = time.monotonic) -> None:
        """`address` is SAFEZONES_LIMITS_STORAGE, `clock` tells seconds. Raises limits' ConfigurationError."""
        self._clock = clock
        shared = not address.startswith("memory:")
        self._redis: Storage | None = storage_from_string(address, **REDIS_PATIENCE) if shared else None  # type: ignore[assignment]
        self._local = LocalCounts()
        self._redis_is_away = False
        self._ask_redis_at = float("-inf")

    def count(self, key: str, limit: int, seconds: int) -> Window:
        """One more request under this key, of which `limit` are allowed in so many seconds."""
        counts = self._local.count(key, seconds) if self._redis is None else self._shared(self._redis, key, seconds)
        return Window(limit, *counts)

    def _shared(self, redis: Storage, key: str, seconds: int) -> tuple[int, float]:
        if self._clock() < self._ask_redis_at:
            return self._local.count(key, seconds)
        try:
            count = redis.incr(key, seconds), redis.get_expiry(key)
        except redis.base_exceptions as error:
            if not self._redis_is_away:
                log.error("limits are counted by each worker", problem=type(error).__name__)
            self._redis_is_away = True
            self._ask_redis_at = self._clock() + REDIS_PAUSE_SECONDS
            return self._local.count(key, seconds)
        self._redis_is_away = False
        return count
