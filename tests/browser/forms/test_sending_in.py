"""A department sends its zones in: every field, the week, the pin, the proof."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from quality.site import wait_for_map
from tests.browser.forms.conftest import RunningSite
from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser
FACTS = ("cameras", "cameras_recorded", "cameras_around_the_clock", "cameras_watched", "lighting", "marked",
         "step_free", "emergency_phone", "officer_standby", "custody_exchange")  # fmt: skip
DEPARTMENT = {"department": "Redding Police Department", "town": "Redding", "phone": "203-938-3400",
              "web_page": "https://www.reddingct.gov/police", "note": "The lobby opens next week."}  # fmt: skip
ZONE = {"spot_note": "two bays by the flagpole", "name": "Meeting point", "street_address": "96 Hill Road",
        "town": "Redding", "postal_code": "06896", "latitude": "41.3037", "longitude": "-73.3829", "spaces": "2",
        "footage_days": "30", "rules": "no weapons\nten minutes", "phone": "203-938-3401",
        "photo_alt": "Two bays with green signs"}  # fmt: skip

SHORT = {name: ZONE[name] for name in ("street_address", "latitude", "longitude")}
WILTON = "ct-wilton-parking-lot"
PLACE = ("spot_note", "name", "street_address", "town", "postal_code", "latitude", "longitude")


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (11, 92, 99)).save(file, "PNG")
    return file.getvalue()


def field(person: Person, name: str) -> Any:
    """A field by its name, on its screen: on a phone with scripts one group of questions is shown at a time."""
    found = person.page.locator(f"main [name={name}]")
    while person.scripts and not found.first.is_visible():
        person.press("Next")
    return found


def begin(person: Person, site: RunningSite) -> None:
    """A zone's empty form, of a draft that was begun elsewhere: one test fills in the first page."""
    with site.prepared():
        email = f"clerk-{person.scripts}@example.org".lower()
        begun = site.visitor().post("/submit", data={**DEPARTMENT, "email": email, "region": "CT"})
    person.visit(begun.headers["Location"])


def first_page(person: Person, **other: str) -> None:
    """The first page, filled in and sent."""
    person.visit("/submit")
    person.choose("State or province", "CT")
    for name, text in {**DEPARTMENT, "email": f"clerk-{person.scripts}@example.org".lower(), **other}.items():
        person.fill(field(person, name), text)
    person.press("Go on")


def radio(person: Person, name: str, value: str) -> None:
    field(person, name)
    person.click(person.page.locator(f"label:has(input[name={name}][value='{value}'])"))


def last_screen(person: Person) -> None:
    """The buttons that save stand on it."""
    field(person, "photo_alt")


def fill_zone(person: Person, given: Mapping[str, str]) -> None:
    radio(person, "setting", "lobby")
    for name, text in given.items():
        person.fill(field(person, name), text)


def values(site: RunningSite) -> dict[str, Any]:
    """The answers of the newest draft's last zone."""
    return dict(json.loads(site.rows("SELECT items FROM submission ORDER BY id DESC LIMIT 1")[0][0])[-1]["values"])


def test_a_zone_is_described_in_full_and_the_draft_shows_it(person: Person, site: RunningSite) -> None:
    first_page(person)
    fill_zone(person, {name: ZONE[name] for name in PLACE})
    radio(person, "hours_mode", "week")
    for day in ("Mo", "Fr"):
        person.fill(field(person, f"from_{day}"), "08:00")
        person.fill(field(person, f"to_{day}"), "16:30")
    if person.scripts:
        expect(person.page.locator("[data-hours-read]")).to_contain_text("We read: ")
    for name in FACTS:
        radio(person, name, "yes" if name != "step_free" else "no")
    for name in ("spaces", "footage_days", "rules", "phone"):
        person.fill(field(person, name), ZONE[name])
    person.upload("File", "spot.png", "image/png", picture())
    person.fill(field(person, "photo_alt"), ZONE["photo_alt"])
    person.press("Save and see the draft")
    assert person.title() == "Check and send" and "8 AM – 4:30 PM" in person.words()
    kept = values(site)
    assert {name: str(kept[name]) for name in ("spot_note", "name", "street_address", "spaces", "footage_days")} == {
        name: ZONE[name] for name in ("spot_note", "name", "street_address", "spaces", "footage_days")
    }
    assert [kept[name] for name in FACTS] == ["yes"] * 6 + ["no"] + ["yes"] * 3 and kept["photo"]
    person.follow("Change Meeting point")
    assert field(person, "spot_note").input_value() == ZONE["spot_note"]
    assert person.page.locator("input[name=from_Mo]").input_value() == "08:00"
    assert person.page.locator("input[name=step_free][value=no]").is_checked()
    if person.scripts:
        field(person, "spaces")
        person.press("Back")
        person.press("Next")
        person.press("Next")
    field(person, "photo_alt")
    person.tick("Remove the photo")
    person.press("Save and see the draft")
    assert not values(site).get("photo")


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(person: Person, site: RunningSite) -> None:
    begin(person, site)
    fill_zone(person, {**SHORT, "latitude": "north"})
    radio(person, "hours_mode", "words")
    person.fill(field(person, "hours_words"), "whenever it suits")
    last_screen(person)
    person.press("Save and see the draft")
    assert "Something needs another look" in person.words() and "Nothing you typed is lost" in person.words()
    person.page.locator(".notice a[href='#latitude']").click()
    expect(person.page.locator("#latitude")).to_be_visible()
    assert person.page.locator("#latitude").input_value() == "north"
    assert person.page.locator("#hours_words").input_value() == "whenever it suits"
    assert person.page.locator("#street_address").input_value() == ZONE["street_address"]
    person.fill(field(person, "latitude"), ZONE["latitude"])
    person.fill(field(person, "hours_words"), "8:00-5:00")
    last_screen(person)
    person.press("Save and see the draft")
    question = person.page.locator("fieldset.hours-choices")
    expect(question).to_contain_text("Which hours are meant?")
    person.tick("Monday – Friday 8 AM – 5 PM", question)
    last_screen(person)
    person.press("Save and see the draft")
    assert values(site)["opening_hours"] == "Mo-Fr 08:00-17:00" and "Monday – Friday 8 AM – 5 PM" in person.words()


