"""A map that somebody saved and sent: what only a browser can tell."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, expect

from directory.maps.map_marks import PIN_WIDTH
from directory.maps.map_script import Tiles
from directory.maps.zone_map import zone_map
from quality.site import watch_policy
from tests.conftest import ROOT
from tests.unit.maps.test_zone_map import HOSTILE, TEXTS, collection

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with one good place and one for each hostile text, in every text."""
    given = collection({}, *(dict.fromkeys(TEXTS, words) for words in HOSTILE if words.isprintable()))
    path = tmp_path_factory.mktemp("saved") / "map.html"
    zone_map(given, f"Safe zones {HOSTILE[0]}{HOSTILE[1]}").save(path)
    return path


@pytest.mark.parametrize("guarded", [True, False], ids=["with its policy", "without its policy"])
def test_it_opens_from_a_disk_asks_for_nothing_and_runs_no_word_of_a_zone(
    browser: Browser, page_file: Path, axe: str, guarded: bool
) -> None:
    """The policy is a second lock: the first has to hold alone."""
    if not guarded:
        text = page_file.read_text(encoding="utf-8")
        page_file = page_file.with_name("open.html")
        page_file.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", text, count=1), encoding="utf-8")
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    asked: list[str] = []
    said: list[str] = []
    problems = watch_policy(page)
    page.on("request", lambda request: asked.append(request.url))

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(page_file.as_uri())
    pins = page.locator(".leaflet-marker-pane .pin")
    expect(pins).to_have_count(page.locator("ol > li").count())
    expect(page.locator(".town", has_text="Stamford")).to_be_visible()
    expect(page.locator(".picture")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for number in (1, 2, 3):
        page.keyboard.press("Escape")
        pins.nth(number - 1).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup-content").last).to_contain_text(
            page.locator(f"#place-{number} h2").inner_text()
        )
    page.locator(".leaflet-popup-content").last.get_by_role("link", name="Hours, source").click()
    expect(page.locator("#place-3 h2")).to_be_in_viewport()
    assert (asked, said, problems + page.evaluate("window.violations")) == ([page_file.as_uri()], [], [])
    added = "const e = document.createElement('script'); e.textContent = 'window.ran = 1'; document.body.append(e);"
    assert page.evaluate(f"() => {{ {added} return window.ran; }}") == (None if guarded else 1)
    if not guarded:  # the policy lets no checker in
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { rules: { 'scrollable-region-focusable': { enabled: true } } })")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    page.emulate_media(media="print")
    expect(page.locator(".picture svg")).to_be_visible()
    expect(page.locator(".map")).to_be_hidden()
    page.context.close()


def test_streets_are_shown_as_near_as_their_provider_has_them_and_pins_of_one_spot_lie_side_by_side(
    browser: Browser, tmp_path: Path
) -> None:
    zones = collection({}, {"status": "planned"}, {"status": "moved"})
    for feature in zones["features"]:
        feature["geometry"] = zones["features"][0]["geometry"]
    tiles = Tiles("https://tiles.example.org/{z}/{x}/{y}.png", "Example", max_zoom=12)
    zone_map(zones, tiles=tiles).save(tmp_path / "map.html")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.route("https://**", lambda route: route.abort())
    with page.expect_request("https://tiles.example.org/**") as first:
        page.goto((tmp_path / "map.html").as_uri())
    assert first.value.url.split("/")[3] == "12"
    expect(page.locator(".leaflet-control-zoom-in")).to_have_attribute("aria-disabled", "true")
    drop, diamond, square = [
        page.locator(f".leaflet-marker-pane {shape}").bounding_box() for shape in (".p-use", ".p-plan", ".p-not")
    ]
    assert drop and diamond and square
    middles = [box["x"] + box["width"] / 2 for box in (drop, diamond, square)]
    assert [round(right - left) for left, right in pairwise(middles)] == [PIN_WIDTH, PIN_WIDTH]
    foot = drop["y"] + drop["height"]  # a drop and its outline end there; the others lie around it
    assert [box["y"] + box["height"] / 2 for box in (diamond, square)] == pytest.approx([foot, foot], abs=5)
    context.close()


def test_the_whole_directory_is_clusters_that_open_to_pins(browser: Browser, tmp_path: Path) -> None:
    zone_map((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8")).save(tmp_path / "map.html")
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    problems = watch_policy(page)
    page.goto((tmp_path / "map.html").as_uri())
    clusters, pins = page.locator(".map .cluster"), page.locator(".map .pin")
    expect(clusters.nth(4)).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("4 of them lie outside of the map’s first view")
    for _ in range(12):
        if not clusters.count():
            break
        scale = page.locator(".leaflet-control-scale-line").inner_text()
        clusters.first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(scale)
    expect(clusters).to_have_count(0)
    number = int(pins.first.locator("text").inner_html())
    expect(pins.first).to_have_attribute("aria-label", re.compile(f"^{number}: "))
    pins.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text(page.locator(f"#place-{number} h2").inner_text())
    assert problems + page.evaluate("window.violations") == []
    page.context.close()


def test_without_scripts_it_is_a_picture_and_a_list(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    expect(page.locator(".picture svg")).to_be_visible()
    expect(page.get_by_role("heading", name="Darien Police Department · parking lot").first).to_be_visible()
    context.close()
