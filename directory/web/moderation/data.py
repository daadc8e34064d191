"""Cases of the data at the review desk: two sides with their sources, taken over or kept."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import today
from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind
from directory.moderation.data_quality import data_cases
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredDepartment, StoredZone
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import bounded
from directory.web.http.pictures import picture
from directory.web.query.integers import number_in
from directory.zones.schemas import ZoneRecord

blueprint = bounded(Blueprint("staff_data", __name__, url_prefix="/review/data"))


@blueprint.get("")
def listing(problem: str = "") -> str:
    """Open cases, and zones that deserve a look."""
    context, kind, now = container().context, request.args.get("kind", ""), snapshot()
    kinds = data_cases.counts(context)
    case_kind = DataCaseKind(kind) if kind in list(DataCaseKind) else None
    after = number_in(request.args.get("after", "")) or 0
    decided = data_cases.decided(context, number_in(request.args.get("decided", "")) or 0)
    cases = data_cases.open_cases(context, case_kind, after)
    more = cases[-1].id if len(cases) == data_cases.AT_ONCE else None
    return render_template(
        "moderation/data.html", cases=cases, kinds=kinds, case_kind=case_kind, more=more, zones=now.by_id,
        programs=now.programs, sites=now.by_program, stored={case.id: _stored(case, now) for case in cases},
        work=data_cases.work_list(now.listed, today()), problem=problem, decided=decided,
        can_reopen=decided is not None and data_cases.can_reopen(decided),
    )  # fmt: skip


def _stored(case: DataCase, now: Snapshot) -> StoredZone | StoredDepartment | ZoneRecord | None:
    """What a case is about, as it stands; None where it is gone."""
    if case.zone_id:
        return now.by_id.get(case.zone_id)
    if not case.program:
        return now.departments.get(case.department)
    return now.programs[case.program].facts if case.program in now.programs else None


@blueprint.get("/<int:number>/photos/<digest>.jpg")
def photo(number: int, digest: str) -> Response:
    """A visitor's photo of an open case."""
    if not data_cases.has_photo(container().context, number, digest):
        abort(404)
    return picture(digest)


@blueprint.post("/<int:number>")
def decide(number: int) -> ResponseReturnValue:
    """Take over what a case says, keep what stands, or ask again."""
    context, who = container().context, signed_in().email
    decisions = {"take": data_cases.take, "keep": data_cases.keep, "reopen": data_cases.reopen}
    decision = decisions.get(request.form.get("decision", "")) or abort(400)
    try:
        decision(context, number, who)
    except data_cases.DecidedError as error:
        return listing(str(error)), 409
    return redirect(url_for("staff_data.listing", kind=request.args.get("kind") or None, decided=number))
