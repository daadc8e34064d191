"""The queue of the review desk: filtered, and several cases decided together after a question."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import StopValidation

from directory.errors import StaleVersionError
from directory.moderation.bulk_decisions import CaseVersion, decide_all
from directory.moderation.decisions import BULK_ITEMS, NotShownError
from directory.moderation.queue import Queue, QueueOrder, proposals
from directory.moderation.queued_case import BulkStep, CaseKind, QueuedCase, QueueState, Risk
from directory.store.runs.mail_status import undelivered
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import AreaField, FormError, PageForm, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.moderation.next_case import case_url, kept_filter, queue_of_request
from directory.web.moderation.queue_parameters import AGES, read_filter
from directory.web.moderation.written_reasons import as_given, fill_reason, reason_buttons
from directory.web.presenters.desk.diff import comparison
from directory.web.query.integers import number_in
from directory.web.query.pagination import paged

blueprint = bounded(Blueprint("review_queue", __name__, url_prefix="/review"))


def _where_somebody_reads_it(form: "BulkForm", _item: Field) -> None:
    """What is only looked at or closed needs no word."""
    if form.do.data == BulkStep.CLOSE:
        raise StopValidation


class BulkForm(PageForm):
    """Cases that are chosen, each by its key (`QueuedCase.key`), what to `do` with them, and the reason.

    `do` is a step, or puts the page in order: "all" ticks every box of the page, "back" leads back from the question.
    `sure` says that the question was answered; `written` is the code of a reason whose button was pressed.
    """

    do = StringField(default="")
    sure = StringField(default="")
    written = StringField(default="")
    reason = AreaField(
        _l("Reason, read by every sender"),
        [_where_somebody_reads_it, filled_in(_l("The sender reads it. One sentence is enough."))],
        longest=500, render_kw={"rows": 2},
    )  # fmt: skip
    chosen = SelectMultipleField(_l("Cases"), validate_choice=False, default=())


@blueprint.get("")
def listing() -> str:
    """What waits, what went live by itself, and what could not be mailed."""
    return _page(queue_of_request(), BulkForm())


def _page(queue: Queue, bulk: BulkForm, problem: str = "") -> str:
    context, filters = container().context, read_filter(request.args)
    page = paged(queue.cases, "review_queue.listing", "page", **kept_filter())
    changes = {
        number: list(zip(some, map(comparison, some), strict=True))
        for number, some in proposals(context, page.items).items()
    }
    if bulk.do.data == "all":
        bulk.chosen.data = [case.key for case in page.items]
    page_kinds = {case.kind for case in page.items}
    submissions = page_kinds - {CaseKind.REPORT, CaseKind.DATA}
    return render_template(
        "moderation/queue.html", queue=queue, page=page, filters=filters, changes=changes, bulk=bulk, problem=problem,
        steps=[step for step in BulkStep if any(step in case.steps for case in page.items)],
        reasons=reason_buttons(submissions or page_kinds), most=BULK_ITEMS, kept=kept_filter, case_url=case_url,
        zones=snapshot().by_id, undelivered=undelivered(context.engine), done=request.args.get("done", ""),
        kinds=list(CaseKind), states=list(QueueState), risks=list(Risk), orders=list(QueueOrder), ages=AGES,
    )  # fmt: skip


@blueprint.post("/together")
def together() -> ResponseReturnValue:
    """Decide several cases at once: first asked how many, then each by itself."""
    bulk, queue = BulkForm(), queue_of_request()
    if fill_reason(bulk):
        return _page(queue, bulk)
    if bulk.do.data in ("all", "back"):
        return _page(queue, bulk)
    step = BulkStep(bulk.do.data) if bulk.do.data in list(BulkStep) else abort(400)
    if not bulk.validate():
        return _page(queue, bulk), 400
    selected = _selected_cases(bulk)
    if not selected:
        bulk.refuse(FormError("chosen", _("This is missing"), _("Tick at least one case.")))
        return _page(queue, bulk), 400
    if not bulk.sure.data:
        return _question(queue, bulk, selected, step)
    outcomes = decide_all(container().context, selected, step, as_given(bulk.reason.data), signed_in(),
                               snapshot().zone_index)  # fmt: skip
    return render_template(
        "moderation/bulk_decision_done.html", step=step, outcomes=outcomes, kept=kept_filter, case_url=case_url,
        cases=queue.everything, zones=snapshot().by_id, done=[one for one, problem in outcomes if problem is None],
    )  # fmt: skip


def _selected_cases(bulk: BulkForm) -> list[CaseVersion]:
    versions = []
    for text in bulk.chosen.data:
        kind, number, version = (*text.split("-"), "", "")[:3]
        place = number_in(number), number_in(version)
        if kind in list(CaseKind) and place[0] is not None and place[1] is not None:
            versions.append(CaseVersion(CaseKind(kind), place[0], place[1]))
    return list(dict.fromkeys(versions))


def _question(queue: Queue, bulk: BulkForm, selected: list[CaseVersion], step: BulkStep) -> ResponseReturnValue:
    """How many are decided, and which of those chosen cannot be."""
    able: list[QueuedCase] = []
    unable: list[tuple[CaseVersion, Exception]] = []
    for one in selected:
        case = queue.everything.get((one.kind, one.number))
        if case is None or case.version != one.version:
            unable.append((one, StaleVersionError()))
        elif step not in case.steps:
            unable.append((one, NotShownError()))
        else:
            able.append(case)
    return render_template("moderation/bulk_decision.html", step=step, able=able, unable=unable, bulk=bulk,
                           kept=kept_filter, cases=queue.everything, zones=snapshot().by_id,
                           case_url=case_url)  # fmt: skip
