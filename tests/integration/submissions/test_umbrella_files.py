"""A county's dispatch or a state's association sends one file for many departments; none of them loses its own word."""

import csv
import io
import re

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.cli import main
from directory.db.queries.accounts import add_official_domains
from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import transaction
from tests.support.site import Site, words_of

DISPATCH = "dispatch@fairfieldcountyct.gov"
COLUMNS = ("department", "town", "state", "setting", "spot_note", "street_address", "postal_code", "latitude",
           "longitude", "hours")  # fmt: skip
WESTON = (
    "Weston Police Department",
    "Weston",
    "CT",
    "lobby",
    "",
    "56 Norfield Road",
    "06883",
    "41.2009",
    "-73.3807",
    "",
)
DARIEN = (
    "Darien PD",
    "Darien",
    "CT",
    "lobby",
    "by the front desk",
    "25 Hecker Avenue",
    "06820",
    "41.0767",
    "-73.4696",
    "",
)
HARTFORD = ("Hartford Police Department", "Hartford", "CT", "lobby", "", "253 High Street", "06103", "41.7730",
            "-72.6760", "")  # fmt: skip
BOSTON = (
    "Boston Police Department",
    "Boston",
    "MA",
    "lobby",
    "",
    "1 Schroeder Plaza",
    "02120",
    "42.3340",
    "-71.0909",
    "",
)


def holds(site: Site, domain: str, place: str, kind: str, unit: str = "", state: str = "CT") -> None:
    with transaction(site.engine) as session:
        row = OfficialDomain(domain=domain, place=place, state=state, source="current-full.csv", kind=kind, unit=unit)
        add_official_domains(session, [row])


def dispatcher(site: Site, email: str = DISPATCH) -> FlaskClient:
    """Somebody at the county's own domain, who has never sent anything, signed in by mail."""
    holds(site, "fairfieldcountyct.gov", "Fairfield County", "county")
    return site.signed_in_by_mail(email)


