"""A spreadsheet sent in: read, and judged row by row; nothing is written.

Good rows become items, bad ones wait with their findings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from directory.formats.recognition import open_source
from directory.formats.source import BadFileError, Limits, too_much_text
from directory.formats.table_source import NoColumnsError
from directory.submissions.items.item import ASKED, Action, Item, answers_of, differences
from directory.submissions.uploads.unpacking import in_turn
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.text import plain, translatable
from directory.zones.departments.owner import Owner
from directory.zones.duplicates.departments import department_key, same_department
from directory.zones.duplicates.towns import town_key
from directory.zones.evidence.listed_without_status import is_doubted, listed_without_status
from directory.zones.findings import Finding, Severity, converted
from directory.zones.keys import spot_key
from directory.zones.parsing.day_order import DATES, DayOrder
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import LocationSource, ZoneRecord
from directory.zones.validation.row_validation import (
    MOST_IN_A_CELL,
    RawRow,
    ValidatedRow,
    tidy,
    validate,
    with_day_order,
)

MOST_BYTES = 2_000_000
LIMITS = Limits(unpacked=50_000_000, elements=300_000, text=4_000_000, columns=200, sheets=50)
MOST_ROWS = 1_000
MOST_FINDINGS = 3_000
"""Findings of one kind, errors or others, that are told of a file; the rest is counted."""
MOST_FINDINGS_OF_A_ROW = 5
"""Errors that are kept with a row that waits."""
KEPT_OF_NEW = frozenset({"hours_note", "spot_note", "status", "status_note"})
"""What a new zone gets of values that do not read: their words, and that it is not sure to be in use."""
TEMPLATE_COLUMNS = (
    "department", "town", "state", "name", "setting", "spot_note", "street_address", "postal_code", "latitude",
    "longitude", "opening_hours", "cameras", "cameras_recorded", "lighting", "marked", "spaces", "step_free", "phone",
    "rules",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row that the rules take: the zone that it means (empty: a new one), and its item (empty: nothing changes).

    `owner` is the zone's department, with its town.
    """

    zone_id: str
    item: str
    owner: Owner


@dataclass(slots=True)
class CheckedSpreadsheet:
    """What a spreadsheet says: items to go on with, rows that wait, and what the rules found.

    `findings` are the first of each kind; `errors` and `others` count them all. `accepted` has every row that does not
    wait, by its number.
    """

    form: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    accepted: dict[int, AcceptedRow] = field(default_factory=dict)
    faulty: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0
    others: int = 0
    unchanged: int = 0

    def items_by_row(self) -> dict[int, Item]:
        """The item of each row that changes something, by the row's number."""
        items = {item.key: item for item in self.items}
        return {number: items[row.item] for number, row in self.accepted.items() if row.item}

    def note(self, findings: Iterable[Finding]) -> None:
        """Count findings, and keep the first."""
        for finding in findings:
            if finding.severity is Severity.ERROR:
                self.errors += 1
                has_room = self.errors <= MOST_FINDINGS
            else:
                self.others += 1
                has_room = self.others <= MOST_FINDINGS
            if has_room:
                self.findings.append(finding)


class TooManyRowsError(BadFileError):
    """The file has more rows than are read."""


class KnownZones:
    """The zones of the directory that a row may mean."""

    def __init__(self, zones: Iterator[ZoneRecord]) -> None:
        self._by_id: dict[str, ZoneRecord] = {}
        self._by_spot: dict[str, ZoneRecord] = {}
        self._towns: dict[tuple[str, str], str] = {}
        self._departments: defaultdict[str, set[str]] = defaultdict(set)
        for zone in zones:
            self._by_id[zone.zone_id] = zone
            self._by_spot[spot_key(zone)] = zone
            self._towns.setdefault((zone.state, town_key(zone.town, zone.state)), zone.town)
            self._departments[zone.state].add(zone.department)

    def meant_by(self, record: ZoneRecord) -> ZoneRecord | None:
        """The zone of the record's id, else of its spot: an id that the directory does not have is the sender's own."""
        return self._by_id.get(record.zone_id) or self._by_spot.get(spot_key(record))

    def town_like(self, name: str, state: str) -> str:
        """How the directory writes a town; empty where it has none of that name."""
        return self._towns.get((state, town_key(name, state)), "")

    def department_like(self, name: str, state: str, town: str) -> str:
        """How the directory writes a department; empty where it has none, or several, of that meaning."""
        key, names = department_key(name, state, town), self._departments[state]
        alike = [other for other in names if same_department(key, department_key(other, state))] if key.place else []
        return alike[0] if len(alike) == 1 else ""


