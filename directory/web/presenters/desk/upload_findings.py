"""What was found in an uploaded file, grouped by kind: “17 rows: State: is missing”, each with its cell."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby

from directory.submissions.uploads.upload_corrections import CORRECTABLE, POINT, cell_of
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.text import TranslatableText
from directory.web.i18n.translate import _, colon, ngettext, translate
from directory.web.presenters.labels import field_name, value
from directory.zones.findings import Finding, Severity
from directory.zones.parsing.composites import COORDINATES, STREET_NUMBER
from directory.zones.validation.row_validation import THE_ROW

MOST_SHOWN = 500
"""Characters of a cell that its field shows; a longer one is written anew, so that a page's form stays short."""
OF_ONE_ROW = frozenset({
    "zone_id", "name", "street_address", STREET_NUMBER, "spot_note", "latitude", "longitude", COORDINATES, "area",
    "photo", "photo_alt", THE_ROW,
})  # fmt: skip
"""What tells a zone from others: nobody puts the same into many rows."""
OF_THE_POINT = frozenset({
    "coordinates_come_in_pairs", "coordinates_are_not_zero", "coordinates_are_not_swapped", "longitude_has_its_sign",
    "coordinates_are_in_range", "point_is_in_its_state", "point_is_near_its_town", "point_is_whole",
})  # fmt: skip
"""Rules about both numbers of a point: either may be the one to correct."""
MAY_BE_A_ZONE = frozenset({"row_is_visible", "row_is_a_zone"})
"""Rules about a row as a whole, which its sender may take nevertheless."""
MOST_FILLS = 5
"""Offers for one group to put a value into all cells that say the same."""
ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class FindingCell:
    """A finding and the cell that it is about: what the cell says, what it said in the file, and what tells its row.

    `field` is what is corrected, empty where the finding is about the file; `name` that of its control, empty where the
    cell cannot be corrected here.
    """

    finding: Finding
    field: str
    name: str
    text: str
    sent: str
    place: str

    @property
    def control_text(self) -> str:
        """What the control shows at first."""
        return control_text(self.text)

    @property
    def mark(self) -> str:
        """Tells whether the control still has what it showed."""
        return mark(self.control_text)


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that somebody else corrected since its page was opened: what it says now, and what was typed into it."""

    row: int
    field: str
    now: str
    new_text: str

    @property
    def name(self) -> str:
        """The name of its control."""
        return f"cell:{self.row}:{self.field}"

    @property
    def mark(self) -> str:
        """Lets what was typed take the place of what the cell says now."""
        return mark(control_text(self.now))


@dataclass(frozen=True, slots=True)
class Fill:
    """An offer to put one value into all cells of a group that say the same; `total` counts them on all pages."""

    key: str
    text: str
    total: int


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind. `reason` and `fix` are empty where they differ from row to row.

    `rows` counts the rows on all pages that can be left out together: none where the findings are mere notes.
    """

    key: str
    severity: Severity
    title: str
    reason: str
    fix: str
    fills: Sequence[Fill]
    rows: int
    cells: Sequence[FindingCell]


def control_text(text: str) -> str:
    """What the control of a cell shows at first: nothing of a long text."""
    return text if len(text) <= MOST_SHOWN else ""


def mark(text: str) -> str:
    """A short digest of a text."""
    return sha256(text.encode()).hexdigest()[:12]


def groups_of(findings: Iterable[Finding], file: UploadedFile) -> list[FindingGroup]:
    """All findings in groups: errors first, then warnings and notes, the largest group of each first.

    A cell has one control, at the first of its findings.
    """
    rows = {row.number: row for row in file.rows}
    cells: dict[str, list[FindingCell]] = {}
    controls = {""}
    for finding in sorted(findings, key=lambda finding: ORDER.index(finding.severity)):
        row = rows.get(finding.row)
        row_cells = _cells(finding, file.values(row), file.as_sent(row)) if row else [_about_the_file(finding)]
        new_cells = [cell for cell in row_cells if cell.name not in controls] or [replace(row_cells[0], name="")]
        cells.setdefault(_key(finding) if row else "file", []).extend(new_cells)
        controls.update(cell.name for cell in new_cells)
    groups = [_group(key, of_kind) for key, of_kind in cells.items()]
    return sorted(groups, key=lambda group: (ORDER.index(group.severity), -len(group.cells)))


