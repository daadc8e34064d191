"""What proves people, at the review desk: official and confirmed domains."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from directory.db.log import Author
from directory.verification.domain_list import (
    BadDomainError,
    add_confirmed,
    add_official,
    remove,
    renew,
    search_domains,
)
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.rate_limits import bounded

blueprint = bounded(Blueprint("evidence", __name__, url_prefix="/review"))
MOST_ROWS = 100
FIELDS = ("domain", "place", "state", "department", "reason")
Change = Callable[[Engine, Author], None]


@blueprint.get("/domains")
def domains() -> str:
    """The domains that prove somebody, and the people whose proof rests on one that proves nothing any more."""
    return _domains_page()


def _domains_page(problem: str = "", fields: dict[str, str] | None = None) -> str:
    search = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "").strip().upper()[:2]
    dropped = request.args.get("dropped", "") == "yes"
    domains = search_domains(container().engine, search, state, MOST_ROWS, dropped=dropped)
    return render_template(
        "moderation/domains.html", domains=domains, search=search, state=state, dropped=dropped, problem=problem,
        given=fields or {}, done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/domains/add")
def add_domain() -> ResponseReturnValue:
    """Add an official domain, or confirm one for a department."""
    fields = _fields()
    if fields["department"]:
        return _change(lambda engine, by: add_confirmed(engine, fields["domain"], fields["department"], by), "added")
    return _change(
        lambda engine, by: add_official(engine, fields["domain"], fields["place"], fields["state"], by), "added"
    )


@blueprint.post("/domains/remove")
def remove_domain() -> ResponseReturnValue:
    """Let a domain prove nothing new."""
    fields = _fields()
    return _change(lambda engine, by: remove(engine, fields["domain"], fields["department"], by), "removed")


@blueprint.post("/domains/renew")
def renew_domain() -> ResponseReturnValue:
    """Somebody looked today: the domain still proves."""
    fields = _fields()
    return _change(lambda engine, by: renew(engine, fields["domain"], fields["department"], by), "renewed")


def _fields() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:300] for name in FIELDS}


def _change(change: Change, done: str) -> ResponseReturnValue:
    """Make a change of the list with the reason given; without one, or with a bad domain, say what is wrong."""
    fields = _fields()
    if not fields["reason"]:
        return _domains_page("reason", fields), 400
    try:
        change(container().engine, Author(signed_in().email, fields["reason"]))
    except BadDomainError as error:
        return _domains_page(error.args[0], fields), 400
    return redirect(url_for("evidence.domains", q=fields["domain"], done=done))
