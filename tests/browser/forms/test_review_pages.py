"""The moderators' pages and the question whether all is correct, used as a person does, with and without script."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from directory.confirmations.reminders import REMINDER_DAYS, remind
from directory.db.tables.accounts import Staff
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.store.data_cases import NewCase, note_cases
from directory.store.directory_reader import read_directory
from tests.browser.forms.conftest import RunningSite, enter
from tests.browser.forms.person import Person
from tests.support.days import day_in_connecticut
from tests.support.site import DARIEN

pytestmark = pytest.mark.browser
ADMINISTRATOR = "administrator@example.org"
REASON = "Reason, for the log"
SERGEANT = "sergeant@darienct.gov"
ZONE = "ct-darien-parking-lot"


@pytest.fixture
def staff(person: Person, site: RunningSite) -> Iterator[Person]:
    """An administrator, signed in with both factors."""
    enter(person, site.known(ADMINISTRATOR, lambda email: site.staff(email, Staff.ADMINISTRATOR)))
    yield person


def waiting(site: RunningSite, email: str, **zone: str) -> int:
    """A proven submission that waits for a moderator."""
    with site.prepared():
        clerk = site.visitor()
        site.submit(clerk, zone, email=email)
        clerk.post(site.link(email, "/submit/confirm/"))
    assert site.state() == "waiting_for_review"
    return site.number()


def address(staff: Person, name: str) -> str:
    """An address of this run's own."""
    return f"{name}-{staff.scripts}@example.org".lower()


DECISIONS = {"a": ("Approve", "approved"), "c": ("Ask for a change", "changes_requested"), "d": ("Decline", "declined")}


def test_a_case_is_decided_by_button_and_by_key(staff: Person, site: RunningSite) -> None:
    for key, (button, state) in DECISIONS.items():
        number = waiting(site, address(staff, key), name=f"Zone {key} {staff.scripts}")
        staff.visit(f"/review/{number}")
        if staff.scripts:
            staff.page.keyboard.press(key)
            staff.page.get_by_text("is missing. The sender reads it.").first.wait_for()
            staff.page.wait_for_load_state()
            staff.page.keyboard.press("r")
            expect(staff.page.get_by_label("Reason, read by the sender")).to_be_focused()
        assert staff.page.get_by_label("Reason, read by the sender").input_value() == ""
        staff.press("Which spot?")
        assert "which door" in staff.page.get_by_label("Reason, read by the sender").input_value()
        staff.fill("Reason, read by the sender", "The town's page says so.")
        staff.press(button)
        assert site.state(number) == state
    staff.visit(f"/review/{number}")
    staff.press("Take it up again")
    assert site.state(number) == "waiting_for_review"
    with site.prepared():
        stranger = site.visitor()
        ours = stranger.post(f"/zones/{ZONE}/ours", data={"action": "correct"}).headers["Location"]
        draft = stranger.post(ours, data={"spot_note": f"by the gate {staff.scripts}"}).headers["Location"]
        stranger.post(f"{draft}/send", data={"email": (email := address(staff, "gate"))})
        stranger.post(site.link(email, "/submit/confirm/"))
    staff.visit(f"/review/{site.number()}?order=newest")
    staff.click(staff.page.locator("details.stays summary"))
    assert "25 Hecker" in staff.page.locator("details.stays").inner_text()
    if staff.scripts:
        staff.page.keyboard.press("n")
        staff.page.wait_for_url(f"**/review/{number}?order=newest")


def test_proofs_are_noted_at_a_case(staff: Person, site: RunningSite) -> None:
    number = waiting(site, f"clerk-{staff.scripts}@weston-{staff.scripts}.example.org".lower())
    staff.visit(f"/review/{number}")
    staff.click(staff.page.locator("summary", has_text="Note a proof"))
    staff.fill("I called this published number", "203-222-2600")
    staff.press("Note the call")
    assert "203-222-2600" in staff.words()
    staff.click(staff.page.locator("summary", has_text="Note a proof"))
    staff.fill(staff.page.locator("#evidence"), "https://westonct.gov/police")
    staff.press("Confirm the domain")
    assert "https://westonct.gov/police" in staff.words()


