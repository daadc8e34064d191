"""“This was an impostor”: one act ends the person, and all they wrote is as it was before; barred stays barred."""

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from directory.db.tables.accounts import Staff
from directory.submissions import drafts
from tests.support.site import Site, errors, words_of

DOMAIN = "newcanaan-police.org"
EMAIL = f"lieutenant@{DOMAIN}"
POLICE = "ct/new-canaan-police-department"
NEW_ZONE = {"setting": "parking_lot", "street_address": "77 Main Street", "town": "New Canaan", "postal_code": "06840",
            "latitude": "41.1469", "longitude": "-73.4950"}  # fmt: skip
DEPARTMENT = {"department": "New Canaan Police Department", "region": "CT", "town": "New Canaan", "email": EMAIL}
MANAGE = "/towns/ct/new-canaan/manage"
PROFILE = {"web_page": "", "email": "real@newcanaanct.gov", "phone": "203-594-3500", "logo_alt": "",
           "embed_sites": "https://newcanaan.info"}  # fmt: skip


@dataclass
class Case:
    """An impostor who got in, and the directory as it stood before."""

    site: Site
    moderator: FlaskClient
    impostor: FlaskClient
    before: dict[str, list[Any]]

    @property
    def number(self) -> int:
        return int(self.site.rows("SELECT id FROM person WHERE email = :email", email=EMAIL)[0][0])

    def end(self, **form: str) -> int:
        """Press the button of the page as it stands; gives the status."""
        page = f"/review/people/{self.number}/impostor"
        seen = self.moderator.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
        form = {"bar": "mailbox", "reason": "The chief does not know him.", "seen": seen} | form
        return self.moderator.post(page, data=form).status_code


def directory(site: Site) -> dict[str, list[Any]]:
    """What the directory says of New Canaan: zones that are not withdrawn, department, town, kit."""
    zones = [
        row[:-1]
        for row in site.rows(
            "SELECT zone_id, phone, spot_note, latitude, longitude, confirmed_on, confirmed_by, status, status_note "
            ", zone.state FROM zone JOIN town ON town.id = town_id WHERE slug = 'ct/new-canaan' "
            "AND status <> 'withdrawn' ORDER BY zone_id"
        )
    ]
    return {
        "zones": zones,
        "department": site.rows("SELECT phone, web_page FROM department WHERE slug = :slug", slug=POLICE),
        "town": site.rows("SELECT other_names FROM town WHERE slug = 'ct/new-canaan'"),
        "kit": site.rows("SELECT web_page, email, phone, logo, logo_alt, embed_sites FROM town_kit"),
    }


def settle(site: Site, moderator: FlaskClient) -> None:
    """Whatever waits is approved: the moderators believed it."""
    if site.state() == "waiting_for_review":
        site.decide(moderator, "approve")
    assert site.state() == "approved"


def corrected(site: Site, clerk: FlaskClient, moderator: FlaskClient, zone: str, action: str, **typed: str) -> None:
    """One change of a zone, up to the directory."""
    form = {"action": action, "note": "We say so."}
    path = clerk.post(f"/zones/{zone}/ours", data=form).headers["Location"]
    if typed:
        path = clerk.post(path, data=typed).headers["Location"]
    clerk.post(f"{path}/send", data={"email": EMAIL})
    if site.state() == "waiting_for_email":
        site.confirm(clerk, EMAIL)
    settle(site, moderator)


@pytest.fixture
def case(site: Site) -> Case:
    """A swindler with a look-alike domain, whom a moderator believed, did all that a department can do."""
    moderator = site.staff()
    moderator.post(MANAGE, data=PROFILE)
    before = directory(site)
    clerk = site.visitor()
    path = clerk.post("/zones/ct-new-canaan-lobby/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{path}/send", data={"email": EMAIL})
    site.confirm(clerk, EMAIL)
    version = site.rows("SELECT version FROM submission")[0][0]
    moderator.post(f"/review/{site.number()}/domain", data={"evidence": "a page that looked real", "version": version})
    settle(site, moderator)
    site.accept(EMAIL)
    corrected(
        site, clerk, moderator, "ct-new-canaan-lobby", "correct", phone="203-555-0666", spot_note="behind the bins"
    )
    corrected(site, clerk, moderator, "ct-new-canaan-lobby", "correct", spot_note="behind the other bins")
    corrected(site, clerk, moderator, "ct-new-canaan-parking-lot", "withdraw")
    site.submit(clerk, NEW_ZONE, **DEPARTMENT, phone="203-555-0667", web_page=f"https://{DOMAIN}/")
    settle(site, moderator)
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 0, 0)).save(picture, "PNG")
    picture.seek(0)
    profile = {**PROFILE, "phone": "203-555-0668", "embed_sites": "https://evil.example", "logo_alt": "A badge"}
    clerk.post(MANAGE, data={**profile, "logo_file": (picture, "badge.png")})
    moderator.post("/review/town-pages/1/decide", data={"step": "approve", "reason": "Looks right."})
    clerk.post(MANAGE, data={**profile, "email": "swindler@example.org"})
    after = directory(site)
    assert all(after[name] != before[name] for name in ("zones", "department", "kit")), "all of it was live"
    assert len(after["zones"]) == len(before["zones"]), "one zone added, one withdrawn"
    return Case(site, moderator, clerk, before)


