"""Cells that were merged downwards count for every row that they reach, in each form of spreadsheet that has them."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from directory.formats.recognition import open_source
from directory.zones.validation.row_validation import RawRow
from tests.support.department_files import content_xml, zipped

NAMES = ["department", "town", "state", "street_address", "setting", "spot_note"]
ROWS = [
    ["Weston Police Department", "Weston", "CT", "56 Norfield Road", "lobby", ""],
    ["", "", "", "", "parking lot", "two\nbays"],
    ["", "", "", "200 School Road", "parking lot", ""],
    ["", "", "", "", "", ""],
    ["Darien Police Department", "Darien", "CT", "", "lobby", ""],
]
MERGED = {(0, 0): (5, 1), (0, 1): (3, 1), (0, 2): (3, 1), (0, 3): (2, 1), (4, 2): (1, 2)}
"""By row and column of the first cell, how many rows and columns it covers; one reaches as far as the next one."""


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for cells in [NAMES, *ROWS]:
        book.active.append([cell or None for cell in cells])
    for (row, column), (down, right) in MERGED.items():
        end = {"end_row": row + 1 + min(down, 4), "end_column": column + right}
        book.active.merge_cells(start_row=row + 2, start_column=column + 1, **end)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods() -> bytes:
    lines = ["".join(f"<cell><text:p>{name}</text:p></cell>" for name in NAMES)]
    for row, cells in enumerate(ROWS):
        line = ""
        for column, text in enumerate(cells):
            down, right = MERGED.get((row, column), (1, 1))
            span = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
            is_covered = any(r < row < r + d and c == column for (r, c), (d, _) in MERGED.items()) and not text
            texts = "".join(f"<text:p>{part}</text:p>" for part in text.split("\n") if part)
            line += "<table:covered-table-cell/>" if is_covered else f"<cell {span}>{texts}</cell>"
        lines.append(line)
    return zipped({"content.xml": content_xml(lines).replace("<cell ", "<table:table-cell ")})


def html() -> bytes:
    text = "<table><tr>" + "".join(f"<th>{name}</th>" for name in NAMES) + "</tr>"
    for row, cells in enumerate(ROWS):
        text += "<tr>"
        for column, cell in enumerate(cells):
            down, right = MERGED.get((row, column), (1, 1))
            if any(r < row < r + min(d, 4) and c == column for (r, c), (d, _) in MERGED.items()):
                continue
            if not any(r == row and c < column < c + w for (r, c), (_, w) in MERGED.items()):
                words = cell.replace("\n", "<br>")
                text += f"<td rowspan={min(down, 4)} colspan={right}>{words}</td>"
        text += "</tr>"
    return (text + "</table>").encode()


def rows_of(folder: Path, content: bytes) -> list[RawRow]:
    (folder / "file").write_bytes(content)
    with open_source(folder / "file") as source:
        return list(source.rows)


@pytest.mark.parametrize("make", [xlsx, ods, html])
def test_a_merged_cell_counts_for_every_row_that_it_reaches(tmp_path: Path, make: Callable[[], bytes]) -> None:
    rows = rows_of(tmp_path, make())
    of_weston = {"department": "Weston Police Department", "town": "Weston", "state": "CT"}
    of_school_road = {**of_weston, "street_address": "200 School Road", "setting": "parking lot"}
    assert [row.values for row in rows] == [
        {**of_weston, "street_address": "56 Norfield Road", "setting": "lobby"},
        {**of_weston, "street_address": "56 Norfield Road", "setting": "parking lot", "spot_note": "two\nbays"},
        of_school_road,
        {"department": "Darien Police Department", "town": "Darien", "state": "CT", "setting": "lobby"},
    ], "an empty row stays none, a cell's own value counts first, and what is merged to the right is one column's"
    assert [[problem.field for problem in row.problems] for row in rows] == [
        [], ["department", "town", "state", "street_address"], ["department", "town", "state"], [],
    ]  # fmt: skip
    assert str(rows[1].problems[1]) == (
        "note: row 3, town: “Weston”: stands in a merged cell, and was read for each of its rows. "
        "Nothing to do if that is right."
    )


def test_names_of_columns_may_be_merged_over_two_rows(tmp_path: Path) -> None:
    head = "<tr><th rowspan=2>Department<th colspan=2>Place<tr><th>Town<th>State"
    rows = rows_of(tmp_path, f"<table>{head}<tr><td>Weston Police Department<td>Weston<td>CT</table>".encode())
    assert [row.values for row in rows] == [{"department": "Weston Police Department", "town": "Weston", "state": "CT"}]
