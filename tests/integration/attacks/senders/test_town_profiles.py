"""A town's page, contact, logo and embed sites belong to its own police, and what people act on is looked at first."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.site import Site, words_of

MANAGE = "/towns/ct/darien/manage"
IN_DARIEN = {"street_address": "2 Renshaw Road", "town": "Darien", "postal_code": "06820", "latitude": "41.0779",
             "longitude": "-73.4693"}  # fmt: skip
PROFILE = {"web_page": "https://www.darienct.gov/police", "email": "police@darienct.gov", "phone": "203-662-5300",
           "logo_alt": "", "embed_sites": "https://www.darienct.gov"}  # fmt: skip


def zone_in_darien(site: Site, clerk: FlaskClient, **department: str) -> None:
    """Somebody's department gets a zone in Darien, and the moderators know its sender."""
    site.submit(clerk, IN_DARIEN, **department)
    if site.state() == "waiting_for_email":
        site.confirm(clerk, department["email"])
    if site.state() == "waiting_for_review":
        site.decide(site.staff(), "approve")
    site.accept(department["email"])
    assert site.rows("SELECT count(*) FROM zone JOIN town ON town.id = town_id WHERE slug = 'ct/darien'")[0][0] == 2


def frame_ancestors(site: Site) -> str:
    policy = site.visitor().get("/embed/ct/darien").headers["Content-Security-Policy"]
    return "".join(re.findall(r"frame-ancestors ([^;]+)", policy))


def test_a_clerk_of_one_town_who_adds_a_zone_in_another_gets_no_right_over_its_page(site: Site) -> None:
    clerk = site.signed_in_as_clerk()
    zone_in_darien(site, clerk, email="clerk@westonct.gov")
    assert site.rows("SELECT role FROM membership WHERE department LIKE '%weston%'") == [("manager",)]
    assert clerk.get(MANAGE).status_code == 403
    assert clerk.post(MANAGE, data=PROFILE).status_code == 403
    assert site.rows("SELECT count(*) FROM town_kit")[0][0] == 0


@pytest.mark.parametrize(
    ("department", "domain", "holder"),
    [
        ("Fairfield County Sheriff's Office", "fairfieldcountyct.gov", "Fairfield County"),
        ("Connecticut State Police", "csp.ct.gov", "Connecticut State Police"),
        ("Darien University Police Department", "darienuniversity.gov", "Darien University"),
    ],
)
def test_a_county_a_state_or_a_campus_with_a_zone_in_a_town_gets_no_right_over_its_page(
    site: Site, department: str, domain: str, holder: str
) -> None:
    site.domain(domain, holder)
    clerk = site.visitor()
    zone_in_darien(site, clerk, department=department, town="Darien", email=f"clerk@{domain}")
    assert clerk.get(MANAGE).status_code == 403
    assert clerk.post(MANAGE, data=PROFILE).status_code == 403


def test_a_manager_whom_nobody_accepted_or_whose_proof_is_gone_does_not_manage_the_page(site: Site) -> None:
    chief = site.chief_of_darien()
    assert chief.get(MANAGE).status_code == 200
    for statement in ("UPDATE membership SET accepted_at = NULL", "DELETE FROM proof"):
        with site.engine.begin() as connection:
            connection.execute(text(statement))
        assert chief.get(MANAGE).status_code == 403
        site.accept("chief@darienct.gov")


def test_an_added_embed_site_waits_and_who_may_frame_stays(site: Site) -> None:
    chief = site.chief_of_darien()
    before = frame_ancestors(site)
    assert chief.post(MANAGE, data={"embed_sites": "https://evil.example"}).status_code == 302
    assert frame_ancestors(site) == before
    assert "evil.example" in words_of(chief.get(MANAGE)), "the sender sees what waits"


def test_leaving_the_sites_empty_opens_the_embed_to_all_and_so_waits_too(site: Site) -> None:
    chief = site.chief_of_darien()
    site.staff().post(MANAGE, data=PROFILE)
    before = frame_ancestors(site)
    assert "https://www.darienct.gov" in before
    chief.post(MANAGE, data={**PROFILE, "embed_sites": ""})
    chief.post(MANAGE, data={**PROFILE, "embed_sites": "https://evil.example", "replace": "1"})
    assert frame_ancestors(site) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "203-555-0199"), ("email", "swindler@example.org"), ("web_page", "https://darien-police.example/")],
)
def test_a_changed_phone_mail_or_page_of_a_town_waits_for_somebody_else(site: Site, field: str, value: str) -> None:
    chief = site.chief_of_darien()
    site.staff().post(MANAGE, data=PROFILE)
    assert chief.post(MANAGE, data={**PROFILE, field: value}).status_code == 302
    assert value not in site.visitor().get("/towns/ct/darien").text
    number = site.rows("SELECT max(id) FROM town_kit_change")[0][0]
    own = chief.post(f"{MANAGE}/decide", data={"change": number, "step": "approve", "reason": "Mine."})
    assert own.status_code == 403
    assert value not in site.visitor().get("/towns/ct/darien").text
