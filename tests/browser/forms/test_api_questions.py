"""The forms on the pages of the API's resources, used as a person does, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.forms.person import Person

pytestmark = pytest.mark.browser


def ask(person: Person, **fields: str) -> dict[str, list[str]]:
    """Fill in the form, press its button; what the address of the answer asks for."""
    for name, value in fields.items():
        field = person.page.locator(f"#ask-{name}")
        if field.evaluate("one => one.localName") == "select":
            person.choose(field, value)
        else:
            person.fill(field, value)
    person.press("Ask", exact=True)
    return person.asked()


def test_every_resource_is_asked_by_its_form(person: Person) -> None:
    zones = person.page.locator("main li[data-zone]")
    person.visit("/api/v1/nearest")
    asked = ask(person, address="06840", at="2036-12-06T19:00", setting="parking_lot", usable="true", limit="2")
    assert asked == {"address": ["06840"], "at": ["2036-12-06T19:00"], "setting": ["parking_lot"], "usable": ["true"],
                     "limit": ["2"], "f": ["html"]}  # fmt: skip
    expect(zones).to_have_count(2)
    person.click(person.page.locator("main details", has_text="Ask something else").locator("summary"))
    ask(person, lat="41.14", lon="-73.49")
    assert "either an address, or lat and lon" in person.words(), "and nothing that was typed is lost"
    assert ask(person, address="")["lat"] == ["41.14"]
    expect(zones).to_have_count(2)
    person.visit("/api/v1/meet")
    ask(person, a="06840", b="06820", c="06877", limit="3")
    expect(zones).to_have_count(3)
    person.visit("/api/v1/geocode")
    ask(person, address="New Canaan, CT")
    expect(person.page.locator("main .api-items li")).to_have_count(1)
    person.visit("/api/v1/towns")
    person.click(person.page.locator("main details summary"))
    ask(person, state="CT")
    expect(person.page.locator("main .api-items li")).to_have_count(13)
    person.visit("/api/v1/collections/zones/items")
    person.click(person.page.locator("main details summary"))
    assert "filter" in ask(person, filter="lighting='yess'", sortby="-name")
    assert "Did you mean yes?" in person.words()
    person.visit("/api/v1/collections/zones/changes?limit=5")
    cursor = person.page.locator("main p > .api-address").inner_text()
    person.click(person.page.locator("main details summary"))
    ask(person, after=cursor)
    expect(zones).to_have_count(5)
