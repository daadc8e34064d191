"""Two people on two phones agree on a place and a time, and both learn when their place is closed."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page

from directory import clock
from quality.site import wait_for_map
from tests.browser.forms.conftest import RunningSite, somebody
from tests.browser.forms.test_meeting import OWN, link_on, path_of, set_time
from tests.conftest import ROOT

pytestmark = pytest.mark.browser
PICTURES = ROOT / "screenshots" / "two-people"
DESK = "ct/darien-police-department"
FIRST, SECOND = "06820", "06840"
"""Darien and New Canaan: the zone of the Darien police is the one to go to."""


def picture(page: Page, name: str) -> None:
    """The page as a phone and as a desktop show it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
    page.set_viewport_size(size)


def check_calendar(text: bytes, day: date) -> None:
    """The file keeps RFC 5545's lines and names the meeting's time in the zone's own time zone."""
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    calendar: Any = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt.date() == day and event["dtstart"].dt.hour == 14
    assert event["dtstart"].params["TZID"] == "America/New_York" == calendar.walk("VTIMEZONE")[0]["tzid"]
    assert "Hecker" in event["location"] and not calendar.errors


def test_two_people_agree_on_a_place_and_learn_that_it_is_closed(browser: Browser, site: RunningSite) -> None:
    day = clock.now().date() + timedelta(days=20)
    chief = site.known("sergeant@darienct.gov", site.accepted_clerk)
    with somebody(browser, site) as seller, somebody(browser, site) as buyer:
        seller.visit("/")
        seller.click(seller.page.locator(".other-person > summary"))
        seller.follow("Or let them type it themselves")
        seller.fill(OWN, FIRST)
        seller.press("Make the link")
        picture(seller.page, "1-link")

        buyer.visit(path_of(link_on(seller)))
        picture(buyer.page, "2-asked")
        buyer.fill(OWN, SECOND)
        buyer.press("Show the list")
        shared = buyer.page.url
        seller.visit(path_of(shared))
        for phone, other in ((seller, SECOND), (buyer, FIRST)):
            assert phone.title() == "Between the two of you"
            assert other not in phone.page.content() and phone.page.locator(".origin-pin").count() == 0
        assert seller.words() == buyer.words()

        set_time(seller, f"{day.isoformat()} 14:00")
        wait_for_map_if_wide(seller.page)
        picture(seller.page, "3-list")
        seller.page.locator("[data-zone=ct-darien-parking-lot] h2 a, [data-zone=ct-darien-parking-lot] h3 a").click()
        seller.follow("Plan a meeting")
        assert (seller.value("Day"), seller.value("Time, by the clock there")) == (day.isoformat(), "14:00")
        seller.press("Make the card")
        card = seller.page.url
        buyer.visit(path_of(card))
        for phone in (seller, buyer):
            assert phone.title() == "Darien police · parking lot"
            assert phone.words().startswith("2 PM")
        picture(buyer.page, "4-card")
        check_calendar(buyer.page.request.get(f"{card}/meeting.ics").body(), day)

        closure = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days", "closure_first": str(day)}
        with site.prepared():
            chief.post(f"/desk/{DESK}/closures", data=closure)
        for phone in (seller, buyer):
            phone.visit(path_of(card))
            assert phone.words().startswith("Closed at that time.")
            assert phone.page.locator(".next-best a").count() > 0
        picture(seller.page, "5-closed")


def wait_for_map_if_wide(page: Page) -> None:
    """On a phone the map is loaded when it is asked for."""
    if page.locator("[data-map-show]").is_hidden():
        wait_for_map(page)
