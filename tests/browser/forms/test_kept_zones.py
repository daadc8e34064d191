"""Keeping zones in the browser, used as a person does; what happens without a network: tests/browser/meetings."""

import pytest
from playwright.sync_api import expect

from tests.browser.forms.conftest import RunningSite
from tests.browser.forms.person import Person
from tests.support.site import DARIEN

pytestmark = pytest.mark.browser
ZONES = ("/zones/ct-darien-parking-lot", "/zones/ct-wilton-parking-lot")


def test_zones_are_kept_removed_and_brought_back(scripted: Person) -> None:
    cards = scripted.page.locator("[data-kept-zones] .row")
    for zone in ZONES:
        scripted.visit(zone)
        scripted.press("Keep this zone")
        expect(scripted.page.get_by_role("button", name="Keep it no longer")).to_be_visible()
    scripted.page.locator("[data-keep]").get_by_role("link", name="Kept zones").click()
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
