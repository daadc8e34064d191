"""One file for many departments, from their county or state: a draft for each department, sent together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.queries.submissions import umbrella_submissions
from directory.db.tables.contributions.submissions import Channel, Submission
from directory.store.repository import StoredDepartment, StoredZone
from directory.submissions import drafts
from directory.submissions.items.zone_answers import check_addresses
from directory.submissions.sending import NotReadyError, send
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet, KnownZones, check_upload, read_spreadsheet
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.submissions.workflow import EDITABLE
from directory.text import translatable
from directory.use_case_context import UseCaseContext
from directory.verification.mail_domains import domain_of
from directory.verification.membership import managers
from directory.verification.umbrellas import Umbrella, covers, umbrella_of
from directory.zones.departments.owner import Owner
from directory.zones.duplicates.departments import department_key, same_department
from directory.zones.duplicates.matches import ZoneIndex
from directory.zones.findings import Finding, Severity
from directory.zones.keys import department_slug


@dataclass(slots=True)
class SplitFile:
    """A file by department: what each draft gets, with the numbers of its rows, and the findings of rows in none."""

    file: UploadedFile
    sheets: dict[Owner, CheckedSpreadsheet] = field(default_factory=dict)
    rows: dict[Owner, set[int]] = field(default_factory=dict)
    outside: list[Finding] = field(default_factory=list)

    def sheet(self, owner: Owner, row: int) -> CheckedSpreadsheet:
        """What the draft of a department gets, with this row."""
        self.rows.setdefault(owner, set()).add(row)
        return self.sheets.setdefault(owner, CheckedSpreadsheet())


@dataclass(frozen=True, slots=True)
class DepartmentDraft:
    """A submission for one department, its key, and whether a manager of the department is known, who answers."""

    row: Submission
    key: str
    has_manager: bool


def umbrella_for(context: UseCaseContext, who: SignedIn) -> Umbrella | None:
    """The county or state for whose departments this person may send. Raises DatabaseError."""
    with context.reading() as session:
        return umbrella_of(session, domain_of(who.email))


def split_file(
    context: UseCaseContext, path: Path, umbrella: Umbrella, zones: KnownZones,
    departments: Mapping[str, StoredDepartment], sheet: str = "",
) -> SplitFile:  # fmt: skip
    """Judge a file row by row and take it apart by department; `departments` are the directory's, by slug.

    Raises what `read_spreadsheet` raises.
    """
    split, owners = SplitFile(read_spreadsheet(path, sheet)), _Owners(umbrella.state)
    checked = check_upload(split.file, Owner("", "", umbrella.state), zones, context.places)
    items = {item.key: item for item in checked.items}

    def is_covered(department: str) -> bool:
        stored = departments.get(department_slug(department, umbrella.state))
        kind = stored.kind if stored else ""
        return covers(context.gazetteer, umbrella, department, umbrella.state, kind)

    for number, accepted in checked.accepted.items():
        department, town, state = accepted.owner.department, accepted.owner.town, accepted.owner.state
        if state != umbrella.state or not is_covered(department):
            split.outside.append(_outside(number, f"{department}, {state}", umbrella))
            continue
        one = split.sheet(owners.of(department, town), number)
        one.unchanged += not accepted.item
        if accepted.item:
            one.items.append(items[accepted.item])
    for entry in checked.faulty:
        department, town = (entry["values"].get(name, "") for name in ("department", "town"))
        if department and is_covered(department):
            split.sheet(owners.of(department, town), entry["row"]).faulty.append(entry)
        else:
            split.outside += [Finding(**{**one, "severity": Severity(one["severity"])}) for one in entry["findings"]]
    return split


class _Owners:
    """The departments of a file, each once however it is written."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._owners: list[Owner] = []

    def of(self, department: str, town: str) -> Owner:
        key = department_key(department, self._state, town)
        for owner in self._owners:
            if same_department(key, department_key(owner.department, self._state, owner.town)):
                return owner
        self._owners.append(Owner(department, town, self._state))
        return self._owners[-1]


def _outside(number: int, value: str, umbrella: Umbrella) -> Finding:
    return Finding(
        "department_is_under_umbrella", Severity.ERROR, number, "department", value,
        translatable("is not certainly a department of %(umbrella)s", umbrella=f"{umbrella.name}, {umbrella.state}"),
        translatable("Let the department send it itself, or ask the moderators."),
    )  # fmt: skip


def take_split(context: UseCaseContext, split: SplitFile, who: SignedIn, file_name: str) -> None:
    """Keep what the file says of each department in its draft; a file sent again replaces what waits there.

    Raises TooManyItemsError, DraftFullError, DraftsFullError, StaleVersionError or DatabaseError.
    """
    with context.reading() as session:
        open_drafts = {
            row.department_slug: row.id
            for row in umbrella_submissions(session, who.id) if row.state in EDITABLE
        }  # fmt: skip
    for owner, sheet in split.sheets.items():
        if not sheet.items and not sheet.faulty:
            continue
        check_addresses(context, sheet.items, owner.state, owner.town)
        number = open_drafts.get(department_slug(owner.department, owner.state)) or drafts.begin(
            context, who.language, channel=Channel.UMBRELLA, email=who.email, email_proven_at=now(), person_id=who.id,
            department=owner.department, region=owner.state, town=owner.town,
        )  # fmt: skip
        drafts.take_sheet(context, number, split.file.of_rows(split.rows[owner]), sheet, file_name)


def department_drafts(context: UseCaseContext, who: SignedIn) -> list[DepartmentDraft]:
    """What this person sends or sent for departments, newest first. Raises DatabaseError."""
    with context.reading() as session:
        return [
            DepartmentDraft(row, context.links.key(row, owner=True),
                            bool(managers(session, row.department_slug)))
            for row in umbrella_submissions(session, who.id)
        ]  # fmt: skip


def send_all(context: UseCaseContext, who: SignedIn, zones: Callable[[str], ZoneIndex[StoredZone]]) -> list[str]:
    """Send every draft that is ready; returns the departments of the others, which ask for something first.

    Raises StaleVersionError or DatabaseError; what was sent before stays sent.
    """
    not_ready = []
    for draft in department_drafts(context, who):
        if draft.row.state in EDITABLE:
            try:
                send(context, draft.row.id, who, zones(draft.row.region))
            except NotReadyError:
                not_ready.append(draft.row.department)
    return not_ready
