"""The review desk's page of one changed town profile: old beside new, approved or declined with a reason."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from directory.errors import StaleVersionError
from directory.moderation import town_profiles
from directory.moderation.queued_case import CaseKind
from directory.moderation.town_profiles import DECISIONS
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import DecisionForm
from directory.web.http.limits.rate_limits import bounded
from directory.web.moderation.next_case import after_decision, kept_filter, queue_of_request
from directory.web.moderation.written_reasons import as_given, fill_reason, reason_buttons
from directory.web.presenters.desk.town_profile import comparison

blueprint = bounded(Blueprint("staff_towns", __name__, url_prefix="/review/town-pages"))


@blueprint.get("/<int:number>")
def change(
    number: int, problem: str = "", status: int = 200, decision: DecisionForm | None = None
) -> ResponseReturnValue:
    """One change of a town's profile."""
    waiting = town_profiles.waiting_change(container().context, number)
    departments = town_profiles.departments_of(container().context, waiting) if waiting else []
    page = render_template(
        "moderation/town.html", change=waiting, changes=comparison(waiting) if waiting else [], departments=departments,
        problem=problem, decision=decision or DecisionForm(), reasons=reason_buttons({CaseKind.TOWN_PAGE}),
        kept=kept_filter, done=request.args.get("done", ""),
    )  # fmt: skip
    return page, status if waiting or problem else 404


@blueprint.post("/<int:number>/decide")
def decide(number: int) -> ResponseReturnValue:
    """Approve or decline it."""
    decision = DecisionForm()
    if fill_reason(decision):
        return change(number, decision=decision)
    status = DECISIONS.get(decision.step.data) or abort(400)
    if not decision.validate():
        return change(number, "", 400, decision)
    waiting, queue = town_profiles.waiting_change(container().context, number), queue_of_request()
    reason = as_given(decision.reason.data)
    try:
        town = waiting.town if waiting else ""
        town_profiles.decide(container().context, town, number, status, reason, signed_in())
    except StaleVersionError:
        return change(number, "stale", 409)
    return redirect(after_decision(queue, number, decision.step.data, CaseKind.TOWN_PAGE))
