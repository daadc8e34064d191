"""One file for the departments of a county or state: its pages, before and after it is sent."""

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.formats.sheets import SheetChoiceError
from directory.submissions import umbrella_files
from directory.submissions.umbrella_files import SplitFile
from directory.submissions.uploads import spreadsheet
from directory.web.accounts.permissions import signed_in
from directory.web.departments.uploads.sent_file import RefusedFileError, read_sent, translate_findings
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour

blueprint = bounded(Blueprint("umbrella", __name__))
MOST_FINDINGS = 50
"""How many findings of rows that are in no draft one page shows."""


@blueprint.get("/desk/departments")
def page(
    problem: str = "", sheets: Sequence[str] = (), split: SplitFile | None = None, not_ready: Sequence[str] = ()
) -> str:
    """For which departments one may send, the file's form, and every department's draft or submission."""
    context, who = container().context, signed_in()
    mine = umbrella_files.umbrella_for(context, who)
    return render_template(
        "departments/uploads/umbrella.html", umbrella=mine, drafts=umbrella_files.department_drafts(context, who),
        problem=problem, sheets=sheets, split=split, most_findings=MOST_FINDINGS, not_ready=not_ready,
    )  # fmt: skip


@blueprint.post("/desk/departments")
@limiter.limit(per_hour)
def upload() -> ResponseReturnValue:
    """Take a file apart into a draft for each department; nothing is sent yet."""
    context, who = container().context, signed_in()
    mine = umbrella_files.umbrella_for(context, who)
    if mine is None:
        return page(), 400  # which says who may
    file = request.files.get("file")
    file_name, content = (file.filename or "", file.stream.read(spreadsheet.MOST_BYTES + 1)) if file else ("", b"")
    known_zones, sheet = spreadsheet.KnownZones(iter(snapshot().zones)), request.form.get("sheet", "")

    def split_file(path: Path) -> SplitFile:
        return umbrella_files.split_file(context, path, mine, known_zones, snapshot().departments, sheet)

    try:
        split = read_sent(file_name, content, split_file)
    except SheetChoiceError as question:
        return page(sheets=question.sheets)
    except RefusedFileError as refused:
        return page(refused.message), refused.status, refused.headers
    for one in split.sheets.values():
        translate_findings(one.faulty)
    umbrella_files.take_split(context, split, who, file_name)
    return page(split=split)


@blueprint.post("/desk/departments/send")
@limiter.limit(per_hour)
def send() -> ResponseReturnValue:
    """Send every department's draft that is ready."""
    context, who = container().context, signed_in()
    if umbrella_files.umbrella_for(context, who) is None:
        return page(), 400
    return page(not_ready=umbrella_files.send_all(context, who, snapshot().zone_index))
