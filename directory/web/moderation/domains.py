"""What proves people, at the review desk: official and confirmed domains."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.log import Author
from directory.db.queries.accounts import all_confirmed_domains, official_domains
from directory.db.transaction import Session, transaction
from directory.verification.domain_list import (
    BadDomainError,
    add_confirmed,
    add_official,
    lost_proofs,
    remove,
    renew,
)
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.rate_limits import bounded

blueprint = bounded(Blueprint("evidence", __name__, url_prefix="/review"))
MOST_ROWS = 100
FIELDS = ("domain", "place", "state", "department", "reason")
Change = Callable[[Session, Author], None]


@blueprint.get("/domains")
def domains() -> str:
    """The domains that prove somebody, and the people whose proof rests on one that proves nothing any more."""
    return _domains_page()


def _domains_page(problem: str = "", given: dict[str, str] | None = None) -> str:
    search = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "").strip().upper()[:2]
    dropped = request.args.get("dropped", "") == "yes"
    with transaction(container().engine, writes=False) as session:
        official = official_domains(session, search, state, dropped=dropped, limit=MOST_ROWS + 1)
        confirmed = [
            row for row in all_confirmed_domains(session)
            if not dropped and search.lower() in f"{row.domain} {row.department}"
            and row.department.startswith(state.lower())
        ]  # fmt: skip
        lost = lost_proofs(session)
        session.expunge_all()
    return render_template(
        "moderation/domains.html", official=official[:MOST_ROWS], more=len(official) > MOST_ROWS, confirmed=confirmed,
        lost=lost, search=search, state=state, dropped=dropped, problem=problem, given=given or {},
        done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/domains/add")
def add_domain() -> ResponseReturnValue:
    """Add an official domain, or confirm one for a department."""
    given = _given()
    if given["department"]:
        return _change(lambda session, by: add_confirmed(session, given["domain"], given["department"], by), "added")
    return _change(
        lambda session, by: add_official(session, given["domain"], given["place"], given["state"], by), "added"
    )


@blueprint.post("/domains/remove")
def remove_domain() -> ResponseReturnValue:
    """Let a domain prove nothing new."""
    given = _given()
    return _change(lambda session, by: remove(session, given["domain"], given["department"], by), "removed")


@blueprint.post("/domains/renew")
def renew_domain() -> ResponseReturnValue:
    """Somebody looked today: the domain still proves."""
    given = _given()
    return _change(lambda session, by: renew(session, given["domain"], given["department"], by), "renewed")


def _given() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:300] for name in FIELDS}


def _change(change: Change, done: str) -> ResponseReturnValue:
    """Make a change of the list with the reason given; without one, or with a bad domain, say what is wrong."""
    given = _given()
    if not given["reason"]:
        return _domains_page("reason", given), 400
    try:
        with transaction(container().engine) as session:
            change(session, Author(signed_in().email, given["reason"]))
    except BadDomainError as error:
        return _domains_page(error.args[0], given), 400
    return redirect(url_for("evidence.domains", q=given["domain"], done=done))
