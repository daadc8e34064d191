"""Decisions of the review desk: with reasons, nobody overwrites anybody."""

import re

import pytest
from sqlalchemy import inspect

from directory.db.transaction import transaction
from directory.moderation.decisions import waiting_submissions
from directory.store.privacy.sender_records import open_submissions_under
from tests.support.cases import waiting
from tests.support.site import WESTON, ZONE, Site, body, errors, words_of


def test_an_approved_zone_is_in_search_town_page_map_and_feed(site: Site) -> None:
    site.domain("westonct.gov", "Weston")
    waiting(site)
    moderator = site.staff()
    assert "Weston Police Department" in words_of(moderator.get("/review"))
    assert site.decide(moderator, "approve", "Welcome to the directory.").status_code == 302
    visitor = site.visitor()
    assert "56 Norfield Road" in words_of(visitor.get("/search?q=Weston,+CT"))
    town = words_of(visitor.get("/towns/ct/weston"))
    assert "56 Norfield Road" in town and re.search(r"Confirmed \w{3} \d{4} by Weston Police Department", town)
    source = re.search(r'data-source="([^"]+)"', visitor.get("/").text)
    assert source and "ct-weston-lobby" in visitor.get(source[1].replace("&amp;", "&")).text
    assert "ct-weston-lobby" in visitor.get("/towns/ct/weston/feed.atom").text
    mail = site.mails("clerk@westonct.gov")[-1]
    assert "Approved" in str(mail["Subject"]) and "> Welcome to the directory." in body(mail)
    assert "/zones/ct-weston-lobby" in body(mail)


def test_a_zone_of_somebody_unproven_is_not_called_confirmed(site: Site) -> None:
    waiting(site, email="neighbour@example.org")
    site.decide(site.staff(), "approve")
    page = words_of(site.visitor().get("/zones/ct-weston-lobby"))
    assert "somebody who wrote to us, checked by a moderator" in page
    assert "Confirmed by Weston Police Department Never." in page


def test_a_reason_that_is_too_long_is_named_at_its_field_and_kept(site: Site) -> None:
    waiting(site)
    page = site.decide(site.staff(), "decline", reason="x" * 2_001)
    assert page.status_code == 400 and "That is too long" in page.text and "x" * 2_001 in page.text
    assert site.state() == "waiting_for_review"


@pytest.mark.parametrize("step", ["approve", "decline", "request_changes"])
def test_every_decision_needs_a_reason_and_the_sender_reads_it(site: Site, step: str) -> None:
    waiting(site)
    moderator = site.staff()
    assert site.decide(moderator, step, "   ").status_code == 400
    assert site.state() == "waiting_for_review"
    site.decide(moderator, step, "The pin is in the pond.")
    assert "> The pin is in the pond." in body(site.mails("clerk@westonct.gov")[-1])
    assert site.state() == {"approve": "approved", "decline": "declined", "request_changes": "changes_requested"}[step]


def test_what_is_missing_or_too_long_at_a_case_is_named_at_its_field_and_kept(site: Site) -> None:
    number, moderator = waiting(site), site.staff()
    for step, field, typed, problem in (
        ("decide", "reason", "", "This is missing. The sender reads it."),
        ("call-back", "called", " ", "Say which number you called."),
        ("call-back", "called", "2" * 61, "Shorten it to 60 characters."),
        ("domain", "evidence", "", "Say where you saw the domain."),
        ("domain", "evidence", "e" * 301, "Shorten it to 300 characters."),
    ):
        version = site.rows("SELECT version FROM submission")[0][0]
        page = moderator.post(f"/review/{number}/{step}", data={field: typed, "version": version, "step": "decline"})
        assert page.status_code == 400 and problem in errors(page)[0], field
        assert f'id="{field}-error"' in page.text and typed.strip() in page.text
    assert site.state() == "waiting_for_review" and site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_a_bar_that_is_lifted_without_a_reason_stays_and_says_so_at_its_field(site: Site) -> None:
    moderator = site.staff()
    for address in ("one@example.org", "two@example.org"):
        moderator.post("/review/barred", data={"value": address, "reason": "Sent nonsense."})
    page = moderator.post("/review/barred/remove", data={"value": "two@example.org", "reason": ""})
    assert page.status_code == 400 and errors(page) == ["This is missing. It stands in the log."]
    assert 'id="reason-two@example.org-error"' in page.text
    assert site.rows("SELECT count(*) FROM barred_sender")[0][0] == 2


