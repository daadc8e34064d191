"""The search form used as a person does, with and without script: what was chosen is ticked, and the list changes."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SWITCHES = ("recorded", "lit at night", "custody exchanges", "only those you can go to now")
SMALL = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=SMALL, java_script_enabled=request.param)
    context.set_default_timeout(5_000)
    yield context.new_page()
    context.close()


def results(page: Page, site: str, query: str = "q=06840") -> None:
    page.goto(f"{site}/search?{query}")
    if not page.locator("details.filters").get_attribute("open"):
        page.get_by_text("Narrow down").click()


def apply(page: Page) -> dict[str, list[str]]:
    """Press the button; what the address of the new page asks for."""
    page.get_by_role("button", name="Apply").click()
    page.wait_for_load_state()
    return parse_qs(urlsplit(page.url).query)


def switch(page: Page, words: str) -> None:
    """Tick a box by its words: the box lies under them."""
    page.locator("label.switch", has_text=re.compile(rf"^\s*{words}")).click()


def names(page: Page) -> list[str]:
    return page.locator(".card-name").all_inner_texts()


@pytest.mark.parametrize("words", SWITCHES)
def test_each_switch_narrows_the_list_and_stays_ticked(page: Page, site: str, words: str) -> None:
    results(page, site)
    before = names(page)
    switch(page, words)
    asked = apply(page)
    ticked = page.locator("label.switch", has_text=words).locator("input")
    expect(ticked).to_be_checked()
    assert asked["q"] == ["06840"] and ["1"] in asked.values()
    assert names(page) != before


def test_what_nobody_has_said_is_not_offered_but_named(page: Page, site: str) -> None:
    results(page, site)
    expect(page.locator("input[name=step_free]")).to_have_count(0)
    expect(page.get_by_text("Step-free: nobody has said this of any zone yet.")).to_be_visible()
    assert re.search(r"recorded \(\d+\)", page.locator("fieldset.switches").inner_text())


def test_the_kind_of_spot_the_radius_the_time_and_the_units_are_kept(page: Page, site: str) -> None:
    results(page, site)
    page.get_by_label("Where").select_option("lot")
    page.get_by_label("Within").select_option("25")
    page.get_by_label("Open at").fill("2026-12-05T10:00")
    page.get_by_label("Distances in").select_option("km")
    switch(page, "planned ones too")
    asked = apply(page)
    assert {name: value[0] for name, value in asked.items()} | {"limit": ""} == {
        "q": "06840", "setting": "lot", "within": "25", "open_at": "2026-12-05T10:00", "units": "km", "planned": "1",
        "limit": "",
    }  # fmt: skip
    expect(page.get_by_label("Where")).to_have_value("lot")
    expect(page.get_by_label("Within")).to_have_value("25")
    expect(page.get_by_label("Open at")).to_have_value("2026-12-05T10:00")
    expect(page.get_by_label("Distances in")).to_have_value("km")
    expect(page.locator("label.switch", has_text="planned ones too").locator("input")).to_be_checked()
    assert all("km" in far or re.search(r"\d m ", far) for far in page.locator(".card-distance").all_inner_texts())


def test_a_new_search_keeps_what_was_chosen_and_not_the_place(page: Page, site: str) -> None:
    results(page, site, "lat=41.14&lon=-73.49&recorded=1&within=50&limit=20")
    page.get_by_label("Address, ZIP code, or town and state").fill("Columbus, OH")
    page.keyboard.press("Enter")
    page.wait_for_url("**Columbus**")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["Columbus, OH"], "recorded": ["1"], "within": ["50"]}
    expect(page.locator("input[name=recorded][type=checkbox]")).to_be_checked()


def test_show_more_keeps_filters_and_the_place_on_the_page(page: Page, site: str) -> None:
    results(page, site, "q=06840&setting=lot")
    before = names(page)
    assert len(before) == 10
    page.get_by_role("link", name="Show more").click()
    page.wait_for_url("**limit=20**")
    assert names(page)[:10] == before and len(names(page)) == 20
    assert page.url.endswith("#result-11")
    expect(page.locator("#result-11")).to_be_in_viewport()
    expect(page.get_by_label("Where")).to_have_value("lot")


def test_going_back_finds_a_form_that_still_works(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=SMALL)
    page = context.new_page()
    results(page, site)
    switch(page, "recorded")
    apply(page)
    page.go_back()
    page.wait_for_load_state()
    if not page.locator("details.filters").get_attribute("open"):
        page.get_by_text("Narrow down").click()
    page.get_by_label("Where").select_option("lobby")
    assert apply(page)["setting"] == ["lobby"]
    context.close()


@pytest.mark.parametrize(
    ("query", "shared"),
    [
        ("lat=41.14115&lon=-73.49073&recorded=1", "lat=41.14&lon=-73.49&recorded=1"),
        ("q=41.14115, -73.49073", "lat=41.14&lon=-73.49"),
        ("q=06840", "q=06840"),
    ],
)
def test_a_shared_search_never_says_the_exact_place(browser: Browser, site: str, query: str, shared: str) -> None:
    context = browser.new_context(viewport=SMALL)
    page = context.new_page()
    page.goto(f"{site}/search?{query}")
    button = page.get_by_role("button", name="Share this search")
    expect(button).to_be_visible()
    assert (button.get_attribute("data-share") or "").partition("?")[2] == shared
    context.close()
