"""The list of barred mailboxes and domains: add one by hand, take one out."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from directory.errors import StaleVersionError
from directory.moderation.barring import NotBarrableError, bar_by_hand, barred, people_of, target_of, unbar
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.query.pagination import A_PAGE, paged

blueprint = bounded(Blueprint("barring", __name__, url_prefix="/review/barred"))


class BarForm(PageForm):
    """A mailbox or domain to bar or to let in again; `shown` is the one whose people the page showed."""

    value = TextField(_l("Address, or domain with all below it"), longest=250)
    reason = TextField(_l("Reason, for the log"), [filled_in(_l("It stands in the log."))], longest=500)
    shown = HiddenField()


@blueprint.get("")
def listing(
    fields: BarForm | None = None, problem: str = "", hit: Sequence[str] = (), removal: BarForm | None = None
) -> str:
    """Who is barred, since when and why."""
    rows = paged(barred(container().context), "barring.listing", "page")
    removals = {row.value: BarForm(sent=False, of=row.value) for row in rows.items}
    if removal:
        removals[removal.value.data] = removal
    return render_template(
        "moderation/barred.html", rows=rows, problem=problem, fields=fields or BarForm(), hit=hit[:A_PAGE],
        removal=removal, removals=removals,
        hidden=max(0, len(hit) - A_PAGE), done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Bar a mailbox or a domain; where somebody known is hit, only after they were shown."""
    fields = BarForm()
    if not fields.validate():
        return listing(fields), 400
    try:
        target = target_of(fields.value.data)
        hit = people_of(container().context, target)
        if hit and fields.shown.data != target:
            fields.shown.data = target
            return listing(fields, "people", [person.email for person in hit]), 400
        bar_by_hand(container().context, target, fields.reason.data, signed_in().email)
    except NotBarrableError as refusal:
        return listing(fields, refusal.why), 400
    except StaleVersionError:  # somebody decided on one of the sender's submissions at the same moment
        return listing(fields, "changed"), 409
    return redirect(url_for("barring.listing", done="barred"))


@blueprint.post("/remove")
def remove() -> ResponseReturnValue:
    """Let a mailbox or a domain in again."""
    removal = BarForm(of=request.form.get("value", ""))
    if not removal.validate():
        return listing(BarForm(sent=False), removal=removal), 400
    try:
        unbar(container().context, removal.value.data, removal.reason.data, signed_in().email)
    except StaleVersionError:
        return listing(BarForm(sent=False), "stale"), 409
    return redirect(url_for("barring.listing", done="removed"))