def test_a_requested_change_is_sent_again_at_once_by_whoever_is_signed_in(site: Site) -> None:
    number = waiting(site)
    moderator = site.staff()
    site.decide(moderator, "request_changes", "Which door?")
    draft = site.link("clerk@westonct.gov", "/submit/")
    clerk = site.signed_in("clerk@westonct.gov")
    assert "Which door?" in clerk.get(draft).text
    item = re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]
    clerk.post(item, data={**ZONE, "spot_note": "by the east door"})
    clerk.post(f"{draft}/send")
    assert site.state(number) == "waiting_for_review"
    site.decide(moderator, "approve", number=number)
    assert "by the east door" in site.visitor().get("/towns/ct/weston").text


def test_two_moderators_on_one_submission_never_overwrite_each_other(site: Site) -> None:
    number = waiting(site)
    first, second = site.staff(), site.staff("second@example.org")
    form = {"step": "decline", "reason": "A careful sentence.", "version": "99"}
    form["version"] = str(site.rows("SELECT version FROM submission")[0][0])
    assert first.post(f"/review/{number}/decide", data={**form, "step": "approve"}).status_code == 302
    late = second.post(f"/review/{number}/decide", data=form)
    assert late.status_code == 409
    assert "Another moderator decided this first" in words_of(late)
    assert site.state(number) == "approved"


def test_the_desk_shows_old_beside_new_and_what_to_look_at(site: Site) -> None:
    site.domain("darienct.gov", "Darien")
    stranger = site.visitor()
    ours = stranger.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    draft = stranger.post(ours, data={"latitude": "41.30012", "longitude": "-73.47034", "town": "Norwalk"}).headers[
        "Location"
    ]
    stranger.post(f"{draft}/send", data={"email": "stranger@example.org"})
    site.confirm(stranger, "stranger@example.org")
    page = words_of(site.staff().get(f"/review/{site.number()}"))
    for words in ("The town changes: Darien → Norwalk", "is it still in the town?", "could not be checked", "Latitude"):
        assert words in page


def test_a_probable_duplicate_is_named(site: Site) -> None:
    clerk = site.visitor()
    zone = {"name": "Another name", "setting": "parking_lot", "street_address": "25 Hecker Ave", "town": "Darien",
            "postal_code": "06820", "latitude": "41.0747", "longitude": "-73.4844"}  # fmt: skip
    known = site.rows(
        "SELECT latitude, longitude, spot_note, setting FROM zone WHERE zone_id = 'ct-darien-parking-lot'"
    )[0]
    zone |= {"latitude": str(known[0]), "longitude": str(known[1]), "spot_note": known[2], "setting": known[3]}
    site.submit(clerk, zone, department="Darien Police Department", town="Darien", email="x@example.org")
    site.confirm(clerk, "x@example.org")
    assert "Perhaps a duplicate of" in words_of(site.staff().get(f"/review/{site.number()}"))


def test_lists_of_open_submissions_read_no_items(site: Site) -> None:
    clerk = site.visitor()
    site.submit(clerk)
    site.confirm(clerk, WESTON["email"])
    with transaction(site.engine, writes=False) as session:
        (one,) = waiting_submissions(session, "ct/weston-police-department")
        assert (one.id, one.email, one.zones) == (site.number(), WESTON["email"], 1)
        assert (
            waiting_submissions(session, "ct/wilton-police-department")
            == waiting_submissions(session, "ny/weston")
            == []
        )
        (row,) = open_submissions_under(session, "westonct.gov", ["waiting_for_review"])
        assert inspect(row).unloaded >= {"items", "faulty"}
        assert open_submissions_under(session, "wiltonct.gov", ["waiting_for_review"]) == []