def check_spreadsheet(path: Path, owner: Owner, stored: KnownZones, places: PlaceLookup) -> CheckedSpreadsheet:
    """Judge a file of any format for one department, of which nobody is asked about ambiguous values.

    Raises BadFileError: unreadable, or more text than 4 MB; TooManyRowsError: over 1,000; SheetChoiceError: several
    sheets could be meant; BusyError: another file is being read.
    """
    return in_turn(lambda: check_upload(_read(path, ""), owner, stored, places, can_ask=False))


def read_spreadsheet(path: Path, name: str = "", *, asks_columns: bool = False) -> UploadedFile:
    """The rows of a file of any format, to be checked. Raises what `check_spreadsheet` does.

    `asks_columns`: its sender says later what each column is, where none of them is known.
    """
    try:
        return in_turn(_read, path, name)
    except NoColumnsError:
        if not asks_columns:
            raise
        return in_turn(_read, path, name, asks_columns=True)


def _read(path: Path, name: str, *, asks_columns: bool = False) -> UploadedFile:
    file, length = UploadedFile(), 0
    with open_source(path, LIMITS, sheet=name, asks_columns=asks_columns) as source:
        file.form, file.columns, file.findings = source.format, source.columns, source.findings
        for count, row in enumerate(source.rows, start=1):
            if count > MOST_ROWS:
                raise TooManyRowsError(
                    translatable("The file has more than %(MOST_ROWS)s rows.", MOST_ROWS=f"{MOST_ROWS:,}"),
                    translatable("Send it in several parts."),
                )
            length += file.add(row)
            if length > LIMITS.text:
                raise too_much_text(LIMITS, row.number)
    return file


def check_upload(
    file: UploadedFile, owner: Owner, stored: KnownZones, places: PlaceLookup, *, can_ask: bool = True
) -> CheckedSpreadsheet:
    """Judge the rows of a file that was read.

    `can_ask`: somebody will choose among the readings of an ambiguous value; else it is left out with a warning.
    """
    sheet = CheckedSpreadsheet(file.form, file.columns)
    first: dict[str, int] = {}
    sheet.note(finding for finding in file.findings if not file.columns.get(finding.field))
    for row in with_day_order(file.raw_rows(), file.raw_rows):
        notes = _spell_as_directory(_completed(row, owner), owner, stored)
        outcome, questions = _judged(row, places, can_ask)
        outcome.findings.extend(notes)
        if outcome.record is not None:
            _check_owner(outcome, owner, stored)
            _check_repeated(outcome, first)
        _take(sheet, row, outcome, stored, questions)
    return sheet


def _judged(row: RawRow, places: PlaceLookup, can_ask: bool) -> tuple[ValidatedRow, dict[str, str]]:
    """The row's outcome, and ambiguous values by field: a row in which all else is well goes on to the zone's form.

    There the readings are choices, and the draft is not sent before one is chosen.
    """
    outcome = validate(row, places, can_ask=can_ask)
    errors = [finding for finding in outcome.findings if finding.severity is Severity.ERROR]
    if not errors or not all(finding.rule.endswith("_is_clear") for finding in errors):
        return outcome, {}
    asked_here = DATES if row.day_order is DayOrder.MIXED else ()  # the zone's form does not know the file
    fields = [finding.field for finding in errors if finding.field not in asked_here]
    questions = {name: tidy(row.values[name]) for name in fields}
    return replace(validate(row, places), findings=outcome.findings), questions


def _completed(row: RawRow, owner: Owner) -> RawRow:
    """A row of a file that leaves out whose zones these are."""
    filled = {name: value for name, value in row.values.items() if tidy(value)}
    defaults = {"department": owner.department, "town": owner.town, "state": owner.state}
    row.values = {name: value for name, value in defaults.items() if value} | filled
    return row


