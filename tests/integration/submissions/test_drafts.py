"""A department sends zones in: from the first field to the live page."""

import re
import time
from datetime import timedelta
from hashlib import sha256

import pytest
from itsdangerous import URLSafeSerializer

from directory.web.http.limits.rate_limits import limiter
from tests.conftest import Built
from tests.support.days import day_in_connecticut, set_ahead
from tests.support.site import DARIEN, WESTON, ZONE, Site, body, errors, html_of, words_of


def test_a_clerk_sends_a_zone_without_an_account_and_it_waits_for_a_moderator(site: Site) -> None:
    clerk = site.visitor()
    draft = site.submit(clerk)
    assert "clerk@westonct.gov" in words_of(clerk.get(draft))
    assert site.state() == "waiting_for_email"
    assert site.confirm(clerk, "clerk@westonct.gov").status_code == 302
    assert site.state() == "waiting_for_review"
    assert site.visitor().get("/towns/ct/weston").text.count("data-zone=") == 5  # only the neighbours, still


def test_a_mail_scanner_that_opens_the_link_does_not_spend_it(site: Site) -> None:
    site.submit(site.visitor())
    link = site.link("clerk@westonct.gov", "/submit/confirm/")
    for _ in range(3):
        assert "Yes, that was me" in site.visitor().get(link).text
    assert site.state() == "waiting_for_email"
    other_device = site.visitor()
    assert other_device.post(link).status_code == 302
    assert other_device.post(link).status_code == 410
    assert other_device.get("/desk").status_code == 200  # the proof is a sign-in too


def test_a_confirmation_link_expires_after_a_week(site: Site) -> None:
    site.submit(site.visitor())
    set_ahead(8)
    assert site.confirm(site.visitor(), "clerk@westonct.gov").status_code == 410
    assert site.state() == "waiting_for_email"


def test_a_draft_is_resumed_from_a_mailed_link_on_another_device(site: Site) -> None:
    clerk = site.visitor()
    start = clerk.post("/submit", data=WESTON).headers["Location"]
    draft = start.removesuffix("/zones/new")
    assert clerk.post(f"{draft}/mail-link").status_code == 302
    phone = site.visitor()
    assert "Weston Police Department" in phone.get(site.link("clerk@westonct.gov", "/submit/")).text
    other = "A" if draft[-9] != "A" else "B"  # not the last character, of which some bits say nothing
    assert phone.get(f"{draft[:-9]}{other}{draft[-8:]}").status_code == 404


def test_a_key_opens_no_submission_that_has_its_number_since_a_restore(site: Site) -> None:
    clerk = site.visitor()
    draft = site.submit(clerk)
    assert clerk.get(draft).status_code == 200
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE submission SET created_at = '2026-01-02 03:04:05.000000'")
    assert clerk.get(draft).status_code == 404


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("hours_words", "whenever the desk is staffed " * 11, "Longer than 300 characters"),
        ("spot_note", "by the pole " * 200, "2399 characters are too many"),
        ("rules", "No dogs. " * 300, "Too many or too long"),
    ],
)
def test_a_text_of_a_zone_that_is_too_long_is_refused_whole(site: Site, field: str, text: str, problem: str) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    page = clerk.post(form, data={**ZONE, "hours_mode": "words", field: text})
    assert page.status_code == 400 and problem in errors(page)[0] and text.strip() in page.text


def test_each_address_of_a_draft_is_refused_at_its_own_field(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data={**WESTON, "email": ""}).headers["Location"].removesuffix("/zones/new")
    for step, field in (("send", "email"), ("mail-link", "email-link")):
        page = clerk.post(f"{draft}/{step}", data={"email": "no address"})
        assert page.status_code == 400 and errors(page) == ["Is no e-mail address. Write it like name@example.org."]
        assert f'id="{field}-error"' in page.text and page.text.count('value="no address"') == 1
    assert clerk.post(f"{draft}/mail-link", data={"email": "clerk@westonct.gov"}).status_code == 302


