"""What goes live at once, and what waits: one stolen or mistaken mailbox moves, removes or renames nothing."""

import re
from datetime import timedelta

import pytest

from directory import clock
from directory.confirmations.reminders import remind
from directory.geo import WGS84
from directory.store.directory_reader import read_directory
from tests.support.changes import CHIEF, LOT, SERGEANT, add, fact, propose, unaccepted_clerk
from tests.support.days import day_in_connecticut
from tests.support.site import DARIEN, Site, words_of


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
