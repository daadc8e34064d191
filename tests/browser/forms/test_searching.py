"""The search box on every page that has one, the position, the map, used as a person does, with and without script."""

import pytest
from playwright.sync_api import Browser, expect

from quality.site import wait_for_map
from tests.browser.forms.conftest import RunningSite, somebody
from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser
BOX = "Address, ZIP or postal code, or town and state"
CHOSEN = {"recorded": "1", "within": "50", "units": "km"}
FILTERS = "recorded=1&within=50&units=km"

LEVEL = """() => +[...document.querySelectorAll(".leaflet-tile-container")]
  .sort((one, other) => other.style.zIndex - one.style.zIndex)[0].querySelector("img")?.src.split("/").at(-3)"""
"""How near a map is: the level of its tiles."""


def chosen(person: Person) -> dict[str, str]:
    return {name: value[0] for name, value in person.asked().items() if name != "q"}


def test_the_box_of_every_page_leads_to_the_results(person: Person) -> None:
    for path in (
        "/",
        "/search?lat=x",
        "/nothing",
        "/search?q=Connecticut",
        "/towns/yt",
        "/search?q=zzzz",
        "/search?q=Springfield",
    ):
        person.visit(path)
        person.fill(BOX, "06840")
        person.press("Find safe zones")
        assert person.title() == "Near New Canaan, CT 06840", path
        assert person.value(BOX) == "06840" and person.page.locator("main [data-zone]").count() == 10


def test_the_menu_of_a_phone_leads_on(person: Person) -> None:
    person.visit("/")
    person.click(person.page.locator("details.menu > summary"))
    person.follow("Tips")
    assert person.title() == "Tips for meeting safely"


def test_filters_survive_a_question_in_between(person: Person) -> None:
    person.visit(f"/search?q=Springfield&{FILTERS}")
    person.page.locator("ul.choices a").first.click()
    assert_kept(person)
    for question in ("zzzz", "Springfield", "", "43004"):
        person.visit(f"/search?q={question}&{FILTERS}")
        if question == "43004":
            person.click(person.page.locator("details.change > summary"))
        person.fill(BOX, "06840")
        person.enter(person.page.get_by_label(BOX))
        assert_kept(person)


def assert_kept(person: Person) -> None:
    person.page.wait_for_load_state()
    assert person.title().startswith("Near ") and chosen(person) == CHOSEN
    assert person.page.locator("input[name=recorded][type=checkbox]").is_checked()


def test_the_box_suggests_places_while_one_types(scripted: Person) -> None:
    scripted.visit("/")
    field = scripted.page.get_by_label(BOX)
    scripted.click(field)
    field.press_sequentially("new cana", delay=20)
    first = scripted.page.locator("#q-places option").first
    expect(first).to_have_attribute("value", "New Canaan, CT")
    scripted.fill(BOX, first.get_attribute("value") or "")
    scripted.enter(field)
    assert scripted.title() == "Near New Canaan, CT"


def test_the_position_keeps_the_filters_and_is_rounded(scripted: Person) -> None:
    scripted.visit(f"/search?q=43004&{FILTERS}")
    scripted.click(scripted.page.locator("details.change > summary"))
    scripted.press("Use my location")
    scripted.page.wait_for_url("**lat=**")
    assert chosen(scripted) == {"lat": "41.141", "lon": "-73.491", **CHOSEN}
    assert scripted.page.locator("input[name=recorded][type=checkbox]").is_checked()


def test_a_position_that_is_refused_is_said_and_the_box_still_works(browser: Browser, site: RunningSite) -> None:
    with somebody(browser, site) as person:
        person.visit("/")
        person.press("Use my location")
        expect(person.page.locator("form.search [data-locate-status]")).to_contain_text(
            "Your position is not available"
        )
        person.click(person.page.locator("[data-map-show]"))
        wait_for_map(person.page)
        person.press("Show where I am")
        expect(person.page.locator("[data-map-status]")).to_have_text("Your position is not available.")
        person.fill(BOX, "06840")
        person.press("Find safe zones")
        assert person.title() == "Near New Canaan, CT 06840"


def test_the_map_opens_on_a_phone_and_leads_to_a_zone(scripted: Person) -> None:
    page = scripted.page
    scripted.visit("/search?q=06840")
    scripted.click(page.locator("[data-map-show]"))
    wait_for_map(page)
    expect(page.locator("#map-panel")).to_be_in_viewport()
    pin = page.locator(".zone-pin").first
    name = (pin.get_attribute("aria-label") or "").partition(",")[0]
    scripted.click(pin)
    page.locator(".popup-name a").press("Enter")  # a click may miss it while the map still moves
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_controls_of_the_map_zoom_find_and_fill_the_screen(scripted: Person) -> None:
    page = scripted.page
    scripted.visit("/")
    scripted.click(page.locator("[data-map-show]"))
    wait_for_map(page)
    for button, step in (("Zoom in", 1), ("Zoom out", -1)):
        wanted = int(page.evaluate(LEVEL)) + step
        scripted.click(page.get_by_role("button", name=button, exact=True))
        page.wait_for_function(f"() => ({LEVEL})() === {wanted}")
        expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    scripted.click(page.get_by_role("button", name="Show where I am"))
    expect(page.locator(".map .origin-pin")).to_be_visible()
    scripted.click(page.get_by_role("button", name="Full screen"))
    page.wait_for_function("() => document.fullscreenElement")
    scripted.click(page.get_by_role("button", name="Full screen"))
    page.wait_for_function("() => !document.fullscreenElement")
    scripted.click(page.get_by_role("button", name="Guam"))
    expect(page.locator(".map").locator(".zone-pin, .zone-cluster").first).to_be_in_viewport()


def test_a_cluster_opens_into_what_is_in_it(scripted: Person) -> None:
    page = scripted.page
    scripted.visit("/towns/ct")
    scripted.click(page.locator("[data-map-show]"))
    wait_for_map(page)
    label = page.locator(".zone-cluster").first.get_attribute("aria-label") or ""
    scripted.click(page.locator(".zone-cluster").first)
    expect(page.get_by_label(label, exact=True)).to_have_count(0)


def test_without_script_a_picture_of_the_map_stands_below_the_closest_place_with_legend_and_date(
    browser: Browser, site: RunningSite
) -> None:
    with somebody(browser, site, scripts=False) as person:
        person.visit("/search?q=06840")
        panel = person.page.locator(".results-top + #map-panel")
        for part in (".map-still img", ".map-marks circle", ".legend li >> nth=0", ".map-day"):
            expect(panel.locator(part)).to_be_visible()
