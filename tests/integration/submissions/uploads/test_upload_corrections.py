"""An uploaded file is corrected on its pages, cell by cell, without a second upload."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.conftest import ROOT
from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.corrections import ROW, addresses, correct, csv_of, form_on, read, rows, stored, titles
from tests.support.department_files import ods
from tests.support.department_files import table as department_table
from tests.support.site import WESTON, Site, words_of
from tests.support.waiting import PATIENCE_SECONDS

WRITES = ("BEGIN IMMEDIATE", "SET LOCAL lock_timeout")
"""How a transaction that writes begins, on SQLite and on PostgreSQL."""


def test_findings_are_grouped_by_kind_the_largest_group_first(site: Site) -> None:
    _, page = send(site, csv_of([*rows(17, state="Conecticut"), {**ROW, "address": "40 Main Street", "hours": "?"},
                                 {**ROW, "address": "41 Main Street", "latitude": "north"}]))  # fmt: skip
    assert titles(page)[0].startswith("17 rows: State or province: ")
    assert "1 row: Latitude: not a number" in titles(page)
    assert "2 rows are in the draft" in words_of(page) and "17 rows wait" in words_of(page)


def test_a_corrected_cell_takes_its_row_into_the_draft_and_touches_no_other(site: Site) -> None:
    sent = rows(3)
    sent[0]["state"] = sent[2]["state"] = "Conecticut"
    draft, _ = send(site, csv_of(sent))
    before = stored(site, "items")
    page = correct(site, draft, {"cell:2:state": "CT"})
    assert "Checked again" in words_of(page) and "1 row waits for a correction" in words_of(page)
    assert stored(site, "items")[0] == before[0] and addresses(site) == ["1 Main Street", "2 Main Street"]
    assert [row["row"] for row in stored(site, "faulty")] == [4]


def test_a_value_for_a_whole_group_goes_into_its_rows_on_all_pages_but_those_that_were_typed(site: Site) -> None:
    draft, page = send(site, csv_of(rows(60, state="Conecticut")))
    (group,) = (name for name in form_on(page) if name.startswith("all:"))
    assert "Put this into all 60 rows that say “Conecticut”" in words_of(page)
    page = correct(site, draft, {group: "CT", "cell:3:state": "Nowhere"})
    assert "59 rows are in the draft" in words_of(page) and len(stored(site, "items")) == 59
    assert 'value="Nowhere"' in page.text and "in the file: “Conecticut”" in words_of(page)


def test_only_rows_that_say_the_same_are_filled_together(site: Site) -> None:
    sent = rows(4, state="Conecticut")
    sent[3]["state"] = "Conneticut"
    draft, page = send(site, csv_of(sent))
    (group,) = (name for name in form_on(page) if name.startswith("all:"))
    assert "Put this into all 3 rows that say “Conecticut”" in words_of(page)
    correct(site, draft, {group: "CT"})
    assert addresses(site) == ["1 Main Street", "2 Main Street", "3 Main Street"]


def test_an_address_is_not_offered_for_many_rows(site: Site) -> None:
    _, page = send(site, csv_of([{**row, "address": "1 Main Street"} for row in rows(4)]))
    assert titles(page)[0].startswith("3 rows: Street address") and "Put this into all" not in page.text


def test_a_cell_has_one_field_however_much_was_found_in_it(site: Site) -> None:
    _, page = send(site, csv_of([*rows(1, phone="203-222-2600 x4"), {**rows(2)[1], "phone": "same as above"}]))
    names = re.findall(r'name="(cell:[^"]+)"', page.text)
    assert "cell:3:phone" in names and len(set(names)) == len(names)


def test_no_page_has_more_than_fifty_findings(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(120, state="Conecticut")))
    counts = [
        len([name for name in form_on(read(site, draft, page)) if name.startswith("cell:")]) for page in (1, 2, 3)
    ]
    assert counts == [50, 50, 20]
    assert "Page 2 of 3" in words_of(read(site, draft, 2))
    assert titles(read(site, draft, 3))[0].startswith("120 rows: ")


def test_what_is_still_wrong_is_shown_as_it_was_typed(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, latitude="north")))
    page = correct(site, draft, {"cell:2:latitude": "far north"})
    assert 'value="far north"' in page.text and "in the file: “north”" in words_of(page)
    page = correct(site, draft, {"cell:2:latitude": "41.2009"})
    assert titles(page)[0] == "1 row: Longitude: is missing beside the latitude"
    correct(site, draft, {"cell:2:longitude": "-73.3807"})
    assert stored(site, "items")[0]["values"]["longitude"] == "-73.3807"


def test_a_warning_is_corrected_in_the_same_way(site: Site) -> None:
    draft, page = send(site, csv_of(rows(1, phone="call us")))
    assert "1 row is in the draft" in words_of(page) and "phone" not in stored(site, "items")[0]["values"]
    correct(site, draft, {"cell:2:phone": "203-222-2600"})
    (item,) = stored(site, "items")
    assert item["values"]["phone"] == "203-222-2600"


def test_a_date_of_two_readings_is_asked_where_the_file_writes_both_ways(site: Site) -> None:
    def of(*dates: str) -> tuple[str, TestResponse]:
        closed = zip(rows(len(dates), status="temporarily closed"), dates, strict=True)
        return send(site, csv_of([{**row, "status from": date} for row, date in closed]))

    draft, page = of("1/5/2024", "25/12/2023", "12/25/2023")
    assert titles(page)[0] == "1 row: First day: may say the day or the month first"
    assert "It may mean: May 1, 2024 (2024-05-01) · January 5, 2024 (2024-01-05)" in words_of(page)
    assert "status_from" not in stored(site, "items")[0]["values"], "nothing is guessed meanwhile"
    correct(site, draft, {"cell:2:status_from": "2024-05-01"})
    assert "2024-05-01" in [item["values"]["status_from"] for item in stored(site, "items")]
    _, page = of("1/5/2024", "25/12/2023")
    assert "1 row: First day: read as “May 1, 2024”: the day first, as in the file’s other dates" in titles(page)
    _, page = of("1/5/2024")
    assert "1 row: First day: read as “January 5, 2024”: the month first, as in the United States" in titles(page)


def test_a_corrected_address_moves_its_zone_instead_of_adding_one(site: Site) -> None:
    draft, _ = send(site, csv_of([{**ROW, "address": "1 Main Street"}, {**ROW, "address": "1 MAIN STREET"}]))
    page = correct(site, draft, {"cell:3:street_address": "3 Main Street"})
    assert addresses(site) == ["1 Main Street", "3 Main Street"] and "2 rows are in the draft" in words_of(page)
    correct(site, draft, {"cell:3:coordinates": "-73.3807, 41.2009"})
    assert addresses(site) == ["1 Main Street"], "the row waits again, and its zone left the draft"


def test_what_was_typed_into_the_zones_form_outlives_a_correction_of_its_row(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, phone="call us")))
    clerk = site.visitor()
    zone = re.findall(rf'href="({draft}/zones/[^"/]+)"', clerk.get(draft).text)[0]
    typed = {"setting": "lobby", "street_address": "1 Main Street", "postal_code": "06883", "town": "Weston",
             "hours_mode": "all", "spaces": "4"}  # fmt: skip
    assert clerk.post(zone, data=typed).status_code == 302
    assert stored(site, "items")[0]["values"]["spaces"] == "4"
    correct(site, draft, {"cell:2:phone": "203-222-2600"})
    (item,) = stored(site, "items")
    assert (item["values"]["spaces"], item["values"]["phone"]) == ("4", "203-222-2600")


def test_a_zone_that_was_removed_from_the_draft_does_not_come_back_with_another_rows_correction(site: Site) -> None:
    sent = rows(2)
    sent[1]["state"] = "Conecticut"
    draft, _ = send(site, csv_of(sent))
    clerk = site.visitor()
    key = stored(site, "items")[0]["key"]
    clerk.post(f"{draft}/zones/{key}/remove")
    assert stored(site, "items") == []
    correct(site, draft, {"cell:3:state": "CT"})
    assert addresses(site) == ["2 Main Street"]


def test_a_hidden_row_is_taken_where_its_sender_says_so(site: Site) -> None:
    content = ods(("Zones", department_table()), hidden_rows={2})
    draft, page = send(site, content, name="zones.ods")
    assert "1 row is in the draft" in words_of(page) and 'name="cell:3:row"' in page.text
    page = correct(site, draft, {"cell:3:row": "yes"})
    assert "2 rows are in the draft" in words_of(page) and "is a hidden row" not in words_of(page)


def test_a_row_is_left_out_and_taken_in_again(site: Site) -> None:
    draft, page = send(site, csv_of([*rows(2, state="Narnia"), {**ROW, "hours": "8-5", "address": "3 Main Street"}]))
    page = correct(site, draft, {"out:2": "yes", "out:4": "yes"})
    words = words_of(page)
    assert "2 rows are left out" in words and "1 row waits for a correction" in words
    assert addresses(site) == [], "what a row had put into the draft goes with it"
    page = correct(site, draft, {"in:4": "yes"})
    assert "1 row is left out" in words_of(page) and addresses(site) == ["3 Main Street"]


def test_all_rows_of_a_kind_are_left_out_together_on_whatever_page_they_are_and_come_back(site: Site) -> None:
    draft, page = send(site, csv_of([*rows(70, state="Narnia"), {**ROW, "address": "99 Elm Street"}]))
    (group,) = re.findall(r'name="out-all:(\w+)"', page.text)
    page = correct(site, draft, {f"out-all:{group}": "yes"})
    words = words_of(page)
    assert "70 rows are left out" in words and "0 rows wait for a correction" in words
    assert len(re.findall(r'name="in:\d+"', page.text)) == 50 and "To correct" not in words
    assert "70 rows wait for a correction" in words_of(correct(site, draft, {"in-all": "yes"}))


def test_a_row_whose_status_does_not_read_is_unsure_in_the_draft_and_keeps_its_words(site: Site) -> None:
    send(site, csv_of([{**ROW, "status": "under review"}]))
    values = stored(site, "items")[0]["values"]
    assert (values["status"], values["status_note"]) == ("moved", "under review")


def test_a_coarse_point_is_kept_where_it_says_more_than_the_towns_middle(site: Site) -> None:
    points = ("41.201", "-73.381"), ("41.20", "-73.38")
    cells = [{**ROW, "address": f"{n} Hill Road", "lat": lat, "long": long} for n, (lat, long) in enumerate(points, 1)]
    send(site, csv_of(cells))
    assert [item["values"].get("latitude") for item in stored(site, "items")] == ["41.201", None]


def test_totals_headings_and_names_that_are_repeated_are_no_zones_unless_their_sender_says_so(site: Site) -> None:
    heading = "Fairfield County,,,,\n"
    header = "Zone name,Address,ZIP,Hours,Setting\n"
    rows = "Lobby,1 Main Street,06883,24/7,lobby\n" + header + "Lot,,,,\nTotal,,,,2\nSource: dispatch,,,,\n"
    draft, page = send(site, (header + heading + rows).encode())
    assert addresses(site) == ["1 Main Street"] and "4 rows wait for a correction" in words_of(page)
    words = words_of(page)
    assert "looks like a line of totals" in words and "has one cell only, like a heading or a remark" in words
    assert "2 rows are in the draft" in words_of(correct(site, draft, {"cell:5:row": "yes", "out:6": "yes"}))


def test_a_cell_that_is_too_long_is_not_shown_and_stays_unless_it_is_written_anew(site: Site) -> None:
    draft, page = send(site, csv_of(rows(1, rules="x" * 10_001)))
    assert "x" * 501 not in page.text and len(page.data) < 60_000
    page = correct(site, draft, {})
    assert "has 10,001 characters" in words_of(page)
    page = correct(site, draft, {"cell:2:rules": "no weapons"})
    assert "1 row is in the draft" in words_of(page)
    page = site.visitor().post(f"{draft}/sheet/read", data={"cell:2:rules": "y" * 10_001}, follow_redirects=True)
    assert "has 10,001 characters" in words_of(page) and stored(site, "items") == []


def test_rows_and_fields_that_there_are_not_change_nothing(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, phone="call us")))
    before = site.rows("SELECT upload, items, version FROM submission")
    odd = {
        **{f"cell:{name}": "1" for name in ("99:phone", f"{'9' * 5_000}:phone", "2:__class__", "x:phone", "")},
        "all:nothing": "CT", "column:7": "phone",
    }  # fmt: skip
    assert site.visitor().post(f"{draft}/sheet/read", data=odd).status_code == 303
    assert (
        site.visitor().post(f"{draft}/sheet/columns", data={"column:0": "evil", "column:x": "phone"}).status_code == 303
    )
    assert site.rows("SELECT upload, items, version FROM submission") == before


def test_a_formula_stays_text_on_the_pages_and_is_defused_in_the_rows_that_come_back(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, latitude='=HYPERLINK("//x")', state="Conecticut")))
    assert 'value="=HYPERLINK(&#34;//x&#34;)"' in read(site, draft).text
    correct(site, draft, {"cell:2:state": '=1+"<b>"'})
    assert "<b>" not in read(site, draft).text
    assert "'=1+" in site.visitor().get(f"{draft}/faulty.csv").text


def test_the_rows_that_come_back_say_in_the_readers_language_what_is_wrong(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    data = {"file": (io.BytesIO(csv_of(rows(1, state="Conecticut"))), "zones.csv")}
    clerk.post(f"{draft}/sheet?lang=es", data=data, content_type="multipart/form-data")
    assert "Use el código de dos letras" in clerk.get(f"{draft}/faulty.csv").text
    clerk.post(f"{draft}/sheet/read", data={"cell:2:latitude": "north"})
    assert "Use el código de dos letras" in clerk.get(f"{draft}/faulty.csv").text


@pytest.mark.parametrize(
    ("path", "words"), [("read", "Guardar y comprobar de nuevo"), ("columns", "Leer el archivo así")]
)
def test_the_pages_speak_spanish(site: Site, path: str, words: str) -> None:
    draft, _ = send(site, csv_of(rows(1, state="Conecticut")))
    assert words in words_of(site.visitor().get(f"{draft}/sheet/{path}?lang=es"))


def test_a_messy_file_ends_as_published_zones_without_a_row_retyped(site: Site) -> None:
    draft, page = send(site, (ROOT / "tests/cases/messy-upload.csv").read_bytes(), name="zones.csv")
    columns = words_of(site.visitor().get(f"{draft}/sheet/columns"))
    assert "Left out so far: Where it is" in columns
    meanings = ["street_address", "setting", "postal_code", "opening_hours", "spot_note", "phone", "state"]
    form = {f"column:{number}": name for number, name in enumerate(meanings)}
    page = site.visitor().post(f"{draft}/sheet/columns", data=form, follow_redirects=True)
    assert "3 rows wait for a correction" in words_of(page)
    (fill,) = (name for name in form_on(page) if name.startswith("all:"))
    cells = {"cell:6:state": "CT", "cell:3:phone": "203-222-2600", "cell:6:opening_hours": "Mon-Fri 8am-5pm"}
    page = correct(site, draft, {fill: "CT", **{name: text for name, text in cells.items() if name in form_on(page)}})
    page = correct(site, draft, {name: text for name, text in cells.items() if name in form_on(page)})
    assert "5 rows are in the draft" in words_of(page) and "0 rows wait" in words_of(page)
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    assert site.decide(site.staff(), "approve").status_code == 302
    columns = "street_address, spot_note, state, postal_code, opening_hours"
    zones = site.rows(f"SELECT {columns} FROM zone WHERE zone_id LIKE 'ct-weston-%' ORDER BY street_address")
    assert [tuple(zone[:4]) for zone in zones] == [
        (f"{number} School Road", f"bay {number}", "CT", "06883") for number in range(1, 6)
    ]
    assert [zone[4] for zone in zones] == ["24/7", "24/7", "24/7", "Mo-Fr 08:00-17:00", "24/7"]


def test_of_two_who_correct_one_file_neither_replaces_what_the_other_typed(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(3, hours="whenever")))
    first, second = form_on(read(site, draft)), form_on(read(site, draft))
    cells = [name for name in first if name.startswith("cell:") and name.endswith(":opening_hours")]
    clerk, address = site.visitor(), f"{draft}/sheet/read?page=1"
    assert clerk.post(address, data=first | {cells[0]: "Mon-Fri 8am-4pm"}).status_code == 303
    answer = clerk.post(address, data=second | {cells[0]: "24/7", cells[1]: "Mon-Fri 9am-5pm"})
    assert answer.status_code == 409
    words = words_of(answer)
    assert "Somebody else corrected these cells meanwhile" in words and "now: “Mon-Fri 8am-4pm”" in words
    hours = sorted(
        item["values"]["opening_hours"] for item in stored(site, "items") if item["values"].get("opening_hours")
    )
    assert hours == ["Mo-Fr 08:00-16:00", "Mo-Fr 09:00-17:00"], "what only one of them typed is kept"
    assert f'name="{cells[0]}" type="text" value="24/7"' in answer.text, "nothing typed is lost"
    assert "whenever" not in form_on(answer).get(cells[1], ""), "what was saved is no finding any more"
    was = f"was:{cells[0][5:]}"
    seen = re.findall(rf'name="{was}" value="(\w+)"', answer.text)[0]
    assert clerk.post(address, data={cells[0]: "24/7", was: seen}).status_code == 303
    assert "24/7" in [item["values"].get("opening_hours") for item in stored(site, "items")]


def test_of_two_who_save_at_the_same_moment_both_are_kept(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(60, hours="whenever")))
    form = form_on(read(site, draft))
    cells = [name for name in form if name.startswith("cell:") and name.endswith(":opening_hours")][:2]
    both_have_read, saver = threading.Barrier(2), threading.local()

    def write_when_both_have_read(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if getattr(saver, "reads", False) and statement.startswith(WRITES):
            saver.reads = False
            both_have_read.wait(PATIENCE_SECONDS)

    def save(cell: str) -> str:
        saver.reads = True
        return site.visitor().post(f"{draft}/sheet/read?page=1", data=form | {cell: "24/7"}).headers["Location"]

    event.listen(site.engine, "before_cursor_execute", write_when_both_have_read)
    with ThreadPoolExecutor(2) as pool:
        assert [where.rpartition("/")[2] for where in pool.map(save, cells)] == ["read?page=1&saved=1"] * 2
    kept = {row["number"] for row in stored(site, "upload")["rows"] if row.get("corrections")}
    assert kept == {int(cell.split(":")[1]) for cell in cells}
