"""A truly running site with several workers, to be hurt."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from directory.cli import main
from directory.settings import Settings
from quality.site import START_SECONDS, STOP_SECONDS, free_port, site_environment, wait_for_server
from tests.conftest import copied
from tests.support.database_templates import DatabaseTemplates, copy_of
from tests.support.waiting import PATIENCE_SECONDS

WORKERS = 2
LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""
NOTICE = "Our database does not answer just now"
SEARCHES = ("/search?q=06840", "/search?q=New+Canaan,+CT", "/api/v1/nearest?address=06840", "/towns/ct/new-canaan")
ADDRESS = "/search?q=176+South+Avenue,+New+Canaan,+CT+06840"


def searching_goes_on(get: Callable[[str], tuple[int, str]]) -> None:
    """ZIP codes and towns are found, whatever else is broken."""
    for path in SEARCHES:
        status, text = get(path)
        assert status == 200 and "New Canaan" in text, (path, status, text[:200])


def getter(client: FlaskClient) -> Callable[[str], tuple[int, str]]:
    """A test client that answers as `Site.get` does."""
    return lambda path: (client.get(path).status_code, client.get(path).text)


class SocketConnection(http.client.HTTPConnection):
    """A connection to a server that listens on a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(at: str, path: str, timeout: float) -> tuple[int, str]:
    """Status and text of an address, asked at a Unix socket."""
    connection = SocketConnection(at, timeout)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@dataclass
class RunningSite:
    """A server process, its workers, and what its visitors get."""

    address: str
    folder: Path
    server: subprocess.Popen[bytes]
    environment: dict[str, str]
    at_socket: str = ""
    failures: list[str] = field(default_factory=list)

    def get(self, path: str, timeout: float = PATIENCE_SECONDS) -> tuple[int, str]:
        """Status and text; status 0 when the connection breaks, also in the middle of an answer."""
        try:
            if self.at_socket:
                return ask(self.at_socket, path, timeout)
            with urllib.request.urlopen(self.address + path, timeout=timeout) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)

    def workers(self) -> list[int]:
        """The process ids of the workers that answer requests."""
        return [pid for pid, command in self.children().items() if b"--watch" not in command]

    def mail_workers(self) -> list[int]:
        """The process ids of the workers that send mail: one, but for a moment after it died."""
        return [pid for pid, command in self.children().items() if b"--watch" in command]

    def listeners(self) -> int:
        """How many workers take connections: each has a listening socket of its own on the site's port."""
        port = f":{int(self.address.rpartition(':')[2]):04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(local.endswith(port) and state == LISTENING for _number, local, _remote, state, *_more in rows)

    def wait_for_workers(self) -> None:
        """Until every worker takes connections: one that is killed before leaves nobody who does."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while self.listeners() < len(self.workers()) and time.monotonic() < ends:
            time.sleep(0.1)

    def children(self) -> dict[int, list[bytes]]:
        """The server's processes, each with its command."""
        found = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        return {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in found}

    def command(self, *arguments: str) -> Result:
        """A command given by the operator."""
        return CliRunner().invoke(main, arguments, env=self.environment)

    def log(self) -> str:
        return (self.folder / "serve.log").read_text()

    def eventually(
        self, path: str, good: Callable[[int, str], bool], seconds: float = PATIENCE_SECONDS
    ) -> tuple[int, str]:
        """Ask until the answer is good."""
        ends = time.monotonic() + seconds
        while True:
            found = self.get(path)
            if good(*found) or time.monotonic() > ends:
                return found
            time.sleep(0.1)


@contextmanager
def served(
    settings: Settings, *, workers: int = WORKERS, host: str = "127.0.0.1", at_socket: str = "", **more: str
) -> Iterator[RunningSite]:
    """The site of these settings in processes of its own, at a port or at a Unix socket."""
    given = {"database_url": settings.database_url, "api_per_minute": "1000000", **more}
    environment = site_environment(settings.data_dir, **given)
    port = free_port()
    command = [sys.executable, "-m", "directory", "serve", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), *(["--socket", at_socket] if at_socket else [])]
    with (settings.data_dir / "serve.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    running = RunningSite(f"http://{host}:{port}", settings.data_dir, server, environment, at_socket)
    try:
        if at_socket:
            assert running.eventually("/readyz", lambda status, _text: status == 200, START_SECONDS)[0] == 200
        else:
            wait_for_server(server, f"{running.address}/readyz", settings.data_dir / "serve.log")
            running.wait_for_workers()
        yield running
    finally:
        left = running.workers() if server.poll() is None else []
        server.terminate()
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            for pid in left:
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def running(real_settings: Settings, tmp_path: Path) -> Iterator[RunningSite]:
    with copied(real_settings, tmp_path) as settings, served(settings) as running:
        yield running


@pytest.fixture
def on_postgres(postgresql_templates: DatabaseTemplates, real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The real zones on PostgreSQL, whatever the other tests run on."""
    with copied(real_settings, tmp_path) as settings, copy_of(postgresql_templates.with_real_zones, tmp_path) as url:
        yield settings.model_copy(update={"database_url": url})