def test_another_zone_is_added_one_removed_and_the_draft_sent_and_confirmed(person: Person, site: RunningSite) -> None:
    email = f"second-{person.scripts}@example.org".lower()
    first_page(person, email=email)
    fill_zone(person, SHORT)
    last_screen(person)
    person.press("Save and add another zone")
    assert person.title() == "Where do people meet?"
    fill_zone(person, {**SHORT, "name": "Rear lot", "latitude": "41.3047"})
    last_screen(person)
    person.press("Save and see the draft")
    assert person.page.locator(".card").count() == 2
    person.press("Remove Rear lot")
    person.press("Mail me the link")
    assert "The link is on its way" in person.words() and site.link(email, "/submit/")
    person.press("Send", exact=True)
    assert "Now look into your mailbox" in person.words()
    person.press("Open the draft again")
    assert person.title() == "Check and send"
    person.press("Take it back")
    assert site.state() == "withdrawn"
    person.press("Open the draft again")
    person.press("Send", exact=True)
    person.visit(site.link(email, "/submit/confirm/"))
    details = person.page.locator("main details").first
    person.click(details.locator("summary"))
    assert details.get_attribute("open") is None
    person.press("Yes, that was me")
    assert site.state() == "waiting_for_review" and "We have it" in person.words()


def test_the_details_of_the_department_are_changed_in_the_draft(person: Person, site: RunningSite) -> None:
    begin(person, site)
    person.follow("Go on to the draft")
    person.follow("Change the department’s details")
    assert person.value("Name of the department") == DEPARTMENT["department"]
    person.choose("State or province", "CT")
    for name, text in DEPARTMENT.items():
        person.fill(field(person, name), text if name != "phone" else "203-938-3999")
    person.fill(field(person, "email"), "third@example.org")
    person.press("Save")
    assert person.title() == "Check and send"
    assert site.rows("SELECT phone, email FROM submission ORDER BY id DESC LIMIT 1") == [
        ("203-938-3999", "third@example.org")
    ]


def test_a_known_zone_gets_another_status_with_days_and_a_note(person: Person, site: RunningSite) -> None:
    with site.engine.begin() as connection:
        closed = "status = 'temporarily_closed', status_from = '2026-02-01', status_until = '2027-02-01'"
        connection.exec_driver_sql(f"UPDATE zone SET {closed} WHERE zone_id = '{WILTON}'")
    correct(person)
    given = {"status_from": "2027-03-01", "status_until": "2027-03-05", "status_note": "Paving."}
    for name, text in given.items():
        person.fill(field(person, name), text)
    save(person)
    kept = values(site)
    assert {name: kept[name] for name in given} == given and "Paving." in person.words()
    person.follow("Change")
    radio(person, "status", "active")
    save(person)
    assert values(site)["status"] == "active"
    with site.engine.begin() as connection:
        opened = "status = 'active', status_from = '', status_until = ''"
        connection.exec_driver_sql(f"UPDATE zone SET {opened} WHERE zone_id = '{WILTON}'")


def correct(person: Person) -> None:
    person.visit(f"/zones/{WILTON}/ours")
    person.tick("Correct or complete it")
    person.press("Go on")


def save(person: Person) -> None:
    last_screen(person)
    person.press("Save and see the draft")


def fill_closure(person: Person, within: Locator) -> None:
    """Every kind of closure once: with script only the fields of the chosen kind are there; at last a month's day."""
    kinds = {"days": "first last note", "open": "first note", "weekly": "first last note", "yearly": "first last note",
             "words": "words", "monthly": "which first last note"}  # fmt: skip
    for kind, names in kinds.items():
        person.click(within.locator(f"label:has(input[value={kind}])"))
        for name in ("first", "last", "note", "words", "which"):
            expected = not person.scripts or name in names
            expect(within.locator(f"[name$=_{name}]")).to_be_visible(visible=expected)
        if kind == "words":
            person.fill(within.locator("[name$=_words]"), "Nov Th[4]: Thanksgiving")
    person.click(within.locator("label:has(input[name$=_Mo])"))
    person.choose(within.locator("[name$=_which]"), "2")
    for name, text in {"first": "2027-03-01", "last": "2027-09-30", "note": "Cleaning."}.items():
        person.fill(within.locator(f"[name$=_{name}]"), text)