def _spell_as_directory(row: RawRow, owner: Owner, stored: KnownZones) -> list[Finding]:
    """Write the draft's department, or known ones where it has none, and known towns as they are known.

    The notes say what was read so.
    """
    notes = []
    department, town = tidy(row.values.get("department")), tidy(row.values.get("town"))
    keys = (department_key(name, owner.state, town) for name in (department, owner.department))
    own = owner.department if owner.state and same_department(*keys) else ""
    spellings = {
        "department": own if owner.department else stored.department_like(department, owner.state, town),
        "town": stored.town_like(town, owner.state),
    }
    for name, text in (("department", department), ("town", town)):
        if spellings[name] and plain(spellings[name]) != plain(text):
            row.values[name] = spellings[name]
            notes.append(converted(row.number, name, text, spellings[name]))
    return notes


def _refuse(outcome: ValidatedRow, finding: Finding) -> None:
    outcome.findings.append(finding)
    outcome.record = None


def _check_owner(outcome: ValidatedRow, owner: Owner, stored: KnownZones) -> None:
    record = outcome.record
    if record is None or not owner.department:
        return
    record = stored.meant_by(record) or record
    if plain(record.department) != plain(owner.department) or record.state != owner.state:
        theirs = f"{record.department}, {record.state}"
        reason = translatable("is not %(department)s, %(state)s", department=owner.department, state=owner.state)
        fix = translatable("Send another department’s zones in a submission of their own.")
        rule = "row_is_of_this_department"
        _refuse(outcome, Finding(rule, Severity.ERROR, outcome.row, "department", theirs, reason, fix))


def _check_repeated(outcome: ValidatedRow, first: dict[str, int]) -> None:
    record = outcome.record
    if record is None:
        return
    earlier = first.setdefault(record.zone_id or spot_key(record), outcome.row)
    if earlier != outcome.row:
        name = "zone_id" if record.zone_id else "street_address"
        reason = translatable("repeats row %(earlier)s", earlier=earlier)
        fix = translatable("Remove one, or tell them apart by address, setting or spot.")
        rule = "row_is_no_duplicate"
        _refuse(outcome, Finding(rule, Severity.ERROR, outcome.row, name, getattr(record, name), reason, fix))


def _take(
    sheet: CheckedSpreadsheet, row: RawRow, outcome: ValidatedRow, stored: KnownZones, questions: dict[str, str]
) -> None:
    sheet.note(outcome.findings)
    record = outcome.record
    if record is None:
        errors = [finding.to_json() for finding in outcome.findings if finding.severity is Severity.ERROR]
        values = {name: _cell(value) for name, value in row.values.items()}
        more = max(0, len(errors) - MOST_FINDINGS_OF_A_ROW)
        first_errors = errors[:MOST_FINDINGS_OF_A_ROW]
        sheet.faulty.append({"row": row.number, "values": values, "findings": first_errors, "more": more})
        return
    current = stored.meant_by(record)
    texts = {**answers_of(record), **questions}
    covered_fields = (outcome.stated | questions.keys()) & set(ASKED) - {"photo", "photo_alt"}
    near = record.location_source is LocationSource.SURVEYED and "approximate" not in outcome.stated
    if record.approximate and not near:
        covered_fields -= {"latitude", "longitude"}
    if "opening_hours" in questions:
        covered_fields -= {"hours_note"}
    if current is None:
        notes = outcome.unread & KEPT_OF_NEW if "opening_hours" not in questions else set()
        answers = {
            name: texts[name] for name in ASKED if texts[name] and name in covered_fields | notes | {"name", "town"}
        }
        sheet.items.append(Item(spot_key(record), Action.ADD, "", record.name, answers))
        sheet.accepted[row.number] = AcceptedRow("", spot_key(record), _owner_of(record))
        return
    if "status" not in outcome.stated | outcome.unread and is_doubted(current, record):
        sheet.note([listed_without_status(row.number, current)])
    # An empty cell says nothing of a zone that the directory has.
    values, base = differences(current, {name: texts[name] for name in covered_fields})
    item = current.zone_id if values else ""
    sheet.accepted[row.number] = AcceptedRow(current.zone_id, item, _owner_of(current))
    if not values:
        sheet.unchanged += 1
        return
    sheet.items.append(Item(current.zone_id, Action.CORRECT, current.zone_id, current.name, values, base))


def _owner_of(record: ZoneRecord) -> Owner:
    return Owner(record.department, record.town, record.state)


def _cell(value: Any) -> str:
    return ("; ".join(map(tidy, value)) if isinstance(value, list) else tidy(value))[:MOST_IN_A_CELL]
