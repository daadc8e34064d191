"""Two people find a place between them, by typing both places and through a link, with and without script."""

import re

import pytest
from playwright.sync_api import Browser, expect

from quality.site import wait_for_map
from tests.browser.forms.conftest import RunningSite, somebody
from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser
FIRST, SECOND = "Where are you?", "Where is the other person?"
OWN = "Your address, ZIP or postal code, or town and state"


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def link_on(person: Person) -> str:
    """The link that was made for the other person."""
    return str(person.page.locator("#invitation").get_attribute("href"))


def show_map(person: Person) -> None:
    person.press("Open the map", person.page.locator("#map-panel"))
    wait_for_map(person.page)


def test_the_second_place_beside_a_search_leads_to_the_list_with_the_filters(person: Person) -> None:
    person.visit("/search?q=06820&lit=1")
    person.click(person.page.locator(".other-person > summary"))
    person.fill(person.page.locator("#place-b"), "06877")
    person.press("Find a place between")
    assert person.title() == "Between Darien, CT 06820 and Ridgefield, CT 06877"
    assert person.asked()["lit"] == ["1"]


def narrow_down(person: Person) -> dict[str, str]:
    """Use every filter, and give what is asked for then."""
    person.page.locator("details.filters > summary").click()
    for words in ("cameras record", "open at all hours", "lit at night", "custody exchanges", "step-free",
                  "only those you can go to now",
                  "planned ones too", "also those nobody has confirmed for a year",
                  "the closest place may lie across the border"):  # fmt: skip
        person.tick(words)
    person.fill(person.page.locator("input[name=open_at]"), "2026-12-24T18:30")
    person.choose(person.page.locator("select[name=setting]"), "lobby")
    person.choose(person.page.locator("select[name=within]"), "50")
    person.choose(person.page.locator("select[name=units]"), "km")
    person.press("Apply")
    return {name: value[0] for name, value in person.asked().items() if len(name) > 1}


def set_time(person: Person, text: str) -> None:
    person.click(person.page.locator(".chip-fold > summary"))
    person.fill("Day and time", text)
    person.press("Show for this time")


CHOSEN = {
    "recorded": "1", "all_hours": "1", "lit": "1", "custody": "1", "step_free": "1", "usable": "1",
    "planned": "1", "faded": "1",
    "across_border": "1", "open_at": "2026-12-24T18:30", "setting": "lobby", "within": "50", "units": "km",
}  # fmt: skip


def test_all_places_are_typed_changed_and_narrowed_down(person: Person) -> None:
    person.visit("/meet")
    person.fill(FIRST, "06820")
    person.fill(SECOND, "06877")
    person.click(person.page.get_by_text("More people"))
    for label, words in (("A third person", "06840"), ("A fourth person", "06880"), ("A fifth person", "06897")):
        person.fill(label, words)
    person.press("Find a place between")
    assert person.title() == "Between 5 places"
    assert narrow_down(person) == CHOSEN and person.title() == "Between 5 places"
    set_time(person, "2036-01-12 19:00")
    assert person.asked()["at"] == ["2036-01-12 19:00"] and "Sat, Jan 12, 2036, 7 PM" in person.words()
    assert person.asked()["lit"] == ["1"] and person.title() == "Between 5 places"
    person.click(person.page.locator("details.change > summary"))
    person.fill(FIRST, "06883")
    person.press("Find a place between")
    assert person.asked()["a"] == ["06883"] and person.asked()["lit"] == ["1"]


def test_a_place_that_is_not_found_is_typed_again(person: Person) -> None:
    person.visit("/meet?a=06820&b=zzzz+qqqq")
    assert person.value(FIRST) == "06820" and "This site has no address service" in person.words()
    person.fill(SECOND, "06877")
    person.press("Find a place between")
    assert person.title().startswith("Between ")


def test_two_people_find_a_place_through_a_link(browser: Browser, site: RunningSite, person: Person) -> None:
    person.visit("/meet/invite")
    person.fill(OWN, "06877")
    person.press("Make the link")
    person.visit(path_of(link_on(person)))
    person.fill(OWN, "Springfield")
    person.press("Show the list")
    person.press("Springfield, MA · Hampden County, Massachusetts")
    assert person.title() == "Between the two of you"
    shared = person.page.url
    assert narrow_down(person) == CHOSEN and person.title() == "Between the two of you"
    set_time(person, "2036-01-12 19:00")
    assert "Sat, Jan 12, 2036, 7 PM" in person.words() and person.title() == "Between the two of you"
    person.visit(path_of(shared))
    with somebody(browser, site) as other:
        other.visit(path_of(shared))
        assert other.page.locator("main [data-zone]").count() == person.page.locator("main [data-zone]").count() > 0
        show_map(other)
        assert other.page.locator(".origin-pin").count() == 0
        assert "06877" not in other.page.content() and "41.3" not in other.words()


def test_a_list_offers_a_link_for_the_first_place(person: Person) -> None:
    person.visit("/meet?a=06820&b=06877")
    person.press("Make a link to send")
    assert "/meet/with/" in link_on(person)


def test_one_of_several_places_is_chosen_before_a_link_is_made(person: Person) -> None:
    person.visit("/meet/invite")
    person.fill(OWN, "Springfield")
    person.press("Make the link")
    person.press("Springfield, IL · Sangamon County, Illinois")
    assert "/meet/with/" in link_on(person)


def test_the_position_fills_the_field_and_is_rounded(browser: Browser, site: RunningSite) -> None:
    here = {"latitude": 41.123456, "longitude": -73.456789}
    with somebody(browser, site, geolocation=here, permissions=["geolocation"]) as person:
        for path, label in (("/meet", FIRST), ("/meet/invite", OWN)):
            person.visit(path)
            person.press("Use my location")
            expect(person.page.get_by_label(label)).to_have_value("41.123, -73.457")


def test_the_map_shows_where_everybody_comes_from(scripted: Person) -> None:
    scripted.visit("/meet?a=06820&b=06877")
    show_map(scripted)
    assert scripted.page.locator(".origin-pin").count() == 2
    assert scripted.page.locator(".origin-other").count() == 1
