"""What moderators know of a department: its people, on what they stand, and which towns it polices."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.db.log import Author
from directory.db.queries.accounts import (
    confirmed_domains,
    members,
    official_domains,
    proofs,
)
from directory.db.transaction import transaction
from directory.moderation.town_profiles import forget_town as forget_town_of
from directory.moderation.town_profiles import note_town as note_town_of
from directory.moderation.town_profiles import towns_noted
from directory.store.known_departments import is_known_department
from directory.store.repository import department_by_slug
from directory.store.writer import town_slug
from directory.submissions.drafts import StaleVersionError
from directory.verification.agencies import kind_of
from directory.verification.domain_list import accepted
from directory.verification.jurisdiction import correct_kind
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.form_errors import FormError
from directory.web.http.rate_limits import bounded
from directory.web.i18n.translate import _
from directory.web.presenters.zones import department_name
from directory.zones.schemas import AgencyKind

blueprint = bounded(Blueprint("staff_departments", __name__, url_prefix="/review/departments"))


@blueprint.get("/<state>/<name>")
def department(state: str, name: str) -> str:
    """One department."""
    return _page(state, name, [])


@blueprint.post("/<state>/<name>/towns")
def note_town(state: str, name: str) -> ResponseReturnValue:
    """Note that the department polices a further town."""
    with transaction(container().engine, writes=False) as session:
        if not is_known_department(session, f"{state}/{name}"):
            abort(404)
    typed, evidence = request.form.get("town", "").strip()[:80], request.form.get("evidence", "").strip()[:300]
    town = town_slug(typed, state)
    errors = []
    if not typed or not (town in snapshot().towns or container().gazetteer.places(typed, state.upper())):
        words = _("is no town of this state that we know"), _("Write its name as it stands on the map.")
        errors.append(FormError("town", *words))
    if not evidence:
        errors.append(FormError("evidence", _("is missing"), _("Say where that can be seen.")))
    if errors:
        return _page(state, name, errors), 400
    note_town_of(container().context, f"{state}/{name}", town, evidence, signed_in().email)
    return redirect(url_for("staff_departments.department", state=state, name=name))


@blueprint.post("/<state>/<name>/towns/remove")
def forget_town(state: str, name: str) -> ResponseReturnValue:
    """Take such a note away."""
    try:
        forget_town_of(container().context, f"{state}/{name}", request.form.get("town", ""), signed_in().email)
    except StaleVersionError:
        return _page(state, name, [], "stale"), 409
    return redirect(url_for("staff_departments.department", state=state, name=name))


@blueprint.post("/<state>/<name>/kind")
def save_kind(state: str, name: str) -> ResponseReturnValue:
    """Correct the kind of agency that the name tells."""
    kind = request.form.get("kind", "")
    if kind not in ("", *AgencyKind):
        abort(400)
    with transaction(container().engine) as session:
        by = Author(signed_in().email, "kind of agency corrected")
        if not correct_kind(session, container().gazetteer, f"{state}/{name}", kind, by):
            abort(404)
    return redirect(url_for("staff_departments.department", state=state, name=name))


def _page(state: str, name: str, errors: list[FormError], problem: str = "") -> str:
    slug = f"{state}/{name}"
    now = snapshot()
    with transaction(container().engine, writes=False) as session:
        if not is_known_department(session, slug):
            abort(404)
        people = members(session, slug)
        rungs = proofs(session, slug)
        domains = confirmed_domains(session, slug)
        known = department_by_slug(session, slug)
        listed = official_domains(session, state=known.state) if known else []
        official = [pair.row for pair in accepted(listed, {slug: known})] if known else []
        session.expunge_all()
    return render_template(
        "moderation/department.html", slug=slug, state=state, name=name, title=department_name(slug), people=people,
        rungs=rungs, domains=domains, official=official, known=known, told=kind_of(known.name) if known else "",
        kinds=list(AgencyKind), zones=now.by_department.get(slug, ()),
        towns=towns_noted(container().context, slug), errors=errors, given=request.form, problem=problem,
    )  # fmt: skip