def file_of(*rows: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def upload(client: FlaskClient, *rows: tuple[str, ...]) -> TestResponse:
    data = {"file": (io.BytesIO(file_of(*rows)), "zones.csv")}
    return client.post("/desk/departments", data=data, content_type="multipart/form-data")


def submissions(site: Site) -> list[tuple[str, str, str]]:
    return site.rows("SELECT department, state, waits_for FROM submission ORDER BY department")


def test_one_file_becomes_a_submission_for_each_department_of_the_county(site: Site) -> None:
    client = dispatcher(site)
    page = upload(client, WESTON, DARIEN, HARTFORD, BOSTON)
    assert page.status_code == 200
    words = words_of(page)
    assert "Weston Police Department: 1 zone is in the draft" in words
    assert "Darien Police Department: 1 zone is in the draft" in words
    assert "Hartford Police Department, CT is not certainly a department of Fairfield County, CT" in words
    assert "Boston Police Department, MA is not certainly a department of Fairfield County, CT" in words
    assert [row[:2] for row in submissions(site)] == [
        ("Darien Police Department", "draft"), ("Weston Police Department", "draft"),
    ]  # fmt: skip
    assert "A moderator decides." in words_of(client.post("/desk/departments/send"))
    assert [row[:2] for row in submissions(site)] == [
        ("Darien Police Department", "waiting_for_review"), ("Weston Police Department", "waiting_for_review"),
    ]  # fmt: skip
    assert all('"umbrella"' in waits for _, _, waits in submissions(site))
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 0, "it makes nobody a member"


def test_a_file_sent_again_replaces_the_drafts_and_adds_none(site: Site) -> None:
    client = dispatcher(site)
    for _ in range(2):
        upload(client, WESTON, DARIEN)
    assert site.rows("SELECT count(*) FROM submission")[0][0] == 2


def test_the_department_s_manager_is_told_and_decides(site: Site) -> None:
    sergeant = site.accepted_clerk()
    client = dispatcher(site)
    assert "the department’s managers are asked" in words_of(upload(client, DARIEN))
    client.post("/desk/departments/send")
    path = site.link("sergeant@darienct.gov", "/desk/ct/darien-police-department/submissions/")
    form = {"step": "approve", "reason": "Right.", "version": site.rows("SELECT version FROM submission")[-1][0]}
    assert sergeant.post(f"{path}/decide", data=form).status_code == 302
    assert site.state() == "approved"


def test_the_department_s_manager_objects_by_the_mailed_link(site: Site) -> None:
    site.accepted_clerk()
    client = dispatcher(site)
    upload(client, DARIEN)
    client.post("/desk/departments/send")
    assert site.visitor().post(site.link("sergeant@darienct.gov", "/objection/")).status_code == 200
    assert "The department objected" in words_of(client.get("/desk/departments"))


def approved(site: Site, client: FlaskClient, *rows: tuple[str, ...]) -> None:
    upload(client, *rows)
    client.post("/desk/departments/send")
    assert site.decide(site.staff(), "approve").status_code == 302


def test_an_approved_zone_is_official_and_not_confirmed_by_its_department(site: Site) -> None:
    approved(site, dispatcher(site), WESTON)
    row = site.rows("SELECT source_kind, source_name, confirmed_on FROM zone WHERE zone_id LIKE 'ct-weston-%'")[-1]
    assert row == ("official", "Fairfield County", "")
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 0


def test_a_department_s_own_word_stays_and_the_other_becomes_a_case(site: Site) -> None:
    sergeant = site.accepted_clerk()
    zone = "ct-darien-parking-lot"
    sergeant.post("/desk/ct/darien-police-department/confirm", data={"zone": zone})
    before = site.rows(
        "SELECT opening_hours, confirmed_on, source_kind, department_id FROM zone WHERE zone_id = :z", z=zone
    )[0]
    assert before[2] == "department"
    columns = site.rows(
        "SELECT setting, spot_note, street_address, latitude, longitude FROM zone WHERE zone_id = :z", z=zone
    )[0]
    setting, spot, address, latitude, longitude = map(str, columns)
    other = ("Darien PD", "Darien", "CT", setting, spot, address, "06820", latitude, longitude, "Mon-Fri 9am-5pm")
    approved(site, dispatcher(site), other)
    assert (
        site.rows(
            "SELECT opening_hours, confirmed_on, source_kind, department_id FROM zone WHERE zone_id = :z", z=zone
        )[0]
        == before
    )
    cases = site.rows("SELECT subject, origin, details FROM data_case WHERE zone_id = :z", z=zone)
    assert [(subject, origin) for subject, origin, _ in cases] == [("opening_hours", "Fairfield County")]
    assert "09:00-17:00" in cases[0][2]


def test_what_is_approved_once_the_domain_is_lost_is_nobody_official_s_word(site: Site) -> None:
    client = dispatcher(site)
    upload(client, WESTON)
    client.post("/desk/departments/send")
    moderator = site.staff()
    moderator.post("/review/domains/remove", data={"domain": "fairfieldcountyct.gov", "reason": "sold"})
    site.decide(moderator, "approve")
    assert site.rows("SELECT source_kind FROM zone WHERE zone_id LIKE 'ct-weston-%'")[-1][0] == "unknown"
    assert upload(client, DARIEN).status_code == 400


@pytest.mark.parametrize(
    ("domain", "place", "kind", "unit"),
    [
        ("darienct.gov", "Town of Darien", "city", ""),
        ("fairfieldcountyassessorct.gov", "Fairfield County", "county", ""),
        ("fairfieldcountyct.gov", "Fairfield County", "county", "Public Library"),
        ("ctparks.gov", "State of Connecticut", "state or territory", ""),
    ],
)
def test_another_domain_sends_for_nobody_and_gets_no_mail(
    site: Site, domain: str, place: str, kind: str, unit: str
) -> None:
    holds(site, domain, place, kind, unit)
    site.visitor().post("/sign-in", data={"email": f"clerk@{domain}"})
    assert site.mails(f"clerk@{domain}") == []


@pytest.mark.parametrize(
    ("domain", "place", "kind"),
    [
        ("ct.gov", "State of Connecticut", "state or territory"),
        ("ctstatepolice.gov", "Connecticut State Police", "state or territory"),
    ],
)
def test_a_state_sends_for_every_department_in_it(site: Site, domain: str, place: str, kind: str) -> None:
    holds(site, domain, place, kind)
    words = words_of(upload(site.signed_in_by_mail(f"chief@{domain}"), WESTON, HARTFORD, BOSTON))
    assert "Weston Police Department: 1 zone" in words and "Hartford Police Department: 1 zone" in words
    assert "Boston Police Department, MA is not certainly" in words


def test_a_moderator_accepts_an_association_for_its_county(site: Site) -> None:
    moderator = site.staff()
    form = {"domain": "fairfieldchiefs.org", "place": "Fairfield County Chiefs of Police Association", "state": "CT",
            "county": "Fairfield County", "reason": "fairfieldchiefs.org/members"}  # fmt: skip
    assert moderator.post("/review/domains/umbrella", data=form | {"reason": ""}).status_code == 400
    assert moderator.post("/review/domains/umbrella", data=form | {"domain": "gmail.com"}).status_code == 400
    assert moderator.post("/review/domains/umbrella", data=form).status_code == 302
    assert "fairfieldchiefs.org" in words_of(moderator.get("/review/domains"))
    words = words_of(upload(site.signed_in_by_mail("office@fairfieldchiefs.org"), WESTON, HARTFORD))
    assert "Weston Police Department: 1 zone" in words and "Hartford Police Department, CT is not certainly" in words


def test_the_command_accepts_an_association_for_a_state_and_takes_it_back(site: Site) -> None:
    runner = CliRunner()
    accept = ["domains", "umbrella", "cpcanet.org", "--name", "Connecticut Police Chiefs Association", "--state", "CT"]
    assert runner.invoke(main, [*accept, "--reason", "its page"], env=site.environment).exit_code == 0
    client = site.signed_in_by_mail("office@cpcanet.org")
    assert "Hartford Police Department: 1 zone" in words_of(upload(client, HARTFORD))
    remove = ["domains", "remove", "cpcanet.org", "--reason", "asked to"]
    assert runner.invoke(main, remove, env=site.environment).exit_code == 0
    assert upload(client, HARTFORD).status_code == 400


def test_a_state_police_association_is_not_the_state_police(site: Site) -> None:
    form = {"domain": "ctsp.org", "place": "Connecticut State Police", "state": "CT", "reason": "its page"}
    site.staff().post("/review/domains/umbrella", data=form)
    clerk = site.visitor()
    site.submit(clerk, {"town": "Hartford", "postal_code": "06103", "latitude": "41.7730", "longitude": "-72.6760"},
                department="Connecticut State Police", town="Hartford", email="x@ctsp.org")  # fmt: skip
    site.confirm(clerk, "x@ctsp.org")
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 0


def test_a_draft_turned_to_a_department_outside_the_county_is_unproven(site: Site) -> None:
    client = dispatcher(site)
    page = upload(client, WESTON).text
    draft = re.findall(r'href="(/submit/[^"/]+)"', page)[0]
    department = {"department": "Hartford Police Department", "region": "CT", "town": "Hartford", "email": DISPATCH}
    assert client.post(f"{draft}/department", data=department).status_code == 302
    client.post("/desk/departments/send")
    assert '"unproven"' in submissions(site)[0][2]


def test_who_is_no_umbrella_is_told_so(site: Site) -> None:
    clerk = site.accepted_clerk()
    assert "may not send for other departments" in words_of(clerk.get("/desk/departments"))
    assert upload(clerk, WESTON).status_code == 400


def test_a_manager_who_joins_later_finds_what_waits_for_the_department_and_decides(site: Site) -> None:
    client = dispatcher(site)
    upload(client, DARIEN)
    client.post("/desk/departments/send")
    sergeant = site.accepted_clerk()
    number = site.rows("SELECT id FROM submission WHERE channel = 'umbrella'")[0][0]
    path = f"/desk/ct/darien-police-department/submissions/{number}"
    assert path in sergeant.get("/desk/ct/darien-police-department").text
    form = {"step": "approve", "reason": "Right.", "version": site.rows("SELECT version FROM submission")[-1][0]}
    assert sergeant.post(f"{path}/decide", data=form).status_code == 302
    assert site.rows(f"SELECT state FROM submission WHERE id = {number}")[0][0] == "approved"
