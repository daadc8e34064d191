"""A department sends its zones as a file, and corrects on the pages what could not be read."""

import pytest

from tests.browser.forms.conftest import RunningSite
from tests.browser.forms.person import Person
from tests.browser.forms.test_sending_in import begin

pytestmark = pytest.mark.browser


def test_a_spreadsheet_is_read_and_its_good_rows_are_in_the_draft(person: Person, site: RunningSite) -> None:
    begin(person, site)
    person.follow("Upload a spreadsheet")
    rows = "Address,Town,Zip,Hours of operation\n96 Hill Road,Redding,06896,Mon-Fri 9-5\n,Redding,06896,sometimes\n"
    person.upload("File", "zones.csv", "text/csv", rows.encode())
    person.press("Check the file")
    assert person.title() == "What we read"
    read = person.words()
    person.follow("Go on to the draft")
    assert "2 rows are in the draft" in read and person.page.locator(".card").count() == 2
    assert "96 Hill Road" in person.words()


def test_a_spreadsheet_is_corrected_cell_by_cell(person: Person, site: RunningSite) -> None:
    begin(person, site)
    person.follow("Upload a spreadsheet")
    rows = [f"{number} Hill Road,06896,24/7,bay {number},{state}\n"
            for number, state in enumerate(("CT", "Conecticut", "Conecticut", "here"), start=1)]  # fmt: skip
    person.upload("File", "zones.csv", "text/csv", "".join(["Address,Zip,Hours,Where it is,State\n", *rows]).encode())
    person.press("Check the file")
    assert person.title() == "How we read your columns" and "Left out so far: Where it is" in person.words()
    person.choose("Where it is", "spot_note")
    person.press("Read the file this way")
    assert "3 rows: State or province" in person.words() and "3 rows wait for a correction" in person.words()
    person.tick("Leave all 3 rows out")
    person.press("Save and check again")
    assert "3 rows are left out" in person.words()
    person.tick("Take all 3 rows in again")
    person.press("Take in again")
    person.tick("Leave row 5 out")
    person.press("Save and check again")
    person.tick("Take row 5 in again")
    person.press("Take in again")
    person.fill(person.page.get_by_label("Put this into all 2 rows that say “Conecticut”"), "CT")
    person.fill(person.page.get_by_label("Row 5, State or province"), "nowhere")
    person.press("Save and check again")
    assert person.page.get_by_label("Row 5, State or province").input_value() == "nowhere"
    person.fill(person.page.get_by_label("Row 5, State or province"), "CT")
    person.press("Save and check again")
    assert "4 rows are in the draft" in person.words() and "0 rows wait for a correction" in person.words()
    person.follow("Go on to the draft")
    assert person.page.locator(".card").count() == 4 and "bay 4" in person.words()
