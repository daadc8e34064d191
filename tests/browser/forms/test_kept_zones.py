"""What is kept in the browser, used as a person does; what happens without a network: tests/browser/meetings."""

import pytest
from playwright.sync_api import expect

from tests.browser.forms.conftest import RunningSite
from tests.browser.forms.person import Person
from tests.support.days import in_days
from tests.support.site import DARIEN

pytestmark = pytest.mark.browser
ZONES = ("/zones/ct-darien-parking-lot", "/zones/ct-wilton-parking-lot")


def test_zones_are_kept_removed_and_brought_back(scripted: Person) -> None:
    cards = scripted.page.locator("[data-kept-list=zones] .row")
    for zone in ZONES:
        scripted.visit(zone)
        scripted.press("Keep this zone")
        expect(scripted.page.get_by_role("button", name="Keep it no longer")).to_be_visible()
    scripted.page.locator("[data-keep]").get_by_role("link", name="Kept zones and meetings").click()
    expect(cards).to_have_count(2)
    scripted.press("Remove", within=cards.first)
    expect(cards).to_have_count(1)
    scripted.press("Undo")
    expect(cards).to_have_count(2)
    scripted.press("Remove all")
    expect(cards).to_have_count(0)
    scripted.press("Undo")
    expect(cards).to_have_count(2)
    scripted.follow("Darien police · parking lot")
    scripted.press("Keep it no longer")
    assert "Removed from this browser." in scripted.words()


def test_a_kept_zone_that_its_department_closes_says_so_in_the_list(scripted: Person, site: RunningSite) -> None:
    scripted.visit(ZONES[0])
    scripted.press("Keep this zone")
    clerk = site.known("sergeant@darienct.gov", site.accepted_clerk)
    with site.prepared():
        form = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days", "closure_first": "2030-01-07",
                "closure_note": "paving"}  # fmt: skip
        clerk.post(f"/desk/{DARIEN}/closures", data=form)
    scripted.visit("/kept")
    card = scripted.page.locator(".row", has_text="Darien police · parking lot")
    expect(card.locator(".caution")).to_contain_text("2030: paving")
    scripted.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    scripted.page.context.set_offline(True)
    scripted.page.reload()
    expect(card.locator(".caution")).to_contain_text("2030: paving")
    scripted.page.context.set_offline(False)


def test_a_meeting_is_kept_and_its_list_empties_itself_the_day_after(scripted: Person, site: RunningSite) -> None:
    page = scripted.page
    scripted.visit(f"{ZONES[0]}/meet?date={in_days(9)}&time=19:00&make=1")
    scripted.press("Keep this meeting")
    expect(page.get_by_text("Kept in this browser only, until the day after.")).to_be_visible()
    card = page.url
    page.evaluate("(path) => caches.match(path).then((saved) => { if (!saved) throw path; })", card)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".saved-only")).to_contain_text("whether the place has closed since then it does not know")
    words = scripted.words()
    assert "7 PM" in words and "25 Hecker Ave" in words
    assert "Open at all hours" in words, "what holds at the time of the meeting stays"
    assert "Put it in your calendar" not in words and "This card is live" not in words
    assert page.locator(".qr-panel img").evaluate("(picture) => picture.naturalWidth") > 0
    scripted.visit("/kept")
    row = page.locator("[data-kept-list=cards] .row")
    expect(row).to_contain_text("7 PM")
    row.get_by_role("link", name="Darien police · parking lot").click()
    assert page.url == card
    page.context.set_offline(False)
    with site.prepared():
        clerk = site.known("sergeant@darienct.gov", site.accepted_clerk)
        form = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days",
                "closure_first": in_days(8).isoformat(), "closure_last": in_days(10).isoformat()}  # fmt: skip
        clerk.post(f"/desk/{DARIEN}/closures", data=form)
    scripted.visit("/kept")
    expect(row.locator(".caution")).to_have_text("Closed at that time.")
    scripted.press("Remove", within=row)
    scripted.press("Undo")
    expect(row).to_have_count(1)
    page.clock.set_fixed_time(in_days(12).isoformat())
    page.reload()
    expect(row).to_have_count(0)
    assert page.evaluate("localStorage.getItem('kept-cards')") is None
    assert not page.evaluate("(path) => caches.match(path, { ignoreVary: true }).then(Boolean)", card)