def of_page(groups: Iterable[FindingGroup], cells: Sequence[tuple[str, FindingCell]]) -> list[FindingGroup]:
    """The groups of some of their cells, which are given with the keys of their groups, in order."""
    by_key = {group.key: group for group in groups}
    pages = groupby(cells, key=lambda entry: entry[0])
    return [replace(by_key[key], cells=[cell for _, cell in entries]) for key, entries in pages]


def _key(finding: Finding) -> str:
    template = finding.reason.template if isinstance(finding.reason, TranslatableText) else finding.reason
    return mark("|".join((finding.severity, finding.rule, finding.field, template)))


def _about_the_file(finding: Finding) -> FindingCell:
    return FindingCell(finding, "", "", "", "", "")


def _cells(finding: Finding, values: Mapping[str, str], sent: Mapping[str, str]) -> list[FindingCell]:
    fields = POINT if finding.rule in OF_THE_POINT else (finding.field,)
    return [_cell(finding, field, values, sent) for field in dict.fromkeys(cell_of(field, values) for field in fields)]


def _cell(finding: Finding, field: str, values: Mapping[str, str], sent: Mapping[str, str]) -> FindingCell:
    place = place_of(values)
    can_correct = field in CORRECTABLE and (field != THE_ROW or finding.rule in MAY_BE_A_ZONE)
    name = f"cell:{finding.row}:{field}" if can_correct else ""
    return FindingCell(finding, field, name, values.get(field, ""), sent.get(field, ""), place)


def place_of(values: Mapping[str, str]) -> str:
    """What tells a row from others."""
    return ", ".join(text for name in ("street_address", "spot_note", "town") if (text := values.get(name, "")[:80]))


def _group(key: str, cells: Sequence[FindingCell]) -> FindingGroup:
    first = cells[0].finding
    if not cells[0].field:
        return FindingGroup(key, Severity.WARNING, field_name("file"), "", "", [], 0, cells)
    reason = reason_words(first) if len({cell.finding.reason for cell in cells}) == 1 else ""
    fix = translate(first.fix) if len({cell.finding.fix for cell in cells}) == 1 else ""
    count = len({cell.finding.row for cell in cells})
    rows = ngettext("%(num)d row", "%(num)d rows", count)
    title = colon().join(filter(None, (rows, field_name(first.field), reason)))
    leaves_out = 0 if first.severity is Severity.NOTE else count
    return FindingGroup(key, first.severity, title, reason, fix, _fills(key, cells), leaves_out, cells)


def reason_words(finding: Finding) -> str:
    """Why, in the reader's language; what something was read as stands there in words, not in codes."""
    reason = finding.reason
    meaning = reason.values.get("converted") if isinstance(reason, TranslatableText) else None
    if not isinstance(reason, TranslatableText) or not isinstance(meaning, str):
        return translate(reason)
    return _(reason.template, converted=translate(value(finding.field, meaning)))


def choice_words(finding: Finding) -> list[tuple[str, str]]:
    """The readings of an ambiguous value: each as it is written, and in words."""
    return [(choice, value(finding.field, choice)) for choice in finding.choices]


def _fills(key: str, cells: Sequence[FindingCell]) -> list[Fill]:
    first = cells[0]
    if first.field in OF_ONE_ROW or first.finding.severity is Severity.NOTE:
        return []
    texts = Counter(cell.text for cell in cells if cell.name).most_common(MOST_FILLS)
    return [Fill(fill_key(key, text), text, count) for text, count in texts if count > 1]


def fill_key(group: str, text: str) -> str:
    """The key of the offer to fill the cells of a group that say a text."""
    return mark(f"{group}|{text}")
