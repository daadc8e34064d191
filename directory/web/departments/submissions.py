"""Sending zones in: the draft and its forms, the spreadsheet, the proof by mail. Every page works without script."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.tables.contributions.submissions import Submission
from directory.errors import StaleVersionError
from directory.mail.queueing import TooManyMessagesError
from directory.submissions import drafts, sending
from directory.submissions.drafts import TooManyItemsError
from directory.submissions.items.item import ProposedChange
from directory.submissions.quotas import DraftFullError
from directory.submissions.risk.checks import Observation, observe
from directory.submissions.sending import NotReadyError, SendOutcome
from directory.submissions.workflow import EDITABLE, Step, TransitionNotAllowedError
from directory.web.accounts.permissions import enter as begin_session
from directory.web.accounts.permissions import person
from directory.web.departments.department_form import AddressForm, DepartmentForm, LinkForm
from directory.web.departments.name_questions import NameQuestion, ask_names
from directory.web.http.container import container, snapshot
from directory.web.http.languages import language_code
from directory.web.http.limits.rate_limits import begins_draft, bounded, limiter, per_hour
from directory.web.http.pictures import picture_of
from directory.web.http.security.security_events import note_if_barred
from directory.web.i18n.translate import _
from directory.web.presenters.desk.diff import comparison, listed
from directory.web.query.pagination import paged

blueprint = bounded(Blueprint("submissions", __name__))

View = Callable[..., ResponseReturnValue]


def of_draft(view: View) -> View:
    """Open the submission that the key in the address opens; a page with 404 for a key that is not ours."""

    @wraps(view)
    def opened(key: str, **values: Any) -> ResponseReturnValue:
        context = container().context
        read = context.links.read(key)
        row = drafts.read(context, read.number) if read is not None else None
        if read is None or row is None or not read.opens(row):
            return render_template("departments/no_draft.html"), 404
        if row.email_proven_at is not None and not read.owner and not _own(row):
            return render_template("departments/proven.html"), 403
        try:
            return view(key, row, **values)
        except (TransitionNotAllowedError, StaleVersionError):
            # Sent, decided or changed in another window meanwhile: show how it stands now.
            return redirect(url_for("submissions.draft", key=key, changed=1))
        except TooManyMessagesError:
            abort(429)
        except TooManyItemsError:
            problem = _("A submission holds at most 1,000 zones. Send this one first, and the others in another one.")
            return _draft_page(key, row, problem=problem)
        except DraftFullError:
            problem = _("A draft holds at most 10 MB. What you sent last was not kept; send this one first, and the "
                        "rest in another one.")  # fmt: skip
            return _draft_page(key, row, problem=problem)

    return opened


def _own(row: Submission) -> bool:
    """Whether the person signed in is the one who proved it."""
    who = person()
    return who is not None and who.id == row.person_id


def to_draft(key: str) -> ResponseReturnValue:
    """Back to the draft's own page."""
    return redirect(url_for("submissions.draft", key=key))


def of_editable_draft(view: View) -> View:
    """Open the submission of a key as `of_draft` does; show it where it is sent or decided already."""

    @of_draft
    @wraps(view)
    def opened(key: str, row: Submission, **values: Any) -> ResponseReturnValue:
        return view(key, row, **values) if row.state in EDITABLE else to_draft(key)

    return opened


@blueprint.get("/submit")
def start() -> str:
    """The first screen: which department."""
    department = snapshot().departments.get(request.args.get("department", ""))
    zones = snapshot().by_department.get(department.slug, []) if department else []
    who, region = person(), request.args.get("region", "")[:2]
    fields = DepartmentForm(
        department=department.name if department else "", region=department.state if department else region,
        town=zones[0].town if zones else request.args.get("town", "")[:80],
        phone=department.phone if department else "", web_page=department.web_page if department else "",
        email=who.email if who else "",
    )  # fmt: skip
    return _begin_page(fields)


def _begin_page(fields: DepartmentForm, key: str = "", questions: Sequence[NameQuestion] = ()) -> str:
    return render_template("departments/begin.html", fields=fields, key=key, questions=questions)


@blueprint.post("/submit")
@limiter.limit(per_hour)
@begins_draft
def begin() -> ResponseReturnValue:
    """Begin a draft, which is kept from here on."""
    fields = DepartmentForm()
    if not fields.validate():
        return _begin_page(fields), 400
    if questions := ask_names(fields):
        return _begin_page(fields, questions=questions), 400
    who = person()
    number = drafts.begin(container().context, language_code(), person_id=who.id if who else None, **fields.answers)
    key = drafts.key_of(container().context, number)
    if request.args.get("then") == "sheet":
        return redirect(url_for("spreadsheet_upload.sheet", key=key))
    return redirect(url_for("zone_editing.zone", key=key, item="new"))


@blueprint.get("/submit/<key>/department")
@of_editable_draft
def department(key: str, row: Submission) -> ResponseReturnValue:
    """The department's fields of a draft, again."""
    return _begin_page(DepartmentForm(obj=row), key)


@blueprint.post("/submit/<key>/department")
@limiter.limit(per_hour)
@of_editable_draft
def save_department(key: str, row: Submission) -> ResponseReturnValue:
    """Change the department's fields of a draft."""
    fields = DepartmentForm()
    if not fields.validate():
        return _begin_page(fields, key), 400
    if questions := ask_names(fields):
        return _begin_page(fields, key, questions), 400
    drafts.edit(container().context, row.id, **fields.answers)
    return to_draft(key)


