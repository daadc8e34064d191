"""Corrections of an uploaded file, cell by cell, and what they change in its draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from directory.submissions.items.item import Action, Item
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.zones.parsing.composites import COORDINATES, SYNONYMS
from directory.zones.parsing.parsers import PARSERS
from directory.zones.validation.row_validation import THE_ROW

POINT = ("latitude", "longitude")
CORRECTABLE = frozenset({*PARSERS, *SYNONYMS, THE_ROW})
"""What a correction may be about: fields, columns that hold several, and whether a row that stands out is taken."""
Corrections = Mapping[tuple[int, str], str]
"""New texts by the number of the row and the field."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row of a file proposed before its correction, and after it; None where it proposes nothing."""

    before: Item | None
    after: Item | None

    def over(self, stored: Mapping[str, Item]) -> Item | None:
        """The item that a draft gets: what was typed over the row in the draft stays, unless the row now says else."""
        draft_item = stored.get(self.before.key) if self.before else None
        if self.before is None or self.after is None or draft_item is None or draft_item.action is not Action.ADD:
            return self.after
        old_values, new_values = self.before.values, self.after.values
        if self.after.action is not Action.ADD:
            return self.after
        moved = old_values.get("street_address") != new_values.get("street_address")
        stale = (
            {*POINT, "location_source"} if moved and draft_item.values.get("location_source") == "address" else set()
        )
        own = {
            name: text
            for name, text in draft_item.values.items()
            if old_values.get(name) == new_values.get(name) and name not in stale
        }
        changed_values = {name: text for name, text in new_values.items() if old_values.get(name) != text}
        return replace(self.after, values=own | changed_values, distinct_from=draft_item.distinct_from)


def correct(file: UploadedFile, corrections: Corrections) -> bool:
    """Put corrections over the cells of their rows, and nowhere else; returns whether that changes anything.

    A correction to what the file says is none. Those of rows or fields that there are not are passed over.
    """
    changed = False
    for row in file.rows:
        own = {field: text for (number, field), text in corrections.items() if number == row.number}
        before, sent = dict(row.corrections), file.as_sent(row)
        for field in own.keys() & CORRECTABLE:
            row.corrections.pop(field, None)
            if own[field] != sent.get(field, ""):
                row.corrections[field] = own[field]
        changed = changed or row.corrections != before
    return changed


def cell_of(field: str, values: Mapping[str, str]) -> str:
    """The field of the cell in which a row says something of a field: a point without either number is one cell."""
    return COORDINATES if field in POINT and not any(name in values for name in POINT) else field


def row_changes(before: CheckedSpreadsheet, after: CheckedSpreadsheet) -> list[RowChange]:
    """The rows that propose something else than before."""
    old, new = before.items_by_row(), after.items_by_row()
    changes: Iterable[RowChange] = (RowChange(old.get(row), new.get(row)) for row in sorted(old.keys() | new.keys()))
    return [change for change in changes if change.before != change.after]
