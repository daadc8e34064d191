"""A server on loopback in the place of a remote one."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[str], tuple[int, bytes, float]]
"""Status, body, and seconds to wait, for a path."""


class Loopback(ThreadingHTTPServer):
    """A server on loopback that answers every GET with what `answer` says: (status, body, seconds to wait)."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.agents.append(self.headers.get("User-Agent", ""))
                status, body, seconds = answer(self.path)
                server.over.wait(seconds)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_args: object) -> None:
        """A client that gave up is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


Serve = Callable[[Answer], Loopback]
