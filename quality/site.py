"""A running site and a real browser, for measuring and for the browser tests."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 300
"""How long a server may take to start, on a machine that is busy otherwise."""
STOP_SECONDS = 60
TILE_HOST = "tile.openstreetmap.org"
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# A one-pixel PNG stands for every tile: the network of a test ends at this machine.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763d8f3e70f000506027f3b5c1e8d0000000049454e44ae426082"
)


def chromium_path() -> str | None:
    """Where Chromium is, if it is: rather its build for machines without a screen, which starts less."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_server(server: subprocess.Popen[bytes], address: str, log: Path, *, trusted: Path | None = None) -> None:
    """Until it answers there; `trusted` is its certificate, where it has one of its own.

    Raises RuntimeError with its log when it has ended, or does not answer.
    """
    trust = ssl.create_default_context(cafile=trusted) if trusted else None
    ends = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=30, context=trust):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {address}:\n{log.read_text()[-3000:]}")


def site_environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a site of one's own, and of the commands about it."""
    own = {"SAFEZONES_DATA_DIR": str(folder), "SAFEZONES_GEOCODERS": "", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **own, **{f"SAFEZONES_{name.upper()}": value for name, value in settings.items()}}


@contextmanager
def running_site(
    folder: Path, *imports: Path, port: int = 0, code: Path | str = ROOT, **settings: str
) -> Iterator[str]:
    """Serve the real zones (and further files) on loopback, without online geocoders; gives the address.

    `code` is the tree that is served: this one, or a copy that was changed. `settings` are SAFEZONES_ variables without
    the prefix, in lower case.
    """
    port = port or free_port()
    environment = {**site_environment(folder, **settings), "PYTHONPATH": str(code)}
    safezones = [sys.executable, "-m", "directory"]
    for path in imports:
        subprocess.run([*safezones, "import", str(path)], env=environment, cwd=code, check=True, capture_output=True)
    log = folder / "serve.log"
    with log.open("w") as file:
        command = [*safezones, "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, cwd=code, stdout=file, stderr=file)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(server, address, log)
        yield address
    finally:
        stop(server)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """End a server. Granian can miss a signal that comes while it looks after its workers: then it is told again."""
    server.terminate()
    try:
        server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.terminate()
        server.wait(timeout=STOP_SECONDS)


@contextmanager
def chromium(**environment: str) -> Iterator[Browser]:
    """Headless Chromium; `environment` is added to that of this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_OPTIONS, env={**os.environ, **environment}
        )
        try:
            yield browser
        finally:
            browser.close()


def answer_tiles(context: BrowserContext, *, up: bool = True) -> None:
    """Play the tile server: every tile is there, or none."""

    def play(route: Route) -> None:
        if up:
            route.fulfill(status=200, content_type="image/png", body=TILE)
        else:
            route.abort()

    context.route(f"https://{TILE_HOST}/**", play)


def watch_policy(page: Page) -> list[str]:
    """A list that grows with every violation of the content security policy and every script error."""
    found: list[str] = []
    page.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation', "
        "(event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));"
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if "Content Security" in message.text else None)
    return found


def wait_for_map(page: Page | Frame) -> None:
    """Until the map has its zones."""
    page.locator("[data-map][data-ready]").wait_for(timeout=60_000, state="attached")
