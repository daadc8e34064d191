"""The review desk: one submission at a time."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import now
from directory.db.tables.contributions.submissions import Submission
from directory.errors import StaleVersionError
from directory.moderation import decisions
from directory.moderation.decisions import PublicProviderError
from directory.moderation.queue import kind_of_case
from directory.submissions import drafts
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.workflow import Step, TransitionNotAllowedError
from directory.verification.mail_domains import domain_of
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import DecisionForm, FormError, TextField, VersionForm, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.http.pictures import picture_of
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.moderation.next_case import after_decision, case_url, kept_filter, queue_of_request
from directory.web.moderation.written_reasons import as_given, fill_reason, reason_buttons
from directory.web.presenters.desk.diff import changes_by_name, comparison
from directory.web.query.pagination import A_PAGE, Page, paged

blueprint = bounded(Blueprint("review", __name__, url_prefix="/review"))


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


@blueprint.get("/<int:number>")
def case(number: int) -> ResponseReturnValue:
    """One submission: old beside new, what is to be seen, who sent it."""
    return _case_page(number)


def _case_page(number: int, status: int = 200, **values: Any) -> ResponseReturnValue:
    pages: list[Page[str]] = []

    def shown_keys(row: Submission) -> Sequence[str]:
        pages.append(paged(decisions.all_keys(row), "review.case", "zones", number=number, **kept_filter()))
        return pages[0].items

    review_case = decisions.review_case(container().context, number, snapshot().zone_index, shown_keys) or abort(404)
    place = {key: number for number, key in enumerate(decisions.all_keys(review_case.row))}
    groups = changes_by_name(review_case.row.items) if pages[0].pages > 1 else {}

    def item_url(key: str) -> str:
        params = kept_filter(zones=place[key] // A_PAGE + 1)
        return url_for("review.case", number=number, **params, _anchor=f"item-{key}")

    forms = {"decision": DecisionForm(), "call": CallForm(), "proof": EvidenceForm()}
    form_values = {"problem": "", "findings": [], **forms, **values}
    row, queue = review_case.row, queue_of_request()
    page = render_template(
        "moderation/case.html", case=review_case, comparisons=[comparison(entry) for entry in review_case.proposed],
        zones=pages[0], groups=groups, item_url=item_url, sender_domain=domain_of(row.email),
        department=row.department_slug,
        alike=snapshot().departments_like(row.department, row.region, row.town), kept=kept_filter, case_url=case_url,
        beside=queue.beside(number), queue=queue, shown_zones=snapshot().by_id,
        reasons=reason_buttons({kind_of_case(row)}), done=request.args.get("done", ""), at=now(), **form_values,
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
    if fill_reason(decision):
        return _case_page(number, decision=decision)
    what = STEPS.get(decision.step.data) or abort(400)
    if not decision.validate():
        return _case_page(number, 400, decision=decision)
    queue = queue_of_request()
    try:
        decisions.decide(container().context, number, decision.version.data, what, as_given(decision.reason.data),
                         signed_in().email)  # fmt: skip
    except PublishingRefusedError as refused:
        return _case_page(number, 409, problem="refused", findings=refused.findings)
    return redirect(after_decision(queue, number, what.value))


@blueprint.post("/<int:number>/take-up")
def take_up(number: int) -> ResponseReturnValue:
    """Let a declined submission wait again."""
    decisions.take_up(container().context, number, VersionForm().version.data, signed_in().email)
    return redirect(url_for("review.case", number=number, **kept_filter(done="take_up")))


@blueprint.post("/<int:number>/seen")
def seen(number: int) -> ResponseReturnValue:
    """Looked at what was published at once."""
    queue = queue_of_request()
    decisions.mark_seen(container().context, number, VersionForm().version.data, signed_in().email)
    return redirect(after_decision(queue, number, "seen"))


@blueprint.post("/<int:number>/call-back")
def call_back(number: int) -> ResponseReturnValue:
    """The third level: the published number was rung."""
    call = CallForm()
    if not call.validate():
        return _case_page(number, 400, call=call)
    decisions.note_call_back(container().context, number, call.version.data, call.called.data, signed_in().email)
    return redirect(url_for("review.case", number=number, **kept_filter()))


@blueprint.post("/<int:number>/domain")
def domain(number: int) -> ResponseReturnValue:
    """The second level: the town's own page names the sender's domain."""
    proof = EvidenceForm()
    if not proof.validate():
        return _case_page(number, 400, proof=proof)
    try:
        decisions.confirm_sender_domain(
            container().context, number, proof.version.data, proof.evidence.data, signed_in().email
        )
    except PublicProviderError:
        error_texts = (
            _("Anybody gets an address at this provider: it proves nothing"),
            _("Call the published number instead."),
        )
        proof.refuse(FormError("evidence", *error_texts))
        return _case_page(number, 400, proof=proof)
    return redirect(url_for("review.case", number=number, **kept_filter()))


@blueprint.get("/<int:number>/photos/<digest>.jpg")
def photo(number: int, digest: str) -> ResponseReturnValue:
    """A photo of a submission that waits."""
    row = drafts.read(container().context, number)
    return picture_of(row, digest) if row else abort(404)