CLOSURE = "Mo[2] 2027-03-01/2027-09-30: Cleaning."


def test_closures_are_added_in_the_form_of_a_zone_and_taken_out_again(person: Person, site: RunningSite) -> None:
    correct(person)
    field(person, "hours_mode")
    person.click(person.page.locator("summary", has_text="Add a closure"))
    fill_closure(person, person.page.locator("[data-closure]"))
    save(person)
    assert values(site)["closures"] == CLOSURE and "second Monday of every month" in person.words()
    person.follow("Change")
    field(person, "hours_mode")
    person.tick("Remove: Closed on the second Monday of every month")
    save(person)
    assert not values(site).get("closures") and "second Monday" not in person.words()


def test_a_zone_that_the_directory_has_becomes_a_change_of_it(person: Person, site: RunningSite) -> None:
    first_page(person, department="New Canaan PD", town="Town of New Canaan")
    assert "Do you mean New Canaan Police Department?" in person.words() and "Do you mean New Canaan?" in person.words()
    person.tick("Yes: New Canaan Police Department")
    person.click(person.page.locator("label:has(input[name=town_meant][value='New Canaan'])"))
    field(person, "email")  # the button stands on the last screen
    person.press("Go on")
    fill_zone(person, {"street_address": "174 South Ave.", "spot_note": "by the front desk", "town": "New Cannan"})
    last_screen(person)
    person.press("Save and see the draft")
    assert "Do you mean New Canaan?" in person.words()
    person.click(person.page.locator("label:has(input[name=town_meant][value='New Canaan'])"))
    last_screen(person)
    person.press("Save and see the draft")
    assert person.title() == "Does the directory have this zone?"
    assert "Is this your lobby at 174 South Avenue?" in person.words()
    person.tick("It is this one")
    person.press("Go on")
    assert person.title() == "Check and send" and "New Canaan Police Department, New Canaan, CT" in person.words()
    assert values(site)["spot_note"] == "by the front desk" and "street_address" not in values(site)


def test_a_known_department_is_suggested_and_fills_in_its_town(scripted: Person) -> None:
    scripted.visit("/submit")
    box = scripted.page.get_by_label("Name of the department")
    scripted.click(box)
    box.press_sequentially("Darien Pol", delay=20)
    option = scripted.page.locator("#known-departments option").first
    expect(option).to_have_attribute("value", "Darien Police Department, Darien, CT")
    scripted.fill(box, option.get_attribute("value") or "")
    expect(box).to_have_value("Darien Police Department")
    assert scripted.value("Town") == "Darien" and scripted.value("State or province") == "CT"
    expect(scripted.page.locator("[data-known-department]")).to_contain_text("We know this department")


def test_the_pin_is_put_found_by_the_address_and_taken_away(scripted: Person, site: RunningSite) -> None:
    page = scripted.page
    begin(scripted, site)
    page.locator("[data-map]").scroll_into_view_if_needed()
    wait_for_map(page)
    scripted.press("Put the pin at the map’s center")
    assert page.locator("#latitude").input_value().startswith("41.") and page.locator(".map .zone-pin").count() == 1
    scripted.press("Remove the pin")
    assert page.locator("#latitude").input_value() == "" and page.locator(".map .zone-pin").count() == 0
    scripted.fill(page.locator("#street_address"), "96 Hill Road")
    scripted.press("Find the address")
    expect(page.locator("[data-pin-status]")).to_be_visible()
    assert page.locator("[data-pin-status]").inner_text()


def test_hours_in_words_are_read_back_while_one_types(scripted: Person, site: RunningSite) -> None:
    begin(scripted, site)
    radio(scripted, "hours_mode", "words")
    scripted.fill(field(scripted, "hours_words"), "Mon-Fri 9am-5pm")
    scripted.page.keyboard.press("Tab")
    expect(scripted.page.locator("[data-hours-read]")).to_contain_text("Monday – Friday 9 AM – 5 PM")
    scripted.fill(field(scripted, "hours_words"), "8:00-5:00")
    scripted.page.keyboard.press("Tab")
    expect(scripted.page.locator("[data-hours-read]")).to_contain_text("Which hours are meant?")
    scripted.press("Monday – Friday 8 AM – 5 PM")
    expect(scripted.page.locator("#hours_words")).to_have_value("Mo-Fr 08:00-17:00")
    expect(scripted.page.locator("[data-hours-read]")).to_have_text("We read: Monday – Friday 8 AM – 5 PM")
    radio(scripted, "hours_mode", "always")
    expect(scripted.page.locator("[data-hours-read]")).to_have_text("We read: Open at all hours")
    expect(scripted.page.locator("#hours_words")).to_be_hidden()
