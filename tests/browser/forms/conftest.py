"""A site in this process, so that a test reads its mails at once, and people who use it with and without script."""

import csv
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

from directory.settings import Settings
from quality.site import answer_tiles
from tests.browser.forms.person import Person
from tests.conftest import copied
from tests.support.site import Site, body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

REGISTER = Path(__file__).with_name("controls.csv")
PHONE = {"width": 390, "height": 844}


def registered() -> dict[str, tuple[str, str]]:
    """Every control of the register: the test that uses it, and in which browsers.

    That is "only" with scripts, "none" for those that are there without scripts alone, and nothing for both.
    """
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return {row["control"]: (row["test"], row["scripts"]) for row in csv.DictReader(file)}


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Tests say what went wrong by themselves."""


class RunningSite(Site):
    """A site that browsers reach too, with its protection against forged forms."""

    site = ""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._clients: dict[str, FlaskClient] = {}

    def known(self, email: str, enter: Callable[[str], FlaskClient] | None = None) -> FlaskClient:
        """Somebody's client, signed in once: a mailbox gets few links a day."""
        if email not in self._clients:
            with self.prepared():
                self._clients[email] = (enter or self.signed_in)(email)
        return self._clients[email]

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """While the tests' own clients send forms without tokens."""
        before, self.app.config["WTF_CSRF_ENABLED"] = self.app.config["WTF_CSRF_ENABLED"], False
        try:
            yield
        finally:
            self.app.config["WTF_CSRF_ENABLED"] = before

    def link(self, recipient: str, part: str) -> str:
        """The newest link to `part` in the mails to somebody, whatever the site was called, as a path."""
        for mail in reversed(self.mails(recipient)):
            found = re.findall(rf"http://[^/\s]+({part}\S*)", body(mail))
            if found:
                return str(found[-1])
        raise AssertionError(f"no link to {part} was mailed to {recipient}")


@contextmanager
def opened(settings: Settings) -> Iterator[RunningSite]:
    """The site on a port of loopback."""
    site = RunningSite(settings)

    def whole(environ: dict[str, Any], start: "StartResponse") -> list[bytes]:
        """Answer in one piece: a file is closed before a browser that has gone away can leave it open."""
        pieces = site.app(environ, start)
        try:
            return [b"".join(pieces)]
        finally:
            getattr(pieces, "close", lambda: None)()

    server = make_server("127.0.0.1", 0, whole, threaded=True, request_handler=Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    site.app.config["WTF_CSRF_ENABLED"] = True
    site.site = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        site.close()


@pytest.fixture(scope="module")
def site(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with copied(real_settings, tmp_path_factory.mktemp("site")) as settings, opened(settings) as site:
        yield site


@contextmanager
def watched(person: Person, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Hold the test to the register: it uses what it is named for, and meets no control that nobody is named for."""
    failed, test = request.session.testsfailed, request.node.originalname
    yield person
    if request.session.testsfailed > failed:
        return
    person.look_around()
    register = registered()
    strange = person.seen - set(register)
    assert not strange, f"no test is named in {REGISTER.name} for {sorted(strange)}"
    elsewhere = "none" if person.scripts else "only"
    mine = {control for control, (name, scripts) in register.items() if name == test and scripts != elsewhere}
    assert mine <= person.used, f"{REGISTER.name} says that {test} uses {sorted(mine - person.used)}"


@contextmanager
def somebody(browser: Browser, site: RunningSite, *, scripts: bool = True, **options: Any) -> Iterator[Person]:
    """A browser of one's own on the site."""
    context = browser.new_context(java_script_enabled=scripts, viewport=options.pop("viewport", PHONE), **options)
    answer_tiles(context)
    yield Person(context.new_page(), site.site, site.app.url_map, scripts=scripts)
    context.close()


def enter(person: Person, client: FlaskClient) -> None:
    """Carry a client's session into the browser."""
    session = client.get_cookie("session")
    assert session is not None
    person.page.context.clear_cookies()
    person.page.context.add_cookies([{"name": "session", "value": session.value, "url": person.site}])


@pytest.fixture(scope="module")
def windows(browser: Browser, site: RunningSite) -> Iterator[dict[bool, Person]]:
    """A browser with scripts, whose device knows where it is and whose clipboard is open, and one without."""
    known: Any = {"latitude": 41.1411532, "longitude": -73.4907301, "accuracy": 30}
    device = {"permissions": ["geolocation", "clipboard-read", "clipboard-write"], "geolocation": known}
    with somebody(browser, site, **device) as one, somebody(browser, site, scripts=False) as other:
        yield {True: one, False: other}


@contextmanager
def turn(window: Person, site: RunningSite, request: pytest.FixtureRequest) -> Iterator[Person]:
    """The page of all tests of a file, where nobody is signed in: a page of its own costs more than most tests."""
    window.page.context.clear_cookies()
    window.page.unroute_all()
    with watched(Person(window.page, site.site, site.app.url_map, scripts=window.scripts), request) as person:
        yield person


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def person(windows: dict[bool, Person], site: RunningSite, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody with a phone, once with scripts and once without."""
    with turn(windows[request.param], site, request) as one:
        yield one


@pytest.fixture
def scripted(windows: dict[bool, Person], site: RunningSite, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody with scripts, for what scripts alone bring."""
    with turn(windows[True], site, request) as one:
        yield one