def test_chosen_cases_are_approved_together(staff: Person, site: RunningSite) -> None:
    numbers = [waiting(site, address(staff, name), name=f"{name} {staff.scripts}") for name in ("first", "second")]
    staff.visit("/review")
    for name in ("first", "second"):
        row = staff.page.locator(".q-row", has_text=address(staff, name)).first
        staff.click(row.locator("input[name=chosen]"))
    details = staff.page.locator("details.proposed").first
    staff.click(details.locator("summary"))
    assert details.get_attribute("open") is not None
    staff.press("Checked, thank you")
    assert staff.page.locator("[name=chosen]:checked").count() == 2
    staff.press("Approve", exact=True)
    assert "Approve 2 cases?" in staff.words() and site.state(numbers[0]) == "waiting_for_review"
    staff.press("Back to the queue")
    assert staff.page.locator("[name=chosen]:checked").count() == 2
    staff.fill("Reason, read by every sender", "Both stand on the town's page.")
    staff.press("Approve", exact=True)
    staff.press("Approve 2 cases")
    assert [site.state(number) for number in numbers] == ["approved"] * 2 and "2 cases approved" in staff.words()
    for button, step in (("Ask for a change", "changes_requested"), ("Decline", "declined")):
        number = waiting(site, address(staff, step), name=f"{step} {staff.scripts}")
        staff.visit(f"/review?q={address(staff, step)}")
        staff.press("Select all 1 shown")
        staff.fill("Reason, read by every sender", "Which door?")
        staff.press(button)
        staff.press(f"{button} ")
        assert site.state(number) == step
    with site.prepared():
        site.visitor().post(f"/zones/{ZONE}/report", data={"kind": "hours", "text": f"together {staff.scripts}"})
    staff.visit("/review?kind=report")
    staff.press("Select all")
    staff.press("Close as done")
    staff.press("as done")
    assert "closed" in staff.words()


def test_the_queue_is_filtered_and_sorted(staff: Person, site: RunningSite) -> None:
    number = waiting(site, address(staff, "found"), name=f"Found {staff.scripts}")
    waiting(site, address(staff, "other"), name=f"Other {staff.scripts}")
    staff.visit("/review")
    staff.click(staff.page.locator("details.q-filter summary"))
    staff.fill("Department, town, sender or number", address(staff, "found"))
    staff.choose("Risk", "middle")
    staff.choose("What comes first", "newest")
    staff.press("Show these")
    assert [key.split("-")[1] for key in staff.page.locator("[name=chosen]").evaluate_all(
        "boxes => boxes.map((box) => box.value)")] == [str(number)]  # fmt: skip
    assert (
        "middle risk" in staff.page.locator("details.q-filter summary").inner_text() and "New zones 1" in staff.words()
    )
    staff.click(staff.page.locator("details.q-filter summary"))
    assert staff.value("Risk") == "middle"
    staff.choose("Waits", "7")
    staff.choose("State", "live")
    staff.press("Show these")
    assert "Nothing here is like that." in staff.words()
    staff.follow("Show everything that waits")
    assert staff.page.locator("[name=chosen]").count() >= 2


def test_what_went_live_is_looked_at_and_a_report_answered(staff: Person, site: RunningSite) -> None:
    clerk = site.known(SERGEANT, site.accepted_clerk)
    with site.prepared():
        draft = clerk.post(f"/zones/{ZONE}/ours", data={"action": "confirm"}).headers["Location"]
        clerk.post(f"{draft}/send")
        number = site.number()
        for text in ("closed", "open"):
            site.visitor().post(f"/zones/{ZONE}/report", data={"kind": "hours", "text": f"{text} {staff.scripts}"})
    staff.visit(f"/review/{number}")
    staff.press("Looked at")
    staff.visit(f"/review/{number}")
    assert staff.page.get_by_role("button", name="Looked at").count() == 0
    staff.visit("/review/reports")
    for button in staff.page.locator("form:has([name=answer])").first.get_by_role("button").all_inner_texts():
        form = staff.page.locator("form:has([name=answer])").first
        before = staff.page.locator("form:has([name=answer])").count()
        staff.fill(form.locator("[name=answer]"), "Told the department.")
        staff.press(button, form)
        assert staff.page.locator("form:has([name=answer])").count() == before - 1


