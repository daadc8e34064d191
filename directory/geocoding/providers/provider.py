"""The base of online geocoders: one call with a time limit, one kind of error, a circuit breaker."""

import time
from typing import Any, Protocol

from directory.circuit_breaker import ServiceGuard, ServiceSilentError
from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.results import Geocode, GeocoderUnavailableError


class RateLimiter(Protocol):
    """Limits requests across all workers: some services allow one request a second for the whole application."""

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:
        """Reserve the next request: seconds until it, or None when that is more than `patience_seconds`."""


class GeocodingProvider:
    """One online geocoder: a geopy geocoder, a parser of its responses, and a guard with a circuit breaker.

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
        self._guard = ServiceGuard(self.name)

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
        try:
            self._guard.require_closed()
            seconds = self._wait_for_turn(min(self._timeout, seconds_left))
            return self._guard.call(lambda: self._call(text, seconds), seconds)
        except ServiceSilentError as error:
            raise GeocoderUnavailableError(str(error)) from error.__cause__

    def _wait_for_turn(self, seconds: float) -> float:
        """Wait as long as the rate limit says; gives what is left of `seconds`. Raises GeocoderUnavailableError."""
        if self._rate_limiter is None or not self._interval:
            return seconds
        delay = self._rate_limiter.take(self.name, self._interval, patience_seconds=seconds / 2)
        if delay is None:
            raise GeocoderUnavailableError(f"{self.name} is busy: no request is allowed within the deadline")
        time.sleep(delay)
        return seconds - delay

    def _call(self, text: str, seconds: float) -> list[Geocode]:
        response = self._geocoder.geocode(text, timeout=seconds, **self._options)
        return self.parse(response or [])
