"""The base of online geocoders: one call with a time limit, one kind of error, a circuit breaker."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.results import Geocode, GeocoderUnavailableError

FAILURE_THRESHOLD = 3
OPEN_SECONDS = 30.0


class RateLimiter(Protocol):
    """Limits requests across all workers: some services allow one request a second for the whole application."""

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next request: seconds until it, or None when that is more than `patience_seconds`."""


class CircuitBreaker:
    """Blocks calls of a failing service for OPEN_SECONDS after FAILURE_THRESHOLD failures in a row."""

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
        """Count a failure; the third in a row opens the breaker."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURE_THRESHOLD:
                self._failures = 0
                self._open_until = self._clock() + OPEN_SECONDS


class GeocodingProvider:
    """One online geocoder: a geopy geocoder, a parser of its responses, and a circuit breaker.

    Subclasses define `name` and `parse`; `supports` may exclude addresses that the service cannot answer.
    """

    name = ""

    def __init__(
        self,
        geocoder: Any,
        *,
        timeout_seconds: float = 2.0,
        rate_limiter: RateLimiter | None = None,
        interval_seconds: float = 0.0,
        options: dict[str, Any] | None = None,
    ) -> None:
        self._geocoder = geocoder
        self._timeout = timeout_seconds
        self._rate_limiter = rate_limiter
        self._interval = interval_seconds
        self._options = options or {}
        self._breaker = CircuitBreaker()
        # geopy's timeout is per socket operation; a thread bounds the whole call.
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"geocoder-{self.name}")

    def supports(self, parsed: ParsedAddress) -> bool:
        """Whether the service can answer such an address."""
        return bool(parsed.segments)

    def parse(self, response: Any) -> list[Geocode]:
        """Turn the service's response into geocodes, best first."""
        raise NotImplementedError

    def locate(self, text: str, seconds_left: float) -> list[Geocode]:
        """Call the service; an empty list means that it knows no such address.

        Raises GeocoderUnavailableError when it times out, fails, sends an invalid response, or its breaker is open.
        """
        if self._breaker.is_open:
            raise GeocoderUnavailableError(f"{self.name} is not called for a while after several failures")
        seconds = min(self._timeout, seconds_left)
        if self._rate_limiter is not None and self._interval:
            delay = self._rate_limiter.take(self.name, self._interval, patience_seconds=seconds / 2)
            if delay is None:
                raise GeocoderUnavailableError(f"{self.name} is busy: no request is allowed within the deadline")
            time.sleep(delay)
            seconds -= delay
        future = self._pool.submit(self._call, text, seconds)
        try:
            geocodes = future.result(timeout=seconds)
        except Exception as error:  # no response of a service may become an error of ours
            future.cancel()  # a queued call must not start later, outside the rate limit
            self._breaker.record_failure()
            raise GeocoderUnavailableError(f"{self.name} did not answer: {type(error).__name__}") from error
        self._breaker.record_success()
        return geocodes

    def _call(self, text: str, seconds: float) -> list[Geocode]:
        response = self._geocoder.geocode(text, timeout=seconds, **self._options)
        return self.parse(response or [])
