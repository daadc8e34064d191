"""Who decides on a colleague's change that waits: a second manager, and nobody in another's name."""

from flask.testing import FlaskClient

from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from tests.support.changes import CHIEF, LOT, SERGEANT, fact, propose, unaccepted_clerk
from tests.support.site import DARIEN, SITE, Site, body, words_of


def two_managers(site: Site) -> tuple[FlaskClient, FlaskClient]:
    chief = site.accepted_clerk(CHIEF)
    chief.post(f"/desk/{DARIEN}/people", data={"email": SERGEANT, "role": "manager"})
    return chief, site.signed_in(SERGEANT)


def decision(site: Site, step: str = "approve") -> dict[str, str]:
    version = site.rows("SELECT version FROM submission WHERE id = :n", n=site.number())[0][0]
    return {"step": step, "reason": "It is so.", "version": str(version)}


def test_a_manager_approves_what_another_sent_and_not_what_is_their_own(site: Site) -> None:
    chief, sergeant = two_managers(site)
    propose(sergeant, "withdraw", note="The lot was built over.")
    page = f"/desk/{DARIEN}/submissions/{site.number()}"
    assert f"{SITE}{page}" in body(site.mails(CHIEF)[-1])
    assert sergeant.post(f"{page}/decide", data=decision(site)).status_code == 403
    assert site.state() == "waiting_for_review"
    assert "The lot was built over." in words_of(chief.get(page))
    assert chief.post(f"{page}/decide", data={**decision(site), "reason": ""}).status_code == 400
    assert chief.post(f"{page}/decide", data={**decision(site), "version": "1"}).status_code == 409
    decided = chief.post(f"{page}/decide", data=decision(site))
    assert decided.status_code == 302
    assert "Your decision is saved, and the sender gets a mail." in words_of(chief.get(decided.headers["Location"]))
    assert site.state() == "approved" and fact(site, "status") == "withdrawn"
    assert site.rows("SELECT decided_by FROM submission")[0][0] == CHIEF


def test_a_manager_declines_with_a_reason(site: Site) -> None:
    chief, sergeant = two_managers(site)
    propose(sergeant, phone="203-555-0166")
    chief.post(f"/desk/{DARIEN}/submissions/{site.number()}/decide", data=decision(site, "decline"))
    assert site.state() == "declined" and "> It is so." in body(site.mails(SERGEANT)[-1])


def test_a_manager_decides_nothing_of_a_stranger_and_nothing_of_another_department(site: Site) -> None:
    chief, _ = two_managers(site)
    stranger = site.visitor()
    draft = stranger.post(f"/zones/{LOT}/ours", data={"action": "withdraw", "note": "x"}).headers["Location"]
    stranger.post(f"{draft}/send", data={"email": "x@example.org"})
    site.confirm(stranger, "x@example.org")
    assert chief.post(f"/desk/{DARIEN}/submissions/{site.number()}/decide", data=decision(site)).status_code == 403
    site.submit(stranger)
    for path in ("", "/decide"):
        method = stranger.post if path else chief.get
        assert method(f"/desk/{DARIEN}/submissions/{site.number()}{path}", data={}).status_code in (403, 404)
    assert chief.post(f"/desk/{DARIEN}/submissions/{site.number()}/decide", data=decision(site)).status_code == 404


def test_who_is_no_accepted_manager_opens_and_approves_nothing(site: Site) -> None:
    chief, _ = two_managers(site)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "editor@darienct.gov", "role": "editor"})
    unaccepted = unaccepted_clerk(site, "new@darienct.gov")
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE membership SET role = 'manager' WHERE accepted_at IS NULL")
    propose(site.signed_in(SERGEANT), "withdraw", note="Gone.")
    page = f"/desk/{DARIEN}/submissions/{site.number()}"
    for client in (unaccepted, site.signed_in("editor@darienct.gov")):
        assert client.get(page).status_code == 403
        assert client.post(f"{page}/decide", data=decision(site)).status_code == 403
    assert site.state() == "waiting_for_review"


