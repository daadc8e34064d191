"""The department's desk: its zones, their freshness, its people, its proofs, and the undoing of changes."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.authentication import add_colleague, remove_colleague
from directory.db.log import Author
from directory.db.queries.accounts import (
    BarredAddressError,
    confirmed_domains,
    members,
    proofs,
)
from directory.db.queries.submissions import of_person, reports
from directory.db.tables.accounts import Person
from directory.db.transaction import transaction
from directory.moderation.decisions import answer_report as close_report
from directory.moderation.decisions import waiting_for
from directory.moderation.reminders import confirm_zones
from directory.store.known_departments import is_known_department
from directory.store.repository import zone_record
from directory.store.writer import department_slug
from directory.submissions.publishing import restore as restore_version
from directory.submissions.publishing import version
from directory.submissions.publishing import versions as versions_of
from directory.submissions.risk.assessment import restoring_reasons
from directory.submissions.risk.wait_reasons import WaitReason
from directory.usecases.context import TooManyMessagesError
from directory.verification.domain_probe import WELL_KNOWN
from directory.verification.domains import clean_email, domain_of, host_of
from directory.verification.levels import (
    Method,
    Role,
    VerificationLevel,
    code,
    find_code,
    grant,
    provable_domain,
)
from directory.web.accounts.permissions import signed_in, verified_for
from directory.web.http.container import container, snapshot
from directory.web.http.rate_limits import bounded, limiter, per_hour
from directory.web.http.urls import site_address
from directory.web.presenters import history
from directory.web.presenters.zones import department_name

blueprint = bounded(Blueprint("desk", __name__))


@blueprint.get("/desk")
def home() -> str:
    """My departments and what I sent."""
    who = signed_in()
    context = container().context
    with transaction(context.engine, writes=False) as session:
        sent = of_person(session, who.id)
        session.expunge_all()
    own = {department_slug(row.department, row.region) for row in sent}
    places = dict(who.places)
    departments = [(slug, places.get(slug, "")) for slug in sorted({*places, *own})]
    return render_template(
        "departments/dashboard.html",
        who=who,
        departments=departments,
        sent=[(row, context.links.key(row, owner=True)) for row in sent],
    )


@blueprint.get("/desk/<state>/<name>")
def department(state: str, name: str) -> ResponseReturnValue:
    """One department: zones with their age, reports, ladder, people."""
    slug = f"{state}/{name}"
    now = snapshot()
    zones = [zone for zone in now.zones if zone.department_slug == slug]
    context = container().context
    with transaction(context.engine, writes=False) as session:
        if not is_known_department(session, slug):
            abort(404)
        open_reports = reports(session, zone_ids=[zone.zone_id for zone in zones])
        rungs = proofs(session, slug)
        people = members(session, slug)
        waiting = waiting_for(session, slug)
        session.expunge_all()
    who = signed_in()
    return render_template(
        "departments/department.html",
        slug=slug,
        state=state,
        name=name,
        known=now.departments.get(slug),
        who=who,
        waiting=waiting,
        decides=who.role_in(slug) == Role.MANAGER and who.is_accepted_in(slug),
        zones=[container().search_service.describe(zone) for zone in zones],
        reports=open_reports,
        rungs=rungs,
        people=people,
        done=request.args.get("done", ""),
    )


@blueprint.post("/desk/<state>/<name>/confirm")
def confirm(state: str, name: str) -> ResponseReturnValue:
    """“Still correct”: the chosen zones are confirmed today."""
    slug = f"{state}/{name}"
    who = verified_for(slug)
    done = confirm_zones(container().context, slug, request.form.getlist("zone"), who.email)
    return redirect(url_for("desk.department", state=state, name=name, done=f"confirmed-{len(done)}"))


@blueprint.post("/desk/<state>/<name>/reports/<int:number>")
def answer_report(state: str, name: str, number: int) -> ResponseReturnValue:
    """The department answers a visitor's report about its own zone."""
    slug = f"{state}/{name}"
    own = [zone.zone_id for zone in snapshot().zones if zone.department_slug == slug]
    context = container().context
    with transaction(context.engine, writes=False) as session:
        if not any(report.id == number for report in reports(session, zone_ids=own)):
            abort(404)
    close_report(context, number, request.form.get("answer", ""), signed_in().email)
    return redirect(url_for("desk.department", state=state, name=name, done="report"))


@blueprint.get("/desk/<state>/<name>/people")
def people(state: str, name: str) -> str:
    """Who looks after the department's zones."""
    return _people_page(state, name)


