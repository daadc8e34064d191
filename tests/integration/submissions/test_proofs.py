"""Who is believed to speak for a department, and for which."""

import re

import pytest

from tests.support.site import ZONE, Site, words_of


def test_a_stranger_who_claims_a_zone_changes_nothing(site: Site) -> None:
    site.domain("darienct.gov", "Town of Darien")
    before = site.visitor().get("/zones/ct-darien-parking-lot").text
    stranger = site.visitor()
    draft = stranger.post(
        "/zones/ct-darien-parking-lot/ours", data={"action": "withdraw", "note": "It is gone."}
    ).headers["Location"]
    stranger.post(f"{draft}/send", data={"email": "chief@darienct.gov.example.org"})
    site.confirm(stranger, "chief@darienct.gov.example.org")
    assert site.state() == "waiting_for_review"
    assert site.visitor().get("/zones/ct-darien-parking-lot").text == before


@pytest.mark.parametrize(
    "email", ["x@evil-darienct.gov.example.org", "x@sub.darienct.gov", "x@darienct.gov.co", "x@xdarienct.gov"]
)
def test_only_the_exact_official_domain_proves_anything(site: Site, email: str) -> None:
    site.domain("darienct.gov", "Town of Darien")
    clerk = site.visitor()
    site.submit(clerk, department="Darien Police Department", town="Darien", email=email)
    site.confirm(clerk, email)
    assert site.state() == "waiting_for_review"
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_an_official_domain_of_another_town_of_the_same_name_proves_nothing(site: Site) -> None:
    site.domain("darienga.gov", "City of Darien", "GA")
    clerk = site.visitor()
    site.submit(clerk, department="Darien Police Department", town="Darien", email="x@darienga.gov")
    site.confirm(clerk, "x@darienga.gov")
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_who_makes_a_draft_cannot_go_on_in_the_name_of_who_proved_it(site: Site) -> None:
    site.domain("westonct.gov", "Weston")
    stranger = site.visitor()
    draft = site.submit(stranger)
    clerk = site.visitor()
    site.confirm(clerk, "clerk@westonct.gov")
    site.decide(site.staff(), "request_changes", "Which door?")
    for path in (draft, f"{draft}/zones/new", f"{draft}/department", f"{draft}/sheet"):
        assert stranger.get(path).status_code == 403
    for path in (f"{draft}/send", f"{draft}/step", f"{draft}/zones/new", f"{draft}/mail-link"):
        assert stranger.post(path, data={**ZONE, "step": "withdraw"}).status_code == 403
    assert site.state() == "changes_requested"
    assert clerk.get(draft).status_code == 200
    assert site.visitor().get(site.link("clerk@westonct.gov", "/submit/")).status_code == 200


def test_nobody_proves_what_the_mail_did_not_speak_of(site: Site) -> None:
    stranger = site.visitor()
    draft = site.submit(stranger)
    first = site.link("clerk@westonct.gov", "/submit/confirm/")
    stranger.post(f"{draft}/step", data={"step": "edit"})
    item = re.findall(rf"{draft}/zones/\w+", stranger.get(draft).text)[0]
    stranger.post(item, data={**ZONE, "spot_note": "behind the bar"})
    stranger.post(f"{draft}/send")
    assert "not good any more" in words_of(site.visitor().get(first))
    site.visitor().post(first)
    assert site.state() == "waiting_for_email"
    second = site.link("clerk@westonct.gov", "/submit/confirm/")
    assert "behind the bar" in words_of(site.visitor().get(second))


def test_an_official_of_one_town_does_not_speak_for_anothers_department(site: Site) -> None:
    site.domain("westonct.gov", "Town of Weston")
    for department, town in (("Darien Police Department", "Weston"), ("Connecticut State Police", "Weston")):
        clerk = site.visitor()
        site.submit(clerk, department=department, town=town)
        site.confirm(clerk, "clerk@westonct.gov")
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_an_agencys_own_domain_proves_the_agency_wherever_its_zones_are(site: Site) -> None:
    site.domain("crowwing.gov", "Crow Wing County", "MN")
    clerk = site.visitor()
    department = {"department": "Crow Wing County Sheriff's Office", "region": "MN", "town": "Brainerd"}
    zone = {"town": "Brainerd", "postal_code": "56401", "latitude": "46.358", "longitude": "-94.2008"}
    site.submit(clerk, zone, **department, email="deputy@crowwing.gov")
    site.confirm(clerk, "deputy@crowwing.gov")
    assert [tuple(row) for row in site.rows("SELECT rung, department FROM proof")] == [
        (1, "mn/crow-wing-county-sheriffs-office")
    ]


def test_a_strangers_web_page_does_not_become_the_departments(site: Site) -> None:
    clerk = site.visitor()
    site.submit(clerk, web_page="https://weston-police.example.org/", email="x@weston-police.example.org")
    site.confirm(clerk, "x@weston-police.example.org")
    site.decide(site.staff(), "approve")
    assert site.rows("SELECT web_page FROM department WHERE name = 'Weston Police Department'")[0][0] == ""
    assert "safe-zone-directory=" not in clerk.get("/desk/ct/weston-police-department/proof").text


@pytest.mark.parametrize("place", ["Weston", "Town of Weston"])
def test_a_known_department_stands_where_its_zones_are_however_the_town_is_written(site: Site, place: str) -> None:
    first = site.visitor()
    zone = {"town": "Redding", "latitude": "41.3037", "longitude": "-73.3829", "postal_code": "06896"}
    site.submit(first, zone, department="Weston Road Police", town="Redding", email="x@example.org")
    site.confirm(first, "x@example.org")
    site.decide(site.staff(), "approve")
    site.domain("westonct.gov", place)
    clerk = site.visitor()
    site.submit(clerk, department="Weston Road Police", town="Weston")
    site.confirm(clerk, "clerk@westonct.gov")
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0
