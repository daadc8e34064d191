"""What goes live at once, and what waits: one stolen or mistaken mailbox moves, removes or renames nothing."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from directory.geo import WGS84
from directory.moderation.reminders import remind
from directory.store.loader import read_directory
from tests.support.days import day_in_connecticut
from tests.support.site import DARIEN, SITE, ZONE, Site, body, words_of

LOT = "ct-darien-parking-lot"
SERGEANT, CHIEF = "sergeant@darienct.gov", "chief@darienct.gov"
DARIEN_ZONE = {
    **ZONE, "town": "Darien", "street_address": "25 Hecker Avenue", "postal_code": "06820", "latitude": "41.0696",
    "longitude": "-73.4844", "spot_note": "inside the lobby",
}  # fmt: skip
DARIEN_POLICE = {"department": "Darien Police Department", "town": "Darien", "region": "CT", "email": SERGEANT}


def propose(clerk: FlaskClient, action: str = "correct", zone: str = LOT, **typed: str) -> str:
    """Say something of a zone and send it; returns the draft's path."""
    draft = clerk.post(f"/zones/{zone}/ours", data={"action": action, **typed}).headers["Location"].partition("#")[0]
    if action in ("correct", "move"):
        draft = clerk.post(draft, data=typed).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": SERGEANT})
    return draft


def add(clerk: FlaskClient, zone: dict[str, str], **department: str) -> str:
    """Send a new zone of the Darien police; returns the draft's path."""
    form = clerk.post("/submit", data={**DARIEN_POLICE, **department}).headers["Location"]
    draft = clerk.post(form, data={**DARIEN_ZONE, **zone}).headers["Location"]
    clerk.post(f"{draft}/send")
    return draft


def fact(site: Site, name: str) -> object:
    return site.rows(f"SELECT {name} FROM zone WHERE zone_id = '{LOT}'")[0][0]


def unaccepted_clerk(site: Site, email: str = SERGEANT) -> FlaskClient:
    """Somebody whom the town's domain alone proves."""
    site.domain("darienct.gov", "Town of Darien")
    clerk = site.visitor()
    draft = clerk.post(f"/zones/{LOT}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": email})
    site.confirm(clerk, email)
    return clerk


def test_a_first_clerk_whom_nobody_has_accepted_publishes_nothing(site: Site) -> None:
    clerk = unaccepted_clerk(site)
    propose(clerk, spot_note="behind the bar")
    assert site.state() == "waiting_for_review"
    assert fact(site, "spot_note") != "behind the bar" and fact(site, "confirmed_on") == ""


def test_a_clerk_whom_nobody_has_accepted_confirms_nothing_by_a_button_either(site: Site) -> None:
    clerk = unaccepted_clerk(site)
    assert clerk.post(f"/desk/{DARIEN}/confirm", data={"zone": LOT}).status_code == 403
    assert fact(site, "confirmed_on") == ""


def test_a_reminder_asks_nobody_whom_nobody_has_accepted(site: Site) -> None:
    site.accepted_clerk(CHIEF).post(f"/desk/{DARIEN}/confirm", data={"zone": LOT})
    unaccepted_clerk(site)
    clock.run_ahead(timedelta(days=150))
    remind(site.context, read_directory(site.engine).zones, lambda _part: None)
    assert any("still correct" in str(mail["Subject"]) for mail in site.mails(CHIEF))
    assert not any("still correct" in str(mail["Subject"]) for mail in site.mails(SERGEANT))


def test_a_clerk_whom_nobody_has_accepted_brings_no_version_back_and_closes_no_report(site: Site) -> None:
    propose(site.accepted_clerk(CHIEF), spot_note="by the flagpole")
    version = site.rows("SELECT max(id) FROM change WHERE kind = 'zone'")[0][0]
    site.visitor().post(f"/zones/{LOT}/report", data={"kind": "gone", "text": "Nothing is here."})
    report = site.rows("SELECT id FROM problemreport")[0][0]
    clerk = unaccepted_clerk(site)
    assert clerk.post(f"/zones/{LOT}/versions/{version}/restore").status_code == 403
    assert clerk.post(f"/desk/{DARIEN}/reports/{report}", data={"answer": "Fine."}).status_code == 403
    assert site.rows("SELECT state FROM problemreport")[0][0] == "open"


def test_a_clerk_whom_nobody_has_accepted_gives_and_takes_no_access(site: Site) -> None:
    clerk = unaccepted_clerk(site)
    assert (
        clerk.post(f"/desk/{DARIEN}/people", data={"email": "friend@example.org", "role": "manager"}).status_code == 403
    )
    site.accepted_clerk(CHIEF)
    number = site.rows("SELECT id FROM person WHERE email = :e", e=CHIEF)[0][0]
    assert clerk.post(f"/desk/{DARIEN}/people/{number}/remove").status_code == 403
    assert [row[0] for row in site.rows("SELECT role FROM membership ORDER BY id")] == ["manager", "editor"]


