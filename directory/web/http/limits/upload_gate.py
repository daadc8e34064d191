"""A limit on requests that bring a body: a slow sender holds a thread, so they may never hold them all.

Behind a proxy that reads bodies first (docs/operating.md) nobody ever waits here. Without one, somebody who sends forms
a byte at a time can at worst keep others from sending forms, and nobody from searching.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from directory.web.http import request_log
from directory.web.http.container import Container
from directory.web.http.security.request_bounds import brings_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 6
"""How many requests a worker answers at a time."""
WITH_BODY = 3
"""How many of these may bring a body."""
BUSY = b"Too many forms are being sent just now. Nothing was saved; go back and send it again in a minute.\n"


class UploadGate:
    """A WSGI application in front of another."""

    def __init__(self, application: "WSGIApplication", parts: Container) -> None:
        self._application = application
        self._parts = parts
        self._free = threading.Semaphore(WITH_BODY)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let a request through, or ask it to come back."""
        if not brings_body(environ):
            return self._application(environ, start_response)
        if not self._free.acquire(blocking=False):
            return self._busy(environ, start_response)
        try:
            # The body is read before this returns; only a page is left to be sent.
            return self._application(environ, start_response)
        finally:
            self._free.release()

    def _busy(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Counted only: somebody who sends many would fill the log.
        self._parts.metrics.record_request("upload_gate", 503, 0.0, without_database=False)
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(BUSY)),
            "Retry-After": "60",
            "Cache-Control": "no-store",
            request_log.HEADER: request_log.request_id(environ.get(request_log.IN_ENVIRONMENT, "")),
        }
        start_response("503 Service Unavailable", list(headers.items()))
        return [BUSY]