def test_a_program_says_again_what_it_said_before_an_impostor_changed_it(case: Case) -> None:
    desk, program = f"/desk/{POLICE}/programs", "ct-new-canaan-police-department"
    sites = ["ct-new-canaan-lobby", "ct-new-canaan-parking-lot"]
    form = {"name": "Trade Spots", "footage_days": "30", "seen": "", "site": sites}
    assert case.moderator.post(f"{desk}/new", data=form).status_code == 302
    before = case.site.rows("SELECT facts FROM program WHERE program_id = :p", p=program)
    seen = case.moderator.get(f"{desk}/{program}").text.partition('name="seen"')[2].split('"')[3]
    form |= {"footage_days": "1", "rules": "pay before you see it", "seen": seen}
    assert case.impostor.post(f"{desk}/{program}", data=form).status_code == 302
    page = words_of(case.moderator.get(f"/review/people/{case.number}/impostor"))
    assert "Program of many sites Trade Spots, New Canaan Police Department" in page
    assert case.end() == 302
    assert case.site.rows("SELECT facts FROM program WHERE program_id = :p", p=program) == before
    assert "pay before" not in words_of(case.site.visitor().get("/zones/ct-new-canaan-lobby"))


def test_all_that_an_impostor_wrote_is_as_it_was_before(case: Case) -> None:
    assert case.end() == 302
    assert directory(case.site) == case.before
    last = "SELECT after FROM change WHERE action = 'was an impostor'"
    done = json.loads(case.site.rows(last)[0][0])
    assert done["to look at"] == [] and len(done["withdrawn"]) == 1
    assert {"ct-new-canaan-lobby", "ct-new-canaan-parking-lot", POLICE, "ct/new-canaan"} <= set(done["restored"])
    page = words_of(case.site.visitor().get("/towns/ct/new-canaan"))
    assert "203-555-066" not in page and "bins" not in page
    policy = case.site.visitor().get("/embed/ct/new-canaan").headers["Content-Security-Policy"]
    assert "evil.example" not in policy


def test_a_visit_after_an_impostors_changes_keeps_none_of_them(case: Case) -> None:
    case.site.visitor().post("/zones/ct-new-canaan-lobby/visit", data={"answer": "still_there"})
    assert case.end() == 302
    assert directory(case.site) == case.before


def test_the_session_is_dead_and_every_right_and_link_with_it(case: Case) -> None:
    site = case.site
    site.visitor().post("/sign-in", data={"email": EMAIL})
    link = site.link(EMAIL, "/sign-in/")
    assert case.impostor.get("/desk").status_code == 200
    assert case.end() == 302
    assert case.impostor.get("/desk").status_code == 302
    assert site.visitor().post(link).status_code == 410
    assert site.rows("SELECT role FROM membership WHERE person_id = :n", n=case.number) == [("removed",)]
    assert site.rows("SELECT count(*) FROM proof WHERE person_id = :n", n=case.number) == [(0,)]
    assert site.rows("SELECT status FROM town_kit_change ORDER BY id") == [("approved",), ("declined",)]


def test_what_waits_is_declined_and_no_mail_goes_out_any_more(case: Case) -> None:
    site = case.site
    site.submit(case.impostor, {**NEW_ZONE, "town": "Weston"}, **{**DEPARTMENT, "department": "Another Police"})
    assert site.state() == "waiting_for_review"
    assert case.end() == 302
    assert site.state() == "declined"
    assert site.rows("SELECT count(*) FROM outbox_mail WHERE recipient = :e AND next_at IS NOT NULL", e=EMAIL) == [(0,)]


