"""What was read of an uploaded file: findings that are corrected cell by cell, and the field of each column."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.tables.contributions.submissions import Submission
from directory.errors import StaleVersionError
from directory.search.snapshots.snapshot import Snapshot
from directory.submissions import drafts
from directory.submissions.items import zone_answers
from directory.submissions.items.item import ASKED
from directory.submissions.publishing import owner_of
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet, KnownZones, check_upload
from directory.submissions.uploads.upload_corrections import correct, row_changes
from directory.submissions.uploads.uploaded_file import LEFT_OUT, UploadedFile
from directory.submissions.workflow import EDITABLE
from directory.web.departments.matches import MOST_QUESTIONS
from directory.web.departments.submissions import of_editable_draft
from directory.web.departments.uploads.sent_file import translate_findings
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.presenters.desk.upload_findings import (
    Clash,
    control_text,
    fill_key,
    groups_of,
    mark,
    of_page,
    place_of,
)
from directory.web.presenters.labels import field_name
from directory.web.query.integers import number_in
from directory.web.query.pagination import paged
from directory.zones.findings import Finding
from directory.zones.parsing.composites import SYNONYMS
from directory.zones.parsing.parsers import PARSERS
from directory.zones.validation.row_validation import THE_ROW, tidy

blueprint = bounded(Blueprint("upload_corrections", __name__))
MOST_LEFT_OUT = 50
"""Rows that were left out which are listed; the others come back together."""
SAMPLES = 3
"""Values that are shown of a column."""
_TAKEN = {"zone_id", "department", "state", "country", *SYNONYMS, *ASKED} - {"photo", "photo_alt"}
READ = [name for name in (*PARSERS, *SYNONYMS) if name in _TAKEN]
"""What a column may be read as: which zone a row means, and what a department is asked for."""


def _saves_per_hour() -> str:
    """How often one network address may save: a file of 1,000 rows has twenty pages, and some cells need two tries."""
    return f"{4 * container().settings.submissions_per_hour} per hour"


def known_zones() -> KnownZones:
    """The zones of the directory, which a row may mean."""
    current: Snapshot = snapshot()
    return current.once("zones a row may mean", lambda: KnownZones(iter(current.zones)))


def check(row: Submission, file: UploadedFile) -> CheckedSpreadsheet:
    """Judge the rows of a draft's file; what is kept of those that wait is in the reader's language."""
    sheet = check_upload(file, owner_of(row), known_zones(), container().context.places)
    translate_findings(sheet.faulty)
    return sheet


def _file_of(row: Submission) -> UploadedFile:
    return UploadedFile.from_json(row.upload) if row.upload else UploadedFile()


@blueprint.get("/submit/<key>/sheet/read")
@of_editable_draft
def read(key: str, row: Submission) -> ResponseReturnValue:
    """What was understood of the file that was read last, fifty findings a page."""
    if not row.upload:
        return redirect(url_for("spreadsheet_upload.sheet", key=key))
    return _findings_page(key, row, [])


def _findings_page(key: str, row: Submission, clashes: list[Clash]) -> str:
    file = _file_of(row)
    sheet = check(row, file)
    groups = groups_of(sheet.findings, file)
    page = paged(
        [(group.key, cell) for group in groups for cell in group.cells], "upload_corrections.read", "page", key=key
    )
    questions = (
        drafts.questions(container().context, row, snapshot().zone_index(row.region)) if page.number == 1 else []
    )
    out = [(file_row.number, place_of(file.values(file_row))) for file_row in file.rows if file_row.is_left_out]
    return render_template(
        "departments/uploads/spreadsheet_read.html", key=key, row=row, sheet=sheet, page=page,
        groups=of_page(groups, page.items), more=sheet.errors + sheet.others - page.total,
        questions=questions[:MOST_QUESTIONS], more_questions=max(0, len(questions) - MOST_QUESTIONS),
        saved=request.args.get("saved", ""), clashes=clashes,
        left_out=out[:MOST_LEFT_OUT], more_left_out=max(0, len(out) - MOST_LEFT_OUT),
    )  # fmt: skip


@blueprint.post("/submit/<key>/sheet/read")
@limiter.limit(_saves_per_hour)
@of_editable_draft
def save(key: str, row: Submission) -> ResponseReturnValue:
    """Put what was typed over the cells, and check the file again.

    Of two who correct the same cell the second is asked; of two who save at the same moment both are kept.
    """
    try:
        return _save(key, row)
    except StaleVersionError:
        again = drafts.read(container().context, row.id)
        if again is None or again.state not in EDITABLE:
            raise
        return _save(key, again)


def _save(key: str, row: Submission) -> ResponseReturnValue:
    file = _file_of(row)
    before = check(row, file)
    entered_cells, clashes = _entered_cells(file)
    corrections = _for_groups(before.findings, file) | entered_cells | _left_out(before.findings, file)
    if correct(file, corrections):
        _keep(row, file, before)
    if clashes:
        saved = drafts.read(container().context, row.id)
        return _findings_page(key, saved or row, clashes), 409
    page = request.args.get("page", "1")
    return redirect(url_for("upload_corrections.read", key=key, page=page, saved=1), 303)


def _entered_cells(file: UploadedFile) -> tuple[dict[tuple[int, str], str], list[Clash]]:
    """What was typed into cells, and into cells that say something else by now than what they showed.

    Those that have what they showed are passed over.
    """
    rows = {file_row.number: file_row for file_row in file.rows}
    texts, clashes = {}, []
    for name, text in request.form.items():
        begin, _, cell = name.partition(":")
        digits, _, field = cell.partition(":")
        number = number_in(digits) if begin == "cell" else None
        was = request.form.get(f"was:{cell}", "")
        if number is None or mark(tidy(text)) == was:
            continue
        now = file.values(rows[number]).get(field, "") if number in rows else ""
        if was and mark(control_text(now)) != was and tidy(text) != now:
            clashes.append(Clash(number, field, now, tidy(text)))
        else:
            texts[number, field] = tidy(text)
    return texts, clashes


def _for_groups(findings: list[Finding], file: UploadedFile) -> dict[tuple[int, str], str]:
    """What was typed for all cells of a group that say the same, on whatever page they are."""
    texts = {name.removeprefix("all:"): tidy(text) for name, text in request.form.items() if name.startswith("all:")}
    groups = groups_of(findings, file) if any(texts.values()) else []
    offers = {fill.key for group in groups for fill in group.fills}
    filled = ((cell, fill_key(group.key, cell.text)) for group in groups for cell in group.cells)
    return {(cell.finding.row, cell.field): texts[key] for cell, key in filled if key in offers and texts.get(key)}


def _left_out(findings: list[Finding], file: UploadedFile) -> dict[tuple[int, str], str]:
    """The rows that are left out, alone or all of a group, and those that are taken in again."""
    out, again, groups = (_ticked(begin) for begin in ("out", "in", "out-all"))
    every = [group for group in groups_of(findings, file) if group.key in groups] if groups else []
    rows = [cell.finding.row for group in every for cell in group.cells] + list(map(number_in, out))
    back = [file_row.number for file_row in file.rows] if "in-all" in request.form else list(map(number_in, again))
    return {(number, THE_ROW): "" for number in back if number} | {(one, THE_ROW): LEFT_OUT for one in rows if one}


def _ticked(begin: str) -> list[str]:
    """What stands behind the colon of the boxes of a kind that were ticked."""
    return [name.partition(":")[2] for name in request.form if name.startswith(f"{begin}:")]


def _keep(row: Submission, file: UploadedFile, before: CheckedSpreadsheet) -> None:
    """Check a file that has changed, and keep it with what it changes in the draft."""
    context = container().context
    after = check(row, file)
    changes = row_changes(before, after)
    zone_answers.check_addresses(context, [change.after for change in changes if change.after], row.region, row.town)
    drafts.take_rows(context, row, file, after, changes)


@blueprint.get("/submit/<key>/sheet/columns")
@of_editable_draft
def columns(key: str, row: Submission) -> ResponseReturnValue:
    """Every column with sample values, and what it is read as."""
    if not row.upload:
        return redirect(url_for("spreadsheet_upload.sheet", key=key))
    file = _file_of(row)
    names = list(dict.fromkeys([*READ, *filter(None, file.columns.values())]))
    fields = sorted(((name, field_name(name)) for name in names), key=lambda field: field[1].casefold())
    numbers = {name: number for number, name in enumerate(file.columns)}
    return render_template(
        "departments/uploads/spreadsheet_columns.html", key=key, row=row, fields=fields,
        columns=[(numbers[name], name, texts, file.columns[name]) for name, texts in file.samples(SAMPLES).items()],
    )  # fmt: skip


@blueprint.post("/submit/<key>/sheet/columns")
@limiter.limit(per_hour)
@of_editable_draft
def save_columns(key: str, row: Submission) -> ResponseReturnValue:
    """Read the kept rows by the fields that were chosen for the columns."""
    file = _file_of(row)
    before = check(row, file)
    choices = {name: request.form.get(f"column:{number}") for number, name in enumerate(file.columns)}
    meanings = {
        name: field for name, field in choices.items() if field is not None and field in {"", *PARSERS, *SYNONYMS}
    }
    if meanings.items() - file.columns.items():
        file.columns |= meanings
        _keep(row, file, before)
    return redirect(url_for("upload_corrections.read", key=key), 303)
