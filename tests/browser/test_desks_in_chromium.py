"""The pages behind a link or a sign-in, in a real browser: look, policy, axe, and everything by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from directory.settings import Settings
from quality.desks import administrator, made_ready
from quality.pages import axe_violations
from quality.site import answer_tiles, wait_for_map, watch_policy
from quality.web import open_map
from tests.conftest import running_copy

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desks(
    real_settings: Settings, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[str, dict[str, str], str]]:
    """A site with something on every desk: (address, pages, an administrator's cookies)."""
    folder = tmp_path_factory.mktemp("desks")
    with running_copy(real_settings, folder) as site_url:
        pages = made_ready(folder, site_url)
        yield site_url, pages, administrator(browser, folder, site_url)


@pytest.mark.parametrize(("language", "width"), [("es", 390), ("en", 1280)])
def test_every_desk_is_clean_for_axe_keeps_the_policy_and_fits_its_width(
    browser: Browser, desks: tuple[str, dict[str, str], str], axe: str, language: str, width: int
) -> None:
    site_url, pages, cookies = desks
    context = browser.new_context(viewport={"width": width, "height": 844}, storage_state=cookies)
    answer_tiles(context)
    found = []
    for path, name in pages.items():
        page = context.new_page()
        problems = watch_policy(page)
        page.goto(f"{site_url}{path}?lang={language}")
        open_map(page)
        found += [f"{name}: {item}" for item in [*problems, *page.evaluate("window.violations")]]
        found += [f"{name}: {item}" for item in axe_violations(page, axe)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append(f"{name}: scrolls sideways")
        page.close()
    context.close()
    assert found == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(150):
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_a_zone_is_sent_in_by_keyboard_alone(browser: Browser, desks: tuple[str, dict[str, str], str]) -> None:
    site_url = desks[0]
    context = browser.new_context(viewport={"width": 1280, "height": 844})
    answer_tiles(context)
    page = context.new_page()
    page.goto(f"{site_url}/submit")
    for selector, words in (("#department", "Redding Police Department"), ("#town", "Redding"),
                            ("#region", "Connecticut"),
                            ("#email", "keyboard@example.org")):  # fmt: skip
        tab_to(page, selector)
        page.keyboard.type(words)
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zones/new")
    tab_to(page, "input[name=setting]")
    page.keyboard.press("Space")
    tab_to(page, "#street_address")
    page.keyboard.type("96 Hill Road")
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    tab_to(page, "[data-pin-center]")
    page.keyboard.press("Enter")
    assert page.locator("#latitude").input_value().startswith("41.3")
    before = page.locator("#latitude").input_value()
    page.keyboard.press("Shift+Tab")
    for _ in range(12):  # back into the map, which the arrow keys move
        if page.evaluate("document.activeElement.classList.contains('leaflet-container')"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    tab_to(page, "[data-pin-center]")
    page.keyboard.press("Enter")
    assert page.locator("#latitude").input_value() != before
    tab_to(page, "input[name=hours_mode]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hours-read]")).to_have_text("We read: Open at all hours")
    tab_to(page, "main .form-end button")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/zones/" not in url)
    tab_to(page, "form[action$='/send'] button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Now look into your mailbox")
    context.close()


def settled(pin: Locator) -> FloatRect:
    """Where the pin is once map and page stand still."""
    pin.scroll_into_view_if_needed()
    before = None
    for _ in range(20):
        box = pin.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        pin.page.wait_for_timeout(250)
    raise AssertionError("the pin does not come to rest")


def test_a_pin_moved_by_mouse_fills_the_fields_and_a_number_moves_the_pin(
    browser: Browser, desks: tuple[str, dict[str, str], str]
) -> None:
    site_url, pages, _ = desks
    path = next(path for path, name in pages.items() if name == "zone form")
    context = browser.new_context(viewport={"width": 1280, "height": 844})
    answer_tiles(context)
    page = context.new_page()
    page.goto(site_url + path)
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    pin = page.locator(".map .zone-pin")
    before = page.get_by_label("Longitude").input_value()
    box = settled(pin)
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 16, steps=5)
    page.mouse.up()
    assert float(page.get_by_label("Longitude").input_value()) > float(before)
    page.get_by_label("Longitude").fill(before)
    page.keyboard.press("Tab")
    page.wait_for_timeout(600)
    moved = pin.bounding_box()
    assert moved is not None and moved["x"] != box["x"] + 74
    context.close()
