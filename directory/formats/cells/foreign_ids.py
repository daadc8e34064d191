"""Ids by which another program counts what it keeps: `node/123456`, `{GUID}`, `zones.1`."""

import re

from directory.zones.findings import MOST_SHOWN, FieldError, converted
from directory.zones.parsed import NOTHING
from directory.zones.parsing.parsers import PARSERS
from directory.zones.validation.row_validation import RawRow, tidy

_AN_ID = re.compile(r"\S{1,100}")
"""What a program may count by; words in its place are an error, as in other fields."""


def without_foreign_id(row: RawRow) -> RawRow:
    """The row without an id that no zone can have. One that a zone may have is left to those who know the zones."""
    zone_id = tidy(row.values.get("zone_id"))
    if _AN_ID.fullmatch(zone_id) and not _may_be_a_zones(zone_id):
        del row.values["zone_id"]
        row.problems.append(converted(row.number, "zone_id", zone_id[:MOST_SHOWN], NOTHING))
    return row


def _may_be_a_zones(zone_id: str) -> bool:
    try:
        PARSERS["zone_id"](zone_id)
    except FieldError:
        return False
    return True
