"""What a decision meets and leaves: changes meanwhile, versions, proofs, reports, and mails that fail."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from directory.confirmations.reminders import REMINDER_DAYS, remind
from directory.moderation.report_digests import queue_digests
from directory.store.directory_reader import read_directory
from tests.support.cases import correction, waiting
from tests.support.days import day_in_connecticut, set_ahead
from tests.support.site import DARIEN, SITE, WESTON, ZONE, Site, body, errors, words_of


def test_what_changed_since_it_was_proposed_is_pointed_out_and_other_fields_survive(site: Site) -> None:
    stranger = site.visitor()
    ours = stranger.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    draft = stranger.post(ours, data={"phone": "203-555-0100"}).headers["Location"]
    stranger.post(f"{draft}/send", data={"email": "stranger@example.org"})
    site.confirm(stranger, "stranger@example.org")
    with site.engine.begin() as connection:
        connection.execute(
            text("UPDATE zone SET phone = '203-555-0199', spaces = 7 WHERE zone_id = 'ct-darien-parking-lot'")
        )
    moderator = site.staff()
    assert "Changed in the directory since it was proposed: Telephone" in words_of(
        moderator.get(f"/review/{site.number()}")
    )
    site.decide(moderator, "approve")
    assert tuple(site.rows("SELECT phone, spaces FROM zone WHERE zone_id = 'ct-darien-parking-lot'")[0]) == (
        "203-555-0100",
        7,
    )


def test_any_earlier_version_is_restored_from_the_log_and_the_log_only_grows(site: Site) -> None:
    clerk = site.accepted_clerk()
    for spot in ("by the north gate", "by the south gate"):
        correction(site, clerk, {"spot_note": spot})
    log = "SELECT id FROM change WHERE kind = 'zone' AND subject = 'ct-darien-parking-lot' ORDER BY id"
    before = [row[0] for row in site.rows(log)]
    page = words_of(clerk.get("/zones/ct-darien-parking-lot/versions"))
    assert "by the north gate" in page and "by the south gate" in page
    assert clerk.post(f"/zones/ct-darien-parking-lot/versions/{before[-2]}/restore").status_code == 302
    assert site.rows("SELECT spot_note FROM zone WHERE zone_id = 'ct-darien-parking-lot'")[0][0] == "by the north gate"
    after = [row[0] for row in site.rows(log)]
    assert after[:-1] == before
    day = "SELECT confirmed_on FROM zone WHERE zone_id = 'ct-darien-parking-lot'"
    assert clerk.post(f"/zones/ct-darien-parking-lot/versions/{before[0]}/restore").status_code == 302
    assert site.rows(day)[0][0] == day_in_connecticut().isoformat()  # whether it is confirmed is no part of a version
    assert clerk.post("/zones/ct-darien-parking-lot/versions/999999/restore").status_code == 404
    for statement in ("DELETE FROM change", "UPDATE change SET actor = 'nobody'"):
        with pytest.raises(DBAPIError, match="only grow"), site.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_withdrawn_zone_keeps_its_page_and_its_place_in_the_log(site: Site) -> None:
    clerk = site.accepted_clerk()
    form = {"action": "withdraw", "note": "The lot was built over."}
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data=form).headers["Location"]
    clerk.post(f"{draft}/send")
    site.decide(site.staff(), "approve")
    page = words_of(site.visitor().get("/zones/ct-darien-parking-lot"))
    assert "No longer a safe zone" in page and "The lot was built over." in page
    assert "Internet Purchase Exchange Location" not in words_of(site.visitor().get("/search?q=Darien,+CT"))


def test_what_a_verified_department_published_is_looked_at_afterwards(site: Site) -> None:
    clerk = site.accepted_clerk()
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    moderator = site.staff()
    assert "Live already, to be looked at (1)" in words_of(moderator.get("/review"))
    version = site.rows("SELECT version FROM submission")[0][0]
    assert moderator.post(f"/review/{site.number()}/seen", data={"version": version}).status_code == 302
    assert "Live already, to be looked at" not in words_of(moderator.get("/review"))


def test_a_problem_report_reaches_the_desk_and_the_department(site: Site) -> None:
    clerk = site.accepted_clerk()
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    report = {"kind": "turned_away", "text": "They sent me off.", "contact": "me@example.org"}
    assert site.visitor().post("/zones/ct-darien-parking-lot/report", data=report).status_code == 200
    assert queue_digests(site.engine, site.context.mail_from, SITE) == 1
    mail = body(site.mails("sergeant@darienct.gov")[-1])
    assert "I was turned away" in mail and "“They sent me off.”" in mail and "me@example.org" not in mail
    assert f"{SITE}/desk/{DARIEN}" in mail
    moderator = site.staff()
    assert "They sent me off." in words_of(moderator.get("/review/reports"))
    assert "They sent me off." in words_of(clerk.get(f"/desk/{DARIEN}"))
    number = site.rows("SELECT id FROM problemreport")[0][0]
    for person, path in ((moderator, f"/review/reports/{number}"), (clerk, f"/desk/{DARIEN}/reports/{number}")):
        page = person.post(path, data={"answer": "x" * 301})
        assert page.status_code == 400 and errors(page) == ["That is too long. Shorten it to 300 characters."]
        assert f'id="answer-{number}-error"' in page.text and "x" * 301 in page.text
    assert clerk.post(f"/desk/{DARIEN}/reports/{number}", data={"answer": "Told the shift."}).status_code == 302
    assert "They sent me off." not in words_of(moderator.get("/review/reports"))
    assert site.rows("SELECT state, answer, closed_by FROM problemreport")[0] == (
        "closed",
        "Told the shift.",
        "sergeant@darienct.gov",
    )


def test_the_founding_department_reaches_the_top_without_a_gov_domain(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/zones/ct-new-canaan-lobby/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "lieutenant@newcanaanpolice.org"})
    site.confirm(clerk, "lieutenant@newcanaanpolice.org")
    assert site.state() == "waiting_for_review"
    moderator = site.staff()
    number = site.number()
    assert moderator.post(f"/review/{number}/domain", data={"evidence": ""}).status_code == 400
    version = site.rows("SELECT version FROM submission")[0][0]
    moderator.post(f"/review/{number}/domain", data={"evidence": "newcanaan.info, police page", "version": version})
    moderator.post(f"/review/{number}/call-back", data={"called": "203-594-3500", "version": version})
    assert [row[0] for row in site.rows("SELECT rung FROM proof ORDER BY rung")] == [2, 3]
    site.decide(moderator, "approve")
    page = words_of(site.visitor().get("/zones/ct-new-canaan-lobby"))
    assert re.search(r"Confirmed \w{3} \d{4} by New Canaan Police Department", page)
    seen = words_of(clerk.get("/desk/ct/new-canaan-police-department"))
    assert "a moderator called: 203-594-3500" in seen
    draft = clerk.post("/zones/ct-new-canaan-lobby/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(draft, data={"spot_note": "inside the front door"}).headers["Location"]
    assert "It is live" in clerk.post(f"{draft}/send").text


def test_a_mail_that_could_not_be_delivered_shows_on_the_desk(site: Site, tmp_path: Path) -> None:
    site.submit(site.visitor())
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE outbox_mail SET next_at = NULL, error = '550 no such user'"))
    assert "550 no such user" in words_of(site.staff().get("/review"))


def test_correcting_the_spelling_of_an_address_keeps_the_pin_and_a_move_asks_for_a_new_one(site: Site) -> None:
    point = "SELECT latitude, longitude, approximate FROM zone WHERE zone_id = 'ct-darien-parking-lot'"
    before = tuple(site.rows(point)[0])
    clerk = site.accepted_clerk()
    ours = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(ours, data={"street_address": "25 Hecker Avenue, rear"}).headers["Location"]
    assert "It is live" in clerk.post(f"{draft}/send").text
    assert tuple(site.rows(point)[0]) == before
    moved = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "move"}).headers["Location"]
    assert 'name="latitude" type="text" value=""' in clerk.get(moved).text
    draft = clerk.post(moved.partition("#")[0], data={"street_address": "1 New Road"}).headers["Location"]
    assert "No exact point" in words_of(clerk.get(draft))
    clerk.post(f"{draft}/send")
    site.decide(site.staff(), "approve")
    assert tuple(site.rows(point)[0]) != before and site.rows(point)[0][2]


def test_a_form_that_lay_open_does_not_undo_what_somebody_else_changed_meanwhile(site: Site) -> None:
    clerk = site.accepted_clerk()
    ours = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    page = clerk.get(ours).text
    seen = unescape(re.findall(r'name="seen" value="([^"]+)"', page)[0])
    shown = {
        name: text for name, text in json.loads(seen).items() if name not in ("opening_hours", "hours_note", "photo")
    }
    correction(site, site.signed_in("sergeant@darienct.gov"), {"advised_hours": "Mo-Fr 08:00-16:00"})
    draft = clerk.post(ours, data={**shown, "seen": seen, "spot_note": "by the gate", "rules": "a\r\nb"}).headers[
        "Location"
    ]
    assert "It is live" in clerk.post(f"{draft}/send").text
    row = site.rows("SELECT advised_hours, spot_note, rules FROM zone WHERE zone_id = 'ct-darien-parking-lot'")[0]
    assert row[0] == "Mo-Fr 08:00-16:00" and row[1] == "by the gate" and "\\r" not in row[2]


def test_a_form_with_a_mistake_saved_again_is_one_zone(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    wrong = clerk.post(form, data={**ZONE, "phone": "12"})
    action = re.findall(r'action="(/submit/[^"]+/zones/\w+)"', wrong.text)[0]
    draft = clerk.post(action, data={**ZONE, "phone": ""}).headers["Location"]
    assert clerk.get(draft).text.count('id="zone-') == 1
    assert clerk.post(f"{draft}/send").status_code == 302


def test_a_newcomer_at_a_known_spot_changes_only_what_it_speaks_of(site: Site) -> None:
    facts = "SELECT source_url, street_address, setting, spot_note, cameras FROM zone WHERE zone_id = :z"
    known = site.rows(facts, z="ct-darien-parking-lot")[0]
    clerk = site.visitor()
    zone = {"street_address": known[1], "setting": known[2], "spot_note": known[3], "town": "Darien", "cameras": "",
            "cameras_recorded": "", "postal_code": "06820", "latitude": "41.0696", "longitude": "-73.4844",
            "phone": "203-555-0123", "hours_mode": ""}  # fmt: skip
    site.submit(clerk, zone, department="Darien Police Department", town="Darien", email="x@example.org")
    site.confirm(clerk, "x@example.org")
    site.decide(site.staff(), "approve")
    after = site.rows("SELECT source_url, cameras, phone FROM zone WHERE zone_id = 'ct-darien-parking-lot'")[0]
    assert tuple(after) == (known[0], known[4], "203-555-0123")


def test_a_removed_colleague_stays_removed_and_their_reminder_links_are_void(site: Site) -> None:
    chief, second = site.accepted_clerk(), site.accepted_clerk("fired@darienct.gov")
    draft = second.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    second.post(f"{draft}/send")
    set_ahead(REMINDER_DAYS[0])
    remind(site.context, read_directory(site.engine).zones, lambda _part: None)
    link = site.link("fired@darienct.gov", "/still-right/")
    chief, second = site.signed_in("sergeant@darienct.gov"), site.signed_in("fired@darienct.gov")
    number = site.rows("SELECT id FROM person WHERE email = 'fired@darienct.gov'")[0][0]
    chief.post(f"/desk/{DARIEN}/people/{number}/remove")
    assert "not good any more" in words_of(second.post(link))
    again = second.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    second.post(f"{again}/send")
    assert site.state() == "waiting_for_review"
    assert second.get(f"/desk/{DARIEN}").status_code == 403
    chief.post(f"/desk/{DARIEN}/people", data={"email": "fired@darienct.gov", "role": "editor"})
    assert second.get(f"/desk/{DARIEN}").status_code == 200


def test_a_proof_is_noted_only_for_the_submission_the_moderator_saw(site: Site) -> None:
    number = waiting(site)
    moderator = site.staff()
    version = site.rows("SELECT version FROM submission")[0][0]
    site.decide(moderator, "request_changes")
    assert moderator.post(f"/review/{number}/call-back", data={"called": "1", "version": version}).status_code == 409
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_a_public_mail_provider_proves_nothing_about_anybody(site: Site) -> None:
    number = waiting(site, email="somebody@gmail.com")
    moderator = site.staff()
    form = {"evidence": "the town's page", "version": site.rows("SELECT version FROM submission")[0][0]}
    response = moderator.post(f"/review/{number}/domain", data=form)
    assert response.status_code == 400 and "it proves nothing" in words_of(response)
    assert site.rows("SELECT count(*) FROM confirmed_domain")[0][0] == 0


@pytest.mark.parametrize("email", ["a..b@example.org", ".a@example.org", "a.@example.org"])
def test_an_address_that_no_mail_can_carry_is_refused_in_the_form(site: Site, email: str) -> None:
    response = site.visitor().post("/submit", data={**WESTON, "email": email})
    assert response.status_code == 400 and "Is no e-mail address" in errors(response)[0]


def test_odd_digits_are_a_wrong_code_and_nothing_worse(site: Site) -> None:
    site.staff()
    client = site.signed_in("moderator@example.org")
    for code in ("１２３４５６", "", "12345", "abcdef"):
        assert client.post("/sign-in/code", data={"code": code}).status_code == 400
