"""Guards calls of a remote service: a time limit for the whole call, and none for a while after several failures."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from directory.errors import UnavailableError

FAILURE_THRESHOLD = 3
OPEN_SECONDS = 30.0
Answer = TypeVar("Answer")


class ServiceSilentError(UnavailableError):
    """The service timed out, failed, sent an invalid response, or is not called for a while."""


class CircuitBreaker:
    """Blocks calls of a failing service for OPEN_SECONDS after FAILURE_THRESHOLD failures in a row.

    After a pause one failure suffices to block them again, so that few callers wait for a service that stays away.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are blocked now."""
        return self._clock() < self._open_until

    def record_success(self) -> None:
        """Reset the count of failures."""
        with self._lock:
            self._failures = 0

    def record_failure(self) -> None:
        """Count a failure; the third in a row and each one after it open the breaker."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURE_THRESHOLD:
                self._open_until = self._clock() + OPEN_SECONDS


class ServiceGuard:
    """Calls one service in threads of its own.

    The timeout of a client is one of each socket operation; only waiting for another thread bounds the whole call.
    """

    def __init__(self, name: str, threads: int = 4, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._breaker = CircuitBreaker(clock)
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)

    @property
    def is_open(self) -> bool:
        """Whether the service is not called now, because it failed several times."""
        return self._breaker.is_open

    def require_closed(self) -> None:
        """Raise ServiceSilentError while the service is not called."""
        if self._breaker.is_open:
            raise ServiceSilentError(f"{self._name} is not called for a while after several failures")

    def call(self, work: Callable[[], Answer], seconds: float) -> Answer:
        """What `work` gives within so many seconds. Raises ServiceSilentError; its cause is what `work` raised."""
        self.require_closed()
        future = self._pool.submit(work)
        try:
            answer = future.result(timeout=seconds)
        except Exception as error:  # no response of a service may become an error of ours
            future.cancel()  # a queued call must not start later, outside a rate limit
            self._breaker.record_failure()
            raise ServiceSilentError(f"{self._name} did not answer: {type(error).__name__}") from error
        self._breaker.record_success()
        return answer
