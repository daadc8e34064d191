"""A town's profile: who changes it, and what waits for whom."""

import io
import re

import pytest
from flask.testing import FlaskClient

from tests.integration.web.towns.conftest import FILLED, MANAGE, approve
from tests.support.pictures import picture
from tests.support.site import DARIEN, Site, body, html_of, words_of


def deputy(site: Site, manager: FlaskClient, email: str = "deputy@darienct.gov") -> FlaskClient:
    """Another manager, whom the first one let in."""
    manager.post(f"/desk/{DARIEN}/people", data={"email": email, "role": "manager"})
    site.accept(email)
    return site.signed_in(email)


def status_of_changes(site: Site) -> list[str]:
    return [row[0] for row in site.rows("SELECT status FROM town_kit_change ORDER BY id")]


def test_the_logo_stands_on_the_page_at_once_and_the_rest_when_a_moderator_approved(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    response = manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    assert response.status_code == 302, words_of(response)
    page = html_of(site.visitor().get("/towns/ct/darien"))
    assert 'alt="Seal of Darien"' in page and "mailto:police@darienct.gov" not in page
    logo = re.search(r'src="(/photos/[0-9a-f]{64}\.jpg)" alt="Seal', page)
    assert logo is not None and site.visitor().get(logo[1]).status_code == 200
    shown = words_of(manager.get(MANAGE))
    assert "chief@darienct.gov sent it on" in shown and "203-662-5300" in shown and "Take it back" in shown
    assert "Towns’ pages 1" in words_of(moderator.get("/review"))
    case = words_of(moderator.get("/review/town-pages/1"))
    assert "Not stated police@darienct.gov" in case and "Darien Police Department" in case
    assert approve(site, moderator, reason="").status_code == 400
    assert approve(site, moderator).status_code == 302
    page = site.visitor().get("/towns/ct/darien").text
    assert "mailto:police@darienct.gov" in page
    assert 'href="tel:203-662-5300"' in page and 'href="https://www.darienct.gov/police"' in page
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.darienct.gov https://*.darien.example http://localhost:8080" in policy
    again = manager.get(MANAGE).text
    assert "https://*.darien.example" in again and 'value="203-662-5300"' in again and "This waits" not in again
    mail = site.mails("chief@darienct.gov")[-1]
    assert "Approved" in str(mail["Subject"]) and "“Called them.”" in body(mail)
    assert approve(site, moderator).status_code == 409, "nobody decides twice"


def test_the_kit_is_in_the_log_with_what_stood_there_before(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator)
    manager.post(MANAGE, data={**FILLED, "phone": "203-662-5301"})
    approve(site, moderator)
    rows = site.rows(
        "SELECT actor, before, after FROM change WHERE kind = 'town' AND action = 'kit changed' ORDER BY id"
    )
    assert [row[0] for row in rows][1:] == ["chief@darienct.gov, approved by moderator@example.org"] * 2
    assert "203-662-5300" in rows[2][1] and "203-662-5301" in rows[2][2]


def test_another_manager_is_told_by_mail_and_approves_on_the_page(site: Site, manager: FlaskClient) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    mail = site.mails("deputy@darienct.gov")[-1]
    assert "waits" in str(mail["Subject"]) and "203-662-5300" in body(mail) and MANAGE in body(mail)
    form = {"change": 1, "step": "approve", "reason": "He asked me first."}
    assert second.post(f"{MANAGE}/decide", data={**form, "reason": " "}).status_code == 400
    assert second.post(f"{MANAGE}/decide", data=form).status_code == 302
    assert "mailto:police@darienct.gov" in site.visitor().get("/towns/ct/darien").text
    assert second.post(f"{MANAGE}/decide", data=form).status_code == 409


def test_an_address_that_the_senders_mailbox_let_in_does_not_approve_for_it(site: Site, manager: FlaskClient) -> None:
    friend = deputy(site, manager, "friend@example.org")
    assert friend.get(MANAGE).status_code == 200
    manager.post(MANAGE, data=FILLED)
    form = {"change": 1, "step": "approve", "reason": "Sure."}
    refused = friend.post(f"{MANAGE}/decide", data=form)
    assert refused.status_code == 403 and "Somebody else has to decide" in words_of(refused)
    assert status_of_changes(site) == ["waiting"]


def test_a_declined_change_tells_the_sender_why_and_changes_nothing(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator, "decline", "That is not the published number.")
    mail = site.mails("chief@darienct.gov")[-1]
    assert "Declined" in str(mail["Subject"]) and "“That is not the published number.”" in body(mail)
    assert "www.darienct.gov/police" not in site.visitor().get("/towns/ct/darien").text
    assert status_of_changes(site) == ["declined"]


def test_the_sender_takes_a_change_back_and_nobody_else_does(site: Site, manager: FlaskClient) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    assert second.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 409
    assert status_of_changes(site) == ["waiting"]
    assert manager.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 302
    assert status_of_changes(site) == ["withdrawn"] and "This waits" not in words_of(manager.get(MANAGE))
    assert manager.post(f"{MANAGE}/take-back", data={"change": 1}).status_code == 409


def test_what_waits_is_replaced_on_purpose_only_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    second = deputy(site, manager)
    manager.post(MANAGE, data=FILLED)
    other = {**FILLED, "phone": "203-555-0142"}
    refused = second.post(MANAGE, data={**other, "logo_file": (picture(), "seal.png")})
    assert refused.status_code == 409 and "Another change waits already" in words_of(refused)
    assert 'value="203-555-0142"' in refused.text and 'name="logo_kept"' in refused.text
    assert status_of_changes(site) == ["waiting"]
    assert site.rows("SELECT logo FROM town_kit") in ([], [("",)])
    assert second.post(MANAGE, data={**other, "replace": "1"}).status_code == 302
    assert status_of_changes(site) == ["withdrawn", "waiting"]
    assert any("replaced" in str(mail["Subject"]) for mail in site.mails("chief@darienct.gov"))
    approve(site, moderator)
    assert "203-555-0142" in site.visitor().get("/towns/ct/darien").text


def test_low_risks_go_on_while_a_change_waits(site: Site, manager: FlaskClient) -> None:
    manager.post(MANAGE, data=FILLED)
    stands = {"logo_alt": "Seal of Darien", "logo_file": (picture(), "seal.png")}
    assert manager.post(MANAGE, data=stands).status_code == 302
    assert 'alt="Seal of Darien"' in site.visitor().get("/towns/ct/darien").text
    assert status_of_changes(site) == ["waiting"]


def test_a_removed_site_is_out_at_once_and_stays_out_when_an_older_change_is_approved(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    manager.post(MANAGE, data=FILLED)
    approve(site, moderator)
    more = FILLED["embed_sites"] + "\nhttps://news.example"
    manager.post(MANAGE, data={**FILLED, "embed_sites": more})
    assert manager.post(MANAGE, data={**FILLED, "embed_sites": "www.darienct.gov"}).status_code == 302
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.darienct.gov")
    approve(site, moderator)
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.darienct.gov https://news.example")


def test_a_kit_that_stands_already_stays(site: Site, manager: FlaskClient, moderator: FlaskClient) -> None:
    moderator.post(MANAGE, data=FILLED)
    assert status_of_changes(site) == [], "a moderator need not wait"
    manager.post(MANAGE, data=FILLED)
    assert status_of_changes(site) == []
    assert "mailto:police@darienct.gov" in site.visitor().get("/towns/ct/darien").text


def test_a_moderator_notes_and_removes_that_a_department_polices_a_further_town(
    site: Site, manager: FlaskClient, moderator: FlaskClient
) -> None:
    page = f"/review/departments/{DARIEN}"
    assert "chief@darienct.gov" in words_of(moderator.get(page))
    for form in ({"town": "Wilton"}, {"town": "", "evidence": "x"}, {"town": "Nowhere At All", "evidence": "x"}):
        assert moderator.post(f"{page}/towns", data=form).status_code == 400
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    noted = {"town": "Wilton", "evidence": "wiltonct.gov/police, contract of 2024"}
    assert moderator.post(f"{page}/towns", data=noted).status_code == 302
    assert manager.get("/towns/ct/wilton/manage").status_code == 200
    assert "contract of 2024" in words_of(moderator.get(page))
    assert moderator.post(f"{page}/towns/remove", data={"town": "ct/wilton"}).status_code == 302
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    assert moderator.post(f"{page}/towns/remove", data={"town": "ct/wilton"}).status_code == 409
    done = [row[0] for row in site.rows("SELECT action FROM change WHERE kind = 'department' ORDER BY id")]
    assert done[-2:] == ["town noted", "town removed"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("embed_sites", "https://ok.example\njavascript:alert(1)", "“javascript:alert(1)” is no address of a site"),
        ("embed_sites", "https://a.example; script-src *", "is no address of a site"),
        ("embed_sites", "https://[bad", "“https://[bad” is no address of a site"),
        ("embed_sites", "https://a.example:99999", "is no address of a site"),
        ("embed_sites", "\n".join(f"https://s{n}.example" for n in range(21)), "more than 20 sites"),
        ("email", "nobody", "Is no e-mail address"),
        ("web_page", "javascript:alert(1)", "Web page"),
        ("phone", "12", "Telephone"),
        ("web_page", "https://www.darienct.gov/" + "x" * 400, "That is too long"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, field: str, value: str, message: str
) -> None:
    response = manager.post(MANAGE, data={**FILLED, field: value})
    assert response.status_code == 400
    assert message in words_of(response)
    assert "police@darienct.gov" in response.text or field == "email"
    assert site.rows("SELECT count(*) FROM town_kit")[0][0] == 0
    assert site.rows("SELECT count(*) FROM town_kit_change")[0][0] == 0


def test_a_logo_needs_words_and_can_be_taken_away(site: Site, manager: FlaskClient) -> None:
    site.staff().post(MANAGE, data=FILLED)
    refused = manager.post(MANAGE, data={**FILLED, "logo_alt": "", "logo_file": (picture(), "seal.png")})
    assert refused.status_code == 400 and "no words for people who cannot see it" in words_of(refused)
    kept = re.search(r'name="logo_kept" type="hidden" value="([^"]+)"', refused.text)
    assert kept is not None
    assert manager.post(MANAGE, data={**FILLED, "logo_kept": kept[1]}).status_code == 302
    assert "Seal of Darien" in site.visitor().get("/towns/ct/darien").text
    manager.post(MANAGE, data={**FILLED, "logo_remove": "1"})
    forged = manager.post(MANAGE, data={**FILLED, "logo_kept": "f" * 64})
    assert forged.status_code == 302 and "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text
    unreadable = manager.post(MANAGE, data={**FILLED, "logo_file": (io.BytesIO(b"no picture"), "seal.png")})
    assert unreadable.status_code == 400
    assert manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")}).status_code == 302
    assert manager.post(MANAGE, data={**FILLED, "logo_remove": "1"}).status_code == 302
    assert "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text


def test_taking_the_logo_away_survives_an_error_elsewhere(site: Site, manager: FlaskClient) -> None:
    site.staff().post(MANAGE, data=FILLED)
    manager.post(MANAGE, data={**FILLED, "logo_file": (picture(), "seal.png")})
    refused = manager.post(MANAGE, data={**FILLED, "logo_remove": "1", "email": "nobody", "logo_kept": "junk"})
    assert refused.status_code == 400 and "Your picture is kept" not in words_of(refused)
    assert 'checked id="logo_remove"' in refused.text
    assert manager.post(MANAGE, data={**FILLED, "logo_remove": "1"}).status_code == 302
    assert "Seal of Darien" not in site.visitor().get("/towns/ct/darien").text


def test_managers_of_other_towns_stay_outside(manager: FlaskClient) -> None:
    assert manager.get("/towns/ct/wilton/manage").status_code == 403
    assert manager.post("/towns/ct/wilton/manage", data=FILLED).status_code == 403
    assert manager.get("/towns/ct/nowhere/manage").status_code == 403
