"""The desk of a department and its town's page, used as a person does, with and without script."""

import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from PIL import Image

from directory.verification.domain_probe import ProbeFailedError
from tests.browser.forms.conftest import RunningSite, enter
from tests.browser.forms.person import Person
from tests.browser.forms.test_sending_in import fill_closure
from tests.support.days import day_in_connecticut
from tests.support.site import DARIEN

pytestmark = pytest.mark.browser
DESK = f"/desk/{DARIEN}"
ZONE = "ct-darien-parking-lot"
PROFILE = "/towns/ct/darien/manage"
SERGEANT = "sergeant@darienct.gov"


@pytest.fixture
def sergeant(person: Person, site: RunningSite) -> Iterator[Person]:
    """A manager of Darien's police, signed in."""
    enter(person, site.known(SERGEANT, site.accepted_clerk))
    yield person


def manager(site: RunningSite, email: str) -> None:
    """Another accepted manager of Darien's police."""
    sergeant = site.known(SERGEANT, site.accepted_clerk)
    with site.prepared():
        sergeant.post(f"{DESK}/people", data={"email": email, "role": "manager"})
    site.accept(email)


def propose(site: RunningSite, email: str, **typed: str) -> int:
    """A change that waits, sent by somebody of Darien; gives its number."""
    client = site.known(email)
    with site.prepared():
        data = {"action": "withdraw", "note": "The lot was built over."}
        draft = client.post(f"/zones/{ZONE}/ours", data=data).headers["Location"]
        client.post(f"{draft}/send")
    assert site.state() == "waiting_for_review"
    return site.number()


def test_the_chosen_zones_are_confirmed_and_no_others(sergeant: Person, site: RunningSite) -> None:
    day = f"SELECT confirmed_on FROM zone WHERE zone_id = '{ZONE}'"
    with site.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE zone SET confirmed_on = '2026-01-01' WHERE zone_id = '{ZONE}'")
    sergeant.visit(DESK)
    sergeant.click(sergeant.page.locator("label.switch"))
    sergeant.press("The chosen ones are still correct")
    assert site.rows(day) == [("2026-01-01",)]
    sergeant.visit(DESK)
    sergeant.press("The chosen ones are still correct")
    assert "Confirmed as of today." in sergeant.words()
    assert site.rows(day) == [(day_in_connecticut().isoformat(),)]


def test_a_report_is_answered_at_the_desk(sergeant: Person, site: RunningSite) -> None:
    with site.prepared():
        site.visitor().post(f"/zones/{ZONE}/report", data={"kind": "hours", "text": f"Noon {sergeant.scripts}."})
    sergeant.visit(DESK)
    assert f"Noon {sergeant.scripts}." in sergeant.words()
    sergeant.fill("What was done?", "Told the shift.")
    sergeant.press("Answered")
    assert "The report is answered." in sergeant.words() and f"Noon {sergeant.scripts}." not in sergeant.words()
    assert site.rows("SELECT answer FROM problemreport ORDER BY id DESC LIMIT 1") == [("Told the shift.",)]


def test_closures_are_announced_changed_and_removed_at_the_desk(sergeant: Person) -> None:
    page = sergeant.page
    sergeant.visit(f"{DESK}/closures")
    one = page.locator("form", has=page.get_by_role("button", name="Announce it"))
    sergeant.click(one.locator("label:has(input[name=zone])").first)
    fill_closure(sergeant, one)
    sergeant.press("Announce it")
    assert "Is for no zone" in sergeant.words() and one.locator("[name$=_note]").input_value() == "Cleaning."
    sergeant.click(one.locator("label:has(input[name=zone])").first)
    sergeant.press("Announce it")
    assert "Closed on the second Monday of every month" in page.locator("h3").inner_text()
    sergeant.click(page.locator("summary", has_text="Change"))
    sergeant.fill(page.locator("#c0_note"), "Drill.")
    sergeant.press("Save the change")
    assert "Drill." in page.locator("h3").inner_text() and "Cleaning." not in page.locator("h3").inner_text()
    sergeant.press("Remove")
    assert "No closure is announced." in sergeant.words()