def test_one_side_of_a_disagreement_is_taken_over_or_the_other_kept(staff: Person, site: RunningSite) -> None:
    hours = {"take": "Mo-Fr 07:00-19:00" if staff.scripts else "Mo-Fr 06:00-18:00", "keep": "Mo-Fr 10:00-11:00"}
    for decision, button in (("take", "Take this over"), ("keep", "Keep what stands")):
        values = {"opening_hours": hours[decision], "hours_note": ""}
        details = {"values": values, "source": {"url": "https://county.example/list", "kind": "official"}}
        found = NewCase(DataCaseKind.DISAGREEMENT, ZONE, "opening_hours", details)
        with site.context.writing() as session:
            note_cases(session, f"list {staff.scripts}", [ZONE], DataCaseKind.DISAGREEMENT, [found])
        staff.visit("/review/data")
        assert "county.example" in staff.words()
        staff.press(button)
        assert "Nothing is open." in staff.words()
    stands = site.rows(f"SELECT opening_hours FROM zone WHERE zone_id = '{ZONE}'")
    assert stands == [(hours["take"],)]


def test_a_town_page_that_waits_is_decided(staff: Person, site: RunningSite) -> None:
    clerk = site.known(SERGEANT, site.accepted_clerk)
    for number, (button, status) in enumerate((("Approve", "approved"), ("Decline", "declined"))):
        phone = f"203-662-7{staff.scripts:d}{number}0"
        with site.prepared():
            clerk.post("/towns/ct/darien/manage", data={"phone": phone, "replace": "1"})
        staff.visit("/review?kind=town_page")
        staff.follow("Darien, CT")
        staff.press("Checked, thank you")
        assert "Thank you." in staff.page.get_by_label("Reason, read by the sender").input_value()
        staff.fill("Reason, read by the sender", "Called them.")
        staff.press(button)
        assert site.rows("SELECT status FROM town_kit_change ORDER BY id DESC LIMIT 1") == [(status,)]
        assert (phone in site.visitor().get("/towns/ct/darien").text) == (button == "Approve")


def test_an_address_is_barred_and_let_in_again(staff: Person, site: RunningSite) -> None:
    email = address(staff, "spammer")
    staff.visit("/review/barred")
    staff.fill("Address, or domain with all below it", email)
    staff.press("Bar", exact=True)
    assert (
        "is missing. It stands in the log." in staff.words()
        and staff.value("Address, or domain with all below it") == email
    )
    staff.fill(staff.page.locator("#reason"), "Sent nonsense.")
    staff.press("Bar", exact=True)
    card = staff.page.locator("li.card", has_text=email)
    staff.fill(card.locator("[name=reason]"), "It was a mistake.")
    staff.press(f"Let in again {email}")
    assert staff.page.locator("li.card", has_text=email).count() == 0 and "Done." in staff.words()


def test_domains_are_added_found_renewed_and_removed(staff: Person, site: RunningSite) -> None:
    domain = f"redding{staff.scripts:d}.gov"
    staff.visit("/review/domains")
    for name, text in {"domain": domain, "place": "Town of Redding", "state": "CT", "department": ""}.items():
        staff.fill(staff.page.locator(f"form.form #{name}"), text)
    staff.fill(staff.page.locator("#reason"), "The registry lists it.")
    staff.press("Add", exact=True)
    assert "The domain is added." in staff.words()
    staff.fill("Domain, town, agency or department", domain)
    staff.fill(staff.page.locator("#state-filter"), "CT")
    staff.press("Search")
    for button, told in (("It still proves", "The domain is renewed."), ("Remove", "proves nothing")):
        row = staff.page.locator("li", has_text=domain).first
        staff.click(row.locator("summary"))
        staff.fill(row.locator("[name=reason]"), "Looked it up.")
        staff.press(button, row)
        assert told in staff.words()
        staff.visit(f"/review/domains?q={domain}")
    staff.tick("Only those that prove nothing any more")
    staff.press("Search")
    assert staff.page.locator("li", has_text=domain).count() == 1
    assert staff.page.locator("input[name=dropped]").is_checked()