@pytest.mark.parametrize("email", [EMAIL, f"Lieutenant+2@{DOMAIN}"])
def test_a_barred_mailbox_gets_no_mail_and_no_way_in_under_any_of_its_addresses(case: Case, email: str) -> None:
    site = case.site
    assert case.end() == 302
    count = "SELECT count(*) FROM outbox_mail"
    before = site.rows(count)
    again = site.visitor()
    barred, unknown = (again.post("/sign-in", data={"email": who}) for who in (email, "nobody@example.org"))
    assert words_of(barred).replace(email.lower(), "nobody@example.org") == words_of(unknown)
    draft = site.submit(again, None, **{**DEPARTMENT, "email": email})
    assert site.state() == "waiting_for_email", "the same as for any address"
    again.post(f"{draft}/mail-link", data={"email": email})
    assert site.rows(count) == before, "and no mail"


def test_a_draft_that_was_proven_before_does_not_go_out_after(case: Case) -> None:
    site = case.site
    path = case.impostor.post("/zones/ct-new-canaan-lobby/ours", data={"action": "correct"}).headers["Location"]
    path = case.impostor.post(path, data={"phone": "203-555-0669"}).headers["Location"]
    number = site.number()
    values = {"n": number, "p": case.number}
    with site.engine.begin() as connection:
        proven = "UPDATE submission SET person_id = :p, email_proven_at = created_at WHERE id = :n"
        connection.execute(text(proven), values)
    assert case.end() == 302
    key = f"/submit/{drafts.key_of(site.context, number, owner=True)}"
    site.visitor().post(f"{key}/step", data={"step": "edit"})
    site.visitor().post(f"{key}/send", data={"email": EMAIL})
    assert site.state(number) not in ("approved", "waiting_for_review")


@pytest.mark.parametrize("email", [f"other@{DOMAIN}", f"chief@mail.{DOMAIN}"])
def test_a_barred_domain_bars_its_other_addresses_and_those_below_it_too(case: Case, email: str) -> None:
    site = case.site
    assert case.end(bar="domain", confirmations="1") == 302
    assert site.rows("SELECT value, kind FROM barred_sender") == [(DOMAIN, "domain")]
    assert site.rows("SELECT count(*) FROM confirmed_domain") == [(0,)]
    visitor = site.visitor()
    before = site.rows("SELECT count(*) FROM outbox_mail")
    site.submit(visitor, None, **{**DEPARTMENT, "email": email})
    assert site.rows("SELECT count(*) FROM outbox_mail") == before
    chief = site.chief_of_darien()
    added = chief.post("/desk/ct/darien-police-department/people", data={"email": email, "role": "manager"})
    assert added.status_code == 400 and "cannot be given access" in words_of(added)
    assert site.rows("SELECT count(*) FROM person WHERE email = :email", email=email) == [(0,)]


def test_a_domain_that_others_use_is_barred_only_after_they_were_seen(case: Case) -> None:
    site = case.site
    other = f"records@{DOMAIN}"
    case.impostor.post(f"/desk/{POLICE}/people", data={"email": other, "role": "editor"})
    colleague = site.signed_in(other)
    page = words_of(case.moderator.get(f"/review/people/{case.number}/impostor"))
    assert f"1 other person has an address at {DOMAIN}" in page and other in page
    assert case.end(bar="domain") == 400
    assert colleague.get("/desk").status_code == 200 and site.rows("SELECT count(*) FROM barred_sender") == [(0,)]
    assert case.end(bar="domain", others="1") == 302
    assert colleague.get("/desk").status_code == 302


def test_a_public_provider_is_never_barred_as_a_whole(site: Site) -> None:
    moderator = site.staff()
    for value in ("gmail.com", "@GMAIL.com", "proton.me"):
        form = {"value": value, "reason": "Spam."}
        assert moderator.post("/review/barred", data=form).status_code == 400
    for value in ("example.org", "moderator+x@example.org", "org", "localhost", ""):
        form = {"value": value, "reason": "Spam."}
        assert moderator.post("/review/barred", data=form).status_code == 400, "staff, or no domain"
    assert site.rows("SELECT count(*) FROM barred_sender") == [(0,)]
    assert moderator.get("/review").status_code == 200


