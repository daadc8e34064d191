"""`safezones doctor`, run in a folder with these variables."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from click.testing import CliRunner

from directory.cli import main
from quality.site import free_port
from tests.integration.cli.test_cli import safezones

SECRET = "nobody-may-see-this-0123456789"
ACCOUNT = {"SAFEZONES_SMTP_USER": "zones", "SAFEZONES_SMTP_PASSWORD": SECRET}


@dataclass(frozen=True)
class Outcome:
    """What a run said."""

    exit_status: int
    checks: list[dict[str, str]]
    text: str

    def of(self, name: str) -> dict[str, str]:
        """The worst line of a check."""
        lines = [check for check in self.checks if check["check"] == name]
        return max(lines, key=lambda line: ("ok", "unknown", "warning", "problem").index(line["status"]))


def doctor(folder: Path, **variables: str) -> Outcome:
    done = safezones(folder, "doctor", "--json", **variables)
    told = json.loads(done.stdout)
    assert done.returncode == {"ok": 0, "unknown": 1, "warning": 1, "problem": 2}[told["status"]]
    for check in told["checks"]:
        assert ("remedy" in check) == (check["status"] in ("warning", "problem")), check
        assert "\n" not in check["finding"] + check.get("remedy", "")
    assert SECRET not in done.stdout + done.stderr
    return Outcome(done.returncode, told["checks"], done.stdout)


class MailServer:
    """Takes senders at example.org and whoever knows the password."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if not address.endswith("@example.org"):
            return "553 5.7.1 not your address"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        raise AssertionError("doctor sends no mail")


@contextmanager
def mail_server(**options: Any) -> Iterator[dict[str, str]]:
    """An SMTP server on loopback, and the variables that name it."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    port = free_port()
    controller = Controller(
        MailServer(), hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False, **options
    )
    controller.start()
    try:
        yield {
            "SAFEZONES_SMTP_HOST": "127.0.0.1", "SAFEZONES_SMTP_PORT": str(port), "SAFEZONES_SMTP_SECURITY": "none",
            "SAFEZONES_MAIL_FROM": "zones@example.org", **ACCOUNT,
        }  # fmt: skip
    finally:
        controller.stop()


PUBLIC = {
    "SAFEZONES_BASE_URL": "https://zones.example.org", "SAFEZONES_PROXIES": "1", "SAFEZONES_SECRET_KEY": SECRET,
    "SAFEZONES_METRICS_TOKEN": SECRET,
}  # fmt: skip


def line_of(name: str, folder: Path) -> dict[str, str]:
    """The first line of a check, in this process, whose places a test may change."""
    told = CliRunner().invoke(main, ["doctor", "--json"], env={"SAFEZONES_DATA_DIR": str(folder)})
    return next(line for line in json.loads(told.stdout)["checks"] if line["check"] == name)


@contextmanager
def served(path: Path, status: str, **checks: dict[str, str]) -> Iterator[None]:
    """A site that says this at a Unix socket."""
    body = json.dumps({"status": status, "release": "9.9.9", "checks": checks}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

        def address_string(self) -> str:
            return "a socket"

    with socketserver.UnixStreamServer(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()