def test_an_association_is_accepted_as_a_sender_for_many_departments(staff: Person) -> None:
    domain = f"chiefs{staff.scripts:d}.org"
    staff.visit("/review/domains")
    answers = {"domain": domain, "place": "Fairfield County Chiefs", "state": "CT", "county": "Fairfield"}
    for name, text in {**answers, "reason": "Its own page."}.items():
        staff.fill(staff.page.locator(f"#{name}-umbrella"), text)
    staff.press("Accept", exact=True)
    assert "The domain is added." in staff.words()
    assert "an association that sends for many departments" in staff.page.locator("li", has_text=domain).inner_text()


def test_the_kind_and_towns_of_a_department_are_noted(staff: Person) -> None:
    staff.visit(f"/review/departments/{DARIEN}")
    staff.choose("Kind", "county")
    staff.press("Save")
    assert staff.value("Kind") == "county"
    staff.choose("Kind", "")
    staff.press("Save")
    assert staff.value("Kind") == ""
    staff.fill("Town", "New Canaan")
    staff.fill("Where can that be seen?", "A contract of both towns.")
    staff.press("Note the town")
    assert "A contract of both towns." in staff.words()
    staff.press("Remove ct/new-canaan")
    assert "A contract of both towns." not in staff.words()


def test_moderators_are_appointed_and_dismissed(staff: Person) -> None:
    email = address(staff, "helper")
    staff.visit("/review/people")
    for role, words in (("moderator", "moderator"), ("", "")):
        staff.fill("E-mail", email)
        staff.click(staff.page.locator(f"label:has(input[name=role][value='{role}'])"))
        staff.press("Save")
        assert (email in staff.words()) == bool(words)


def test_what_an_impostor_did_is_taken_back(staff: Person, site: RunningSite) -> None:
    domain = f"weston-{staff.scripts}.example.com".lower()
    waiting(site, f"other@{domain}", name=f"Other {staff.scripts}")
    number = waiting(site, f"impostor@{domain}", name=f"Impostor {staff.scripts}")
    version, person = site.rows("SELECT version, person_id FROM submission WHERE id = :n", n=number)[0]
    with site.prepared():
        data = {"version": version, "evidence": "The town's page names it."}
        assert site.known(ADMINISTRATOR).post(f"/review/{number}/domain", data=data).status_code == 302
    staff.visit(f"/review/people/{person}")
    staff.follow("This was an impostor")
    staff.click(staff.page.locator("label:has(input[name=bar][value=domain])"))
    staff.tick("Also take back that")
    staff.fill(REASON, "The chief never heard of them.")
    staff.press("This was an impostor: do all of this")
    assert "Others use this domain" in staff.words()
    assert staff.page.locator("input[name=bar][value=domain]").is_checked()
    assert staff.page.locator("input[name=confirmations]").is_checked()
    staff.tick("When the domain is barred, they are meant too")
    staff.press("This was an impostor: do all of this")
    assert "This address is barred." in staff.words() and site.state(number) != "waiting_for_review"


def test_the_mailed_question_is_answered_by_one_button(person: Person, site: RunningSite) -> None:
    clerk = site.known(SERGEANT, site.accepted_clerk)
    with site.prepared():
        draft = clerk.post(f"/zones/{ZONE}/ours", data={"action": "confirm"}).headers["Location"]
        clerk.post(f"{draft}/send")
    with site.engine.begin() as connection:
        age = timedelta(days=REMINDER_DAYS[0] if person.scripts else REMINDER_DAYS[1] + 1)
        day = (day_in_connecticut() - age).isoformat()
        connection.exec_driver_sql(f"UPDATE zone SET confirmed_on = '{day}' WHERE zone_id = '{ZONE}'")
    assert remind(site.context, read_directory(site.engine).zones, lambda _done: None).zones
    person.visit(site.link(SERGEANT, "/still-right/"))
    person.press("Yes, all still correct")
    assert "These are confirmed as of today" in person.words()
    assert site.rows(f"SELECT confirmed_on FROM zone WHERE zone_id = '{ZONE}'") == [(day_in_connecticut().isoformat(),)]
