"""The embed wherever it is: its code, its script and component, its size, ground, keyboard and links."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from quality.hosts import Host, inside, keyboard_passes
from quality.pages import axe_violations_with_frames
from quality.site import wait_for_map
from tests.browser.embed.conftest import Open, allow_only
from tests.browser.embed.pasted import TOWN, codes, fetch, seen, shows_new_canaan

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("shape", ["both", "compact"])
@pytest.mark.parametrize("place", [".map", ".row", "h2"])
def test_a_scroll_goes_on_past_the_frame(host: Host, site_url: str, context: Open, shape: str, place: str) -> None:
    page = context().new_page()
    code = codes(site_url, f"?shape={shape}&height=480")["frame"]
    page.goto(host.put("scroll", code, style="main { padding-bottom: 2000px }"))
    frame = inside(page)
    wait_for_map(frame)
    box = frame.locator(place).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    for _ in range(10):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(150)
    assert page.evaluate("window.scrollY") > 300


SHAPES = {
    "zone": "?what=zone:ct-darien-parking-lot", "towns": "?what=towns&towns=Wilton,+New+Canaan",
    "county": "?what=county:ct/fairfield-county", "department": "?what=department:ct/darien-police-department",
    "list": "?shape=list", "map": "?shape=map", "compact": "?shape=compact",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_choice_of_the_builder_fits_its_frame_in_light_and_dark(
    host: Host, site_url: str, context: Open, axe: str, shape: str
) -> None:
    code = codes(site_url, SHAPES[shape], town="ct/darien")
    for width, scheme in ((360, "light"), (1280, "dark")):
        page = context(width, color_scheme=scheme).new_page()
        page.goto(host.put("shape", code["frame"], style="body { margin: 0 }"))
        frame = inside(page)
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert frame.locator("[data-zone]").count() >= (3 if shape in ("towns", "county") else 1)
        assert frame.locator(".map").count() == (shape != "list")
        assert axe_violations_with_frames(page, axe) == []
        if shape == "compact":
            assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
            expect(frame.get_by_role("link", name="Tips for meeting")).to_be_in_viewport()
        seen(page, f"shape-{shape}-{width}")
    page.goto(host.put("shape-script", code["loader"]))
    inside(page)
    box = page.locator("iframe").bounding_box()
    assert box is not None and (box["height"] == 480 if shape == "compact" else box["height"] > 200)


def test_the_keyboard_goes_into_the_frame_and_out_again(host: Host, site_url: str, context: Open) -> None:
    page = context().new_page()
    page.goto(host.put("keys", codes(site_url)["loader"]))
    frame = inside(page)
    wait_for_map(frame)
    assert keyboard_passes(page)


def test_links_of_the_frame_open_beside_the_host(host: Host, site_url: str, context: Open) -> None:
    browser = context()
    page = browser.new_page()
    page.goto(host.put("links", codes(site_url)["loader"]))
    with browser.expect_page() as opened:
        inside(page).locator("[data-zone]").first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("New Canaan police")
    assert page.url.startswith(host.address)


def test_directions_opened_inside_the_frame_are_counted(host: Host, site_url: str, context: Open) -> None:
    browser = context()
    browser.route("https://www.google.com/**", lambda route: route.fulfill(status=200, body="a map"))
    page = browser.new_page()
    page.goto(host.put("count", codes(site_url, town="ct/darien")["loader"]))
    with browser.expect_event("request", lambda request: request.url.endswith("/directions")) as told:
        inside(page).get_by_role("link", name="Directions").first.click()
    answer = told.value.response()
    assert answer is not None and answer.status == 204
    assert re.search(r"^\d{4}-\d\d,\d+,\d+,\d+,1,", fetch(f"{site_url}/towns/ct/darien/figures.csv"), re.MULTILINE)


def test_messages_of_strangers_do_not_change_the_frame(host: Host, site_url: str, context: Open) -> None:
    page = context().new_page()
    page.goto(host.put("messages", codes(site_url)["loader"]))
    inside(page)
    page.wait_for_timeout(500)
    before = page.locator("iframe").bounding_box()
    page.evaluate("window.postMessage({ safeZonesHeight: 5000 }, '*')")
    page.wait_for_timeout(300)
    assert page.locator("iframe").bounding_box() == before


def test_one_script_serves_many_places_and_the_component_follows_its_attributes(
    host: Host, site_url: str, context: Open
) -> None:
    page = context().new_page()
    body = (
        codes(site_url)["loader"]
        + codes(site_url, town="ct/darien")["component"]
        + f'<script src="{site_url}/embed.js"></script>'
    )
    page.goto(host.put("many", body))
    expect(page.locator("iframe")).to_have_count(2)
    page.evaluate("document.querySelector('safe-zones').setAttribute('town', 'ct/wilton')")
    page.wait_for_timeout(1_000)
    expect(page.frame_locator("safe-zones iframe").locator("#heading")).to_have_text("Safe zones in Wilton, CT")
    expect(page.locator("iframe")).to_have_count(2)


def test_a_town_manager_from_zero_copies_pastes_and_sees_the_zones(
    host: Host, site_url: str, context: Open, axe: str
) -> None:
    """The way docs/embedding.md describes; its pictures are made here."""
    browser = context()
    browser.grant_permissions(["clipboard-read", "clipboard-write"], origin=site_url)
    page = browser.new_page()
    page.goto(f"{site_url}/towns/{TOWN}")
    page.get_by_role("link", name="Put this on your site").click()
    expect(page.locator("[data-apply]")).to_be_hidden()  # the script has begun
    page.get_by_label("Color of links and pins").fill("#7a1f4b")
    page.locator("[data-result] iframe[src*='7a1f4b']").wait_for()
    expect(page.frame_locator("iframe.preview").locator("h2")).to_have_text("Safe zones in New Canaan, CT")
    seen(page, "builder")
    page.get_by_role("button", name="Copy A script").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert 'data-color="7a1f4b"' in pasted
    page.goto(host.put("pasted", pasted))
    frame = inside(page)
    shows_new_canaan(frame)
    assert frame.evaluate("getComputedStyle(document.querySelector('a[data-zone]')).color") == "rgb(122, 31, 75)"
    wait_for_map(frame)
    seen(page, "pasted")
    assert axe_violations_with_frames(page, axe) == []


@pytest.mark.parametrize("height", ["640px", "100%", "auto", "-3", "0", "5000000", "50", ""])
def test_an_odd_height_never_makes_the_component_vanish(host: Host, site_url: str, context: Open, height: str) -> None:
    page = context().new_page()
    code = codes(site_url)["component"].replace("<safe-zones ", f'<safe-zones height="{height}" ')
    page.goto(host.put("height", code))
    inside(page)
    page.wait_for_timeout(400)
    box = page.locator("iframe").bounding_box()
    assert box is not None and 200 <= box["height"] <= 2000


GROUNDS = [
    ("", "light", "light"), ("", "dark", "light"),
    ("body { background: oklch(0.985 0.002 247.8) }", "dark", "light"),
    ("body { background: color(srgb 0.05 0.05 0.1) }", "light", "dark"),
    ("html { color-scheme: dark }", "light", "dark"),
    ("html { color-scheme: light dark }", "dark", None),
]  # fmt: skip


@pytest.mark.parametrize(("style", "device", "theme"), GROUNDS)
def test_the_script_follows_the_ground_of_the_page(
    host: Host, site_url: str, context: Open, style: str, device: str, theme: str | None
) -> None:
    page = context(color_scheme=device).new_page()
    page.goto(host.put("ground", codes(site_url)["loader"], style=style))
    address = inside(page).url
    assert (f"theme={theme}" in address) if theme else ("theme=" not in address)


@pytest.mark.parametrize("way", ["component", "loader"])
def test_the_script_follows_a_ground_that_comes_late(host: Host, site_url: str, context: Open, way: str) -> None:
    page = context().new_page()

    def dawdle(route: Route) -> None:
        expect(page.locator("iframe")).to_be_attached()  # drawn on the ground that is not there yet
        route.continue_()

    page.route("**/late.css", dawdle)
    page.goto(host.put("late", codes(site_url)[way], style="body { background: #101820 }"))
    assert "theme=dark" in str(page.locator("iframe").get_attribute("src"))
    assert page.locator("iframe").count() == 1


def test_the_link_comes_back_when_a_redraw_is_blocked(host: Host, site_url: str, folder: Path, context: Open) -> None:
    allow_only(folder, "ct/ridgefield", ["https://ridgefield.example"])
    page = context().new_page()
    page.goto(host.put("redrawn", codes(site_url)["component"], style="a { display: inline-block }"))
    inside(page)
    link = page.locator("safe-zones a")
    expect(link).to_be_hidden()
    page.evaluate("document.querySelector('safe-zones').setAttribute('town', 'ct/ridgefield')")
    expect(link).to_be_visible()
    page.wait_for_timeout(1_000)
    expect(link).to_be_visible()


def test_the_builder_works_without_script(site_url: str, context: Open) -> None:
    page = context(java_script_enabled=False).new_page()
    page.goto(f"{site_url}/towns/{TOWN}/embed")
    page.get_by_label("Color of links and pins").fill("#ffff00")
    page.get_by_label("without").check()
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("#color-note")).to_contain_text("too pale to read on white")
    assert "search=0" in page.locator("pre").first.inner_text()


def test_an_unknown_town_is_a_helpful_frame(host: Host, site_url: str, context: Open, axe: str) -> None:
    page = context().new_page()
    for path in ("zz/nowhere", "ct/weston"):
        page.goto(
            host.put(
                "unknown", f'<iframe src="{site_url}/embed/{path}" title="Zones" width="100%" height="600"></iframe>'
            )
        )
        frame = inside(page)
        expect(frame.get_by_label("Address, ZIP or postal code, or town and state")).to_be_visible()
        assert axe_violations_with_frames(page, axe) == []
        seen(page, f"unknown-{quote(path, safe='')}")
