"""Feeds of announced closures, for the calendars of departments and towns."""

from typing import Any

from icalendar import Calendar

from tests.support.days import in_days
from tests.support.site import Site

LOT = "ct-darien-parking-lot"
FEEDS = (f"/zones/{LOT}/closures.ics", "/towns/ct/darien/closures.ics")


def events(data: bytes) -> list[Any]:
    calendar: Any = Calendar.from_ical(data)
    return list(calendar.walk("VEVENT"))


def test_a_feed_has_the_closures_of_the_zone_and_of_the_town(site: Site) -> None:
    visitor, clerk = site.visitor(), site.accepted_clerk()
    for feed in FEEDS:
        response = visitor.get(feed)
        assert response.mimetype == "text/calendar" and events(response.data) == []
    form = {"closure_kind": "days", "closure_first": str(in_days(10)), "closure_last": str(in_days(12))}
    clerk.post("/desk/ct/darien-police-department/closures",
               data={"do": "add", "zone": [LOT], **form, "closure_note": "paving"})  # fmt: skip
    for feed in FEEDS:
        (event,) = events(visitor.get(feed).data)
        assert (event["dtstart"].dt, event["dtend"].dt) == (in_days(10), in_days(13))
        assert str(event["summary"]).startswith("Closed: ") and "Darien" in event["summary"]
        assert str(event["description"]) == "paving"
        assert str(event["url"]) == f"http://localhost/zones/{LOT}"


def test_a_feed_that_did_not_change_is_not_sent_again(site: Site) -> None:
    visitor = site.visitor()
    for feed in FEEDS:
        first = visitor.get(feed)
        again = visitor.get(feed, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_pages_of_zone_and_town_and_the_desk_link_to_their_feed(site: Site) -> None:
    visitor = site.visitor()
    assert f'href="{FEEDS[0]}"' in visitor.get(f"/zones/{LOT}").text
    assert f'href="{FEEDS[1]}"' in visitor.get("/towns/ct/darien").text
    assert f'href="{FEEDS[0]}"' in site.accepted_clerk().get("/desk/ct/darien-police-department").text


def test_a_feed_of_no_zone_or_town_is_a_404(site: Site) -> None:
    for path in ("/zones/nowhere/closures.ics", "/towns/ct/nowhere/closures.ics", "/towns/zz/darien/closures.ics"):
        assert site.visitor().get(path).status_code == 404
