"""Security events: what was refused, counted for Prometheus and logged without a word about people."""

import threading
import time
from collections.abc import Callable
from typing import cast

import structlog
from flask import Flask, Request, Response, current_app, g, request

from directory.moderation.barring import is_barred_address
from directory.monitoring.metrics import SecurityEvent
from directory.web.http.container import container

log = structlog.get_logger()
OF_STATUS: dict[int, SecurityEvent] = {
    401: "not_signed_in", 403: "forbidden", 413: "oversize_body", 429: "too_many_requests",
}  # fmt: skip
MINUTE = 60.0
LINES = 10
"""How many events of a kind get a line each in a minute; after them only the 16th, 32nd, 64th and so on do."""
OEMBED = "oembed.answer"
"""Answers 401 for a page that is not for everybody, as its specification says: nobody was refused."""
KEY = "safezones.security_events"


class BurstFilter:
    """Decides which events of a minute get a line in the log, so that a burst does not fill it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[SecurityEvent, int] = {}
        self._ends_at = 0.0

    def count(self, kind: SecurityEvent) -> tuple[int, bool]:
        """One more: how many of the kind this minute has seen, and whether this one gets a line."""
        with self._lock:
            at = self._clock()
            if at >= self._ends_at:
                self._counts, self._ends_at = {}, at + MINUTE
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return number, number <= LINES or number & (number - 1) == 0


def note(kind: SecurityEvent, **details: str) -> None:
    """Count an event of the request at hand; the log line says kind, route, and how many this minute has seen.

    `details` is what else the line tells the operator: nothing about people.
    """
    container().metrics.record_security_event(kind)
    g.security_event_noted = True
    number, gets_a_line = cast(BurstFilter, current_app.extensions[KEY]).count(kind)
    if gets_a_line:
        log.warning("security event", kind=kind, route=request.endpoint or "none", this_minute=number, **details)


def note_if_barred(email: str) -> None:
    """Note that a barred address was used; whoever uses it is told nothing."""
    if is_barred_address(container().context, email):
        note("barred_address")


def init_app(app: Flask) -> None:
    """Begin to count."""
    app.extensions[KEY] = BurstFilter()


def note_refusal(http_request: Request, response: Response) -> None:
    """Note an answer that refuses, unless its view has noted what it refused."""
    kind = OF_STATUS.get(response.status_code)
    if kind and "security_event_noted" not in g and not (kind == "not_signed_in" and http_request.endpoint == OEMBED):
        note(kind)