def test_what_others_changed_since_is_listed_and_not_overwritten(case: Case) -> None:
    site = case.site
    corrected_by_staff = case.moderator.post("/zones/ct-new-canaan-lobby/ours", data={"action": "correct"})
    path = case.moderator.post(corrected_by_staff.headers["Location"], data={"phone": "203-594-3599"}).headers[
        "Location"
    ]
    case.moderator.post(f"{path}/send")
    settle(site, case.moderator)
    preview = case.moderator.get(f"/review/people/{case.number}/impostor")
    assert "Changed by others since: for you to look at (1)" in words_of(preview)
    assert "/zones/ct-new-canaan-lobby/versions" in preview.text
    assert case.end() == 302
    phone = site.rows("SELECT phone, spot_note FROM zone WHERE zone_id = 'ct-new-canaan-lobby'")
    assert phone == [("203-594-3599", "behind the other bins")]
    rest = directory(site)
    assert rest["kit"] == case.before["kit"] and rest["department"] == case.before["department"]


def test_the_page_shows_all_first_and_the_button_does_not_do_more_than_was_shown(case: Case) -> None:
    page = words_of(case.moderator.get(f"/review/people/{case.number}/impostor"))
    for words in ("Goes back to what stood there before (4)", "Added by this person, and withdrawn (1)",
                  "1 department is lost", "1 waiting change of a town’s page is declined"):  # fmt: skip
        assert words in page, words
    written = words_of(case.moderator.get(f"/review/people/{case.number}"))
    assert "What was done" in written and "edit_again" not in written and "kit change" not in written
    before = directory(case.site)
    assert case.end(reason="  ") == 400
    assert case.end(seen="1") == 409
    assert directory(case.site) == before
    assert case.impostor.get("/desk").status_code == 200


def test_nobody_of_staff_is_ended_as_an_impostor(site: Site) -> None:
    administrator = site.staff("admin@example.org", Staff.ADMINISTRATOR)
    moderator = site.staff()
    number = site.rows("SELECT id FROM person WHERE email = 'admin@example.org'")[0][0]
    page = f"/review/people/{number}/impostor"
    seen = moderator.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    form = {"reason": "A coup.", "bar": "mailbox", "seen": seen}
    assert moderator.post(page, data=form).status_code == 409
    assert administrator.get("/review").status_code == 200


def test_unbarring_lets_an_address_in_again_and_stands_in_the_log(case: Case) -> None:
    site = case.site
    assert case.end() == 302
    assert EMAIL in words_of(case.moderator.get("/review/barred"))
    form = {"value": EMAIL, "reason": ""}
    assert case.moderator.post("/review/barred/remove", data=form).status_code == 400
    form["reason"] = "It was the lieutenant after all."
    assert case.moderator.post("/review/barred/remove", data=form).status_code == 302
    assert case.moderator.post("/review/barred/remove", data=form).status_code == 409
    again = site.signed_in_by_mail(EMAIL)
    assert again.get("/desk").status_code == 200
    assert again.get(f"/desk/{POLICE}").status_code == 403, "rights are not given back"
    done = [row[0] for row in site.rows("SELECT action FROM change WHERE subject = :e ORDER BY id", e=EMAIL)]
    assert done[-3:] == ["was an impostor", "no longer barred", "signed in"]


def test_a_moderator_bars_by_hand_and_sees_first_who_is_hit(site: Site) -> None:
    clerk = site.signed_in_as_clerk()
    moderator = site.staff()
    form = {"value": "Clerk+x@WestonCT.gov", "reason": "Sends nonsense."}
    shown = moderator.post("/review/barred", data=form)
    assert shown.status_code == 400 and "clerk@westonct.gov" in words_of(shown)
    assert clerk.get("/desk").status_code == 200
    form["shown"] = "clerk@westonct.gov"
    assert moderator.post("/review/barred", data=form).status_code == 302
    assert clerk.get("/desk").status_code == 302
    assert site.state() == "declined"
    assert "Sends nonsense." in words_of(moderator.get("/review/barred"))


def test_what_was_chosen_about_an_impostor_stays_when_something_is_missing(case: Case) -> None:
    form = {"bar": "domain", "confirmations": "1"}
    for reason, problem in (("", "is missing. It stands in the log."), ("x" * 2_001, "That is too long")):
        page = case.moderator.post(f"/review/people/{case.number}/impostor", data={**form, "reason": reason})
        assert page.status_code == 400 and problem in errors(page)[0] and reason in page.text
        assert re.search(r'<input checked[^>]*name="bar"[^>]*value="domain"', page.text)
        assert re.search(r'<input checked[^>]*name="confirmations"', page.text)
