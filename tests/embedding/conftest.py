"""A site, and hosts at another origin that embed it."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from directory.records.database import open_database, transaction
from directory.records.town_kits import keep_town_kit
from directory.records.writing import By
from directory.settings import Settings
from quality.site import answer_tiles, running_site
from tests.conftest import ROOT

SCREENSHOTS = ROOT / "screenshots" / "embed-hosts"


@dataclass
class Host:
    """A web server on loopback, at an origin of its own, that serves the pages one puts into it."""

    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    address: str = ""

    def put(self, path: str, body: str, lang: str = "en", style: str = "", **headers: str) -> str:
        """A page around `body`; gives its address."""
        css = f'<link rel="stylesheet" href="/{path}.css">'
        self.pages[f"/{path}.css"] = (f"body {{ font: 18px/1.5 Georgia, serif; margin: 24px; }} {style}", {})
        page = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>The town</title>'
            f'<meta name="viewport" content="width=device-width">{css}</head>'
            f'<body><header><a id="before" href="#main">A link before</a></header><main id="main"><h1>The town</h1>'
            f'<p>Words of the town.</p>{body}<p><a id="after" href="#main">A link after</a></p></main></body></html>'
        )
        self.pages[f"/{path}"] = (page, {name.replace("_", "-"): value for name, value in headers.items()})
        return f"{self.address}/{path}"


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = host.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/css" if self.path.endswith(".css") else "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield host
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    with running_site(folder) as address:
        yield address


def allow_only(folder: Path, town: str, sites: list[str]) -> None:
    """The town lets only these sites show its zones."""
    engine = open_database(Settings(data_dir=folder).database)
    with transaction(engine) as session:
        keep_town_kit(session, town, {"embed_sites": sites}, By("test", ""))
    engine.dispose()


Open = Callable[..., BrowserContext]


@pytest.fixture
def context(browser: Browser) -> Iterator[Open]:
    """A browser of the test's own, with tiles: context(width=320, permissions=[…])."""
    opened: list[BrowserContext] = []

    def open_one(width: int = 1280, **options: object) -> BrowserContext:
        made = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        answer_tiles(made)
        opened.append(made)
        return made

    yield open_one
    for one in opened:
        one.close()


def stored_by(context: BrowserContext) -> str:
    """Cookies and storage of every origin: what somebody would have to consent to."""
    return json.dumps(context.storage_state())