def test_an_accepted_clerks_facts_hours_closures_and_confirmations_go_live_at_once(site: Site) -> None:
    clerk = site.accepted_clerk()
    for action, typed in (
        ("correct", {"spot_note": "bays 1 and 2", "hours_mode": "always", "cameras": "yes"}),
        ("close", {"note": "Repaving.", "status_from": day_in_connecticut().isoformat()}),
        ("reopen", {}),
        ("confirm", {}),
    ):
        propose(clerk, action, **typed)
        assert site.state() == "approved", action


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("withdraw", {"note": "It is gone."}),
        ("correct", {"status": "moved"}),
        ("correct", {"status": "withdrawn"}),
        ("correct", {"status": "planned"}),
        ("correct", {"phone": "203-555-0166"}),
        ("correct", {"rules": "Call 203-555-0166 first."}),
        ("correct", {"spot_note": "write to deals@example.com"}),
        ("correct", {"custody_rules": "See www.deals.example/pay"}),
        ("correct", {"town": "Norwalk"}),
        ("correct", {"street_address": "1 Dark Alley"}),
        ("move", {"street_address": "1 Dark Alley", "postal_code": "06820"}),
    ],
    ids=["withdraw", "moved", "withdrawn", "planned", "phone", "phone in rules", "mail in a note", "page in rules",
         "town", "address", "move"],
)  # fmt: skip
def test_a_removal_a_move_or_another_contact_by_a_proven_clerk_waits(
    site: Site, action: str, typed: dict[str, str]
) -> None:
    before = site.rows(f"SELECT * FROM zone WHERE zone_id = '{LOT}'")
    propose(site.accepted_clerk(), action, **typed)
    assert site.state() == "waiting_for_review"
    assert site.rows(f"SELECT * FROM zone WHERE zone_id = '{LOT}'") == before


@pytest.mark.parametrize(("meters", "state"), [(149, "approved"), (151, "waiting_for_review")])
def test_a_pin_that_moves_over_150_meters_waits(site: Site, meters: int, state: str) -> None:
    east, north, _ = WGS84.fwd(fact(site, "longitude"), fact(site, "latitude"), 45, meters)
    propose(site.accepted_clerk(), latitude=f"{north:.7f}", longitude=f"{east:.7f}")
    assert site.state() == state


@pytest.mark.parametrize("visited", [False, True])
def test_a_pin_does_not_wander_in_small_steps(site: Site, visited: bool) -> None:
    """Each step is measured from where somebody else last left the pin; a visitor has not looked at it."""
    clerk = site.accepted_clerk()
    for _ in range(2):
        east, north, _back = WGS84.fwd(fact(site, "longitude"), fact(site, "latitude"), 45, 100)
        propose(clerk, latitude=f"{north:.7f}", longitude=f"{east:.7f}")
        if visited:
            site.visitor().post(f"/zones/{LOT}/visit", data={"answer": "still_there"})
    assert site.state() == "waiting_for_review"


def test_a_further_zone_in_ones_own_town_is_live_and_one_in_another_town_waits_each_time(site: Site) -> None:
    clerk = site.accepted_clerk()
    add(clerk, {})
    assert site.state() == "approved"
    foreign = {"town": "Norwalk", "street_address": "1 Monroe Street", "postal_code": "06854", "latitude": "41.0998",
               "longitude": "-73.4217"}  # fmt: skip
    add(clerk, foreign)
    assert site.state() == "waiting_for_review"
    site.decide(site.staff(), "approve")
    add(clerk, {**foreign, "street_address": "3 Monroe Street", "latitude": "41.1011"})
    assert site.state() == "waiting_for_review", "a zone in another town gives no right there"


def test_a_pin_in_another_town_waits_whatever_the_town_is_called(site: Site) -> None:
    add(site.accepted_clerk(), {"latitude": "41.30", "longitude": "-73.20"})
    assert site.state() == "waiting_for_review"


def test_a_new_zone_at_a_known_spot_changes_no_pin_and_no_phone_at_once(site: Site) -> None:
    address, setting, spot = site.rows(f"SELECT street_address, setting, spot_note FROM zone WHERE zone_id = '{LOT}'")[
        0
    ]
    zone = {"street_address": address, "setting": setting, "spot_note": spot, "latitude": "41.0800"}
    before = fact(site, "latitude")
    add(site.accepted_clerk(), zone)
    assert site.state() == "waiting_for_review" and fact(site, "latitude") == before


@pytest.mark.parametrize(
    "changed", [{"phone": "203-555-0166"}, {"web_page": "https://darien-police.example.org/"}], ids=["phone", "page"]
)
def test_another_telephone_or_page_of_the_department_waits(site: Site, changed: dict[str, str]) -> None:
    add(site.accepted_clerk(), {}, **changed)
    assert site.state() == "waiting_for_review"
    assert "0166" not in str(site.rows("SELECT phone, web_page FROM department WHERE slug = :d", d=DARIEN))


def test_a_departments_first_zones_wait_though_its_clerk_is_accepted(site: Site) -> None:
    clerk = site.accepted_clerk("clerk@westonct.gov", "Weston Police Department", "Weston")
    site.submit(clerk)
    assert site.state() == "waiting_for_review"


