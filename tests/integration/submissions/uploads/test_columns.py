"""The columns of an uploaded file: which field each means, and points that stand in one or two of them."""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.corrections import ROW, correct, csv_of, rows, stored
from tests.support.department_files import my_maps
from tests.support.site import WESTON, Site, words_of


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
        (("95", "-200"), ("41.2009", "-73.3807")),
        (("44.2009", "-73.3807"), ("", "")),  # in another state
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
