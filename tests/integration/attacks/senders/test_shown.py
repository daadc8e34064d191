"""A button never confirms what was not shown: mailed confirmations, reminders, approvals of several at once."""

import io
import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from directory import clock
from directory.confirmations.reminders import remind
from directory.db.tables.contributions.submissions import Submission
from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from directory.submissions.items.item import Action, Item
from tests.support.pictures import photo
from tests.support.site import DARIEN, WESTON, ZONE, Site, words_of

LOT = "ct-darien-parking-lot"


def many(site: Site, count: int) -> str:
    """A sent submission of so many zones; returns the link to its confirming page."""
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    items = [Item(f"key{number}", Action.ADD, "", f"Zone number {number}", {
        "setting": "lobby", "street_address": f"{number} Norfield Road", "town": "Weston", "postal_code": "06883",
        "latitude": "41.2009", "longitude": "-73.3807", "opening_hours": "Mo-Fr 08:00-16:00", "cameras": "yes",
        "name": f"Zone number {number}",
    }).to_json() for number in range(1, count + 1)]  # fmt: skip
    with transaction(site.engine) as session:
        session.get_one(Submission, site.number()).items = items
    clerk.post(form.replace("/zones/new", "/send"))
    return site.link(WESTON["email"], "/submit/confirm/")


def test_a_thousand_zones_are_shown_within_the_time_of_a_page(site: Site) -> None:
    link = many(site, 1_000)
    visitor = site.visitor()
    seconds = []
    for _ in range(5):
        begun = time.thread_time()
        assert visitor.get(link).status_code == 200
        seconds.append(time.thread_time() - begun)
    assert min(seconds) < 0.3


@pytest.mark.parametrize("count", [60, 1_000])
def test_the_last_of_many_zones_is_on_the_page_that_confirms_them(site: Site, count: int) -> None:
    link = many(site, count)
    page = site.visitor().get(link).text
    for number in (1, 51, count):
        assert f"{number} Norfield Road" in page
    assert f"({count})" in page, "they are counted"
    assert len(re.findall(rf"{link}/\w+", page)) == count, "each leads to a page of its own"
    last = site.visitor().get(f"{link}/key{count}")
    assert f"{count} Norfield Road" in words_of(last) and "8 AM – 4 PM" in words_of(last)
    assert site.visitor().get(f"{link}/unknown").status_code == 404
    assert site.visitor().get(f"/submit/confirm/other/key{count}").status_code == 404


def test_the_departments_own_contact_and_a_photo_are_shown_before_they_are_confirmed(site: Site) -> None:
    clerk = site.visitor()
    typed = {**WESTON, "phone": "203-555-0166", "web_page": "https://weston.example.org/police"}
    form = clerk.post("/submit", data=typed).headers["Location"]
    data = {**ZONE, "photo_file": (photo(), "a.jpg"), "photo_alt": "Two green bays."}
    draft = clerk.post(form, data=data, content_type="multipart/form-data").headers["Location"]
    clerk.post(f"{draft}/send")
    link = site.link(WESTON["email"], "/submit/confirm/")
    page = site.visitor().get(link).text
    assert "203-555-0166" in page and "https://weston.example.org/police" in page
    item = re.findall(rf"{link}/\w+", page)[0]
    picture = re.search(rf"{link}/photos/\w+\.jpg", site.visitor().get(item).text)
    assert picture is not None
    shown = site.visitor().get(picture[0])
    assert shown.mimetype == "image/jpeg" and shown.headers["Cache-Control"] == "private, no-store"
    assert io.BytesIO(shown.data).getbuffer().nbytes > 1000