def test_an_earlier_version_brings_no_old_phone_back_by_itself(site: Site) -> None:
    clerk = site.accepted_clerk()
    propose(clerk, phone="203-555-0101")
    moderator = site.staff()
    site.decide(moderator, "approve")
    first = site.rows("SELECT max(id) FROM change WHERE kind = 'zone'")[0][0]
    propose(clerk, phone="203-555-0102")
    site.decide(moderator, "approve")
    refused = clerk.post(f"/zones/{LOT}/versions/{first}/restore")
    assert refused.status_code == 403 and "telephone" in words_of(refused)
    assert fact(site, "phone") == "203-555-0102"
    assert moderator.post(f"/zones/{LOT}/versions/{first}/restore").status_code == 302
    assert fact(site, "phone") == "203-555-0101"


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


@pytest.mark.parametrize(
    "domain", ["deerparktx-gov.us", "deerpark-tx.gov", "deerparktx.com", "deerparktx.gov.example.org", "deerparktx.org",
               "deerparktxgov.com", "dеerparktx.gov".encode("idna").decode(), "deerparklx.gov"],
)  # fmt: skip
def test_a_domain_that_looks_like_the_departments_raises_the_risk(site: Site, domain: str) -> None:
    site.domain("deerparktx.gov", "City of Deer Park", "TX")
    clerk = site.visitor()
    zone = {"town": "Deer Park", "postal_code": "77536", "latitude": "29.7052", "longitude": "-95.1238",
            "street_address": "2911 Center Street"}  # fmt: skip
    department = {"department": "Deer Park Police Department", "town": "Deer Park", "region": "TX"}
    site.submit(clerk, zone, **department, email=f"chief@{domain}")
    site.confirm(clerk, f"chief@{domain}")
    moderator = site.staff()
    page = words_of(moderator.get(f"/review/{site.number()}"))
    assert "deerparktx.gov" in page and re.search(r"\d\d ?%|100 ?%", page)
    queue = words_of(moderator.get("/review"))
    assert "high" in queue and "looks like" in queue
    chosen = re.findall(r'name="chosen" value="([^"]+)"', moderator.get("/review").text)
    moderator.post("/review/together", data={"chosen": chosen, "do": "approve", "sure": "1", "reason": "Thank you."})
    assert site.state() == "waiting_for_review", "what is risky is not approved with others"


@pytest.mark.parametrize("domain", ["police.deerparktx.gov", "example.org", "gmail.com"])
def test_another_domain_is_not_called_alike(site: Site, domain: str) -> None:
    site.domain("deerparktx.gov", "City of Deer Park", "TX")
    clerk = site.visitor()
    zone = {"town": "Deer Park", "postal_code": "77536", "latitude": "29.7052", "longitude": "-95.1238"}
    department = {"department": "Deer Park Police Department", "town": "Deer Park", "region": "TX"}
    site.submit(clerk, zone, **department, email=f"chief@{domain}")
    site.confirm(clerk, f"chief@{domain}")
    assert "looks like" not in words_of(site.staff().get("/review"))


def test_a_new_zone_whose_mail_or_pin_is_of_another_town_waits(site: Site) -> None:
    clerk = site.accepted_clerk()
    place = {"street_address": "99 Dark Alley", "latitude": "41.7637", "longitude": "-72.6851"}
    add(clerk, {**place, "mailing_town": "Hartford", "postal_code": "06103"})
    assert site.state() == "waiting_for_review"


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "900-555-1234 ext. 1"},
        {"name": "Call 203–555–1234 first"},
        {"spot_note": "(203) 555 - 1234"},
        {"spot_note": "203 555 12 34"},
        {"rules": "see bit.ly/xyz9"},
        {"rules": "darien-police.ru"},
        {"rules": "clerk (at) evil.example"},
        {"name": "Gas station at 99 Dark Alley"},
        {"spot_note": "wrong pin, go to 99 Dark Alley"},
        {"street_address": "99 Dark Alley, not 25 Hecker Ave"},
        {"street_address": "25 Hecker Road"},
        {"mailing_town": "Bridgeport"},
        {"postal_code": "06604"},
    ],
    ids=lambda values: next(iter(values.values())),
)
def test_what_leads_a_reader_elsewhere_waits(site: Site, values: dict[str, str]) -> None:
    propose(site.accepted_clerk(), **values)
    assert site.state() == "waiting_for_review"


@pytest.mark.parametrize(
    "values",
    [
        {"spot_note": "two bays by the flagpole, spaces 4 and 5"},
        {"street_address": "25 Hecker Avenue, rear"},
        {"rules": "No weapons. Ten minutes at most. Open 8:00-16:00 until 2026-12-31."},
    ],
    ids=lambda values: next(iter(values.values())),
)
def test_what_leads_nobody_elsewhere_is_live_at_once(site: Site, values: dict[str, str]) -> None:
    propose(site.accepted_clerk(), **values)
    assert site.state() == "approved"


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
