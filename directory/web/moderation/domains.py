"""What proves people, at the review desk: official and confirmed domains."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from wtforms.validators import Optional

from directory.db.log import Author
from directory.verification.domain_list import (
    BadDomainError,
    add_confirmed,
    add_official,
    add_umbrella,
    remove,
    renew,
    search_domains,
)
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import lazy_gettext as _l

blueprint = bounded(Blueprint("domains", __name__, url_prefix="/review"))
MOST_ROWS = 100
Change = Callable[[Engine, Author], None]


class DomainForm(PageForm):
    """A change of the list of domains, with its reason."""

    domain = TextField(_l("Domain"))
    place = TextField(
        _l("The town or agency it belongs to"), [Optional()],
        description=_l("For an official domain: .gov, a state’s .us, or a Canadian government’s."),
    )  # fmt: skip
    state = TextField(_l("State or province"), [Optional()], longest=2, render_kw={"class": "narrow"})
    department = TextField(
        _l("Or the one department for which it is confirmed"), [Optional()],
        description=_l("As in its address: ct/darien-police-department"),
    )  # fmt: skip
    reason = TextField(
        _l("Reason"), [filled_in(_l("Say why: it is kept in the log."))],
        description=_l("Where it is written. It is kept in the log."),
    )  # fmt: skip


class UmbrellaForm(PageForm):
    """An association that sends for the departments of a county or state."""

    domain = TextField(_l("Domain"))
    place = TextField(_l("The association"))
    state = TextField(_l("State or province"), longest=2, render_kw={"class": "narrow"})
    county = TextField(
        _l("County"), [Optional()], description=_l("Empty where it may send for the departments of the whole state.")
    )
    reason = TextField(
        _l("Reason"), [filled_in(_l("Say why: it is kept in the log."))],
        description=_l("Where it is written. It is kept in the log."),
    )  # fmt: skip


@blueprint.get("/domains")
def domains(fields: DomainForm | None = None, problem: str = "", umbrella: UmbrellaForm | None = None) -> str:
    """The domains that prove somebody, and the people whose proof rests on one that proves nothing any more."""
    search = request.args.get("q", "").strip()[:100]
    state = request.args.get("state", "").strip().upper()[:2]
    dropped = request.args.get("dropped", "") == "yes"
    rows = search_domains(container().engine, search, state, MOST_ROWS, dropped=dropped)
    return render_template(
        "moderation/domains.html", domains=rows, search=search, state=state, dropped=dropped, problem=problem,
        fields=fields or DomainForm(), umbrella=umbrella or UmbrellaForm(sent=False, of="umbrella"),
        done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/domains/add")
def add_domain() -> ResponseReturnValue:
    """Add an official domain, or confirm one for a department."""
    fields = DomainForm()
    name, department = fields.domain.data, fields.department.data
    if department:
        return _change(fields, lambda engine, by: add_confirmed(engine, name, department, by), "added")
    place, state = fields.place.data, fields.state.data
    return _change(fields, lambda engine, by: add_official(engine, name, place, state, by), "added")


@blueprint.post("/domains/umbrella")
def accept_umbrella() -> ResponseReturnValue:
    """Accept the domain of an association that sends for many departments."""
    fields = UmbrellaForm(of="umbrella")
    if not fields.validate():
        return domains(DomainForm(sent=False), umbrella=fields), 400
    domain, by = fields.domain.data, Author(signed_in().email, fields.reason.data)
    try:
        add_umbrella(container().engine, domain, fields.place.data, fields.state.data, fields.county.data, by)
    except BadDomainError as error:
        return domains(DomainForm(sent=False), error.args[0], fields), 400
    return redirect(url_for("domains.domains", q=domain, done="added"))


@blueprint.post("/domains/remove")
def remove_domain() -> ResponseReturnValue:
    """Let a domain prove nothing new."""
    fields = DomainForm()
    return _change(fields, lambda engine, by: remove(engine, fields.domain.data, fields.department.data, by), "removed")


@blueprint.post("/domains/renew")
def renew_domain() -> ResponseReturnValue:
    """Somebody looked today: the domain still proves."""
    fields = DomainForm()
    return _change(fields, lambda engine, by: renew(engine, fields.domain.data, fields.department.data, by), "renewed")


def _change(fields: DomainForm, change: Change, done: str) -> ResponseReturnValue:
    """Make a change of the list with the reason given; without one, or with a bad domain, say what is wrong."""
    if not fields.validate():
        return domains(fields), 400
    try:
        change(container().engine, Author(signed_in().email, fields.reason.data))
    except BadDomainError as error:
        return domains(fields, error.args[0]), 400
    return redirect(url_for("domains.domains", q=fields.domain.data, done=done))
