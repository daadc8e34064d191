"""A phone of its own, zones that it keeps, and what its browser has stored."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from quality.site import answer_tiles

DARIEN = "/zones/ct-darien-parking-lot"
WILTON = "/zones/ct-wilton-parking-lot"
Open = Callable[..., Page]
STORED = """async () => {
  const pages = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      pages[`${name} ${request.url}`] = await (await cache.match(request)).text();
    }
  }
  return { pages, local: { ...localStorage }, session: { ...sessionStorage }, databases: await indexedDB.databases() };
}"""
"""Everything that the site has stored in this browser."""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Open]:
    """Opens a page in a browser of its own on a phone: phone(address, **options of the context)."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, script: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        answer_tiles(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def until(page: Page, expression: str, argument: object = None) -> None:
    """Until a script says yes; the policy of the pages forbids Playwright's own way, which evaluates texts in them."""
    ends = time.monotonic() + 30
    script = (
        f"async (given) => {{ const wish = await ({expression}); return !!(await (wish?.call ? wish(given) : wish)); }}"
    )
    while not page.evaluate(script, argument):
        assert time.monotonic() < ends, expression
        page.wait_for_timeout(50)


def until_installed(page: Page) -> None:
    """Until the worker is there for the next page."""
    until(page, "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")


def keep(page: Page, address: str = "", button: str = "Keep this zone") -> None:
    if address:
        page.goto(address)
    until_installed(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Kept in this browser only")).to_be_visible()
    until(page, f"caches.match({json.dumps(urlsplit(page.url).path)}, {{ ignoreVary: true }})")


def cached(page: Page) -> list[str]:
    """The paths that are saved, with the name of their cache."""
    return [re.sub(r"http://[^/]+", "", name) for name in page.evaluate(STORED)["pages"]]


def words(page: Page) -> str:
    return " ".join(page.locator("body").inner_text().split())


def today() -> str:
    return f"{date.today():%B} {date.today().day}, {date.today().year}"


def releases(page: Page) -> set[str]:
    """The releases whose worker has saved pages."""
    return {name for name in page.evaluate("caches.keys()") if name.startswith("release-")}
