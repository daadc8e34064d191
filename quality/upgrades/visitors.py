"""Visitors who never stop: they read pages with their style sheets, wait for slow searches, and send reports."""

import http.client
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import quote_plus, urlencode

from quality.site import ROOT
from quality.upgrades.proxies import PublicAddress

PAGES = (
    "/",
    "/search?q=06840",
    "/towns/ct/new-canaan",
    "/api/v1/nearest?address=06840",
    "/zones/ct-darien-parking-lot",
)
PATIENCE_SECONDS = 120
SLOW_SECONDS = 1.5
"""How long the geocoder of slow searches takes: requests that are under way whenever a server is stopped."""
THINKING_SECONDS = 0.05
"""Between two requests of a visitor, so that servers that start have the machine, too."""
READERS, WRITERS, SLOW_READERS = 3, 2, 2
KEPT = "Your report is kept"
ZONES = [
    feature["id"]
    for feature in json.loads((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8"))["features"]
    if feature["properties"].get("status", "active") == "active"
]


@dataclass
class Visits:
    """What visitors got: requests by kind, what failed, and the reports that were answered as kept."""

    requests: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    longest: float = 0.0


class Visitors:
    """Threads of visitors of the site, until `leave`."""

    def __init__(self, address: PublicAddress) -> None:
        self.visits = Visits()
        self._address = address
        self._over = threading.Event()
        self._numbers = count(1)
        doings = [self._read] * READERS + [self._report] * WRITERS + [self._search_slowly] * SLOW_READERS
        self._threads = [threading.Thread(target=self._go_on, args=(doing,)) for doing in doings]
        for thread in self._threads:
            thread.start()

    def leave(self) -> Visits:
        """Wait for what they do, and tell of it."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        return self.visits

    def _go_on(self, doing: Callable[["Browser"], None]) -> None:
        browser = Browser(self._address, self.visits)
        while not self._over.is_set():
            # What failed is noted there; the visitor begins anew.
            with suppress(OSError, http.client.HTTPException, UnexpectedError):
                doing(browser)
        browser.close()

    def _read(self, browser: "Browser") -> None:
        for path in PAGES:
            page = browser.ask("page", path)
            for style in re.findall(r'href="(/static/[^"]+/site\.css)"', page):
                browser.ask("style sheet", style)

    def _search_slowly(self, browser: "Browser") -> None:
        place = f"{next(self._numbers)} South Avenue, New Canaan, CT 06840"
        browser.ask("slow search", f"/search?q={quote_plus(place)}")

    def _report(self, browser: "Browser") -> None:
        number = next(self._numbers)
        path, text = f"/zones/{ZONES[number % len(ZONES)]}/report", f"rehearsal {number}"
        form = browser.ask("form", path)
        token = unescape(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form)[0])
        answer = browser.ask("report sent", path, {"csrf_token": token, "kind": "hours", "text": text})
        if KEPT in answer:
            self.visits.acknowledged.add(text)


class UnexpectedError(Exception):
    """The site answered with an error."""


class Browser:
    """Somebody's browser: one connection that stays open, and cookies."""

    def __init__(self, address: PublicAddress, visits: Visits) -> None:
        self._connection = address.connection(PATIENCE_SECONDS)
        self._visits = visits
        self._cookie = ""

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> str:
        """The text of a page that must come. Raises OSError, HTTPException or UnexpectedError, which is noted."""
        headers = {"Cookie": self._cookie, "Accept": "text/html,*/*"}
        body = None if form is None else urlencode(form)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        time.sleep(THINKING_SECONDS)
        begun = time.monotonic()
        try:
            self._connection.request("GET" if body is None else "POST", path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode(errors="replace")
            if response.status in (301, 302, 303):
                return self.ask(kind, response.headers["Location"])
            if response.status != 200:
                raise UnexpectedError(f"{response.status} {text[:120]}")
        except (OSError, http.client.HTTPException, UnexpectedError) as error:
            self._visits.failures.append(f"{kind} {path}: {type(error).__name__} {error}")
            self._connection.close()
            raise
        self._visits.requests[kind] += 1
        self._visits.longest = max(self._visits.longest, time.monotonic() - begun)
        if cookie := response.headers["Set-Cookie"]:
            self._cookie = cookie.partition(";")[0]
        return text

    def close(self) -> None:
        """Close its connection."""
        self._connection.close()


@contextmanager
def slow_geocoder() -> Iterator[str]:
    """A Census geocoder that knows no address and takes its time; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SLOW_SECONDS)
            body = b'{"result": {"addressMatches": []}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
