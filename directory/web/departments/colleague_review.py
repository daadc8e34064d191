"""What managers do about a colleague's change that waits: decide at the desk, or object by a mailed link."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.db.tables.contributions.submissions import Submission
from directory.errors import StaleVersionError
from directory.moderation.decisions import NotEntitledError, decide_for_department, may_decide
from directory.submissions import drafts
from directory.submissions.objections import object_to as note_objection
from directory.submissions.objections import objectable
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.workflow import Step, TransitionNotAllowedError
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import DecisionForm
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.http.pictures import picture_of
from directory.web.presenters.desk.diff import listed
from directory.web.presenters.zone_facts.zones import department_name

blueprint = bounded(Blueprint("colleague_review", __name__))
STEPS = {"approve": Step.APPROVE, "decline": Step.DECLINE}


@blueprint.get("/desk/<department:slug>/submissions/<int:number>")
def case(slug: str, number: int) -> ResponseReturnValue:
    """The whole of what waits, and the decision."""
    return _case_page(slug, number)


@blueprint.get("/desk/<department:slug>/submissions/<int:number>/photos/<digest>.jpg")
def photo(slug: str, number: int, digest: str) -> ResponseReturnValue:
    """A photo of what waits."""
    return picture_of(_row_or_404(slug, number), digest)


@blueprint.post("/desk/<department:slug>/submissions/<int:number>/decide")
@limiter.limit(per_hour)
def decide(slug: str, number: int) -> ResponseReturnValue:
    """Approve or decline in the name of the department."""
    _row_or_404(slug, number)
    decision = DecisionForm()
    what = STEPS.get(decision.step.data) or abort(400)
    if not decision.validate():
        return _case_page(slug, number, 400, decision=decision)
    try:
        version, reason = decision.version.data, decision.reason.data
        decide_for_department(container().context, slug, number, version, what, reason, signed_in())
    except NotEntitledError:
        abort(403)
    except (StaleVersionError, TransitionNotAllowedError):
        return _case_page(slug, number, 409, problem="stale")
    except PublishingRefusedError as refused:
        return _case_page(slug, number, 409, problem="refused", findings=refused.findings)
    return redirect(url_for("desk.department", slug=slug, done="decided"))


def _case_page(slug: str, number: int, status: int = 200, **values: Any) -> ResponseReturnValue:
    row = _row_or_404(slug, number)
    decides = may_decide(container().context, row, slug, signed_in())
    forms = {"problem": "", "findings": [], "decision": DecisionForm(), **values}
    page = render_template(
        "departments/colleague_review.html", row=row, groups=listed(row.items), title=department_name(slug),
        slug=slug, decides=decides, who=signed_in(),
        photo_url=lambda digest: url_for("colleague_review.photo", slug=slug, number=number, digest=digest), **forms,
    )  # fmt: skip
    return page, status


def _row_or_404(slug: str, number: int) -> Submission:
    """The department's submission of this number, once its sender's address is proven."""
    row = drafts.read(container().context, number)
    if row is None or row.email_proven_at is None or row.department_slug != slug:
        abort(404)
    return row


@blueprint.get("/objection/<token>")
def objection(token: str) -> str:
    """The page behind the mail to managers: the whole proposal, and one button that objects."""
    case_at_hand = objectable(container().context, token)
    row = case_at_hand.row if case_at_hand else None
    return render_template(
        "departments/objection.html", row=row, groups=listed(row.items) if row else {}, done=False,
        photo_url=lambda digest: url_for("colleague_review.objection_photo", token=token, digest=digest),
        may_decide=case_at_hand is not None and case_at_hand.may_decide,
    )  # fmt: skip


@blueprint.get("/objection/<token>/photos/<digest>.jpg")
def objection_photo(token: str, digest: str) -> ResponseReturnValue:
    """A photo of what may be objected to."""
    case_at_hand = objectable(container().context, token)
    return picture_of(case_at_hand.row, digest) if case_at_hand else abort(404)


@blueprint.post("/objection/<token>")
@limiter.limit(per_hour)
def object_to(token: str) -> ResponseReturnValue:
    """Object: moderators alone decide from now on."""
    try:
        row = note_objection(container().context, token)
    except StaleVersionError:
        row = None
    page = render_template("departments/objection.html", row=row, groups={}, done=row is not None, may_decide=False)
    return page, 200 if row is not None else 410
