"""Files of several sheets, layers or tables: one is read, and what is hidden is named."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from directory.formats.recognition import open_source
from directory.formats.sheets import SheetChoiceError
from tests.support.department_files import (
    CLOCKED,
    FACTS,
    content_xml,
    html_xls,
    ods,
    table,
    with_gdal,
    xlsx,
    zipped,
    zipped_shapefile,
)

FIRST, SECOND = table([FACTS]), table([CLOCKED])


def two_tables(_folder: Path) -> bytes:
    return html_xls().replace(b"</body>", html_xls() + b"</body>")


def two_layers(folder: Path) -> bytes:
    for name, row in (("Table 1", FACTS), ("Table 2", CLOCKED)):
        with_gdal(folder / "a.gpkg", "GPKG", layer=name, rows=[row])
    return (folder / "a.gpkg").read_bytes()


def two_shapefiles(folder: Path) -> bytes:
    whole = zipped_shapefile(folder)
    files = {path.suffix: path.read_bytes() for path in folder.glob("safe_zones.*")}
    assert whole
    return zipped({f"{name}{suffix}": part for name in ("Table 1", "x/Table 2") for suffix, part in files.items()})


SEVERAL: dict[str, Callable[[Path], bytes]] = {
    "XLSX": lambda _: xlsx(("Table 1", FIRST), ("Table 2", SECOND)),
    "ODS": lambda _: ods(("Table 1", FIRST), ("Table 2", SECOND)),
    "HTML": two_tables,
    "GeoPackage": two_layers,
    "Shapefile": two_shapefiles,
}


def rows_of(folder: Path, content: bytes, sheet: str = "") -> tuple[list[dict[str, object]], list[str]]:
    """The rows' values, and all findings as text."""
    path = folder / "file"
    path.write_bytes(content)
    with open_source(path, sheet=sheet) as source:
        rows = list(source.rows)
        return [row.values for row in rows], [
            *map(str, source.findings),
            *(str(f) for row in rows for f in row.problems),
        ]


@pytest.mark.parametrize("form", SEVERAL)
def test_several_sheets_with_zones_are_refused_with_their_names(tmp_path: Path, form: str) -> None:
    content = SEVERAL[form](tmp_path)
    with pytest.raises(SheetChoiceError) as refusal:
        rows_of(tmp_path, content)
    assert refusal.value.sheets == ("Table 1", "Table 2")
    assert "--sheet NAME" in refusal.value.fix and "“Table 2”" in refusal.value.fix
    rows, _ = rows_of(tmp_path, content, " table 2 ")
    assert rows[-1]["opening_hours"] == CLOCKED["opening_hours"]
    with pytest.raises(SheetChoiceError, match="no sheet “Zones”"):
        rows_of(tmp_path, content, "Zones")


@pytest.mark.parametrize("make", [xlsx, ods])
def test_sheets_without_our_columns_or_without_rows_are_no_question(tmp_path: Path, make: Callable[..., bytes]) -> None:
    content = make(("Notes", [["what", "why"], ["a", "b"]]), ("Empty", FIRST[:1]), ("Zones", FIRST))
    assert [row["street_address"] for row in rows_of(tmp_path, content)[0]] == ["56 Norfield Road"]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_hidden_sheets_are_named_and_a_named_one_is_read(tmp_path: Path, make: Callable[..., bytes]) -> None:
    content = make(("Old", SECOND), ("Zones", FIRST), hidden={"Old"})
    rows, findings = rows_of(tmp_path, content)
    assert rows[0]["opening_hours"] == "24/7" and any(
        "“Old”: is a hidden sheet. It was left out" in f for f in findings
    )
    rows, findings = rows_of(tmp_path, content, "Old")
    assert rows[0]["opening_hours"] != "24/7"
    assert not any("hidden" in finding for finding in findings), "it was asked for"


def test_hidden_rows_and_columns_of_ods_are_named(tmp_path: Path) -> None:
    content = ods(("Zones", [*FIRST, *SECOND[1:]]), hidden_rows={2}, hidden_columns={8})
    rows, findings = rows_of(tmp_path, content)
    assert len(rows) == 2 and "phone" not in rows[0]
    assert any(finding.startswith("error: row 3, row") and "is a hidden row" in finding for finding in findings), (
        findings
    )
    assert any("“phone”: is a hidden column" in finding for finding in findings), findings


def test_hidden_rows_and_columns_of_html_are_named(tmp_path: Path) -> None:
    content = html_xls().replace(b"<table>", b"<table><col span=8><col style='display:none'>")
    content = content.replace(b"<tr><td>Weston", b"<tr style='mso-x:y;display: none'><td>Weston", 1)
    rows, findings = rows_of(tmp_path, content)
    assert len(rows) == 2 and "phone" not in rows[0]
    assert sum("is a hidden row" in finding for finding in findings) == 1
    assert any("“phone”: is a hidden column" in finding for finding in findings)


def test_cells_of_ods_are_read_as_those_of_xlsx(tmp_path: Path) -> None:
    names = ["department", "town", "spot_note", "spaces", "announced_on", "marked"]
    book = openpyxl.Workbook()
    book.active.append(names)
    book.active.append(["PD", "Weston", "two  spaces\nand a line", 4, datetime(2026, 5, 4), True])
    book.save(tmp_path / "a.xlsx")
    cells = (
        "<cell><text:p>P<text:span>D</text:span></text:p></cell>",
        "<cell><office:annotation><text:p>a note</text:p></office:annotation><text:p>Weston</text:p></cell>",
        "<cell><text:p>two <text:s/>spaces</text:p><text:p>and a line</text:p></cell>",
        '<cell office:value-type="float" office:value="4"><text:p>4.00</text:p></cell>',
        '<cell office:value-type="date" office:date-value="2026-05-04"><text:p>5/4/26</text:p></cell>',
        '<cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></cell>',
    )
    lines = ("".join(f"<cell><text:p>{name}</text:p></cell>" for name in names), "".join(cells))
    ods_rows, _ = rows_of(tmp_path, zipped({"content.xml": content_xml(lines)}))
    assert ods_rows == rows_of(tmp_path, (tmp_path / "a.xlsx").read_bytes())[0]


def test_nothing_of_gdal_is_loaded_into_the_process_that_reads() -> None:
    code = "import sys; from directory.formats.recognition import open_source; sys.exit('pyogrio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