@blueprint.get("/submit/<key>")
@of_draft
def draft(key: str, row: Submission) -> ResponseReturnValue:
    """The draft, or what became of it."""
    return _draft_page(key, row)


def _draft_page(
    key: str,
    row: Submission,
    *,
    problem: str = "",
    missing: tuple[str, ...] = (),
    sender: AddressForm | None = None,
    link: LinkForm | None = None,
) -> ResponseReturnValue:
    context = container().context
    editable = row.state in EDITABLE
    names = {stored["key"]: stored["name"] for stored in row.items}
    zone_page = paged(list(names), "submissions.draft", "zones", key=key)
    entries = [
        (entry, _observations(entry, row.region) if editable else [])
        for entry in drafts.look_at(context, row, zone_page.items)
    ]
    page = render_template(
        "departments/draft.html", key=key, row=row, entries=entries, zones=zone_page, names=names, editable=editable,
        problem=problem, missing=missing, sender=sender or AddressForm(sent=False),
        link=link or LinkForm(sent=False, of="link"),
        by_managers=sending.managers_decide(context, row), who=person(),
        changed=request.args.get("changed") == "1", mailed=request.args.get("mailed") == "1",
    )  # fmt: skip
    return page, 400 if problem or missing or sender or link else 200


def _observations(entry: ProposedChange, region: str) -> list[Observation]:
    context = container().context
    return observe(entry.item, entry.outcome, entry.current, snapshot().zone_index(region), context.gazetteer)


@blueprint.post("/submit/<key>/send")
@limiter.limit(per_hour)
@of_draft
def send(key: str, row: Submission) -> ResponseReturnValue:
    """Send the draft on its way."""
    context = container().context
    who = person()
    if who is None and not row.email:
        sender = AddressForm()
        if not sender.validate():
            return _draft_page(key, row, sender=sender)
        drafts.edit(context, row.id, email=sender.email.data)
    try:
        outcome = sending.send(context, row.id, who, snapshot().zone_index(row.region))
    except NotReadyError as problem:
        if not problem.missing and not problem.refused:
            return redirect(url_for("matches.questions", key=key))
        return _draft_page(key, row, missing=(*problem.missing, *problem.refused))
    note_if_barred(who.email if who else row.email)
    if outcome is SendOutcome.PUBLISHED:
        return render_template("departments/published.html", row=drafts.read(context, row.id), key=key)
    return to_draft(key)


@blueprint.post("/submit/<key>/mail-link")
@limiter.limit(per_hour)
@of_draft
def mail_link(key: str, row: Submission) -> ResponseReturnValue:
    """Mail the way back to the draft."""
    link = LinkForm(of="link", email=row.email)
    if not link.validate():
        return _draft_page(key, row, link=link)
    drafts.mail_draft_link(container().context, row.id, link.email.data, url_for("submissions.draft", key=key))
    return redirect(url_for("submissions.draft", key=key, mailed=1))


@blueprint.post("/submit/<key>/step")
@of_draft
def step(key: str, row: Submission) -> ResponseReturnValue:
    """Take the submission back, or open it again."""
    what = {"withdraw": Step.WITHDRAW, "edit": Step.EDIT_AGAIN}.get(request.form.get("step", "")) or abort(400)
    sending.step(container().context, row.id, what, row.email)
    return to_draft(key)


@blueprint.get("/submit/confirm/<token>")
def confirm(token: str) -> str:
    """The page behind the confirmation mail: only its button counts, because mail scanners open pages."""
    context = container().context
    row = sending.waiting_for(context, token)
    return render_template(
        "departments/confirm.html", row=row, groups=listed(row.items) if row else {},
        item_url=lambda item: url_for("submissions.confirm_item", token=token, item=item),
    )  # fmt: skip


@blueprint.get("/submit/confirm/<token>/<item>")
def confirm_item(token: str, item: str) -> str:
    """One item of what the link confirms, in full."""
    context = container().context
    row = sending.waiting_for(context, token) or abort(404)
    entry = next(iter(drafts.look_at(context, row, [item])), None) or abort(404)
    return render_template("departments/confirm_item.html", token=token, entry=entry, changes=comparison(entry))


@blueprint.get("/submit/confirm/<token>/photos/<digest>.jpg")
def confirm_photo(token: str, digest: str) -> ResponseReturnValue:
    """A photo of what the link confirms."""
    return picture_of(sending.waiting_for(container().context, token) or abort(404), digest)


@blueprint.post("/submit/confirm/<token>")
@limiter.limit(per_hour)
def prove(token: str) -> ResponseReturnValue:
    """Spend the link of a confirmation mail and send the submission on its way."""
    context = container().context
    done = sending.prove(context, token)
    if done is None:
        return render_template("departments/confirm.html", row=None), 410
    who, number, outcome = done
    if outcome is not None and not who.staff:
        begin_session(who)
    key = drafts.key_of(context, number, owner=True)
    if outcome is SendOutcome.PUBLISHED:
        return render_template("departments/published.html", row=drafts.read(context, number), key=key)
    return redirect(url_for("submissions.draft", key=key, changed=None if outcome else 1))
