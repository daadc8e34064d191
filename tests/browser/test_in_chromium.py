"""What only a real browser can tell."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from quality.pages import axe_violations
from quality.site import answer_tiles, running_site, wait_for_map, watch_policy
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_no_page_scrolls_sideways(visit: Visit) -> None:
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_axe_finds_nothing(visit: Visit, axe: str) -> None:
    if visit.page.locator("[data-map]").count() and visit.width > 960:
        wait_for_map(visit.page)
    assert axe_violations(visit.page, axe) == []


def test_no_page_breaks_the_content_security_policy(visit: Visit, axe: str) -> None:
    page = visit.page
    if page.locator("[data-map-show]:visible").count():
        page.locator("[data-map-show]").click()
    if page.locator("[data-map]").count():
        page.locator("[data-map]").scroll_into_view_if_needed()
        wait_for_map(page)
        if "filter=" in visit.path:
            assert axe_violations(page, axe) == [], "a hundred pins, on a phone too"
    assert visit.problems + page.evaluate("window.violations") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_who_has_no_button_to_share_reads_nothing_of_shared_links(
    browser: Browser, site_url: str, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site_url}/search?q=06840")
    expect(page.locator("[data-share]")).to_be_visible(visible=scripts)
    expect(page.get_by_text("A shared link says the place to about a kilometer only.")).to_be_visible(visible=scripts)
    context.close()


def test_list_and_map_are_linked_both_ways(browser: Browser, site_url: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_tiles(context)
    page = context.new_page()
    page.goto(f"{site_url}/search?q=06840")
    wait_for_map(page)
    page.locator(".row", has_text="Darien police").hover()
    expect(page.locator(".zone-pin.lifted")).to_have_count(1)
    name = page.locator(".zone-pin.lifted").get_attribute("aria-label") or ""
    assert name.startswith("Darien police · parking lot, Darien, CT")
    page.mouse.move(0, 0)
    page.locator(".zone-pin").nth(3).focus()
    expect(page.locator(".row.lifted")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".popup-name a")).to_be_visible()
    page.goto(f"{site_url}/search?q=06840&lang=es")
    wait_for_map(page)
    page.locator(".zone-pin").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".popup-name a")).to_contain_text("Policía de ")
    expect(page.locator(".popup-name a[lang]")).to_have_count(0)
    context.close()


def test_when_tiles_fail_outlines_and_a_line_of_words_appear_within_two_seconds(
    browser: Browser, site_url: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_tiles(context, up=False)
    page = context.new_page()
    page.goto(f"{site_url}/search?q=06840")
    wait_for_map(page)
    expect(page.locator("[data-map-status]")).to_contain_text("Outlines of states", timeout=2_000)
    page.locator(".map path.map-land").first.wait_for(state="attached")
    context.close()


def test_a_cluster_opens_by_keyboard(browser: Browser, site_url: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_tiles(context)
    page = context.new_page()
    page.goto(f"{site_url}/towns/ct")
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    labels = "all => all.map(one => one.getAttribute('aria-label'))"
    before = page.locator(".zone-pin, .zone-cluster").evaluate_all(labels)
    cluster = page.locator(".zone-cluster").first
    assert "zoom in" in (cluster.get_attribute("aria-label") or "")
    cluster.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    assert page.locator(".zone-pin, .zone-cluster").evaluate_all(labels) != before, "others are told apart now"
    context.close()


HOSTILE = [
    "{{config}}",
    "{% for",
    "${window.P=1}",
    "</script><script>window.P=1</script>",
    "<img src=x onerror=window.P=1>",
]


def test_hostile_zones_stay_literal_on_every_page_and_on_the_map(browser: Browser, tmp_path: Path) -> None:
    fields = ("name", "department", "town", "spot_note", "street_address", "hours_note", "status_note", "custody_rules",
              "advised_note", "source_name", "confirmed_by", "mailing_town")  # fmt: skip
    features = [
        {
            "type": "Feature",
            "id": f"hostile-{number}",
            "geometry": {"type": "Point", "coordinates": [-73.4907 + number / 1000, 41.1412]},
            "properties": {**dict.fromkeys(fields, text), "state": "CT", "rules": [text], "setting": "lobby",
                           "source_url": "https://example.org/", "confirmed_on": "2026-01-01"},
        }
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    path = tmp_path / "hostile.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with running_site(tmp_path, path) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        answer_tiles(context)
        page = context.new_page()
        problems = watch_policy(page)
        for number, text in enumerate(HOSTILE):
            page.goto(f"{address}/zones/hostile-{number}")
            assert page.get_by_role("heading", level=1).inner_text() == f"{text} · lobby"
            assert page.evaluate("window.P") is None
        page.goto(f"{address}/search?lat=41.1412&lon=-73.4907")
        wait_for_map(page)
        labels = [pin.get_attribute("aria-label") or "" for pin in page.locator(".zone-pin").all()]
        assert sorted(
            label[: len(text)] for label, text in zip(sorted(labels), sorted(HOSTILE), strict=True)
        ) == sorted(HOSTILE)
        page.locator(".zone-pin").first.focus()
        page.keyboard.press("Enter")
        assert page.locator(".popup-name a").inner_text().removesuffix(" · lobby") in HOSTILE
        for place in ("/", "/towns", "/towns/ct"):
            page.goto(address + place)
            assert page.evaluate("window.P") is None
        for place in ("/towns/ct/feed.atom", "/sitemap.xml"):
            assert "<script>window.P" not in page.request.get(address + place).text()
        assert problems == []
        context.close()