def test_what_was_typed_is_kept_when_something_needs_another_look(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    typed = {**ZONE, "hours_words": "whenever it suits 25:99", "spot_note": "two bays by the flagpole", "phone": "12"}
    response = clerk.post(form, data=typed)
    assert response.status_code == 400
    assert len(errors(response)) == 2
    assert "two bays by the flagpole" in response.text and "25:99" in response.text
    draft = form.removesuffix("/zones/new")
    assert "two bays by the flagpole" in clerk.get(re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]).text
    assert clerk.post(f"{draft}/send").status_code == 400
    assert site.state() == "draft"


def test_the_weekly_editor_writes_hours_and_reads_them_back_in_words(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    days = {f"from_{day}": "08:00" for day in ("Mo", "Tu", "We")} | {f"to_{day}": "16:30" for day in ("Mo", "Tu", "We")}
    draft = clerk.post(form, data={**ZONE, "hours_mode": "week", **days}).headers["Location"]
    assert "Monday – Wednesday 8 AM – 4:30 PM" in words_of(clerk.get(draft))
    again = html_of(clerk.get(re.findall(rf"{draft}/zones/\w+", clerk.get(draft).text)[0]))
    assert 'name="from_We" value="08:00"' in again and 'value="week" checked' in again
    half = clerk.post(form, data={**ZONE, "hours_mode": "week", "from_Mo": "08:00"})
    assert half.status_code == 400


def test_a_form_in_which_nothing_was_filled_in_is_no_zone(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    empty = clerk.post(form, data={"town": "Weston", "hours_mode": ""})
    assert empty.status_code == 400
    assert "Kind of spot: This is missing. Say at least the kind of spot, the exact spot or the address." in words_of(
        empty
    )
    assert "Zones (" not in words_of(clerk.get(form.removesuffix("/zones/new")))
    assert (
        clerk.post(form, data={"town": "Weston", "hours_mode": "", "spot_note": "by the flagpole"}).status_code == 302
    )


def test_the_preview_is_the_page_as_it_will_be(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    draft = clerk.post(form, data={**ZONE, "name": "Town Hall Lobby"}).headers["Location"]
    preview = clerk.get(re.search(rf"{draft}/zones/\w+/preview", clerk.get(draft).text)[0])  # type: ignore[index]
    assert preview.status_code == 200
    seen = words_of(preview)
    assert "Town Hall Lobby" in seen and "56 Norfield Road" in seen and "It is not live." in seen
    assert 'class="map-drawn"' in preview.text and "picture.svg" not in preview.text  # no address has the picture yet


def test_an_accepted_clerk_sees_a_change_of_low_risk_live_at_once(site: Site) -> None:
    site.accepted_clerk()
    clerk = site.visitor()
    ours = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    typed = {"spot_note": "bays 1 and 2 by the flagpole", "hours_mode": "always"}
    draft = clerk.post(ours, data=typed).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "sergeant@darienct.gov"})
    done = site.confirm(clerk, "sergeant@darienct.gov")
    assert done.status_code == 200 and "It is live" in done.text
    page = words_of(site.visitor().get("/zones/ct-darien-parking-lot"))
    assert "Bays 1 and 2 by the flagpole" in page and "Confirmed by Darien Police Department" in page
    assert re.search(r"Confirmed \w{3} \d{4} by Darien Police Department", page)
    assert "Bays 1 and 2" in words_of(site.visitor().get("/search?q=Darien,+CT"))
    assert DARIEN.rpartition("/")[2] in clerk.get("/desk").text
    assert site.rows("SELECT at_once, looked_at FROM submission")[0] == (1, 0)


def test_a_dated_closure_begins_and_ends_by_itself(site: Site) -> None:
    site.accepted_clerk()
    clerk = site.visitor()
    first, last = day_in_connecticut() + timedelta(days=10), day_in_connecticut() + timedelta(days=20)
    form = {"action": "close", "note": "Repaving.", "status_from": first.isoformat(), "status_until": last.isoformat()}
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data=form).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "sergeant@darienct.gov"})
    site.confirm(clerk, "sergeant@darienct.gov")
    for days, closed in ((0, False), (15, True), (25, False)):
        set_ahead(days)
        assert ("Closed for now" in site.visitor().get("/zones/ct-darien-parking-lot").text) is closed