def test_a_program_is_begun_changed_and_confirmed_at_the_desk(sergeant: Person, site: RunningSite) -> None:
    page, new = sergeant.page, f"Trade Spots {sergeant.scripts}"
    sergeant.visit(f"{DESK}/programs")
    sergeant.click(page.get_by_role("link", name="Begin a program"))
    sergeant.press("Save for all sites")
    assert "Something needs another look" in sergeant.words()
    sergeant.fill("Name of the program", new)
    for field in ("opening_hours", "advised_hours", "custody_hours"):
        sergeant.fill(page.locator(f"#{field}"), "Mon-Fri 8am-4pm")
    for field, text in (
        ("spaces", "2"),
        ("footage_days", "many"),
        ("custody_rules", "Ring first."),
        ("rules", "no cash"),
    ):
        sergeant.fill(page.locator(f"#{field}"), text)
    for answer in page.locator(".fact-row input[value=yes]").all():
        sergeant.click(page.locator(f"label:has(#{answer.get_attribute('id')})"))
    sergeant.press("Save for all sites")
    assert page.locator("#rules").input_value() == "no cash", "nothing typed is lost"
    sergeant.fill(page.locator("#footage_days"), "30")
    sergeant.fill(page.locator("#phone"), "203-555-0177")
    sergeant.press("Save for all sites")
    assert "It changes a telephone number" in sergeant.words()
    sergeant.fill(page.locator("#phone"), "")
    sergeant.press("Save for all sites")
    assert "Saved. " in sergeant.words() and f"{new} 1 site" in sergeant.words()
    card = page.locator("li.card", has_text=new)
    sergeant.click(card.get_by_role("button", name="1 site is still correct"))
    assert "Confirmed as of today." in sergeant.words()
    sergeant.click(page.locator("li.card", has_text=new).get_by_role("link", name="Change"))
    sergeant.click(page.locator("label:has(input[name=site])").first)
    sergeant.press("Save for all sites")
    assert f"{new} 0 sites" in sergeant.words()


def test_a_token_is_made_and_revoked_and_an_address_set_tried_and_removed(sergeant: Person, site: RunningSite) -> None:
    sergeant.visit(f"{DESK}/lists")
    sergeant.press("Make a token")
    assert "Something needs another look" in sergeant.words()
    sergeant.fill("What the token is for", "GIS, nightly")
    sergeant.press("Make a token")
    assert "szd_" in sergeant.words() and "never used" in sergeant.words()
    sergeant.visit(f"{DESK}/lists")
    assert "szd_" not in sergeant.words()
    sergeant.press("Revoke")
    assert "The token opens nothing any more." in sergeant.words() and "There is no token." in sergeant.words()
    sergeant.fill("Address of the list", "http://gis.darienct.gov/zones.geojson")
    sergeant.press("Save the address")
    assert "Is no https address" in sergeant.words()
    assert sergeant.value("Address of the list") == "http://gis.darienct.gov/zones.geojson"
    sergeant.fill("Address of the list", "https://127.0.0.1/zones.geojson")
    sergeant.press("Save the address")
    assert "Not read yet." in sergeant.words()
    sergeant.press("Read it now")
    assert "leads to a private address" in sergeant.words()
    sergeant.press("Read it no more")
    assert "The list is read no more." in sergeant.words()
    assert site.rows("SELECT count(*) FROM zone_list_address") == [(0,)]


def test_people_are_let_in_and_out(sergeant: Person) -> None:
    email = f"deputy-{sergeant.scripts}@darienct.gov".lower()
    sergeant.visit(f"{DESK}/people")
    sergeant.fill("E-mail", "nobody")
    sergeant.press("Give access")
    assert "Write it like name@example.org." in sergeant.words() and sergeant.value("E-mail") == "nobody"
    sergeant.fill("E-mail", email)
    sergeant.tick("also say who has access")
    sergeant.press("Give access")
    assert f"{email} · manager" in sergeant.words().lower()
    sergeant.press(f"Remove {email}")
    assert email not in sergeant.words()


def test_the_code_of_a_domain_is_looked_for(person: Person, site: RunningSite) -> None:
    email = "lieutenant@newcanaanpolice.org"

    def claimed(_email: str) -> FlaskClient:
        client = site.visitor()
        draft = client.post("/zones/ct-new-canaan-lobby/ours", data={"action": "confirm"}).headers["Location"]
        client.post(f"{draft}/send", data={"email": email})
        client.post(site.link(email, "/submit/confirm/"))
        return client

    enter(person, site.known(email, claimed))
    object.__setattr__(site.services, "resolver", Nowhere())
    object.__setattr__(site.services, "fetcher", Nowhere())
    person.visit("/desk/ct/new-canaan-police-department/proof")
    person.press("Look for the code")
    assert "The code was not found" in person.words() and "the web server answered 404" in person.words()


class Nowhere:
    """An internet without the record and without the page."""

    def texts(self, _domain: str) -> list[str]:
        return []

    def fetch(self, _domain: str) -> str:
        raise ProbeFailedError("the web server answered 404")


def test_an_earlier_version_is_brought_back(sergeant: Person, site: RunningSite) -> None:
    spots = [f"by the {gate} gate, {sergeant.scripts}" for gate in ("north", "south")]
    client = site.known(SERGEANT)
    with site.prepared():
        for spot in spots:
            ours = client.post(f"/zones/{ZONE}/ours", data={"action": "correct"}).headers["Location"]
            client.post(f"{client.post(ours, data={'spot_note': spot}).headers['Location']}/send")
    note = f"SELECT spot_note FROM zone WHERE zone_id = '{ZONE}'"
    assert site.rows(note) == [(spots[1],)]
    sergeant.visit(f"/zones/{ZONE}/versions")
    sergeant.press("Bring this version back")
    assert site.rows(note) == [(spots[0],)] and sergeant.title() == "Earlier versions"