@blueprint.post("/desk/<state>/<name>/people")
@limiter.limit(per_hour)
def add_person(state: str, name: str) -> ResponseReturnValue:
    """Give a colleague access."""
    slug = f"{state}/{name}"
    email = clean_email(request.form.get("email", ""))
    role = Role.MANAGER if request.form.get("role") == "manager" else Role.EDITOR
    if email is None:
        return _people_page(state, name, "email"), 400
    try:
        added = add_colleague(
            container().context, slug, department_name(slug), email, role, signed_in(), site_address()
        )
    except BarredAddressError:
        return _people_page(state, name, "barred"), 400
    except TooManyMessagesError:
        abort(429)
    if not added:
        return _people_page(state, name, "known"), 400
    return redirect(url_for("desk.people", state=state, name=name))


def _people_page(state: str, name: str, problem: str = "") -> str:
    slug = f"{state}/{name}"
    with transaction(container().engine, writes=False) as session:
        found = members(session, slug)
        session.expunge_all()
    return render_template(
        "departments/people.html", slug=slug, state=state, name=name, title=department_name(slug), people=found,
        who=signed_in(), problem=problem, email=request.form.get("email", "")[:200],
    )  # fmt: skip


@blueprint.post("/desk/<state>/<name>/people/<int:number>/remove")
def remove_person(state: str, name: str, number: int) -> ResponseReturnValue:
    """Take somebody's access away."""
    remove_colleague(container().context, f"{state}/{name}", number, signed_in())
    return redirect(url_for("desk.people", state=state, name=name))


@blueprint.get("/desk/<state>/<name>/proof")
def proof(state: str, name: str) -> str:
    """The ladder as it stands for me, and the code to place on the department's own domain."""
    return _proof_page(state, name)


@blueprint.post("/desk/<state>/<name>/proof")
@limiter.limit(per_hour)
def look_for_code(state: str, name: str) -> ResponseReturnValue:
    """Look for the code on the department's own domain."""
    slug = f"{state}/{name}"
    domain, wanted = _code_to_place(slug)
    if not domain:
        return _proof_page(state, name)
    method, troubles = find_code(wanted, domain, container().resolver, container().fetcher)
    if method is None:
        return _proof_page(state, name, troubles), 400
    with transaction(container().engine) as session:
        me = session.get_one(Person, signed_in().id)
        grant(
            session,
            me,
            slug,
            VerificationLevel.OWN_DOMAIN,
            Method(method),
            f"code on {domain}",
            "directory",
            domain=domain,
        )
    return redirect(url_for("desk.proof", state=state, name=name))


def _code_to_place(slug: str) -> tuple[str, str]:
    """The domain that the person signed in may prove, and the code to place there; both empty where there is none."""
    context = container().context
    known = snapshot().departments.get(slug)
    with transaction(context.engine, writes=False) as session:
        me = session.get_one(Person, signed_in().id)
        domain = provable_domain(session, me, slug, known.web_page if known else "")
        return domain, code(context.links.signing_key, me, slug, domain) if domain else ""


def _proof_page(state: str, name: str, troubles: Sequence[str] = ()) -> str:
    slug = f"{state}/{name}"
    who = signed_in()
    known = snapshot().departments.get(slug)
    domain, wanted = _code_to_place(slug)
    with transaction(container().engine, writes=False) as session:
        named = {host_of(known.web_page) if known else "", *(d.domain for d in confirmed_domains(session, slug))}
        rungs = proofs(session, slug, who.id)
        session.expunge_all()
    return render_template(
        "departments/proof.html", slug=slug, state=state, name=name, title=department_name(slug), who=who, rungs=rungs,
        domain=domain, code=wanted, well_known=WELL_KNOWN, own_domain=domain_of(who.email),
        named=sorted(named - {""}), troubles=troubles,
    )  # fmt: skip


@blueprint.get("/zones/<zone_id>/versions")
def versions(zone_id: str) -> ResponseReturnValue:
    """Every version of a zone, from the log."""
    return _versions_page(zone_id)


def _versions_page(zone_id: str, reasons: Sequence[WaitReason] = ()) -> str:
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        abort(404)
    with transaction(container().engine, writes=False) as session:
        found = versions_of(session, zone_id)
        session.expunge_all()
    return render_template("departments/versions.html", zone=zone, versions=found, reasons=reasons, words=history)


@blueprint.post("/zones/<zone_id>/versions/<int:number>/restore")
def restore(zone_id: str, number: int) -> ResponseReturnValue:
    """Bring an earlier version back; a department only where the change could be published at once."""
    who = signed_in()
    with transaction(container().engine) as session:
        before, wanted = zone_record(session, zone_id), version(session, zone_id, number)
        if before is None or wanted is None:
            abort(404)
        department = department_slug(before.department, before.state)
        reasons = (
            [] if who.staff else restoring_reasons(session, container().gazetteer, department, before, wanted, who.id)
        )
        if not reasons:
            by = Author(who.email, f"version {number} restored")
            restore_version(session, container().gazetteer, zone_id, number, by)
    if reasons:
        return _versions_page(zone_id, reasons), 403
    return redirect(url_for("desk.versions", zone_id=zone_id))
