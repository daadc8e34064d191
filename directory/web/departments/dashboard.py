"""The department's desk: its zones, their freshness, its people, its proofs, and the undoing of changes."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice

from directory.accounts.members import add_colleague, members_of, remove_colleague
from directory.confirmations.confirming import confirm_zones
from directory.db.tables.accounts import Role
from directory.mail.queueing import TooManyMessagesError
from directory.mail_address import BarredAddressError
from directory.moderation import problem_reports
from directory.moderation.departments import desk_of
from directory.submissions import drafts
from directory.submissions.risk.wait_reasons import WaitReason
from directory.submissions.umbrella_files import umbrella_for
from directory.submissions.zone_lists.pulling import address_of
from directory.submissions.zone_versions import restore_version, versions_of
from directory.verification.code_proof import DomainProof, domain_proof, prove_domain
from directory.verification.domain_probe import WELL_KNOWN
from directory.verification.mail_domains import domain_of
from directory.web.accounts.permissions import signed_in, verified_for
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.forms import AnswerForm, FormError, MailAddressField, PageForm
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.zone_facts.zones import department_name

blueprint = bounded(Blueprint("desk", __name__))


class ColleagueForm(PageForm):
    """Who is given access, and what they may do."""

    email = MailAddressField(_l("E-mail"), render_kw={"autocomplete": "off"})
    role = RadioField(
        _l("May"),
        choices=[
            SelectChoice(Role.EDITOR.value, _l("change zones (editor)")),
            SelectChoice(Role.MANAGER.value, _l("also say who has access (manager)")),
        ],
        default=Role.EDITOR.value,
        validate_choice=False,
    )


@blueprint.get("/desk")
def home() -> str:
    """My departments and what I sent."""
    who = signed_in()
    context = container().context
    sent = drafts.sent_by(context, who.id)
    own = {row.department_slug for row in sent}
    places = dict(who.places)
    departments = [(slug, places.get(slug, "")) for slug in sorted({*places, *own})]
    rows = [(row, context.links.key(row, owner=True)) for row in sent]
    return render_template(
        "departments/dashboard.html", who=who, departments=departments, sent=rows, umbrella=umbrella_for(context, who)
    )


@blueprint.get("/desk/<department:slug>")
def department(slug: str, sent: dict[int, AnswerForm] | None = None) -> str:
    """One department: zones with their age, reports, proofs, people; `sent` are answers that were refused."""
    who, sent = signed_in(), sent or {}
    zones = [zone for zone in snapshot().zones if zone.department_slug == slug]
    desk = desk_of(container().context, slug, [zone.zone_id for zone in zones]) or abort(404)
    return render_template(
        "departments/department.html", slug=slug, who=who, desk=desk,
        reports=[(report, sent.get(report.id) or AnswerForm(sent=False, of=report.id)) for report in desk.reports],
        proofs=desk.people.proofs, decides=who.role_in(slug) == Role.MANAGER and who.is_accepted_in(slug),
        address=address_of(container().context, slug),
        zones=[container().search_service.describe(zone) for zone in zones], done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/desk/<department:slug>/confirm")
def confirm(slug: str) -> ResponseReturnValue:
    """“Still correct”: the chosen zones are confirmed today."""
    who = verified_for(slug)
    done = confirm_zones(container().context, slug, request.form.getlist("zone"), who.email)
    return redirect(url_for("desk.department", slug=slug, done=f"confirmed-{len(done)}"))


@blueprint.post("/desk/<department:slug>/reports/<int:number>")
def answer_report(slug: str, number: int) -> ResponseReturnValue:
    """The department answers a visitor's report about its own zone."""
    own = [zone.zone_id for zone in snapshot().zones if zone.department_slug == slug]
    fields = AnswerForm(of=number)
    if not fields.validate():
        return department(slug, {number: fields}), 400
    if not problem_reports.answer_report(container().context, number, fields.answer.data, signed_in().email, own):
        abort(404)
    return redirect(url_for("desk.department", slug=slug, done="report"))


@blueprint.get("/desk/<department:slug>/people")
def people(slug: str, fields: ColleagueForm | None = None) -> str:
    """Who looks after the department's zones."""
    return render_template(
        "departments/people.html", slug=slug, title=department_name(slug),
        people=members_of(container().context, slug), who=signed_in(), fields=fields or ColleagueForm(),
    )  # fmt: skip


@blueprint.post("/desk/<department:slug>/people")
@limiter.limit(per_hour)
def add_person(slug: str) -> ResponseReturnValue:
    """Give a colleague access."""
    fields = ColleagueForm()
    if not fields.validate():
        return people(slug, fields), 400
    role = Role.MANAGER if fields.role.data == Role.MANAGER else Role.EDITOR
    try:
        added = add_colleague(container().context, slug, department_name(slug), fields.email.data, role, signed_in())
        if not added:
            fields.refuse(FormError("email", _("This address has access already"), _("Look for it in the list above.")))
    except BarredAddressError:
        fields.refuse(FormError("email", _("This address cannot be given access"), _("Ask the moderators.")))
    except TooManyMessagesError:
        abort(429)
    if fields.problems:
        return people(slug, fields), 400
    return redirect(url_for("desk.people", slug=slug))


@blueprint.post("/desk/<department:slug>/people/<int:number>/remove")
def remove_person(slug: str, number: int) -> ResponseReturnValue:
    """Take somebody's access away."""
    remove_colleague(container().context, slug, number, signed_in())
    return redirect(url_for("desk.people", slug=slug))


@blueprint.get("/desk/<department:slug>/proof")
def proof(slug: str, problems: Sequence[str] = ()) -> str:
    """What is proven of me, and the code to place on the department's own domain."""
    who, can_prove = signed_in(), _domain_proof(slug)
    return render_template(
        "departments/proof.html", slug=slug, title=department_name(slug), who=who, proof=can_prove,
        proofs=can_prove.proofs, well_known=WELL_KNOWN, own_domain=domain_of(who.email), problems=problems,
    )  # fmt: skip


@blueprint.post("/desk/<department:slug>/proof")
@limiter.limit(per_hour)
def look_for_code(slug: str) -> ResponseReturnValue:
    """Look for the code on the department's own domain."""
    parts, can_prove = container(), _domain_proof(slug)
    if not can_prove.domain:
        return proof(slug)
    problems = prove_domain(parts.context, signed_in().id, slug, can_prove, parts.resolver, parts.fetcher)
    if problems:
        return proof(slug, problems), 400
    return redirect(url_for("desk.proof", slug=slug))


def _domain_proof(slug: str) -> DomainProof:
    """What the person signed in can prove of the department."""
    department = snapshot().departments.get(slug)
    return domain_proof(container().context, signed_in().id, slug, department.web_page if department else "")


@blueprint.get("/zones/<zone_id>/versions")
def versions(zone_id: str, reasons: Sequence[WaitReason] = ()) -> str:
    """Every version of a zone, from the log."""
    zone = zone_or_404(zone_id)
    return render_template(
        "departments/versions.html", zone=zone, versions=versions_of(container().context, zone_id), reasons=reasons
    )


@blueprint.post("/zones/<zone_id>/versions/<int:number>/restore")
def restore(zone_id: str, number: int) -> ResponseReturnValue:
    """Bring an earlier version back; a department only where the change could be published at once."""
    reasons = restore_version(container().context, zone_id, number, signed_in())
    if reasons is None:
        abort(404)
    if reasons:
        return versions(zone_id, reasons), 403
    return redirect(url_for("desk.versions", zone_id=zone_id))