def seal() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), (11, 92, 99)).save(file, "PNG")
    return file.getvalue()


def test_the_town_page_gets_logo_contact_and_sites(sergeant: Person, site: RunningSite) -> None:
    page = sergeant.page
    sergeant.visit(PROFILE)
    if page.get_by_role("button", name="Take it back").count():
        sergeant.press("Take it back")
    phone = "203-662-53" + ("01" if sergeant.scripts else "02")
    sergeant.fill(page.locator("#web_page"), "https://www.darienct.gov/police")
    sergeant.fill(page.locator("#email"), "police@darienct.gov")
    sergeant.fill(page.locator("#phone"), phone)
    sergeant.upload("A picture optional", "seal.png", "image/png", seal())
    sergeant.fill(page.locator("#logo_alt"), "Seal of Darien")
    sergeant.fill(page.locator("#embed_sites"), "www.darienct.gov")
    sergeant.press("Save")
    assert "Your change waits" in sergeant.words() and phone in sergeant.words()
    assert sergeant.page.locator("img.town-logo").count() == 1
    sergeant.visit(PROFILE)
    sergeant.fill(page.locator("#phone"), "203-662-5399")
    sergeant.tick("What I typed takes the place of the change that waits")
    sergeant.tick("Take it away")
    sergeant.press("Save")
    assert "203-662-5399" in page.locator("#waits").inner_text() and page.locator("img.town-logo").count() == 0
    sergeant.press("Take it back")
    assert "Taken back" in sergeant.words() and page.locator("#waits").count() == 0


def test_another_manager_decides_on_the_town_page(sergeant: Person, site: RunningSite) -> None:
    other = f"chief-{sergeant.scripts}@darienct.gov".lower()
    manager(site, other)
    client = site.known(other)
    for number, (button, told) in enumerate((("Approve", "Saved"), ("Decline", "Declined"))):
        with site.prepared():
            answers = {"phone": f"203-662-6{sergeant.scripts:d}{number}0", "replace": "1"}
            assert client.post(PROFILE, data=answers).status_code == 302
        sergeant.visit(PROFILE)
        sergeant.press(button)
        assert "is missing. The sender reads it." in sergeant.words()
        sergeant.fill("Reason, read by the sender", "Called them.")
        sergeant.press(button)
        assert told in sergeant.words() and sergeant.page.locator("#waits").count() == 0


def test_another_manager_decides_on_a_change(sergeant: Person, site: RunningSite) -> None:
    other = f"captain-{sergeant.scripts}@darienct.gov".lower()
    manager(site, other)
    for button, state in (("Decline", "declined"), ("Approve", "approved")):
        number = propose(site, other)
        sergeant.visit(f"{DESK}/submissions/{number}")
        sergeant.press(button)
        assert "is missing. The sender reads it." in sergeant.words()
        sergeant.fill("Reason, read by the sender", "I went there.")
        sergeant.press(button)
        assert site.state(number) == state and "Your decision is saved" in sergeant.words()
    with site.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE zone SET status = 'active' WHERE zone_id = '{ZONE}'")


def test_a_manager_objects_by_a_mailed_link(person: Person, site: RunningSite) -> None:
    other, objector = (f"{name}-{person.scripts}@darienct.gov".lower() for name in ("editor", "objector"))
    manager(site, other)
    manager(site, objector)
    number = propose(site, other)
    person.visit(site.link(objector, "/objection/"))
    assert "The lot was built over." in person.words()
    person.press("I object")
    assert "Your objection is noted." in person.words()
    assert objector in site.rows("SELECT objection FROM submission WHERE id = :n", n=number)[0][0]


def test_a_countys_file_is_taken_apart_by_department_and_sent(person: Person, site: RunningSite) -> None:
    site.domain("fairfieldcountyct.gov", "Fairfield County")
    enter(person, site.known(f"dispatch{person.scripts:d}@fairfieldcountyct.gov", site.signed_in_by_mail))
    person.visit("/desk")
    person.follow("Send for the departments of Fairfield County")
    rows = (
        "Department,Town,Address,Zip\nRedding PD,Redding,96 Hill Road,06896\nHartford PD,Hartford,253 High St,06103\n"
    )
    person.upload("File", "zones.csv", "text/csv", rows.encode())
    person.press("Check the file")
    assert "Redding PD: 1 zone is in the draft" in person.words()
    assert "is not certainly a department of Fairfield County" in person.words()
    person.press("Send all drafts")
    assert "A moderator decides." in person.words()
