"""The filters used as a person does, with and without script: what was chosen is ticked, and the list changes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser
BOX = "Address, ZIP or postal code, or town and state"
SWITCHES = ("cameras record", "lit at night", "custody exchanges", "open at all hours", "only those you can go to now")

SHARED = {
    "lat=41.14115&lon=-73.49073&recorded=1": "lat=41.14&lon=-73.49&recorded=1",
    "q=41.14115, -73.49073": "lat=41.14&lon=-73.49",
    "q=174 South Avenue, New Canaan, CT 06840": "lat=41.14&lon=-73.49",
    "q=06840": "q=06840",
}
"""Searches, and what is passed on of them."""


def results(person: Person, query: str = "q=06840") -> None:
    person.visit(f"/search?{query}")
    person.click(person.page.locator("details.filters > summary"))


def apply(person: Person) -> dict[str, list[str]]:
    """Press the button; what the address of the new page asks for."""
    person.press("Apply")
    return person.asked()


def names(person: Person) -> list[str]:
    """The zones that fit, from the top down, by their ids."""
    return [str(one.get_attribute("data-zone")) for one in person.page.locator("main [data-zone]:not(.nearer *)").all()]


def test_each_switch_narrows_the_list_and_stays_ticked(person: Person) -> None:
    person.visit("/search?q=06840")
    for number, words in enumerate(reversed(SWITCHES), start=1):
        before = names(person)
        person.click(person.page.locator("details.filters > summary"))
        person.tick(words)
        asked = apply(person)
        expect(person.page.locator("label.switch", has_text=words).locator("input")).to_be_checked()
        assert asked["q"] == ["06840"] and list(asked.values()).count(["1"]) == number
        expect(person.page.locator("details.filters > summary")).to_contain_text(f"({number})")
        assert names(person) != before


def test_zones_without_steps_are_asked_for_where_somebody_stated_them(person: Person) -> None:
    results(person, "q=Toledo, OH")
    person.tick("step-free")
    assert apply(person)["step_free"] == ["1"]
    expect(person.page.locator("label.switch", has_text="step-free").locator("input")).to_be_checked()
    expect(person.page.locator("main [data-zone]:not(.nearer *)")).to_have_count(1)


def test_the_closest_place_may_lie_across_the_border(person: Person) -> None:
    closest = person.page.locator(".top-card .where")
    results(person, "q=98281")
    expect(closest).to_contain_text(", WA")
    person.tick("the closest place may lie across the border")
    assert apply(person)["across_border"] == ["1"]
    expect(closest).to_contain_text(", BC")
    expect(person.page.locator("input[name=across_border][type=checkbox]")).to_be_checked()
    person.follow("Show the closest one in my own country")
    expect(closest).to_contain_text(", WA")


def test_what_nobody_has_said_is_not_offered_but_named(person: Person) -> None:
    results(person)
    expect(person.page.locator("input[name=confirmed]")).to_have_count(0)
    expect(
        person.page.get_by_text("Confirmed by the department: nobody has said this of any zone yet.")
    ).to_be_visible()
    assert re.search(r"cameras record \(\d+\)", person.page.locator("fieldset.switches").inner_text())
    person.click(person.page.locator("details.filters > summary"))
    person.click(person.page.locator("details.legend-more > summary"))
    expect(person.page.get_by_text("Nobody gave hours: call first.")).to_be_visible()


def test_the_kind_of_spot_the_radius_the_time_and_the_units_are_kept(person: Person) -> None:
    results(person)
    before = names(person)
    person.choose(person.page.locator("select[name=setting]"), "lot")
    person.choose("Within", "25")
    person.fill(person.page.get_by_label("Open at (hours"), "2026-12-05T10:00")
    person.choose("Distances in", "km")
    person.tick("planned ones too")
    person.tick("also those nobody has confirmed")
    asked = apply(person)
    assert {name: value[0] for name, value in asked.items() if name != "limit"} == {
        "q": "06840", "setting": "lot", "within": "25", "open_at": "2026-12-05T10:00", "units": "km", "planned": "1",
        "faded": "1",
    }  # fmt: skip
    expect(person.page.locator("select[name=setting]")).to_have_value("lot")
    for label, value in (("Within", "25"), ("Open at (hours", "2026-12-05T10:00"), ("Distances in", "km")):
        expect(person.page.get_by_label(label)).to_have_value(value)
    for words in ("planned ones too", "also those nobody has confirmed"):
        expect(person.page.locator("label.switch", has_text=words).locator("input")).to_be_checked()
    assert names(person) != before
    distances = person.page.locator(".far").all_inner_texts()
    assert distances and all("km" in far or re.search(r"\d m\b", far) for far in distances)


def test_a_new_search_keeps_what_was_chosen_and_not_the_place(person: Person) -> None:
    person.visit("/search?lat=41.14&lon=-73.49&recorded=1&within=50&limit=20")
    person.click(person.page.locator("details.change > summary"))
    person.fill(BOX, "Columbus, OH")
    person.enter(person.page.get_by_label(BOX))
    person.page.wait_for_url("**Columbus**")
    assert person.asked() == {"q": ["Columbus, OH"], "recorded": ["1"], "within": ["50"]}
    expect(person.page.locator("input[name=recorded][type=checkbox]")).to_be_checked()


def test_a_radius_of_ones_own_stays_among_the_choices_and_bounds_the_list(person: Person) -> None:
    results(person, "q=06840&within=3")
    expect(person.page.get_by_label("Within")).to_have_value("3")
    near = names(person)
    person.choose("Within", "")
    asked = apply(person)
    assert not asked.get("within", [""])[0]
    assert len(names(person)) == 10 > len(near) and set(near) <= set(names(person))


def test_show_more_keeps_filters_and_the_place_on_the_page(person: Person) -> None:
    page = person.page
    results(person, "q=06840&setting=lot")
    before = names(person)
    assert len(before) == 10
    page.get_by_role("link", name=re.compile(r"Show \d+ more places")).click()
    page.wait_for_url("**limit=20**")
    assert names(person)[:10] == before and len(names(person)) == 20
    assert page.url.endswith("#result-11")
    expect(page.locator("#result-11")).to_be_in_viewport()
    expect(page.locator("select[name=setting]")).to_have_value("lot")
    page.keyboard.press("Tab")
    expect(page.locator("#result-11 a.row-link")).to_be_focused()


def test_show_all_takes_the_filters_back_and_leaves_the_units(person: Person) -> None:
    person.visit("/search?q=06840&recorded=1&lit=1&custody=1&setting=lobby&units=km&within=5")
    person.follow("Show all places, without filters")
    assert person.asked() == {"q": ["06840"], "units": ["km"]}
    assert len(names(person)) == 10


def test_going_back_finds_a_form_that_still_works(scripted: Person) -> None:
    results(scripted)
    scripted.tick("cameras record")
    apply(scripted)
    scripted.page.go_back()
    if scripted.page.locator("details.filters").get_attribute("open") is None:
        scripted.click(scripted.page.locator("details.filters > summary"))
    scripted.choose(scripted.page.locator("select[name=setting]"), "lobby")
    assert apply(scripted)["setting"] == ["lobby"]


def test_a_shared_search_never_says_the_exact_place(scripted: Person) -> None:
    for query, shared in SHARED.items():
        scripted.visit(f"/search?{query}")
        scripted.page.evaluate("navigator.share = undefined")
        scripted.press("Share this search")
        expect(scripted.page.get_by_role("button", name="Link copied")).to_be_visible()
        address = str(scripted.page.evaluate("navigator.clipboard.readText()"))
        assert address.partition("?")[2] == shared
    scripted.visit(address)
    assert scripted.title().startswith("Near ") and names(scripted)
