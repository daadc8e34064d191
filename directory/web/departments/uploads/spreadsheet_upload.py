"""Many zones at once: a spreadsheet is taken, the rows that wait come back as one, and a template."""

import base64
import csv
import io
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.tables.contributions.submissions import Submission
from directory.formats.sheets import SheetChoiceError
from directory.formats.table_source import defused
from directory.formats.writers.xlsx import workbook
from directory.languages import SOURCE_LANGUAGE
from directory.submissions import drafts
from directory.submissions.items import zone_answers
from directory.submissions.uploads import spreadsheet
from directory.web.departments.submissions import of_draft, of_editable_draft
from directory.web.departments.uploads.sent_file import RefusedFileError, read_sent
from directory.web.departments.uploads.upload_corrections import check
from directory.web.http.container import container
from directory.web.http.languages import language_code
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.i18n.translate import _, colon, in_quotes
from directory.web.presenters.labels import field_name
from directory.web.presenters.zone_facts.zones import setting_name, tri_state
from directory.zones.schemas import Setting, TriState

blueprint = bounded(Blueprint("spreadsheet_upload", __name__))

MOST_CARRIED = 350_000
"""Bytes of a file that the page asking which sheet carries along: with base64 they fit into a form's 500 kB."""


@blueprint.get("/submit/<key>/sheet")
@of_editable_draft
def sheet(key: str, row: Submission) -> ResponseReturnValue:
    """The form for many zones at once."""
    return _form(key, row)


def _form(
    key: str, row: Submission, problem: str = "", sheets: Sequence[str] = (), file_name: str = "", carried: str = ""
) -> str:
    """The form, with what is wrong with a file or the question which of its sheets is meant."""
    return render_template(
        "departments/uploads/spreadsheet.html", key=key, row=row, problem=problem, sheets=sheets, file_name=file_name,
        carried=carried,
    )  # fmt: skip


@blueprint.post("/submit/<key>/sheet")
@limiter.limit(per_hour)
@of_editable_draft
def upload(key: str, row: Submission) -> ResponseReturnValue:
    """Many zones at once, from a spreadsheet."""
    file_name, content = _sent_file()
    name = request.form.get("sheet", "")
    try:
        file = read_sent(file_name, content, partial(spreadsheet.read_spreadsheet, name=name, asks_columns=True))
    except SheetChoiceError as question:
        carried = base64.b64encode(content).decode() if len(content) <= MOST_CARRIED else ""
        return _form(key, row, sheets=question.sheets, file_name=file_name, carried=carried)
    except RefusedFileError as refused:
        return _form(key, row, refused.message), refused.status, refused.headers
    read = check(row, file)
    zone_answers.check_addresses(container().context, read.items, row.region, row.town)
    drafts.take_sheet(container().context, row.id, file, read, file_name)
    asks = any(not file.columns[name] for name in file.samples(1))
    return redirect(url_for("upload_corrections.columns" if asks else "upload_corrections.read", key=key), 303)


def _sent_file() -> tuple[str, bytes]:
    """The name and content of the file: of the one chosen, else of the one that the page asking which sheet carried."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.filename, file.stream.read(spreadsheet.MOST_BYTES + 1)
    try:
        return request.form.get("file_name", "")[:200], base64.b64decode(request.form.get("content", ""), validate=True)
    except ValueError:
        return "", b""


@blueprint.get("/submit/<key>/faulty.csv")
@of_draft
def faulty(_key: str, row: Submission) -> ResponseReturnValue:
    """The rows that wait, with what is wrong in each: to correct and send again."""
    columns = list(dict.fromkeys(name for entry in row.faulty for name in entry["values"]))
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow([*columns, _("what to correct")])
    for entry in row.faulty:
        remarks = " | ".join(
            colon().join((_where(finding), in_quotes(finding["value"]), f"{finding['reason']}. {finding['fix']}"))
            for finding in entry["findings"]
        )
        if more := entry.get("more"):
            remarks += " | " + _("and %(num)s more", num=more)
        table.writerow([defused(entry["values"].get(name, "")) for name in columns] + [defused(remarks)])
    return _download(written.getvalue().encode("utf-8-sig"), "text/csv", "rows-to-correct.csv")


def _where(finding: dict[str, Any]) -> str:
    return f"{_('Row %(row)s', row=finding['row'])}, {field_name(finding['field'])}"


@blueprint.get("/submit/template.<form>")
def template(form: str) -> Response:
    """An empty table with our column names and one example row; in other languages with the names of the form."""
    names = list(spreadsheet.TEMPLATE_COLUMNS)
    headings = names if language_code() == SOURCE_LANGUAGE else [field_name(name) for name in names]
    yes, lot = tri_state(TriState.YES), setting_name(Setting.PARKING_LOT)
    example = ["Darien Police Department", "Darien", "CT", _("Safe exchange zone - parking lot"), lot,
               _("two marked bays by the entrance"), "25 Hecker Avenue", "06820", "", "", "24/7", yes, yes, "", yes,
               "2", "", "203-662-5300", _("no weapons; ten minutes at most")]  # fmt: skip
    rows = [headings, example]
    if form == "csv":
        written = io.StringIO()
        csv.writer(written, lineterminator="\r\n").writerows(rows)
        return _download(written.getvalue().encode("utf-8-sig"), "text/csv", "safe-zones-template.csv")
    if form != "xlsx":
        abort(404)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(workbook(rows), kind, "safe-zones-template.xlsx")


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
