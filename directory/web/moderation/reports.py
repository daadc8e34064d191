"""Visitors' problem reports at the review desk: listed, and closed with a word on what was done."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.moderation import problem_reports
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import AnswerForm
from directory.web.http.limits.rate_limits import bounded

blueprint = bounded(Blueprint("staff_reports", __name__, url_prefix="/review/reports"))


@blueprint.get("")
def listing(sent: dict[int, AnswerForm] | None = None) -> str:
    """What visitors found wrong; `sent` are answers that were refused, by the numbers of their reports."""
    zones, sent = snapshot().by_id, sent or {}
    reports = [
        (report, zones.get(report.zone_id), sent.get(report.id) or AnswerForm(sent=False, of=report.id))
        for report in problem_reports.open_reports(container().context)
    ]
    return render_template("moderation/reports.html", reports=reports)


@blueprint.post("/<int:number>")
def answer(number: int) -> ResponseReturnValue:
    """Close a report with a word on what was done."""
    fields = AnswerForm(of=number)
    if not fields.validate():
        return listing({number: fields}), 400
    problem_reports.answer_report(container().context, number, fields.answer.data, signed_in().email)
    return redirect(url_for("staff_reports.listing"))
