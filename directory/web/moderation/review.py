"""The review desk: the queue, and one case at a time."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from directory.clock import now
from directory.db.tables.submissions import Submission
from directory.moderation import decisions, town_profiles
from directory.moderation.decisions import PublicProviderError
from directory.store.mail_status import undelivered
from directory.submissions import drafts
from directory.submissions.drafts import StaleVersionError
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.workflow import Step, TransitionNotAllowedError
from directory.verification.mail_domains import domain_of
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import (
    DecisionForm,
    FormError,
    PageForm,
    TextField,
    VersionForm,
    filled_in,
)
from directory.web.http.pictures import picture_of
from directory.web.http.rate_limits import bounded
from directory.web.http.urls import site_address
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.diff import comparison, named
from directory.web.query.integers import number_in
from directory.web.query.pagination import A_PAGE, Page, paged
from directory.zones.keys import department_slug

blueprint = bounded(Blueprint("reviewing", __name__, url_prefix="/review"))


class BulkForm(PageForm):
    """The reason for which several submissions are approved, each named by its number and version: 12-3."""

    reason = TextField(
        _l("Reason, read by every sender"), [filled_in(_l("The sender reads it. One sentence is enough."))], longest=500
    )
    chosen = SelectMultipleField(validate_choice=False, default=())


class CallForm(VersionForm):
    """The number under which a moderator asked whether the sender belongs to the department."""

    called = TextField(
        _l("I called this published number"), [filled_in(_l("Say which number you called."))], longest=60,
        render_kw={"type": "tel"},
    )  # fmt: skip


class EvidenceForm(VersionForm):
    """Where a moderator saw the sender's domain."""

    evidence = TextField(
        _l("Where does the town’s own page name the sender’s domain?"),
        [filled_in(_l("Say where you saw the domain."))],
        description=_l("Everybody with an address at this domain then belongs to the department."),
    )  # fmt: skip


STEPS = {"approve": Step.APPROVE, "decline": Step.DECLINE, "request_changes": Step.REQUEST_CHANGES}


@blueprint.get("")
def queue() -> str:
    """What waits, what went live by itself, and what could not be mailed."""
    return _queue_page(BulkForm())


def _queue_page(bulk: BulkForm) -> str:
    context = container().context
    waiting, seen = decisions.queue(context, snapshot().zone_index, snapshot().once)
    changes = {entry.row.id: [comparison(one) for one in entry.proposed] for entry in waiting if entry.together}
    return render_template(
        "moderation/queue.html", changes=changes, waiting=waiting, seen=seen,
        undelivered=undelivered(context.engine), done=request.args.get("done", ""),
        profile_changes=town_profiles.waiting(context), at=now(), most=decisions.BULK_ITEMS, bulk=bulk,
    )  # fmt: skip


@blueprint.get("/<int:number>")
def case(number: int) -> ResponseReturnValue:
    """One submission: old beside new, what is to be seen, who sent it."""
    return _case_page(number)


def _case_page(number: int, status: int = 200, **values: Any) -> ResponseReturnValue:
    pages: list[Page[str]] = []

    def shown_keys(row: Submission) -> Sequence[str]:
        pages.append(paged(decisions.all_keys(row), "reviewing.case", "zones", number=number))
        return pages[0].items

    review_case = decisions.case(container().context, number, snapshot().zone_index, shown_keys) or abort(404)
    place = {key: number for number, key in enumerate(decisions.all_keys(review_case.row))}
    groups = named(review_case.row.items) if pages[0].pages > 1 else {}
    path = url_for("reviewing.case", number=number)

    def item_url(key: str) -> str:
        return f"{path}?zones={place[key] // A_PAGE + 1}#item-{key}"

    forms = {"decision": DecisionForm(), "call": CallForm(), "proof": EvidenceForm()}
    shown = {"problem": "", "findings": [], **forms, **values}
    comparisons = [comparison(entry) for entry in review_case.proposed]
    row = review_case.row
    page = render_template(
        "moderation/case.html", case=review_case, comparisons=comparisons, zones=pages[0], groups=groups,
        item_url=item_url, sender_domain=domain_of(row.email),
        department=department_slug(row.department, row.region),
        alike=snapshot().departments_like(row.department, row.region, row.town), **shown,
    )  # fmt: skip
    return page, status


@blueprint.errorhandler(StaleVersionError)
@blueprint.errorhandler(TransitionNotAllowedError)
def case_has_changed(_error: Exception) -> ResponseReturnValue:
    """Another moderator was first: the case as it stands now."""
    return _case_page((request.view_args or {})["number"], 409, problem="stale")


@blueprint.post("/<int:number>/decide")
def decide(number: int) -> ResponseReturnValue:
    """Approve, decline, or ask for a change."""
    decision = DecisionForm()
    what = STEPS.get(decision.step.data) or abort(400)
    if not decision.validate():
        return _case_page(number, 400, decision=decision)
    try:
        decisions.decide(container().context, number, decision.version.data, what, decision.reason.data,
                         signed_in().email, site_address())  # fmt: skip
    except PublishingRefusedError as refused:
        return _case_page(number, 409, problem="refused", findings=refused.findings)
    return redirect(url_for("reviewing.queue", done=what.value))


@blueprint.post("/approve")
def approve_many() -> ResponseReturnValue:
    """Approve several at once, with one reason; each stands or falls by itself."""
    bulk, chosen = BulkForm(), []
    if not bulk.validate():
        return _queue_page(bulk), 400
    for text in bulk.chosen.data:
        number, version = (number_in(part) for part in text.partition("-")[::2])
        if number is not None and version is not None:
            chosen.append((number, version))
    outcomes = decisions.approve_many(container().context, chosen, snapshot().zone_index, bulk.reason.data,
                                      signed_in().email, site_address())  # fmt: skip
    left = [number for number, problem in outcomes if problem is not None]
    return render_template("moderation/approved.html", approved=len(outcomes) - len(left), outcomes=outcomes)


@blueprint.post("/<int:number>/seen")
def seen(number: int) -> ResponseReturnValue:
    """Looked at what was published at once."""
    decisions.mark_seen(container().context, number, VersionForm().version.data, signed_in().email)
    return redirect(url_for("reviewing.queue", done="seen"))


@blueprint.post("/<int:number>/call-back")
def call_back(number: int) -> ResponseReturnValue:
    """The third level: the published number was rung."""
    call = CallForm()
    if not call.validate():
        return _case_page(number, 400, call=call)
    decisions.note_call_back(
        container().context, number, call.version.data, call.called.data, signed_in().email, site_address()
    )
    return redirect(url_for("reviewing.case", number=number))


@blueprint.post("/<int:number>/domain")
def domain(number: int) -> ResponseReturnValue:
    """The second level: the town's own page names the sender's domain."""
    proof = EvidenceForm()
    if not proof.validate():
        return _case_page(number, 400, proof=proof)
    try:
        decisions.confirm_sender_domain(
            container().context, number, proof.version.data, proof.evidence.data, signed_in().email, site_address()
        )
    except PublicProviderError:
        words = (
            _("Anybody gets an address at this provider: it proves nothing"),
            _("Call the published number instead."),
        )
        proof.refuse(FormError("evidence", *words))
        return _case_page(number, 400, proof=proof)
    return redirect(url_for("reviewing.case", number=number))


@blueprint.get("/<int:number>/photos/<digest>.jpg")
def photo(number: int, digest: str) -> ResponseReturnValue:
    """A photo of a submission that waits."""
    row = drafts.read(container().context, number)
    return picture_of(row, digest) if row else abort(404)
