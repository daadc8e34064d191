"""A time beside the box, the form for a meeting and its card, used as a person does, with and without scripts."""

import re
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser.forms.conftest import RunningSite, somebody
from tests.browser.forms.person import Person
from tests.support.days import in_days

pytestmark = pytest.mark.browser
ZONE = "/zones/ct-darien-parking-lot"
PLAN = f"{ZONE}/meet"


def make_card(person: Person, day: date, **other: str) -> None:
    """Fill in the form for a meeting at seven in the evening, and send it."""
    person.visit(PLAN)
    person.fill("Day", day.isoformat())
    person.fill("Time, by the clock there", "19:00")
    if other:
        person.click(person.page.locator("details.series summary"))
        person.choose("How often", other["every"])
        person.fill("Until which day", other.get("until", ""))
        person.fill("Or how many times", other.get("times", ""))
    person.press("Make the card")


def test_a_time_is_typed_beside_the_box_and_moved_by_half_hours(person: Person) -> None:
    page = person.page
    person.visit("/search?q=06820&within=50")
    person.click(page.locator("details.chip-fold summary"))
    person.fill("Day and time", "12/5/2036 6:30pm")
    person.press("Show for this time")
    assert person.asked()["within"] == ["50"]
    expect(page.locator("details.chip-fold summary")).to_contain_text("Fri, Dec 5, 2036, 6:30 PM")
    assert "Dark then the sun sets at 4:2" in person.words()
    person.click(page.locator("details.chip-fold summary"))
    person.follow("Half an hour later")
    expect(page.locator("details.chip-fold summary")).to_contain_text("7 PM")
    for _half in range(2):
        person.click(page.locator("details.chip-fold summary"))
        person.follow("Half an hour earlier")
    assert person.asked()["at"] == ["2036-12-05T18:00"]
    person.click(page.locator("details.chip-fold summary"))
    person.follow("Back to now")
    assert "at" not in person.asked()
    person.click(page.locator("details.chip-fold summary"))
    person.fill("Day and time", "sat 7")
    person.press("Show for this time")
    assert person.title() == "Which time is meant?" and person.value("Day and time") == "sat 7"
    person.follow("sat 7 pm")
    expect(page.locator("details.chip-fold summary")).to_contain_text(re.compile(r"Sat, .*7 PM"))
    assert person.asked()["within"] == ["50"]


def test_a_time_is_typed_on_the_first_page(person: Person) -> None:
    person.visit("/")
    person.click(person.page.locator("details.box-time > summary"))
    person.fill("Day and time", "12/5/2036 6:30pm")
    person.fill("Address, ZIP or postal code, or town and state", "06820")
    person.press("Find safe zones")
    assert person.title() == "Near Darien, CT 06820" and person.asked()["at"] == ["12/5/2036 6:30pm"]
    expect(person.page.locator("details.chip-fold summary")).to_contain_text("Fri, Dec 5, 2036, 6:30 PM")


def test_a_meeting_is_planned_from_a_zone_and_its_card_opened(person: Person) -> None:
    person.visit(ZONE)
    person.follow("Plan a meeting")
    person.press("Make the card")
    assert "Choose a day." in person.words() and "Choose a time of day." in person.words()
    make_card(person, in_days(-3))
    assert "That time is over." in person.words()
    assert person.value("Day") == in_days(-3).isoformat()
    make_card(person, day := in_days(9))
    assert person.title() == "Darien police · parking lot"
    assert f"7 PM {day:%A, %B} {day.day}, {day.year}, Eastern Time" in person.words()
    person.follow("Change the time")
    assert (person.value("Day"), person.value("Time, by the clock there")) == (day.isoformat(), "19:00")


def test_a_series_is_planned_and_each_of_its_dates_is_judged(person: Person) -> None:
    make_card(person, in_days(9), every="2", times="3", until=in_days(40).isoformat())
    assert "one of the two" in person.words()
    assert person.value("Or how many times") == "3"
    make_card(person, in_days(9), every="2", times="3")
    assert "every other week, 3 times" in person.words().lower()
    expect(person.page.locator("#dates tbody tr")).to_have_count(3)


def test_the_message_is_copied_as_it_was_edited_and_shared(scripted: Person) -> None:
    page = scripted.page
    page.add_init_script("navigator.share = async (data) => { window.shared = data; };")
    make_card(scripted, in_days(9))
    message = page.get_by_label("Message to copy")
    assert page.url in message.input_value()
    expect(page.locator("[data-message-length]")).to_contain_text("fits in one text message")
    scripted.fill(message, "See you there " + page.url)
    expect(page.locator("[data-message-length]")).to_be_hidden()
    scripted.press("Copy the message")
    expect(page.get_by_role("button", name="Message copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "See you there " + page.url
    scripted.press("Share", exact=True)
    assert page.evaluate("window.shared.text") == "See you there " + page.url


def test_two_phones_show_one_card_and_both_say_when_the_zone_is_closed(browser: Browser, site: RunningSite) -> None:
    clerk = site.known("sergeant@darienct.gov", site.accepted_clerk)
    with somebody(browser, site) as one, somebody(browser, site, scripts=False) as other:
        make_card(one, day := in_days(15))
        card = one.page.url
        other.visit(card)
        assert one.title() == other.title()
        calendar: Any = Calendar.from_ical(one.page.request.get(f"{card}/meeting.ics").body())
        assert calendar.walk("VEVENT")[0]["dtstart"].dt.date() == day
        form = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days", "closure_first": str(day)}
        with site.prepared():
            clerk.post("/desk/ct/darien-police-department/closures", data=form)
        for phone in (one, other):
            phone.visit(card)
            assert phone.words().startswith("Closed at that time.")
            phone.page.locator(".next-best a").first.click()
            assert phone.title() == "Plan a meeting" and phone.value("Day") == day.isoformat()