def test_an_objection_stops_every_manager_and_raises_the_risk(site: Site) -> None:
    chief, sergeant = two_managers(site)
    chief.post(f"/desk/{DARIEN}/people", data={"email": "captain@darienct.gov", "role": "manager"})
    draft = propose(sergeant, "withdraw", note="The lot was built over.")
    link = site.link("captain@darienct.gov", "/objection/")
    visitor = site.visitor()
    assert "The lot was built over." in words_of(visitor.get(link))
    assert site.rows("SELECT objection FROM submission")[0][0] == ""
    assert visitor.post(link).status_code == 200
    assert "captain@darienct.gov" in site.rows("SELECT objection FROM submission")[0][0]
    assert visitor.post(link).status_code == 410, "the link is good once"
    assert "The lot was built over." not in words_of(visitor.get(link)), "and shows nothing after that"
    page = f"/desk/{DARIEN}/submissions/{site.number()}"
    assert chief.post(f"{page}/decide", data=decision(site)).status_code == 403
    assert site.state() == "waiting_for_review"
    sergeant.post(f"{draft}/step", data={"step": "withdraw"})
    assert site.state() == "waiting_for_review", "what was objected to is not taken back and sent anew"
    told = body(site.mails(SERGEANT)[-1])
    assert "captain" not in told and "A moderator" in told
    moderator = site.staff()
    queue = words_of(moderator.get("/review"))
    assert "high" in queue and "objected" in queue
    first = site.number()
    propose(sergeant, spot_note="by the gate")
    assert site.state() == "waiting_for_review", "while the objection stands everything of the sender waits"
    assert chief.post(f"/desk/{DARIEN}/submissions/{site.number()}/decide", data=decision(site)).status_code == 403
    assert site.decide(moderator, "approve", number=first).status_code == 302


def test_an_objection_needs_a_manager_who_still_is_one_and_what_they_were_shown(site: Site) -> None:
    _chief, sergeant = two_managers(site)
    draft = propose(sergeant, "withdraw", note="Gone.")
    link = site.link(CHIEF, "/objection/")
    sergeant.post(f"{draft}/step", data={"step": "withdraw"})
    sergeant.post(f"{draft}/step", data={"step": "edit"})
    assert "Yes" not in words_of(site.visitor().get(link)) and site.visitor().post(link).status_code == 410
    sergeant.post(f"{draft}/send")
    link = site.link(CHIEF, "/objection/")
    number = site.rows("SELECT id FROM person WHERE email = :e", e=CHIEF)[0][0]
    sergeant.post(f"/desk/{DARIEN}/people/{number}/remove")
    assert site.visitor().post(link).status_code == 410
    assert site.rows("SELECT objection FROM submission")[0][0] == ""


def test_the_sender_reads_why_it_waits_and_who_decides(site: Site) -> None:
    _, sergeant = two_managers(site)
    draft = propose(sergeant, "withdraw", note="Gone.")
    for text in (words_of(sergeant.get(draft)), " ".join(body(site.mails(SERGEANT)[-1]).split())):
        assert (
            "It takes a zone out of use, or says that it moved or is only planned." in text
            and "another manager of your department" in text
        )
    unaccepted = unaccepted_clerk(site, "new@darienct.gov")
    draft = propose(unaccepted, spot_note="by the gate")
    assert "Nobody has approved a change by this sender yet." in words_of(unaccepted.get(draft))


def test_who_was_approved_once_is_accepted(site: Site) -> None:
    clerk = unaccepted_clerk(site)
    site.decide(site.staff(), "approve")
    assert site.rows("SELECT accepted_by FROM membership")[0][0] == "moderator@example.org"
    propose(clerk, spot_note="by the flagpole")
    assert site.state() == "approved" and fact(site, "spot_note") == "by the flagpole"
    assert clerk.post(f"/desk/{DARIEN}/people", data={"email": "x@darienct.gov", "role": "editor"}).status_code == 302


def test_an_address_that_the_senders_mailbox_let_in_does_not_approve_its_change(site: Site) -> None:
    clerk = site.accepted_clerk()
    clerk.post(f"/desk/{DARIEN}/people", data={"email": "sock@gmail.com", "role": "manager"})
    sock = site.signed_in("sock@gmail.com")
    propose(clerk, latitude="41.09", longitude="-73.47")
    number = site.number()
    version = site.rows("SELECT version FROM submission WHERE id = :n", n=number)[0][0]
    form = {"step": "approve", "reason": "ok", "version": version}
    assert sock.post(f"/desk/{DARIEN}/submissions/{number}/decide", data=form).status_code == 403
    assert site.state(number) == "waiting_for_review"


def test_the_link_of_a_proven_submission_does_not_act_in_its_senders_name(site: Site) -> None:
    clerk = site.accepted_clerk()
    propose(clerk, latitude="41.09", longitude="-73.47")
    link = site.link("sergeant@darienct.gov", "/submit/")
    clerk.post("/sign-out-everywhere")
    thief = site.visitor()
    thief.post(f"{link}/step", data={"step": "withdraw"})
    thief.post(f"{link}/step", data={"step": "edit"})
    thief.post(f"{link}/send")
    assert site.state() == "waiting_for_email", "whoever has the link alone proves the address again"


def test_staff_without_their_second_factor_are_nobody(site: Site) -> None:
    site.accepted_clerk("chief@darienct.gov")
    appoint(site.context, "chief@darienct.gov", Staff.MODERATOR, "operator")
    half = site.signed_in("chief@darienct.gov")
    propose(half, spot_note="behind the bar")
    assert site.state() != "approved"
