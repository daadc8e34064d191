"""A service that stays away: who waits for it, and how often."""

import pytest

from directory.circuit_breaker import ServiceGuard, ServiceSilentError


def fail() -> str:
    raise OSError("away")


def test_after_the_pause_one_caller_finds_out_that_a_service_is_still_away_and_one_that_it_is_back() -> None:
    seconds = 0.0
    guard = ServiceGuard("a service", clock=lambda: seconds)

    def failures() -> int:
        """How many callers are let through until the service is left alone."""
        for number in range(9):
            if guard.is_open:
                return number
            with pytest.raises(ServiceSilentError):
                guard.call(fail, 1)
        return 9

    assert failures() == 3
    seconds += 29.9
    assert guard.is_open, "for half a minute"
    seconds += 0.1
    assert failures() == 1
    seconds += 30
    assert guard.call(lambda: "back", 1) == "back"
    assert failures() == 3
