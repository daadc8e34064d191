"""An uploaded file is corrected on its pages, cell by cell, without a second upload."""

import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from directory.errors import StaleVersionError
from directory.store.privacy.personal_data import forget
from directory.submissions import drafts
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.submissions.workflow import Step
from tests.conftest import ROOT
from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.department_files import my_maps, ods
from tests.support.department_files import table as department_table
from tests.support.site import WESTON, Site, words_of

ROW = {"address": "1 Main Street", "zip": "06883", "hours": "24/7", "setting": "lobby", "state": "CT"}


def csv_of(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO()
    table = csv.DictWriter(written, list(dict.fromkeys(name for row in rows for name in row)))
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode()


def rows(count: int, **wrong: str) -> list[dict[str, str]]:
    return [{**ROW, "address": f"{number} Main Street", **wrong} for number in range(1, count + 1)]


def read(site: Site, draft: str, page: int = 1) -> TestResponse:
    return site.visitor().get(f"{draft}/sheet/read?page={page}")


def form_on(page: TestResponse) -> dict[str, str]:
    """The form of the findings as a browser sends it when nothing was typed."""
    inputs = re.findall(r"<input ([^>]*)>", page.text)
    given = {}
    for attributes in inputs:
        name, value = (re.search(rf'{part}="([^"]*)"', attributes) for part in ("name", "value"))
        if name and re.match("cell:|was:|all:", name[1]) and 'type="checkbox"' not in attributes:
            given[name[1]] = html.unescape(value[1]) if value else ""
    return given


def correct(site: Site, draft: str, changes: dict[str, str], page: int = 1) -> TestResponse:
    """Type into the form of a page, save, and give the page that follows."""
    form = form_on(read(site, draft, page))
    assert changes.keys() <= form.keys() or any(re.match(r"out|in|cell:\d+:row", name) for name in changes), form
    clerk = site.visitor()
    return clerk.post(f"{draft}/sheet/read?page={page}", data=form | changes, follow_redirects=True)


def stored(site: Site, column: str) -> Any:
    return json.loads(site.rows(f"SELECT {column} FROM submission ORDER BY id DESC LIMIT 1")[0][0])


def titles(page: TestResponse) -> list[str]:
    return [html.unescape(title) for title in re.findall(r"<h3[^>]*>(.*?)</h3>", page.text)]


def addresses(site: Site) -> list[str]:
    return sorted(item["values"]["street_address"] for item in stored(site, "items"))


def test_findings_are_grouped_by_kind_the_largest_group_first(site: Site) -> None:
    _, page = send(site, csv_of([*rows(17, state="Conecticut"), {**ROW, "address": "40 Main Street", "hours": "?"},
                                 {**ROW, "address": "41 Main Street", "latitude": "north"}]))  # fmt: skip
    assert titles(page)[0].startswith("17 rows: State or province: ")
    assert titles(page)[1].startswith("1 row: Latitude: ")
    assert "1 row is in the draft" in words_of(page) and "18 rows wait" in words_of(page)


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
    assert 'name="cell:2:longitude"' in page.text


def test_a_warning_is_corrected_in_the_same_way(site: Site) -> None:
    draft, page = send(site, csv_of(rows(1, phone="call us")))
    assert "1 row is in the draft" in words_of(page) and "phone" not in stored(site, "items")[0]["values"]
    correct(site, draft, {"cell:2:phone": "203-222-2600"})
    (item,) = stored(site, "items")
    assert item["values"]["phone"] == "203-222-2600"


def test_a_corrected_address_moves_its_zone_instead_of_adding_one(site: Site) -> None:
    draft, _ = send(site, csv_of([{**ROW, "address": "1 Main Street"}, {**ROW, "address": "1 MAIN STREET"}]))
    page = correct(site, draft, {"cell:3:street_address": "3 Main Street"})
    assert addresses(site) == ["1 Main Street", "3 Main Street"] and "2 rows are in the draft" in words_of(page)
    correct(site, draft, {"cell:3:coordinates": "41.2009"})
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


def test_whoever_leaves_goes_on_from_the_draft(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(2, state="Conecticut")))
    correct(site, draft, {"cell:2:state": "CT"})
    page = site.visitor().get(draft)
    assert "Go on with zones.csv" in words_of(page) and f'href="{draft}/sheet/read"' in page.text
    assert titles(read(site, draft))[0].startswith("1 row: State or province")


def test_a_column_is_read_as_another_field_without_a_second_upload(site: Site) -> None:
    draft, _ = send(site, csv_of([{**row, "Wo genau": f"bay {number}"} for number, row in enumerate(rows(5))]))
    clerk = site.visitor()
    page = clerk.get(f"{draft}/sheet/columns")
    words = words_of(page)
    assert "Wo genau bay 0 · bay 1 · bay 2" in words and "bay 3" not in words
    selected = re.findall(
        r'<label for="column-\d+">(.*?)</label>.*?<option value="([^"]*)"(?: selected)', page.text, re.S
    )
    assert ("address", "street_address") in selected and ("hours", "opening_hours") in selected
    form = {f"column:{number}": name for number, name in enumerate(
        ["street_address", "postal_code", "opening_hours", "setting", "state", "spot_note"])}  # fmt: skip
    after = clerk.post(f"{draft}/sheet/columns", data=form, follow_redirects=True)
    assert "5 rows are in the draft" in words_of(after) and "is no column of the directory" not in words_of(after)
    assert sorted(item["values"]["spot_note"] for item in stored(site, "items")) == [f"bay {n}" for n in range(5)]
    clerk.post(f"{draft}/sheet/columns", data={**form, "column:5": ""})
    assert not any("spot_note" in item["values"] for item in stored(site, "items"))


