"""The directory as an XLSX workbook, and workbooks of a few rows."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from directory.formats.edition import ATTRIBUTION, LICENCE, LICENCE_NAME, PLAIN, Edition
from directory.formats.writers.blocks import blocks_of
from directory.formats.writers.tables import columns, meaning, type_of, typed_cells
from directory.zones.schemas import ZoneRecord

LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell."""
TYPE_NAMES = {int: "whole number", float: "number", bool: "TRUE or FALSE", date: "date", str: "text"}
WIDTHS = {"name": 28, "department": 34, "street_address": 28, "spot_note": 34, "opening_hours": 24, "url": 44}
USUAL_WIDTH = 14


def xlsx(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[bytes]:
    """A workbook in blocks: a sheet of the zones with typed columns, header and filters, and one that explains them.

    The same zones give the same bytes.
    """
    with tempfile.TemporaryDirectory(prefix="safezones-xlsx-") as folder:
        path = Path(folder) / "zones.xlsx"
        with _opened(path, folder, edition) as book:
            _zones(book, zones, edition)
            _about(book.add_worksheet("About"), book.add_format({"bold": True}), edition)
        yield from blocks_of(path)


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with these rows, all of it text."""
    with tempfile.TemporaryDirectory(prefix="safezones-xlsx-") as folder:
        path = Path(folder) / "rows.xlsx"
        with _opened(path, folder, PLAIN) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                _write(sheet, number, row, None)
        return path.read_bytes()


def _opened(path: Path, folder: str, edition: Edition) -> xlsxwriter.Workbook:
    """A workbook that holds one row in memory; its day is that of the directory, so that bytes do not change."""
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
    )
    created = edition.day.replace(tzinfo=None)
    book.set_properties({"title": "Safe zones", "created": created, "comments": f"{ATTRIBUTION}. {LICENCE}"})
    return book


def _zones(book: xlsxwriter.Workbook, zones: Iterable[ZoneRecord], edition: Edition) -> None:
    sheet, names = book.add_worksheet("Zones"), columns(edition)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, USUAL_WIDTH), day if type_of(name) is date else None)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    last = 0
    for last, zone in enumerate(zones, start=1):
        _write(sheet, last, typed_cells(zone, edition), day)
    sheet.autofilter(0, 0, last, len(names) - 1)


def _write(sheet: Worksheet, row: int, cells: Sequence[Any], day: Format | None) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, day)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell)
        else:
            sheet.write_string(row, column, str(cell)[:LONGEST_CELL])


def _about(sheet: Worksheet, bold: Format, edition: Edition) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    changed = edition.changed.date().isoformat() if edition.changed else ""
    facts = [("Licence", f"{LICENCE_NAME}, {LICENCE}"), ("Please name", ATTRIBUTION), ("Last change", changed)]
    explained = [(name, f"{meaning(name)} ({TYPE_NAMES[type_of(name)]})") for name in columns(edition)]
    rows = [*[fact for fact in facts if fact[1]], ("", ""), ("Column of Zones", "What it holds"), *explained]
    for number, (left, right) in enumerate(rows):
        sheet.write_string(number, 0, left, bold)
        sheet.write_string(number, 1, right)
