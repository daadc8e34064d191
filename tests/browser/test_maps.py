"""Maps with streets of our own, and maps with none: what only a browser can tell."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from directory.settings import Settings
from quality.hosts import running_host
from quality.site import wait_for_map, watch_policy
from tests.conftest import running_copy

pytestmark = pytest.mark.browser

LISTEN = """window.written = new Set();
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
  window.written.add(words);
  return fillText.call(this, words, ...rest);
};"""
"""Remembers the words that are drawn on a canvas."""
COLOURS = """() => {
  const seen = new Set();
  for (const tile of document.querySelectorAll("canvas.leaflet-tile")) {
    const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
    for (let at = 0; at < data.length; at += 4 * 7) if (data[at + 3] === 255) seen.add(data.slice(at, at + 3).join());
  }
  return [...seen];
}"""
LIGHT = {"land": "244,241,231", "road": "255,255,255", "water": "205,225,231"}
DARK = {"land": "28,40,49", "road": "59,74,85", "water": "13,37,48"}
"""The colours of tokens.css, as a canvas gives them."""


@pytest.fixture(scope="module")
def streets(real_settings: Settings, basemap_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_copy(real_settings, tmp_path_factory.mktemp("streets"), basemap=str(basemap_file)) as address:
        yield address


@pytest.fixture(scope="module")
def bare(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose basemap is a web page."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "region.pmtiles").write_text("<!doctype html>")
    with running_copy(real_settings, folder, basemap=str(folder / "region.pmtiles")) as address:
        said = " ".join((folder / "serve.log").read_text().split())
        assert "This is no PMTiles file. Maps show outlines." in said and '"event": "basemap not used' in said
        yield address


@dataclass
class Look:
    page: Page
    site: str
    elsewhere: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def at(self, path: str) -> Page:
        self.page.goto(self.site + path)
        self.page.locator("[data-map]").scroll_into_view_if_needed()
        wait_for_map(self.page)
        return self.page

    def is_well(self) -> bool:
        return self.elsewhere == [] and self.problems + self.page.evaluate("window.violations") == []


def look(browser: Browser, site: str, width: int = 1280) -> Look:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.add_init_script(LISTEN)
    seen = Look(page, site, problems=watch_policy(page))
    page.on(
        "request",
        lambda request: None if request.url.startswith((site, "data:")) else seen.elsewhere.append(request.url),
    )
    return seen


def box_of(element: Locator) -> tuple[float, float, float, float]:
    box = element.bounding_box() or pytest.fail("not shown")
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


def wait_until(holds: Callable[[], bool]) -> None:
    """The pages' policy forbids what Playwright does for `wait_for_function` with an expression."""
    ends = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_streets_are_drawn_in_light_and_dark_in_the_readers_language_and_nothing_leaves_the_site(
    browser: Browser, streets: str
) -> None:
    seen = look(browser, streets)
    page = seen.at("/zones/ct-darien-parking-lot?lang=es")
    page.locator("[data-paved]").wait_for()
    assert {LIGHT["land"], LIGHT["road"]} <= set(page.evaluate(COLOURS))
    expect(page.locator(".leaflet-control-scale-line")).to_contain_text("pies")
    assert "I-95" in page.evaluate("[...window.written]")  # drawn three levels below the deepest of the file
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: DARK["land"] in page.evaluate(COLOURS) and LIGHT["land"] not in page.evaluate(COLOURS))
    page.emulate_media(color_scheme="light")
    page = seen.at("/search?q=06820&lang=es")
    page.locator("[data-paved]").wait_for()
    wait_until(lambda: "Estrecho" in page.evaluate("[...window.written].join()"))
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("© OpenStreetMap contributors")
    page.locator("[data-outlined]").wait_for(state="attached")  # beyond the edges of the file
    assert seen.is_well()
    page.context.close()
    dark = look(browser, streets)
    dark.at("/embed/ct/darien?theme=dark").locator("[data-paved]").wait_for()
    assert DARK["land"] in dark.page.evaluate(COLOURS) and dark.is_well()
    with running_host() as host:  # where the frame stands as in WordPress
        embed = f"{streets}/embed/ct/darien"
        frame = f'<iframe sandbox="allow-scripts" src="{embed}" width="900" height="900"></iframe>'
        dark.page.goto(host.put("sandbox", frame))
        dark.page.frame_locator("iframe").locator("[data-paved]").wait_for()
    dark.page.context.close()


