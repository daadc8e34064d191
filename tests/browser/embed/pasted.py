"""What is pasted into hosts, and what they show of it."""

import re
import urllib.request
from html import unescape

from playwright.sync_api import Frame, Page, expect

from tests.browser.embed.conftest import SCREENSHOTS

TOWN = "ct/new-canaan"
WAYS = ("frame", "loader", "component")


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as response:
        return str(response.read().decode())


def codes(site_url: str, query: str = "", town: str = TOWN) -> dict[str, str]:
    """What the builder gives to copy."""
    page = fetch(f"{site_url}/towns/{town}/embed{query}")
    found = [unescape(text) for text in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)]
    return dict(zip((*WAYS, "address"), found, strict=True))


def seen(page: Page, name: str) -> None:
    """Keep a picture of the page with its map drawn, where there is one."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(600)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def shows_new_canaan(frame: Frame) -> None:
    expect(frame.locator("[data-zone]")).to_have_count(2)
    expect(frame.locator("h2")).to_have_text("Safe zones in New Canaan, CT")
    assert frame.locator("h1").count() == 0
