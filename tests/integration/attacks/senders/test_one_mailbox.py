"""One person, one mailbox: other spellings of an address are neither another person nor another budget."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.db.tables.accounts import LinkPurpose, Staff
from directory.db.transaction import transaction
from directory.mail.links import make_link
from tests.support.site import DARIEN, Site, words_of

CHIEF = "chief@darienct.gov"
NAME = "name@darienct.gov"
SPELLINGS = [f"name+{number}@darienct.gov" for number in range(15)]


@pytest.fixture
def chief(site: Site) -> FlaskClient:
    """The manager of Darien's police."""
    site.domain("darienct.gov", "Darien")
    client = proven(site, CHIEF)
    site.accept(CHIEF)
    return client


def proven(site: Site, email: str) -> FlaskClient:
    """Somebody who sent something for Darien and confirmed it from the mail, wherever that went."""
    client = site.visitor()
    draft = client.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": email})
    recipient = site.rows("SELECT recipient FROM outbox_mail ORDER BY id DESC")[0][0]
    site.confirm(client, recipient)
    return client


def people(site: Site) -> list[str]:
    return [row[0] for row in site.rows("SELECT email FROM person ORDER BY id")]


def number_of(site: Site, email: str) -> int:
    return int(site.rows("SELECT id FROM person WHERE email = :e", e=email)[0][0])


def remove(site: Site, chief: FlaskClient, email: str) -> None:
    chief.post(f"/desk/{DARIEN}/people/{number_of(site, email)}/remove")


def test_15_plus_addresses_of_one_mailbox_are_one_person(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    for number, spelling in enumerate(SPELLINGS):
        clock.run_ahead(timedelta(hours=3 * number))  # one mailbox has one budget of mails, too
        assert proven(site, spelling).get("/desk").status_code == 200
    assert people(site) == [CHIEF, NAME]
    desk = site.signed_in(NAME).get("/desk").text
    assert desk.count('<li><a href="/submit/') == 16, "what was sent under any spelling is theirs"


def test_15_plus_addresses_of_one_mailbox_have_one_budget(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    with site.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox_mail")
    for number, spelling in enumerate(SPELLINGS):
        clock.run_ahead(timedelta(minutes=11 * number))
        site.visitor().post("/sign-in", data={"email": spelling})
    mails = [row[0] for row in site.rows("SELECT recipient FROM outbox_mail")]
    assert set(mails) == {NAME}, "mail goes to the address that was proven first"
    assert len(mails) <= 6


def test_who_was_removed_stays_removed_under_another_spelling(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    remove(site, chief, NAME)
    for spelling in ("name+again@darienct.gov", "NAME@DarienCT.gov"):
        client = proven(site, spelling)
        assert client.get(f"/desk/{DARIEN}").status_code == 403
        assert site.state() == "waiting_for_review"
    assert people(site) == [CHIEF, NAME]


@pytest.mark.parametrize(("removed", "answer"), [(False, "Thank you"), (True, "not good any more")])
def test_a_reminder_mailed_to_another_spelling_is_answered_by_its_person(
    site: Site, chief: FlaskClient, removed: bool, answer: str
) -> None:
    """Earlier releases had a person for each spelling; links to them are still in mailboxes."""
    proven(site, NAME)
    site.accept(NAME)
    with transaction(site.engine) as session:
        subject = {"department": DARIEN, "zones": ["ct-darien-parking-lot"]}
        token = make_link(session, LinkPurpose.STILL_RIGHT, "name+old@darienct.gov", subject)
    if removed:
        remove(site, chief, NAME)
    page = site.visitor().get(f"/still-right/{token}").text
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    data = {"shown": shown[0]} if shown else {}
    assert answer in words_of(site.visitor().post(f"/still-right/{token}", data=data))


def test_a_colleague_added_in_another_spelling_is_the_same_person(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    site.accept(NAME)
    page = chief.post(f"/desk/{DARIEN}/people", data={"email": "Name+new@darienct.gov", "role": "manager"})
    assert page.status_code == 400 and "has access already" in page.text
    assert people(site) == [CHIEF, NAME]


def test_a_colleague_who_comes_back_is_written_to_at_the_address_first_proven(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    remove(site, chief, NAME)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "name+new@darienct.gov", "role": "editor"})
    assert site.mails("name+new@darienct.gov") == []
    assert "look after your department" in site.mails(NAME)[-1]["Subject"]


def test_nobody_signs_in_as_another_by_reading_a_longer_address(site: Site, chief: FlaskClient) -> None:
    """At some providers name+x@ is another mailbox: then its reader is not who proved name@ first."""
    proven(site, NAME)
    client = site.visitor()
    draft = client.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": "name+x@darienct.gov"})
    client.post(f"{draft}/mail-link", data={"email": "name+x@darienct.gov"})
    assert all("/submit/confirm/" not in mail.as_string() for mail in site.mails("name+x@darienct.gov"))
    site.confirm(client, NAME)
    before = len(site.mails("name+x@darienct.gov"))
    site.decide(site.staff(), "decline")
    assert len(site.mails("name+x@darienct.gov")) == before, "nor is anything of theirs mailed there later"


def test_a_link_mailed_before_somebody_else_proved_the_mailbox_signs_nobody_in(site: Site) -> None:
    thief = site.visitor()
    site.submit(thief, email="clerk+x@westonct.gov")
    site.signed_in_as_clerk("clerk@westonct.gov")
    assert site.confirm(thief, "clerk+x@westonct.gov").status_code == 410
    assert thief.get("/desk").status_code == 302


def test_an_administrator_does_not_change_their_own_role_by_a_plus_address(site: Site) -> None:
    administrator = site.staff("admin@example.org", Staff.ADMINISTRATOR)
    page = administrator.post("/review/people", data={"email": "Admin+x@example.org", "role": ""})
    assert page.status_code == 400
    assert administrator.get("/review/people").status_code == 200


def test_a_draft_is_opened_again_by_who_proved_it_in_another_spelling(site: Site, chief: FlaskClient) -> None:
    proven(site, NAME)
    client = site.visitor()
    draft = site.submit(client, email="name+weston@darienct.gov")
    site.confirm(client, NAME)
    assert site.signed_in(NAME).get(draft).status_code == 200
    assert site.visitor().get(draft).status_code == 403