def test_the_columns_are_asked_about_where_one_is_not_recognized(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    for extra, page in (({}, "read"), ({"Wo genau": "bay 1"}, "columns")):
        data = {"file": (io.BytesIO(csv_of([{**ROW, **extra}])), "zones.csv")}
        response = clerk.post(f"{draft}/sheet", data=data, content_type="multipart/form-data")
        assert (response.status_code, response.headers["Location"]) == (303, f"{draft}/sheet/{page}")


def german(path: Path) -> bytes:
    """A workbook with a title above columns of which we know none by name."""
    book = openpyxl.Workbook()
    for cells in (
        ["Safe zones of Weston"],
        ["Wo", "Leitzahl", "Wann", "Was"],
        ["1 Main Street", "06883", "24/7", "lobby"],
        ["2 Main Street", "06883", "24/7", "lobby"],
    ):
        book.active.append(cells)
    book.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["csv", "semicolons", "xlsx"])
def test_a_file_of_which_no_column_is_known_asks_what_each_of_them_is(site: Site, kind: str, tmp_path: Path) -> None:
    content = {
        "csv": b"Wo,Leitzahl,Wann,Was\n1 Main Street,06883,24/7,lobby\n2 Main Street,06883,24/7,lobby\n",
        "semicolons": b"Wo;Leitzahl;Wann;Was\n1 Main Street;06883;24/7;lobby\n2 Main Street;06883;24/7;lobby\n",
        "xlsx": german(tmp_path / "zones.xlsx"),
    }[kind]
    draft, read = send(site, content, name=f"zones.{kind}")
    assert read.status_code == 200
    assert "Left out so far: Wo · Leitzahl · Wann · Was" in words_of(site.visitor().get(f"{draft}/sheet/columns"))
    form = {"column:0": "street_address", "column:1": "postal_code", "column:2": "opening_hours", "column:3": "setting"}
    after = site.visitor().post(f"{draft}/sheet/columns", data=form, follow_redirects=True)
    assert "2 rows are in the draft" in words_of(after)
    values = stored(site, "items")[0]["values"]
    assert (values["street_address"], values["postal_code"]) == ("1 Main Street", "06883")


def test_two_columns_for_one_field_and_two_of_one_name_are_told_apart(site: Site) -> None:
    content = b"address,zip,hours,phone,phone\n1 Main Street,06883,24/7,,203-222-2600\n"
    draft, _ = send(site, content)
    form = {f"column:{number}": name for number, name in enumerate(
        ["street_address", "postal_code", "opening_hours", "phone", "phone"])}  # fmt: skip
    assert "phone (2)" in words_of(site.visitor().get(f"{draft}/sheet/columns"))
    site.visitor().post(f"{draft}/sheet/columns", data=form)
    assert stored(site, "items")[0]["values"]["phone"] == "203-222-2600"


def test_a_correction_of_a_map_stays_over_what_the_reader_made_of_it(site: Site) -> None:
    draft, page = send(site, my_maps(), name="zones.kmz")
    assert "2 rows are in the draft" in words_of(page)
    before = stored(site, "items")
    clerk = site.visitor()
    clerk.post(f"{draft}/sheet/read", data={"cell:1:phone": "203-222-2601"})
    after = stored(site, "items")
    assert sorted(item["values"]["phone"] for item in after) == ["203-222-2600", "203-222-2601"]
    assert all(item["values"].get("latitude") == before[0]["values"].get("latitude") for item in after)


def test_a_point_in_one_cell_is_corrected_in_that_cell(site: Site) -> None:
    draft, page = send(site, csv_of(rows(1, coordinates="41.2009 and more")))
    assert 'name="cell:2:coordinates"' in page.text
    page = correct(site, draft, {"cell:2:coordinates": "41.2009, -73.3807"})
    assert stored(site, "items")[0]["values"]["longitude"] == "-73.3807"


@pytest.mark.parametrize(
    ("wrong", "typed"),
    [
        (("-73.3807", "41.2009"), ("41.2009", "-73.3807")),  # swapped
        (("41.2009", "73.3807"), ("41.2009", "-73.3807")),  # without its sign
        (("0", "0"), ("", "")),
        (("95", "-200"), ("41.2009", "-73.3807")),
        (("44.2009", "-73.3807"), ("", "")),  # in another state
        (("41.2009", ""), ("", "")),
        (("", "-73.3807"), ("41.2009", "-73.3807")),
    ],
)
def test_what_is_wrong_with_a_point_is_corrected_in_both_of_its_cells(
    site: Site, wrong: tuple[str, str], typed: tuple[str, str]
) -> None:
    draft, page = send(site, csv_of(rows(1, latitude=wrong[0], longitude=wrong[1])))
    assert "1 row waits for a correction" in words_of(page)
    page = correct(site, draft, {"cell:2:latitude": typed[0], "cell:2:longitude": typed[1]})
    assert "1 row is in the draft" in words_of(page)
    assert (stored(site, "items")[0]["values"].get("longitude") or "") == typed[1]


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


