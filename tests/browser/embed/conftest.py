"""A site, and hosts at another origin that embed it."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from directory.db.engine import open_database
from directory.db.log import Author
from directory.db.queries.town_profiles import save_town_profile
from directory.db.transaction import transaction
from directory.settings import Settings
from quality.hosts import Host, running_host
from quality.site import answer_tiles
from tests.conftest import ROOT, running_copy

SCREENSHOTS = ROOT / "screenshots" / "embed-hosts"


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    with running_host() as host:
        yield host


@pytest.fixture(scope="session")
def builder_host() -> Iterator[Host]:
    """The origin at which a site builder keeps the codes that its customers paste."""
    with running_host() as host:
        yield host


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site_url(real_settings: Settings, folder: Path) -> Iterator[str]:
    with running_copy(real_settings, folder) as address:
        yield address


def allow_only(folder: Path, town: str, sites: list[str]) -> None:
    """The town lets only these sites show its zones; a second later every worker knows."""
    engine = open_database(Settings(data_dir=folder).database)
    with transaction(engine) as session:
        save_town_profile(session, town, {"embed_sites": sites}, Author("test", ""))
    engine.dispose()
    time.sleep(1)


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
