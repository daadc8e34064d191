"""One person, one mailbox: other spellings of an address are neither another person nor another budget."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.db.transaction import transaction
from directory.usecases.links import make_link
from tests.support.site import DARIEN, Hall, words_of

CHIEF = "chief@darienct.gov"
NAME = "name@darienct.gov"
SPELLINGS = [f"name+{number}@darienct.gov" for number in range(15)]


@pytest.fixture
def chief(hall: Hall) -> FlaskClient:
    """The manager of Darien's police."""
    hall.domain("darienct.gov", "Darien")
    client = proven(hall, CHIEF)
    hall.accept(CHIEF)
    return client


def proven(hall: Hall, email: str) -> FlaskClient:
    """Somebody who sent something for Darien and confirmed it from the mail, wherever that went."""
    client = hall.visitor()
    draft = client.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": email})
    recipient = hall.rows("SELECT recipient FROM outbox_mail ORDER BY id DESC")[0][0]
    hall.confirm(client, recipient)
    return client


def people(hall: Hall) -> list[str]:
    return [row[0] for row in hall.rows("SELECT email FROM person ORDER BY id")]


def number_of(hall: Hall, email: str) -> int:
    return int(hall.rows("SELECT id FROM person WHERE email = :e", e=email)[0][0])


def remove(hall: Hall, chief: FlaskClient, email: str) -> None:
    chief.post(f"/desk/{DARIEN}/people/{number_of(hall, email)}/remove")


def test_15_plus_addresses_of_one_mailbox_are_one_person(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    for number, spelling in enumerate(SPELLINGS):
        clock.run_ahead(timedelta(hours=3 * number))  # one mailbox has one budget of mails, too
        assert proven(hall, spelling).get("/desk").status_code == 200
    assert people(hall) == [CHIEF, NAME]
    desk = hall.signed_in(NAME).get("/desk").text
    assert desk.count('<li><a href="/submit/') == 16, "what was sent under any spelling is theirs"


def test_15_plus_addresses_of_one_mailbox_have_one_budget(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    with hall.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox_mail")
    for number, spelling in enumerate(SPELLINGS):
        clock.run_ahead(timedelta(minutes=11 * number))
        hall.visitor().post("/sign-in", data={"email": spelling})
    mails = [row[0] for row in hall.rows("SELECT recipient FROM outbox_mail")]
    assert set(mails) == {NAME}, "mail goes to the address that was proven first"
    assert len(mails) <= 6


def test_who_was_removed_stays_removed_under_another_spelling(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    remove(hall, chief, NAME)
    for spelling in ("name+again@darienct.gov", "NAME@DarienCT.gov"):
        client = proven(hall, spelling)
        assert client.get(f"/desk/{DARIEN}").status_code == 403
        assert hall.state() == "waiting_for_review"
    assert people(hall) == [CHIEF, NAME]


@pytest.mark.parametrize(("removed", "answer"), [(False, "Thank you"), (True, "not good any more")])
def test_a_reminder_mailed_to_another_spelling_is_answered_by_its_person(
    hall: Hall, chief: FlaskClient, removed: bool, answer: str
) -> None:
    """Earlier releases had a person for each spelling; links to them are still in mailboxes."""
    proven(hall, NAME)
    hall.accept(NAME)
    with transaction(hall.engine) as session:
        subject = {"department": DARIEN, "zones": ["ct-darien-parking-lot"]}
        token = make_link(session, "still_right", "name+old@darienct.gov", subject)
    if removed:
        remove(hall, chief, NAME)
    page = hall.visitor().get(f"/still-right/{token}").text
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    data = {"shown": shown[0]} if shown else {}
    assert answer in words_of(hall.visitor().post(f"/still-right/{token}", data=data))


def test_a_colleague_added_in_another_spelling_is_the_same_person(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    hall.accept(NAME)
    page = chief.post(f"/desk/{DARIEN}/people", data={"email": "Name+new@darienct.gov", "role": "manager"})
    assert page.status_code == 400 and "has access already" in page.text
    assert people(hall) == [CHIEF, NAME]


def test_a_colleague_who_comes_back_is_written_to_at_the_address_first_proven(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    remove(hall, chief, NAME)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "name+new@darienct.gov", "role": "editor"})
    assert hall.mails("name+new@darienct.gov") == []
    assert "look after your department" in hall.mails(NAME)[-1]["Subject"]


def test_nobody_signs_in_as_another_by_reading_a_longer_address(hall: Hall, chief: FlaskClient) -> None:
    """At some providers name+x@ is another mailbox: then its reader is not who proved name@ first."""
    proven(hall, NAME)
    client = hall.visitor()
    draft = client.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": "name+x@darienct.gov"})
    client.post(f"{draft}/mail-link", data={"email": "name+x@darienct.gov"})
    assert all("/submit/confirm/" not in mail.as_string() for mail in hall.mails("name+x@darienct.gov"))
    hall.confirm(client, NAME)
    before = len(hall.mails("name+x@darienct.gov"))
    hall.decide(hall.staff(), "decline")
    assert len(hall.mails("name+x@darienct.gov")) == before, "nor is anything of theirs mailed there later"


def test_a_link_mailed_before_somebody_else_proved_the_mailbox_signs_nobody_in(hall: Hall) -> None:
    thief = hall.visitor()
    hall.submit(thief, email="clerk+x@westonct.gov")
    hall.signed_in_as_clerk("clerk@westonct.gov")
    assert hall.confirm(thief, "clerk+x@westonct.gov").status_code == 410
    assert thief.get("/desk").status_code == 302


def test_an_administrator_does_not_change_their_own_role_by_a_plus_address(hall: Hall) -> None:
    administrator = hall.staff("admin@example.org", "administrator")
    page = administrator.post("/review/people", data={"email": "Admin+x@example.org", "role": ""})
    assert page.status_code == 400
    assert administrator.get("/review/people").status_code == 200


def test_a_draft_is_opened_again_by_who_proved_it_in_another_spelling(hall: Hall, chief: FlaskClient) -> None:
    proven(hall, NAME)
    client = hall.visitor()
    draft = hall.submit(client, email="name+weston@darienct.gov")
    hall.confirm(client, NAME)
    assert hall.signed_in(NAME).get(draft).status_code == 200
    assert hall.visitor().get(draft).status_code == 403