def test_a_reminder_shows_the_facts_that_its_button_confirms(site: Site) -> None:
    chief = site.accepted_clerk("chief@darienct.gov")
    chief.post(f"/desk/{DARIEN}/confirm", data={"zone": LOT})
    clock.run_ahead(timedelta(days=150))
    remind(site.context, read_directory(site.engine).zones, lambda _part: None)
    link = site.link("chief@darienct.gov", "/still-right/")
    before = site.rows("SELECT confirmed_on, street_address FROM zone WHERE zone_id = :z", z=LOT)[0]
    page = site.visitor().get(link)
    assert before[1] in page.text
    shown = re.findall(r'name="shown" value="([^"]+)"', page.text)[0]
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET spot_note = 'behind the bar', changed_at = '2027-05-01 00:00:00' "
                                "WHERE zone_id = :z"), {"z": LOT})  # fmt: skip
    late = site.visitor().post(link, data={"shown": shown})
    assert late.status_code == 409 and "behind the bar" in late.text
    assert site.rows("SELECT confirmed_on FROM zone WHERE zone_id = :z", z=LOT)[0][0] == before[0]
    shown = re.findall(r'name="shown" value="([^"]+)"', late.text)[0]
    assert "confirmed as of today" in words_of(site.visitor().post(link, data={"shown": shown}))


def test_several_are_approved_together_only_when_the_queue_shows_all_of_each(site: Site) -> None:
    small = site.visitor()
    site.submit(small)
    site.confirm(small, WESTON["email"])
    with transaction(site.engine) as session:
        session.get_one(Submission, site.number()).items = [
            {**session.get_one(Submission, site.number()).items[0], "key": f"k{n}"} for n in range(10)
        ]
    shown = site.number()
    link = many(site, 11)
    site.visitor().post(link)
    hidden = site.number()
    removal = site.visitor()
    draft = removal.post(f"/zones/{LOT}/ours", data={"action": "withdraw", "note": "Gone."}).headers["Location"]
    removal.post(f"{draft}/send", data={"email": "x@example.org"})
    site.confirm(removal, "x@example.org")
    risky = site.number()
    moderator = site.staff()
    page = moderator.get("/review").text
    versions = dict(site.rows("SELECT id, version FROM submission"))
    offered = {"do": "approve", "chosen": re.findall(r'name="chosen" value="([^"]+)"', page), "reason": "All good."}
    asked = moderator.post("/review/together", data=offered).text
    assert re.findall(r'name="chosen" value="([^"]+)"', asked) == [f"new-{shown}-{versions[shown]}"]
    assert page.count("56 Norfield Road") >= 10, "every item of what may be chosen is on the page"
    chosen = [f"new-{hidden}-{versions[hidden]}", f"closure-{risky}-{versions[risky]}"]
    unasked = {"do": "approve", "sure": "1", "chosen": chosen, "reason": "All good."}
    assert "0 cases approved" in words_of(moderator.post("/review/together", data=unasked))
    assert {site.state(hidden), site.state(risky)} == {"waiting_for_review"}


def test_a_removed_photo_is_shown_as_a_change_before_it_is_confirmed_and_decided(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data={**WESTON, "department": "Darien Police Department", "town": "Darien"})
    removed = Item("key1", Action.CORRECT, LOT, "The lot", {"photo": ""}, {"photo": "a" * 64}).to_json()
    with transaction(site.engine) as session:
        session.connection().execute(text("UPDATE zone SET photo = :p WHERE zone_id = :z"), {"p": "a" * 64, "z": LOT})
        session.get_one(Submission, site.number()).items = [removed]
    clerk.post(form.headers["Location"].replace("/zones/new", "/send"))
    link = site.link(WESTON["email"], "/submit/confirm/")
    assert "Photo: removed" in words_of(clerk.get(link))
    page = words_of(clerk.get(f"{link}/key1"))
    assert "Photo removed" in page and "a" * 64 not in page
    clerk.post(link)
    moderator = site.staff()
    assert "Photo: removed" in words_of(moderator.get("/review"))
    assert "Photo Now Yes Proposed removed" in words_of(moderator.get(f"/review/{site.number()}"))