def test_closing_and_withdrawing_ask_for_a_reason_that_readers_see(site: Site) -> None:
    response = site.visitor().post("/zones/ct-darien-parking-lot/ours", data={"action": "withdraw"})
    assert response.status_code == 400 and "Say in a few words why" in errors(response)[0]
    long = {"action": "confirm", "note": "x" * 301}
    assert site.visitor().post("/zones/ct-darien-parking-lot/ours", data=long).status_code == 302, "a note of no action"
    response = site.visitor().post("/zones/ct-darien-parking-lot/ours", data={**long, "action": "withdraw"})
    assert response.status_code == 400 and "That is too long" in errors(response)[0]
    wrong = {"action": "close", "note": "x", "status_from": "2027-03-02", "status_until": "2027-03-01"}
    response = site.visitor().post("/zones/ct-darien-parking-lot/ours", data=wrong)
    assert response.status_code == 400 and "Comes before the first day" in errors(response)[0]


def test_an_address_cannot_be_flooded_with_mail(site: Site) -> None:
    clerk = site.visitor()
    form = clerk.post("/submit", data=WESTON).headers["Location"]
    draft = form.removesuffix("/zones/new")
    codes = [clerk.post(f"{draft}/mail-link").status_code for _ in range(15)]
    assert codes[:12] == [302] * 12 and set(codes[12:]) == {429}


def test_programs_fall_into_the_trap(site: Site) -> None:
    assert site.visitor().post("/submit", data={**WESTON, "website": "http://spam.example"}).status_code == 400
    assert site.rows("SELECT count(*) FROM submission")[0][0] == 0


def test_a_form_from_elsewhere_is_refused(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    assert site.visitor().post("/submit", data=WESTON).status_code == 400


def test_the_sender_may_take_it_back_or_open_it_again_before_the_proof(site: Site) -> None:
    clerk = site.visitor()
    draft = site.submit(clerk)
    link = site.link("clerk@westonct.gov", "/submit/confirm/")
    clerk.post(f"{draft}/step", data={"step": "edit"})
    assert site.state() == "draft"
    clerk.post(link)
    assert site.state() == "draft"  # what was mailed is not what stands there now
    clerk.post(f"{draft}/step", data={"step": "withdraw"})
    assert site.state() == "withdrawn"


def test_known_departments_are_offered_while_one_types(site: Site) -> None:
    found = site.visitor().get("/submit/departments?q=darien").json
    assert found == [{"name": "Darien Police Department", "region": "CT", "slug": DARIEN, "town": "Darien", "zones": 1}]


def test_mails_speak_the_senders_language(site: Site) -> None:
    clerk = site.visitor()
    clerk.get("/submit?lang=es")
    site.submit(clerk)
    mail = site.mails("clerk@westonct.gov")[0]
    assert mail["Content-Language"] == "es"
    assert "Confirmar" in body(mail)


def test_another_worker_shows_the_change_within_a_second(site: Site, build_app: Built) -> None:
    site.accepted_clerk()
    other = build_app(site.settings).test_client()
    assert "ays 8 and 9" not in other.get("/zones/ct-darien-parking-lot").text
    clerk = site.visitor()
    ours = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    draft = clerk.post(ours, data={"spot_note": "bays 8 and 9"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "sergeant@darienct.gov"})
    site.confirm(clerk, "sergeant@darienct.gov")
    time.sleep(1)  # who asks from now on waits for the change, however busy the machine is
    for path in ("/zones/ct-darien-parking-lot", "/search?q=Darien,+CT", "/towns/ct/darien"):
        assert "bays 8 and 9" in other.get(path).text.lower()
    assert "changed" in other.get("/towns/ct/darien/feed.atom").text


def test_forms_are_limited_by_the_hour(site: Site) -> None:
    limiter.enabled = True
    try:
        visitor = site.visitor()
        codes = [visitor.post("/sign-in", data={"email": "x"}).status_code for _ in range(32)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert codes[:30] == [400] * 30 and codes[30:] == [429, 429]


def test_a_link_to_a_draft_that_an_earlier_release_mailed_still_opens_it(site: Site) -> None:
    site.submit(site.visitor())
    signer = URLSafeSerializer(site.settings.signing_key, salt="draft", signer_kwargs={"digest_method": sha256})
    assert "Norfield Road" in site.visitor().get(f"/submit/{signer.dumps([site.number(), 1])}").text
    assert site.visitor().get(f"/submit/{signer.dumps([site.number() + 1, 1])}").status_code == 404
