"""How many questions a network address may ask the API in a minute."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from limits.storage import MemoryStorage, Storage

log = structlog.get_logger()
MINUTE = 60
REDIS_PAUSE_SECONDS = 30.0
"""How long Redis is left alone after it did not answer: nobody's question waits for it meanwhile."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of an address's minute."""

    limit: int
    used: int
    ends_at: float

    @property
    def exceeded(self) -> bool:
        """Whether the request at hand is one too many."""
        return self.used > self.limit

    def headers(self) -> list[tuple[str, str]]:
        """As the IETF's draft of RateLimit has them, in seconds."""
        reset = str(max(0, round(self.ends_at - time.time())))
        found = [("RateLimit-Limit", str(self.limit)), ("RateLimit-Remaining", str(max(0, self.limit - self.used)))]
        return [*found, ("RateLimit-Reset", reset), *([("Retry-After", reset)] if self.exceeded else [])]


class MinuteCounts:
    """Counts of this process; everything older than a minute is forgotten at once."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._ends_at = 0.0

    def count(self, address: str) -> tuple[int, float]:
        """One more; how many that makes, and when they are forgotten."""
        with self._lock:
            at = self._clock()
            if at >= self._ends_at:
                self._counts, self._ends_at = {}, at + MINUTE
            used = self._counts[address] = self._counts.get(address, 0) + 1
            return used, self._ends_at


class ApiRateLimit:
    """Counts the API's questions by network address, for all of its operations together.

    Flask-Limiter looks up its decorators and windows anew for each request, and its memory is swept by a thread every
    hundredth of a second: both took longer than the answer. In Redis it counts where Flask-Limiter does.
    """

    def __init__(self, per_minute: int, storage: Callable[[], Storage | None]) -> None:
        """`storage` gives where to count, or None while nothing is limited."""
        self._per_minute = per_minute
        self._storage = storage
        self._own = MinuteCounts()
        self._redis_is_away = False
        self._ask_redis_at = float("-inf")

    def count(self, address: str) -> Window | None:
        """One more question of an address; None when nothing is limited."""
        storage = self._storage()
        if storage is None:
            return None
        used, ends_at = (
            self._own.count(address) if isinstance(storage, MemoryStorage) else self._shared(storage, address)
        )
        return Window(self._per_minute, used, ends_at)

    def _shared(self, storage: Storage, address: str) -> tuple[int, float]:
        if time.monotonic() < self._ask_redis_at:
            return self._own.count(address)
        key = f"api/{address}"
        try:
            found = storage.incr(key, MINUTE), storage.get_expiry(key)
        except storage.base_exceptions as error:
            if not self._redis_is_away:
                log.error("limits are counted by each worker", problem=type(error).__name__)
            self._redis_is_away = True
            self._ask_redis_at = time.monotonic() + REDIS_PAUSE_SECONDS
            return self._own.count(address)
        self._redis_is_away = False
        return found
