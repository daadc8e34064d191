"""A server on loopback in the place of a remote one."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, bytes, float]
"""Status, body, and seconds to wait."""
Answer = Callable[[str], Reply]
"""What to reply, for a path."""


class LoopbackServer(ThreadingHTTPServer):
    """A server on loopback that answers every GET and POST with what `reply` says of it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer("")

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def answer(self, sent: str) -> None:
                server.asked.append(f"{self.path} {sent}".rstrip())
                server.agents.append(self.headers.get("User-Agent", ""))
                status, body, seconds = server.reply(self.path, sent)
                server.over.wait(seconds)
                send(self, status, body)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def reply(self, path: str, sent: str) -> Reply:
        """The reply to a request; `sent` is empty for a GET."""
        raise NotImplementedError

    def handle_error(self, *_args: object) -> None:
        """A client that gave up is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Loopback(LoopbackServer):
    """A server on loopback that answers by path alone."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        super().__init__()

    def reply(self, path: str, sent: str) -> Reply:
        return self._answer(path)


Serve = Callable[[Answer], Loopback]


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Answer the request of a handler."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