def test_nobody_reads_or_corrects_the_file_of_a_draft_that_is_proven(site: Site) -> None:
    draft, _ = send(site, csv_of([*rows(1), *rows(1, state="Conecticut", address="2 Main Street")]))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    clerk.post(site.link(WESTON["email"], "/submit/confirm/"))
    for path in ("sheet/read", "sheet/columns"):
        stranger = site.visitor()
        assert stranger.get(f"{draft}/{path}").status_code == 403
        assert stranger.post(f"{draft}/{path}", data={"cell:3:state": "CT"}).status_code == 403
        assert stranger.get(f"/submit/made-up/{path}").status_code == 404


def test_corrections_need_the_forms_token(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, state="Conecticut")))
    site.app.config["WTF_CSRF_ENABLED"] = True
    for path in ("sheet/read", "sheet/columns"):
        assert site.visitor().post(f"{draft}/{path}", data={"cell:2:state": "CT", "column:0": ""}).status_code == 400
    assert stored(site, "items") == []


def test_a_formula_stays_text_on_the_pages_and_is_defused_in_the_rows_that_come_back(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, latitude='=HYPERLINK("//x")', state="Conecticut")))
    assert 'value="=HYPERLINK(&#34;//x&#34;)"' in read(site, draft).text
    correct(site, draft, {"cell:2:state": '=1+"<b>"'})
    assert "<b>" not in read(site, draft).text
    assert "'=1+" in site.visitor().get(f"{draft}/faulty.csv").text


def test_the_pages_of_a_file_lead_to_the_upload_where_there_is_none(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    for path in ("sheet/read", "sheet/columns"):
        assert clerk.get(f"{draft}/{path}").headers["Location"] == f"{draft}/sheet"
        assert clerk.post(f"{draft}/{path}", data={"cell:2:state": "CT"}).status_code == 303


def test_features_that_share_no_property_are_read_and_kept_small(site: Site) -> None:
    def feature(number: int) -> dict[str, Any]:
        own = {f"property {number} {place}": "x" for place in range(20)}
        facts = {"Street": f"{number} Main Street", "Zip": "06883", "setting": "lobby"}
        return {"type": "Feature", "geometry": None, "properties": {**own, **facts}}

    features = {"type": "FeatureCollection", "features": [feature(number) for number in range(100)]}
    draft, page = send(site, json.dumps(features).encode(), name="zones.geojson")
    assert "100 rows are in the draft" in words_of(page)
    upload = stored(site, "upload")
    assert len(upload["columns"]) == 200 and sum(len(row["cells"]) for row in upload["rows"]) <= 20_000
    page = site.visitor().get(f"{draft}/sheet/columns")
    assert page.text.count("<select") == 200


def test_the_file_goes_when_its_zones_are_published(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1)))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    assert "1 Main Street" in site.rows("SELECT upload FROM submission")[0][0]
    assert site.decide(site.staff(), "approve").status_code == 302
    assert site.rows("SELECT upload FROM submission")[0][0] == "{}"


def test_the_file_of_a_submission_that_was_taken_back_goes_with_its_sender(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1)))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    number = site.rows("SELECT id FROM submission")[0][0]
    drafts.step(site.context, number, Step.WITHDRAW, WESTON["email"])
    forget(site.engine, WESTON["email"], "operator")
    assert site.rows("SELECT upload FROM submission")[0][0] == "{}"


def test_the_file_counts_to_what_a_draft_may_take(site: Site) -> None:
    send(site, csv_of(rows(10, remarks="x" * 1_000)))
    assert site.rows("SELECT size FROM submission")[0][0] > 10_000


def test_the_rows_that_come_back_say_in_the_readers_language_what_is_wrong(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    data = {"file": (io.BytesIO(csv_of(rows(1, state="Conecticut"))), "zones.csv")}
    clerk.post(f"{draft}/sheet?lang=es", data=data, content_type="multipart/form-data")
    assert "Use el código de dos letras" in clerk.get(f"{draft}/faulty.csv").text
    clerk.post(f"{draft}/sheet/read", data={"cell:2:latitude": "north"})
    assert "Use el código de dos letras" in clerk.get(f"{draft}/faulty.csv").text


def test_who_saves_what_was_changed_meanwhile_overwrites_nothing(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(2, state="Conecticut")))
    number = site.rows("SELECT id FROM submission")[0][0]
    seen = drafts.read(site.context, number)
    assert seen is not None
    correct(site, draft, {"cell:2:state": "CT"})
    with pytest.raises(StaleVersionError):
        drafts.take_rows(site.context, seen, UploadedFile.from_json(seen.upload), CheckedSpreadsheet(), [])
    assert addresses(site) == ["1 Main Street"]


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
