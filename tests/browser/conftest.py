"""A truly running server and a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from quality.site import answer_tiles, running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_site(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(params=[390, 1280])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone and on a desk, with tiles."""
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    answer_tiles(context)
    yield context.new_page()
    context.close()
