"""What is noted of each request: a number to find it again, its route, status and time. Never what was asked for."""

import random
import re
import time

import structlog
from flask import Request, Response
from flask.ctx import _AppCtxGlobals

from directory.web.http.container import Container

log = structlog.get_logger()
HEADER, IN_ENVIRONMENT = "X-Request-ID", "HTTP_X_REQUEST_ID"
SLOW_SECONDS = 1.0
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(header: str) -> str:
    """The number that a proxy gave the request, when it looks like one; else one of our own."""
    return header if header and _GIVEN.fullmatch(header) else f"{random.getrandbits(64):016x}"  # no secret


def note(parts: Container, request: str, route: str, method: str, status: int, seconds: float) -> None:
    """Count a request; log it when it failed, was slow, or the operator wants them all."""
    parts.metrics.record_request(route, status, seconds, without_database=parts.snapshot_cache.trouble is not None)
    failed, slow = status >= 500, seconds >= SLOW_SECONDS
    if parts.settings.log_requests or failed or slow:
        write = log.error if failed else log.warning if slow else log.info
        write(
            "request", request=request, route=route, method=method, status=status, milliseconds=round(seconds * 1000, 1)
        )


def begin(http_request: Request, request_globals: _AppCtxGlobals) -> None:
    """Give the request its number."""
    request_globals.started = time.perf_counter()
    request_globals.request_id = request_id(http_request.environ.get(IN_ENVIRONMENT, ""))
    structlog.contextvars.bind_contextvars(request=request_globals.request_id)


def end(http_request: Request, request_globals: _AppCtxGlobals, parts: Container, response: Response) -> None:
    """Tell the number, and note what became of the request."""
    if "started" not in request_globals:  # the request could not even be opened
        return
    response.headers.add(HEADER, request_globals.request_id)
    seconds = time.perf_counter() - request_globals.started
    route = http_request.endpoint or "none"
    note(parts, request_globals.request_id, route, http_request.method, response.status_code, seconds)
