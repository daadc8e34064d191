"""Cases of the data at the review desk: two sides with their sources, taken over or kept."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import today
from directory.db.tables.data_cases import DataCaseKind
from directory.moderation import data_cases
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.pictures import picture
from directory.web.http.rate_limits import bounded

blueprint = bounded(Blueprint("staff_data", __name__, url_prefix="/review/data"))


@blueprint.get("")
def listing() -> str:
    """Open cases, and zones that deserve a look."""
    return _page("")


def _page(problem: str) -> str:
    context, kind = container().context, request.args.get("kind", "")
    kinds = data_cases.counts(context)
    chosen = DataCaseKind(kind) if kind in list(DataCaseKind) else None
    after = request.args.get("after", 0, type=int)
    cases = data_cases.open_cases(context, chosen, after)
    more = cases[-1].id if len(cases) == data_cases.AT_ONCE else None
    return render_template(
        "moderation/data.html", cases=cases, kinds=kinds, chosen=chosen, more=more, zones=snapshot().by_id,
        departments=snapshot().departments,
        work=data_cases.work_list(snapshot().listed, today()), problem=problem,
    )  # fmt: skip


@blueprint.get("/<int:number>/photos/<digest>.jpg")
def photo(number: int, digest: str) -> Response:
    """A visitor's photo of an open case."""
    if not data_cases.has_photo(container().context, number, digest):
        abort(404)
    return picture(digest)


@blueprint.post("/<int:number>")
def decide(number: int) -> ResponseReturnValue:
    """Take over what a case says, or keep what stands."""
    context, who = container().context, signed_in().email
    decisions = {"take": data_cases.take, "keep": data_cases.keep}
    decision = decisions.get(request.form.get("decision", "")) or abort(400)
    try:
        decision(context, number, who)
    except data_cases.DecidedError as error:
        return _page(str(error)), 409
    return redirect(url_for("staff_data.listing", kind=request.args.get("kind") or None))
