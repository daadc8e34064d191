"""What is struck through is left out, and nothing else: a row of which no field is left is no zone."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from directory.formats.recognition import open_source
from directory.zones.validation.row_validation import RawRow

HEADER = ["No.", "Department", "Town", "State", "Address"]
ROW = [2, "Wilton PD", "Wilton", "CT", "240 Danbury Rd"]


def the_row(folder: Path, content: bytes) -> tuple[RawRow, list[str]]:
    file = folder / "zones.dat"
    file.write_bytes(content)
    with open_source(file) as source:
        (row,) = source.rows
    return row, [str(finding.severity) for finding in row.problems if "struck" in f"{finding.reason}"]


def workbook(struck: str, address: Any = None) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(ROW)
    if address is not None:
        sheet["E2"] = address
    for column in struck:
        sheet[f"{column}2"].font = Font(strike=True)
    book.save(file)
    return file.getvalue()


def page(*cells: str) -> bytes:
    rows = (HEADER[1:], cells)
    return ("<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows) + "</table>").encode()


def test_a_running_number_without_a_line_makes_no_zone_of_its_row(tmp_path: Path) -> None:
    assert the_row(tmp_path, workbook("BCDE"))[1] == ["error"]
    assert the_row(tmp_path, workbook("ABCD"))[1] == ["warning"] * 4


def test_a_text_is_struck_once_where_its_pieces_and_its_cell_are(tmp_path: Path) -> None:
    line = InlineFont(strike=True)
    pieces = CellRichText(TextBlock(InlineFont(strike=True, b=True), "1"), TextBlock(line, " Old Rd"))
    row, found = the_row(tmp_path, workbook("E", pieces))
    assert (row.values.get("street_address"), found) == ("", ["warning"])
    assert the_row(tmp_path, workbook("BCDE", pieces))[1] == ["error"]


@pytest.mark.parametrize(
    "address", ["<del><s>240</s> Danbury Rd</del>", "<s><s>240 Danbury Rd", "<s>~240 Danbury Rd</s>"]
)
def test_marks_in_marks_of_a_page_leave_nothing_behind(tmp_path: Path, address: str) -> None:
    row, found = the_row(tmp_path, page("Wilton PD", "Wilton", "CT", address))
    assert (row.values.get("street_address"), found) == ("", ["warning"])
    struck = (f"<del><s>{text}</s></del>" for text in ("Wilton PD", "Wilton", "CT"))
    assert the_row(tmp_path, page(*struck, address))[1] == ["error"]


@pytest.mark.parametrize("text", ["~~8am to ~~5pm", "~~240~~ 250 Danbury Rd"])
def test_nothing_is_struck_through_in_plain_text(tmp_path: Path, text: str) -> None:
    row, found = the_row(tmp_path, f"Department,Town,State,Address\nWilton PD,Wilton,CT,{text}\n".encode())
    assert (row.values["street_address"], found) == (text, [])
