"""The list of kept zones, in Chromium: by keyboard, filled, in two windows."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from quality.pages import axe_violations
from quality.site import watch_policy
from tests.browser.meetings.conftest import DARIEN, WILTON, Open, keep, until, until_installed
from tests.support.days import in_days

pytestmark = pytest.mark.browser


def test_the_list_is_kept_with_the_keyboard_alone_and_says_what_it_did(phone: Open, site_url: str, axe: str) -> None:
    page = phone(site_url + DARIEN)
    until_installed(page)
    page.get_by_role("button", name="Keep this zone").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-keep] [role=status]")).to_have_text(
        "Kept in this browser only. It opens without a network too."
    )
    keep(page, site_url + WILTON)
    page.goto(f"{site_url}/kept")
    names = page.locator("[data-kept-list=zones] .row h3").all_inner_texts()
    assert len(names) == 2
    page.get_by_role("button", name=f"Remove {names[0]}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"{names[0]} was removed.")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(1)
    assert axe_violations(page, axe) == []
    until(page, f"caches.match('{WILTON}').then((found) => !found)")
    assert page.evaluate("document.activeElement.textContent") == "Undo"
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row h3").first).to_have_text(names[0])
    until(page, f"caches.match('{WILTON}', {{ ignoreVary: true }})")
    page.get_by_role("button", name="Remove all").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(0)
    expect(page.get_by_text("You keep no zone yet.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-list=zones] .row")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_filled_list_and_a_copy_are_clean_for_axe_and_keep_the_policy(
    phone: Open, site_url: str, axe: str, width: int
) -> None:
    page = phone("about:blank", viewport={"width": width, "height": 844})
    problems = watch_policy(page)
    keep(page, site_url + "/zones/ct-new-canaan-lobby")
    keep(page, site_url + DARIEN)
    keep(page, f"{site_url}{DARIEN}/meet?date={in_days(9)}&time=19:00&make=1", "Keep this meeting")
    card = urlsplit(page.url).path
    for is_offline in (False, True):
        page.context.set_offline(is_offline)
        for path in ("/kept", DARIEN, card, "/tips"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(site_url + path)
                assert axe_violations(page, axe) == [], (path, scheme, is_offline)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                assert problems + page.evaluate("window.violations") == []


def test_two_windows_show_the_same_list(phone: Open, site_url: str) -> None:
    page = phone(site_url + DARIEN)
    keep(page)
    other = page.context.new_page()
    other.goto(f"{site_url}/kept")
    expect(other.locator("[data-kept-list=zones] .row")).to_have_count(1)
    page.get_by_role("button", name="Keep it no longer").click()
    expect(other.locator("[data-kept-list=zones] .row")).to_have_count(0)
