"""What every online geocoder shares: one bounded call, errors of one kind, and a rest after failures."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.results import Geocode, GeocoderUnavailableError

FAILURES_BEFORE_REST = 3
REST_SECONDS = 30.0


class RateLimiter(Protocol):
    """Takes turns across all workers: some services allow one request a second for the whole application."""

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next turn: seconds until it, or None when that is more than `patience_seconds`."""


class CircuitBreaker:
    """Lets a failing service rest: after three failures in a row it is not asked for half a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether the service is to be left alone now."""
        return self._clock() < self._rests_until

    def succeeded(self) -> None:
        """Forget earlier failures."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure; the third in a row starts the rest."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_BEFORE_REST:
                self._failures = 0
                self._rests_until = self._clock() + REST_SECONDS


class GeocodingProvider:
    """One online geocoder: a geopy geocoder, how its answers are read, and its own breaker.

    Subclasses give `name` and `read`; `knows` may leave out addresses the service cannot answer.
    """

    name = ""

    def __init__(
        self,
        geocoder: Any,
        *,
        timeout_seconds: float = 2.0,
        turns: RateLimiter | None = None,
        interval_seconds: float = 0.0,
        options: dict[str, Any] | None = None,
    ) -> None:
        self._geocoder = geocoder
        self._timeout = timeout_seconds
        self._turns = turns
        self._interval = interval_seconds
        self._options = options or {}
        self._breaker = CircuitBreaker()
        # geopy's timeout is one for each socket operation; a thread of its own bounds the whole call.
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"geocoder-{self.name}")

    def knows(self, parsed: ParsedAddress) -> bool:
        """Whether it makes sense to ask this service for such an address."""
        return bool(parsed.segments)

    def read(self, found: Any) -> list[Geocode]:
        """Turn the service's answer into geocodes, best first."""
        raise NotImplementedError

    def locate(self, text: str, seconds_left: float) -> list[Geocode]:
        """Ask the service; an empty list means it knows no such address.

        Raises GeocoderUnavailableError when it does not answer in time, fails, talks nonsense, or is resting.
        """
        if self._breaker.resting:
            raise GeocoderUnavailableError(f"{self.name} is resting after several failures")
        seconds = min(self._timeout, seconds_left)
        if self._turns is not None and self._interval:
            wait = self._turns.take(self.name, self._interval, patience_seconds=seconds / 2)
            if wait is None:
                raise GeocoderUnavailableError(f"{self.name} is busy: every turn within the deadline is taken")
            time.sleep(wait)
            seconds -= wait
        call = self._pool.submit(self._ask, text, seconds)
        try:
            found = call.result(timeout=seconds)
        except Exception as error:  # whatever a service sends must not become our failure
            call.cancel()  # a call that still waits for a thread must not go out later, without a turn
            self._breaker.failed()
            raise GeocoderUnavailableError(f"{self.name} did not answer: {type(error).__name__}") from error
        self._breaker.succeeded()
        return found

    def _ask(self, text: str, seconds: float) -> list[Geocode]:
        found = self._geocoder.geocode(text, timeout=seconds, **self._options)
        return self.read(found or [])
