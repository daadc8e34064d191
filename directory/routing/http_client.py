"""The HTTP client of the routers: bounded in time and size, without redirects, proxies or retries."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from directory.routing.router import RouterError

CONNECT_SECONDS = 0.25
"""A router stands near: one that takes longer to accept a connection is away, and nobody waits for it.

It bounds the whole way there: the name server, every address of the name, and encryption.
"""
THREADS = 8
MAX_RESPONSE_BYTES = 1 << 20
"""The largest answer that is read: 250 bytes a pair, ten times what is asked for at once."""
_CHUNK = 1 << 16


class HttpClient:
    """Asks one server for JSON. No message of its errors holds an address: that may hold somebody's place."""

    def __init__(self, url: str, user_agent: str) -> None:
        parts = urlsplit(url)
        self._connection_type = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connecting = ThreadPoolExecutor(THREADS, thread_name_prefix="connecting")
        self._netloc = parts.netloc
        self._path = parts.path.rstrip("/")
        self._headers = {"User-Agent": user_agent, "Accept": "application/json", "Content-Type": "application/json"}

    def get(self, path: str, until: float) -> tuple[int, Any]:
        """Status and JSON of what stands at `path`. Raises RouterError."""
        return self._ask("GET", path, None, until)

    def post(self, path: str, body: Any, until: float) -> tuple[int, Any]:
        """Status and JSON of the answer to `body`. Raises RouterError."""
        return self._ask("POST", path, json.dumps(body).encode(), until)

    def _ask(self, method: str, path: str, body: bytes | None, until: float) -> tuple[int, Any]:
        connection = self._connection_type(self._netloc, timeout=CONNECT_SECONDS)
        try:
            self._connect(connection, min(CONNECT_SECONDS, _seconds_until(until)))
            connection.sock.settimeout(_seconds_until(until))
            connection.request(method, self._path + path, body, self._headers)
            with connection.getresponse() as response:
                return response.status, json.loads(_body(response, until), parse_constant=_refuse)
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            raise RouterError(f"the router did not answer ({type(error).__name__})") from None
        finally:
            connection.close()

    def _connect(self, connection: HTTPConnection, seconds: float) -> None:
        """Raises OSError. It waits for another thread, for a question to a name server has no time limit of ours."""
        connected = self._connecting.submit(connection.connect)
        try:
            connected.result(timeout=seconds)
        except TimeoutError:
            connected.cancel()
            connected.add_done_callback(lambda _late: connection.close())
            raise


def _body(response: HTTPResponse, until: float) -> bytes:
    """What the router sends. Raises RouterError where it is too long or takes too long."""
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise RouterError("the router's answer is too long")
        _seconds_until(until)  # a server may send a byte at a time for ever
    return bytes(body)


def _seconds_until(until: float) -> float:
    """Seconds until then. Raises RouterError when there are none."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise RouterError("the router did not answer in time")
    return seconds


def _refuse(_constant: str) -> None:
    """JSON has neither NaN nor infinity. Raises ValueError."""
    raise ValueError
