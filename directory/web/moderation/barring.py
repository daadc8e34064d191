"""The list of barred mailboxes and domains: add one by hand, take one out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.moderation.barring import NotBarrableError, bar_by_hand, barred, people_of, target_of, unbar
from directory.submissions.drafts import StaleVersionError
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.rate_limits import bounded
from directory.web.query.pagination import A_PAGE, paged

blueprint = bounded(Blueprint("barring", __name__, url_prefix="/review/barred"))


@blueprint.get("")
def listing() -> str:
    """Who is barred, since when and why."""
    return _page()


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Bar a mailbox or a domain; where somebody known is hit, only after they were shown."""
    reason = request.form.get("reason", "").strip()[:500]
    try:
        target = target_of(request.form.get("value", "")[:250])
        hit = people_of(container().context, target)
        if not reason:
            return _page("reason"), 400
        if hit and request.form.get("shown") != target:
            return _page("people", target, [person.email for person in hit]), 400
        bar_by_hand(container().context, target, reason, signed_in().email)
    except NotBarrableError as refusal:
        return _page(refusal.why), 400
    return redirect(url_for("barring.listing", done="barred"))


@blueprint.post("/remove")
def remove() -> ResponseReturnValue:
    """Let a mailbox or a domain in again."""
    reason = request.form.get("reason", "").strip()[:500]
    if not reason:
        return _page("why"), 400
    try:
        unbar(container().context, request.form.get("value", ""), reason, signed_in().email)
    except StaleVersionError:
        return _page("stale"), 409
    return redirect(url_for("barring.listing", done="removed"))


def _page(problem: str = "", target: str = "", hit: list[str] | None = None) -> str:
    rows = paged(barred(container().context), "barring.listing", "page")
    shown = hit or []
    return render_template(
        "moderation/barred.html", rows=rows, problem=problem, target=target, hit=shown[:A_PAGE],
        hidden=max(0, len(shown) - A_PAGE), given=request.form, done=request.args.get("done", ""),
    )  # fmt: skip
