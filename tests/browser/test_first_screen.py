"""The closest place to meet is in sight at once: measured on a phone, at 400 % zoom and on a desktop."""

import pytest
from playwright.sync_api import Browser, Locator, Page

from quality.site import answer_tiles

pytestmark = pytest.mark.browser
PHONE, ZOOMED, DESKTOP = (390, 844), (320, 200), (1280, 900)
"""In CSS pixels; the second is a window of 1280 × 800 at 400 %."""


def opened(browser: Browser, site_url: str, size: tuple[int, int], *, scripts: bool = True) -> Page:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    answer_tiles(context)
    page = context.new_page()
    page.goto(f"{site_url}/search?q=06820")
    return page


def box(found: Locator) -> dict[str, float]:
    place = found.bounding_box()
    assert place
    return {"top": place["y"], "bottom": place["y"] + place["height"], "left": place["x"]}


def sideways(page: Page) -> float:
    return float(page.locator("main").evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


def test_the_closest_place_and_its_directions_are_in_the_first_screen(browser: Browser, site_url: str) -> None:
    phone = opened(browser, site_url, PHONE)
    card, directions = phone.locator(".top-card"), phone.locator(".top-card").get_by_role("link", name="Directions")
    begins = box(card)["top"]
    assert begins < 500, begins
    assert box(directions)["bottom"] <= PHONE[1], box(directions)
    zoomed = opened(browser, site_url, ZOOMED)
    assert box(zoomed.locator(".top-card"))["top"] < 2 * ZOOMED[1], box(zoomed.locator(".top-card"))
    desktop = opened(browser, site_url, DESKTOP)
    here, beside = box(desktop.locator(".top-card")), box(desktop.locator("#map-panel"))
    assert here["top"] == pytest.approx(beside["top"], abs=2) and beside["left"] > here["left"]
    assert [sideways(page) for page in (phone, zoomed, desktop)] == [0, 0, 0]
    for page in (phone, zoomed, desktop):
        page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_unfolds_lies_over_the_page_and_moves_nothing(browser: Browser, site_url: str, scripts: bool) -> None:
    page = opened(browser, site_url, PHONE, scripts=scripts)
    begins = box(page.locator(".top-card"))["top"]
    for name in ("Filter", "Now", "Two people", "Change"):
        page.locator("summary", has_text=name).click()
        fold = page.locator("details[open] > :is(.fold, form.fold)")
        assert fold.count() == 1 and fold.is_visible(), f"{name} alone is open"
        assert box(page.locator(".top-card"))["top"] == begins and sideways(page) == 0
    if scripts:
        page.keyboard.press("Escape")
        assert page.locator("details[open]").count() == 0
        assert page.evaluate("document.activeElement.textContent") == "Change"
    page.context.close()
