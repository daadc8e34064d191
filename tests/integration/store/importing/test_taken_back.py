"""What a table takes back is not published: text with a line through it, an answer "no", a folder of closed zones."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TextProperties
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from sqlalchemy import Engine

from directory.store.directory_reader import read_directory
from tests.conftest import Import
from tests.support.department_files import kml

HEADER = ["Department", "Town", "State", "Address"]
KEPT = ["Darien PD", "Darien", "CT", "25 Hecker Ave"]
TAKEN_BACK = ["Wilton PD", "Wilton", "CT", "240 Danbury Rd"]


def xlsx() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, KEPT, TAKEN_BACK):
        sheet.append(row)
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    sheet["D2"] = CellRichText(TextBlock(InlineFont(strike=True), "1 Old Rd"), " 25 Hecker Ave")
    sheet["A2"].comment = Comment("closed since May", "clerk")
    book.save(file)
    return file.getvalue()


def ods() -> bytes:
    book, file = OpenDocumentSpreadsheet(), io.BytesIO()
    line = Style(name="line", family="table-cell")
    line.addElement(TextProperties(textlinethroughstyle="solid"))
    book.automaticstyles.addElement(line)
    table = Table(name="zones")
    for number, texts in enumerate((HEADER, KEPT, TAKEN_BACK)):
        row = TableRow()
        for text in texts:
            cell = TableCell(**({"stylename": line} if number == 2 else {}))
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(file)
    return file.getvalue()


def page() -> bytes:
    rows = [HEADER, KEPT, [f"<s>{text}</s>" for text in TAKEN_BACK]]
    return ("<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows) + "</table>").encode()


def markdown() -> bytes:
    rows = [HEADER, KEPT, [f"~~{text}~~" for text in TAKEN_BACK]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows).encode()


@pytest.mark.parametrize("file", [xlsx, ods, page, markdown])
def test_a_row_with_a_line_through_it_is_no_zone(engine: Engine, load: Import, file: Callable[[], bytes]) -> None:
    report = load("zones.dat", file())
    assert (report.added, report.refused) == (1, 1), report.findings
    (error,) = [one for one in report.findings if one.severity == "error"]
    assert (error.rule, error.value) == ("row_is_a_zone", "Wilton PD")
    assert [zone.street_address for zone in read_directory(engine).zones] == ["25 Hecker Ave"]


def test_a_struck_part_of_a_cell_and_a_comment_are_left_out_and_named(load: Import) -> None:
    told = {one.rule: (one.row, one.field, one.value) for one in load("zones.xlsx", xlsx()).findings}
    assert told["text_is_not_struck"] == (2, "Address", "1 Old Rd")
    assert told["comment_is_read"] == (2, "A2", "closed since May")


@pytest.mark.parametrize("place", ["", "$A$2", "A2:B2", "a2", "comments>"])
def test_a_comment_that_is_on_no_cell_refuses_no_workbook(load: Import, place: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as book, zipfile.ZipFile(file, "w") as other:
        for name in book.namelist():
            content = book.read(name)
            if "comments" in name and name.endswith(".xml"):
                content = content.replace(b'ref="A2"', f'ref="{place}"'.encode())
                content = content[:-9] if place == "comments>" else content
            other.writestr(name, content)
    report = load("zones.xlsx", file.getvalue())
    assert report.added == 1 and "comment_is_read" not in {one.rule for one in report.findings}


def test_the_answer_that_there_is_no_zone_is_none(engine: Engine, load: Import) -> None:
    asked = ("Does your agency offer a safe exchange zone?", "Has safe zone (Y/N)", "Participating")
    for number, column in enumerate(asked):
        rows = (f"Darien PD,Darien,CT,{number} Main St,No", f"Wilton PD,Wilton,CT,{number} Main St,Considering it",
                f"Weston PD,Weston,CT,{number} Main St,Yes", f"Bethel PD,Bethel,CT,{number} Main St,")  # fmt: skip
        report = load(f"{number}.csv", "\n".join([f"Department,Town,State,Address,{column}", *rows]))
        assert (report.added, report.refused) == (3, 1), (column, report.findings)
    assert {(zone.town, zone.status) for zone in read_directory(engine).zones} == {
        ("Wilton", "moved"), ("Weston", "active"), ("Bethel", "active"),
    }  # fmt: skip


@pytest.mark.parametrize("column", ["Is the zone lit?", "Does the zone have cameras?", "Has safe parking", "Safe zone"])
def test_a_no_to_something_else_is_no_answer_to_that(load: Import, column: str) -> None:
    assert load("zones.csv", f"Department,Town,State,{column}\nDarien PD,Darien,CT,No\n").added == 1


def test_a_folder_of_closed_zones_and_a_date_of_closing_are_no_places_to_go_to(engine: Engine, load: Import) -> None:
    data = "<ExtendedData><Data name='town'><value>{0}</value></Data><Data name='state'><value>CT</value></Data>" \
           "</ExtendedData><Point><coordinates>{1}</coordinates></Point>"  # fmt: skip
    wilton = f"<Placemark><name>Wilton Police</name>{data.format('Wilton', '-73.43791,41.19543')}</Placemark>"
    darien = f"<Placemark><name>Darien Police</name>{data.format('Darien', '-73.47123,41.07051')}</Placemark>"
    load(
        "zones.kml",
        kml(f"<Folder><name>Closed zones</name>{wilton}</Folder><Folder><name>Active</name>{darien}</Folder>"),
    )
    rows = ("Weston PD,Weston,CT,3/2021", "Bethel PD,Bethel,CT,2199-01-01", "Easton PD,Easton,CT,")
    load("zones.csv", "\n".join(["Department,Town,State,Date closed", *rows]))
    assert {zone.town: str(zone.status) for zone in read_directory(engine).zones} == {
        "Wilton": "temporarily_closed", "Darien": "active", "Weston": "moved", "Bethel": "active", "Easton": "active",
    }  # fmt: skip
