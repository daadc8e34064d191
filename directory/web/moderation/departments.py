"""What moderators know of a department: its people, on what they stand, and which towns it polices."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.errors import StaleVersionError
from directory.moderation import departments
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container, snapshot
from directory.web.http.forms import FormError, PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.zone_facts.zones import department_name
from directory.zones.departments.agencies import kind_of_agency
from directory.zones.departments.schemas import AgencyKind
from directory.zones.keys import slug_parts, town_slug

blueprint = bounded(Blueprint("staff_departments", __name__, url_prefix="/review/departments"))


class TownForm(PageForm):
    """A further town that a department polices."""

    town = TextField(_l("Town"), longest=80)
    evidence = TextField(
        _l("Where can that be seen?"), [filled_in(_l("Say where that can be seen."))],
        description=_l("The address of a page, a contract, a call."),
    )  # fmt: skip


@blueprint.get("/<department:slug>")
def department(slug: str, fields: TownForm | None = None, problem: str = "") -> str:
    """One department."""
    file = departments.file_of(container().context, slug) or abort(404)
    return render_template(
        "moderation/department.html", slug=slug, title=department_name(slug), file=file,
        proofs=file.people.proofs, kind=kind_of_agency(file.record.name) if file.record else "", kinds=list(AgencyKind),
        zones=snapshot().by_department.get(slug, ()), fields=fields or TownForm(), problem=problem,
    )  # fmt: skip


@blueprint.post("/<department:slug>/towns")
def note_town(slug: str) -> ResponseReturnValue:
    """Note that the department polices a further town."""
    context = container().context
    if not departments.is_known(context, slug):
        abort(404)
    fields = TownForm()
    fields.validate()
    name, state = fields.town.data, slug_parts(slug)[0].upper()
    town = town_slug(name, state)
    if not name or not (town in snapshot().towns or container().gazetteer.places(name, state)):
        error_texts = _("is no town of this state that we know"), _("Write its name as it stands on the map.")
        fields.refuse(FormError("town", *error_texts))
    if fields.problems:
        return department(slug, fields), 400
    departments.note_town(context, slug, town, fields.evidence.data, signed_in().email)
    return redirect(url_for("staff_departments.department", slug=slug))


@blueprint.post("/<department:slug>/towns/remove")
def forget_town(slug: str) -> ResponseReturnValue:
    """Take such a note away."""
    try:
        departments.forget_town(container().context, slug, request.form.get("town", ""), signed_in().email)
    except StaleVersionError:
        return department(slug, TownForm(sent=False), "stale"), 409
    return redirect(url_for("staff_departments.department", slug=slug))


@blueprint.post("/<department:slug>/kind")
def save_kind(slug: str) -> ResponseReturnValue:
    """Correct the kind of agency that the name tells."""
    kind = request.form.get("kind", "")
    if kind not in ("", *AgencyKind):
        abort(400)
    if not departments.set_kind(container().context, slug, kind, signed_in().email):
        abort(404)
    return redirect(url_for("staff_departments.department", slug=slug))
