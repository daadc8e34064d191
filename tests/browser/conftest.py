"""A truly running server and a real Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from directory.settings import Settings
from quality.pages import PAGES
from quality.site import answer_tiles, watch_policy
from tests.conftest import running_copy

WIDTHS = (390, 1280)


@pytest.fixture(scope="session")
def site_url(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_copy(real_settings, tmp_path_factory.mktemp("site")) as address:
        yield address


@dataclass
class Visit:
    """A page that was opened once, for several looks at it; a look that changes it comes last."""

    page: Page
    path: str
    width: int
    problems: list[str]
    """Grows with what breaks the content security policy."""


@pytest.fixture(
    scope="module",
    params=[(width, path) for path in PAGES for width in WIDTHS],
    ids=lambda given: f"{given[0]}-{given[1]}",
)
def visit(browser: Browser, site_url: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Each of our pages on a phone and on a desk, with tiles."""
    width, path = request.param
    context = browser.new_context(viewport={"width": width, "height": 844})
    answer_tiles(context)
    page = context.new_page()
    problems = watch_policy(page)
    page.goto(site_url + path)
    yield Visit(page, path, width, problems)
    context.close()
