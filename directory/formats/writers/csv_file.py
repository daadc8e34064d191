"""The directory as CSV, row by row."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from directory.formats.edition import Edition
from directory.formats.table_source import defused
from directory.formats.writers.tables import columns, text_cells
from directory.zones.schemas import ZoneRecord


def csv_rows(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[str]:
    """A CSV file line by line: every zone as a row, every field as a column."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")

    def formatted(cells: Iterable[Any]) -> str:
        writer.writerow(cells)
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    if edition.byte_order_mark:
        yield codecs.BOM_UTF8.decode()
    yield formatted(columns(edition))
    for zone in zones:
        yield formatted(map(defused, text_cells(zone, edition)))