def test_without_streets_outlines_and_names_fill_the_map_and_no_name_lies_on_another(
    browser: Browser, bare: str
) -> None:
    seen = look(browser, bare)
    page = seen.at("/search?q=06820")
    page.locator("[data-outlined]").wait_for(state="attached")
    expect(page.locator(".map-name", has_text="Stamford")).to_be_visible()
    names = page.evaluate(WORDS)
    pins = [box_of(pin) for pin in page.locator(".zone-pin").all()]
    assert len(names) > 8
    for at, name in enumerate(names):
        assert not any(meet(tuple(name), tuple(other)) for other in names[:at])
        assert not any(meet(tuple(name), pin) for pin in pins)
    assert page.locator("[data-map-status]").inner_text() == ""
    page = seen.at("/api/v1/collections/zones/items?f=html&filter=state%3D%27CT%27")
    expect(page.locator(".zone-pin").first).to_be_visible()
    frame = box_of(page.locator(".map"))
    cut = [pin for pin in map(box_of, page.locator(".zone-pin").all()) if pin[1] < frame[1] or pin[0] < frame[0]]
    assert cut == [], "every pin is whole"
    page = seen.at("/zones/ct-darien-parking-lot")
    expect(page.locator(".map-name").first).to_be_visible()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(400)
    expect(page.locator(".map-name", has_text="← Stamford")).to_contain_text("mi")
    page = seen.at("/")
    outlying = page.locator("[data-shape=outlying] button", has_text="Guam")
    outlying.click()
    expect(page.locator(".zone-pin, .zone-cluster").first).to_be_in_viewport()
    assert seen.is_well()
    page.context.close()


WORDS = """[...document.querySelectorAll(".map-name")].map((name) => {
  const range = document.createRange();
  range.selectNodeContents(name);
  const { left, top, right, bottom } = range.getBoundingClientRect();
  return [left, top, right, bottom];
})"""
"""Left, top, right and bottom of each name's letters."""


def test_the_page_scrolls_over_its_map_and_pins_say_what_the_list_says(browser: Browser, bare: str) -> None:
    seen = look(browser, bare)
    page = seen.at("/search?q=06820")
    page.locator("[data-outlined]").wait_for(state="attached")
    scale = page.locator(".leaflet-control-scale-line")
    before = scale.inner_text()
    page.locator(".map").hover()
    page.mouse.wheel(0, 300)
    expect(page.locator(".map-hint")).to_contain_text("Ctrl")
    wait_until(lambda: page.evaluate("window.scrollY") > 100)
    assert scale.inner_text() == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    expect(scale).not_to_have_text(before)
    page.keyboard.up("Control")
    page.reload()
    wait_for_map(page)
    rows = page.locator("[id^=result-]").evaluate_all(
        "rows => rows.map((row) => [row.id, row.querySelectorAll('[data-zone]').length + row.matches('[data-zone]')])"
    )
    numbers = [int(name.removeprefix("result-")) for name, zones in rows for _zone in range(zones)]
    assert sorted(map(int, page.locator(".zone-pin .p-n").all_text_contents())) == sorted(numbers)
    assert {2} < set(numbers) and len(numbers) > len(set(numbers)), "zones of one station share a number"
    shapes = {element.get_attribute("data-shape") for element in page.locator("[data-legend] li:visible").all()}
    kinds = {card.get_attribute("data-kind") for card in page.locator("[data-cards] [data-zone]").all()}
    assert shapes == kinds | {"origin"}
    page.locator(".zone-pin").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".popup-way a")).to_have_attribute("href", re.compile("^https://.*destination="))
    expect(page.locator(".popup-where")).to_contain_text("nearby")
    assert page.locator(".popup-state").inner_text()
    page.wait_for_timeout(400)
    assert not meet(
        box_of(page.locator(".leaflet-popup-close-button")),
        tuple(page.evaluate(WORDS.replace(".map-name", ".popup-name"))[0]),
    )
    page.emulate_media(media="print")
    expect(page.locator(".map-still img")).to_be_visible()
    assert seen.is_well()
    page.context.close()
