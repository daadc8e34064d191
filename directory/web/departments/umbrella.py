"""One file for the departments of a county or state: what it says of each, and what becomes of that."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.formats.sheets import SheetChoiceError
from directory.formats.source import BadFileError
from directory.submissions import umbrella
from directory.submissions.umbrella import SplitFile
from directory.submissions.uploads import spreadsheet
from directory.submissions.uploads.unpacking import BusyError
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.rate_limits import bounded, limiter, per_hour
from directory.web.http.uploads import busy_words
from directory.web.http.urls import site_address
from directory.web.i18n.translate import _, translate

blueprint = bounded(Blueprint("umbrella", __name__))
MOST_FINDINGS = 50
"""How many findings of rows that are in no draft one page shows."""


@blueprint.get("/desk/departments")
def page() -> str:
    """For which departments one may send, the file's form, and every department's draft or submission."""
    return _page()


def _page(
    problem: str = "", sheets: Sequence[str] = (), split: SplitFile | None = None, not_ready: Sequence[str] = ()
) -> str:
    context, who = container().context, signed_in()
    mine = umbrella.umbrella_for(context, who)
    return render_template(
        "departments/umbrella.html", umbrella=mine, drafts=umbrella.department_drafts(context, who), problem=problem,
        sheets=sheets, split=split, most_findings=MOST_FINDINGS, not_ready=not_ready,
    )  # fmt: skip


@blueprint.post("/desk/departments")
@limiter.limit(per_hour)
def upload() -> ResponseReturnValue:
    """Take a file apart into a draft for each department; nothing is sent yet."""
    context, who = container().context, signed_in()
    mine = umbrella.umbrella_for(context, who)
    if mine is None:
        return _page(), 400  # which says who may
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(_("Choose a file first.")), 400
    content = file.stream.read(spreadsheet.MOST_BYTES + 1)
    if len(content) > spreadsheet.MOST_BYTES:
        return _page(_("The file is larger than 2 MB. Send it in several parts.")), 413
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(content)
        kept.flush()
        known = spreadsheet.KnownZones(iter(snapshot().zones))
        sheet = request.form.get("sheet", "")
        try:
            split = umbrella.split_file(context, Path(kept.name), mine, known, snapshot().departments, sheet)
        except SheetChoiceError as question:
            return _page(sheets=question.sheets)
        except BadFileError as error:
            words = f"{translate(error.reason)} {translate(error.fix)}".replace(kept.name, file.filename)
            return _page(words), 400
        except BusyError:
            return _page("{}. {}".format(*busy_words())), 503, {"Retry-After": "60"}
    for one in split.sheets.values():
        for entry in one.faulty:
            for finding in entry["findings"]:
                finding |= {"reason": translate(finding["reason"]), "fix": translate(finding["fix"])}
    umbrella.take_split(context, split, who, file.filename)
    return _page(split=split)


@blueprint.post("/desk/departments/send")
@limiter.limit(per_hour)
def send() -> ResponseReturnValue:
    """Send every department's draft that is ready."""
    context, who = container().context, signed_in()
    if umbrella.umbrella_for(context, who) is None:
        return _page(), 400
    return _page(not_ready=umbrella.send_all(context, who, site_address(), snapshot().zone_index))
