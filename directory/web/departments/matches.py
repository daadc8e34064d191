"""“Is this your lobby at 174 South Avenue?”: new zones of a draft that the directory probably has."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.tables.contributions.submissions import Submission
from directory.submissions import drafts
from directory.web.departments.submissions import of_editable_draft, to_draft
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour

blueprint = bounded(Blueprint("matches", __name__))
MOST_QUESTIONS = 50
"""Questions on one page; the others follow when these are answered."""
FIELD = "zone:"
"""Begins the name of a control; the key of its item follows."""


@blueprint.get("/submit/<key>/matches")
@of_editable_draft
def questions(key: str, row: Submission) -> ResponseReturnValue:
    """The questions that are still open, about one zone (`zone`) or all of the draft."""
    return _page(key, row, request.args.get("zone", ""))


@blueprint.post("/submit/<key>/matches")
@limiter.limit(per_hour)
@of_editable_draft
def answer(key: str, row: Submission) -> ResponseReturnValue:
    """Take the answers that were given; ask again for the others."""
    zone = request.args.get("zone", "")
    answers = {name.removeprefix(FIELD): text for name, text in request.form.items() if name.startswith(FIELD) and text}
    if not answers:
        return _page(key, row, zone, nothing_chosen=True)
    drafts.answer_questions(container().context, row.id, snapshot().zone_index(row.region), answers)
    return redirect(url_for("matches.questions", key=key, zone=zone or None))


def _page(key: str, row: Submission, zone: str, *, nothing_chosen: bool = False) -> ResponseReturnValue:
    keys = [zone] if zone else None
    open_questions = drafts.questions(container().context, row, snapshot().zone_index(row.region), keys)
    if not open_questions:
        return to_draft(key)
    page = render_template(
        "departments/matches.html", key=key, row=row, zone=zone, questions=open_questions[:MOST_QUESTIONS],
        more=max(0, len(open_questions) - MOST_QUESTIONS), nothing_chosen=nothing_chosen,
    )  # fmt: skip
    return page, 400 if nothing_chosen else 200
