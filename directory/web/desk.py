"""The department's desk: its zones, their freshness, its people, its proofs, and the undoing of changes."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.records.accounts import Person, confirmed_domains, members, proofs
from directory.records.database import transaction
from directory.records.proposals import of_email, reports
from directory.records.writing import By, department_slug
from directory.submissions.domains import clean_email, domain_of, host_of
from directory.submissions.fetching import WELL_KNOWN
from directory.submissions.keeping_fresh import confirm_zones
from directory.submissions.people import SignedIn, add_colleague, remove_colleague
from directory.submissions.proving import Method, Role, Rung, code, find_code, provable_domain, reach, standing
from directory.submissions.publishing import restore as restore_version
from directory.submissions.publishing import versions as versions_of
from directory.submissions.reviewing import answer_report as close_report
from directory.web.access import person
from directory.web.limits import limiter, per_hour
from directory.web.presenting import department_name
from directory.web.services import services, snapshot
from directory.web.site import site_address

blueprint = Blueprint("desk", __name__)


def signed_in() -> SignedIn:
    """Who is signed in; the table of access let nobody else come here."""
    who = person()
    if who is None:
        abort(401)
    return who


@blueprint.get("/desk")
def home() -> str:
    """My departments and what I sent."""
    who = signed_in()
    office = services().office
    with transaction(office.engine, writes=False) as session:
        sent = of_email(session, who.email)
        session.expunge_all()
    own = {department_slug(row.department, row.region) for row in sent}
    places = dict(who.places)
    departments = [(slug, places.get(slug, "")) for slug in sorted({*places, *own})]
    return render_template(
        "desk.html",
        who=who,
        departments=departments,
        sent=[(row, office.links.key(row, owner=True)) for row in sent],
    )


@blueprint.get("/desk/<state>/<name>")
def department(state: str, name: str) -> ResponseReturnValue:
    """One department: zones with their age, reports, ladder, people."""
    slug = f"{state}/{name}"
    now = snapshot()
    zones = [zone for zone in now.zones if zone.department_slug == slug]
    office = services().office
    with transaction(office.engine, writes=False) as session:
        open_reports = reports(session, zone_ids=[zone.zone_id for zone in zones])
        rungs = proofs(session, slug)
        people = members(session, slug)
        session.expunge_all()
    return render_template(
        "desk_department.html", slug=slug, state=state, name=name, known=now.departments.get(slug), who=signed_in(),
        zones=[services().finder.see(zone) for zone in zones], reports=open_reports, rungs=rungs, people=people,
        done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/desk/<state>/<name>/confirm")
def confirm(state: str, name: str) -> ResponseReturnValue:
    """“Still right”: the chosen zones are confirmed today."""
    slug = f"{state}/{name}"
    who = signed_in()
    office = services().office
    with transaction(office.engine, writes=False) as session:
        verified = standing(session, session.get_one(Person, who.id), slug).verified or bool(who.staff)
    if not verified:
        abort(403)
    done = confirm_zones(office, slug, request.form.getlist("zone"), who.email)
    return redirect(url_for("desk.department", state=state, name=name, done=f"confirmed-{len(done)}"))


@blueprint.post("/desk/<state>/<name>/reports/<int:number>")
def answer_report(state: str, name: str, number: int) -> ResponseReturnValue:
    """The department answers a visitor's report about its own zone."""
    slug = f"{state}/{name}"
    own = [zone.zone_id for zone in snapshot().zones if zone.department_slug == slug]
    office = services().office
    with transaction(office.engine, writes=False) as session:
        if not any(report.id == number for report in reports(session, zone_ids=own)):
            abort(404)
    close_report(office, number, request.form.get("answer", ""), signed_in().email)
    return redirect(url_for("desk.department", state=state, name=name, done="report"))


@blueprint.route("/desk/<state>/<name>/people", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
def people(state: str, name: str) -> ResponseReturnValue:
    """Who looks after the department's zones."""
    slug = f"{state}/{name}"
    who = signed_in()
    problem = ""
    if request.method == "POST":
        email = clean_email(request.form.get("email", ""))
        role = Role.MANAGER if request.form.get("role") == "manager" else Role.EDITOR
        if email is None:
            problem = "email"
        elif not add_colleague(services().office, slug, department_name(slug), email, role, who, site_address()):
            problem = "known"
        else:
            return redirect(url_for("desk.people", state=state, name=name))
    with transaction(services().engine, writes=False) as session:
        found = members(session, slug)
        session.expunge_all()
    page = render_template(
        "desk_people.html", slug=slug, state=state, name=name, title=department_name(slug), people=found, who=who,
        problem=problem, email=request.form.get("email", "")[:200],
    )  # fmt: skip
    return page, 400 if problem else 200


@blueprint.post("/desk/<state>/<name>/people/<int:number>/remove")
def remove_person(state: str, name: str, number: int) -> ResponseReturnValue:
    """Take somebody's access away."""
    remove_colleague(services().office, f"{state}/{name}", number, signed_in())
    return redirect(url_for("desk.people", state=state, name=name))


@blueprint.route("/desk/<state>/<name>/proof", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
def proof(state: str, name: str) -> ResponseReturnValue:
    """The ladder as it stands for me, and the code to place on the department's own domain."""
    slug = f"{state}/{name}"
    who = signed_in()
    office = services().office
    known = snapshot().departments.get(slug)
    with transaction(office.engine, writes=False) as session:
        me = session.get_one(Person, who.id)
        domain = provable_domain(session, me, slug, known.web_page if known else "")
        wanted = code(office.links.signing_key, me, slug, domain) if domain else ""
        named = sorted(
            {host_of(known.web_page) if known else "", *(d.domain for d in confirmed_domains(session, slug))}
        )
    troubles: list[str] = []
    if request.method == "POST" and domain:
        method, troubles = find_code(wanted, domain, services().resolver, services().fetcher)
        if method is not None:
            with transaction(office.engine) as session:
                me = session.get_one(Person, who.id)
                reach(session, me, slug, Rung.OWN_DOMAIN, Method(method), f"code on {domain}", "directory")
            return redirect(url_for("desk.proof", state=state, name=name))
    with transaction(office.engine, writes=False) as session:
        rungs = proofs(session, slug, who.id)
        session.expunge_all()
    page = render_template(
        "desk_proof.html", slug=slug, state=state, name=name, title=department_name(slug), who=who, rungs=rungs,
        domain=domain, code=wanted, well_known=WELL_KNOWN,
        own_domain=domain_of(who.email), named=[host for host in named if host], troubles=troubles,
    )  # fmt: skip
    return page, 400 if troubles else 200


@blueprint.get("/zones/<zone_id>/versions")
def versions(zone_id: str) -> ResponseReturnValue:
    """Every version of a zone, from the log."""
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        abort(404)
    with transaction(services().engine, writes=False) as session:
        found = versions_of(session, zone_id)
        session.expunge_all()
    return render_template("versions.html", zone=zone, versions=found)


@blueprint.post("/zones/<zone_id>/versions/<int:number>/restore")
def restore(zone_id: str, number: int) -> ResponseReturnValue:
    """Bring an earlier version back."""
    who = signed_in()
    with transaction(services().engine) as session:
        done = restore_version(
            session, services().gazetteer, zone_id, number, By(who.email, f"version {number} restored")
        )
    if not done:
        abort(404)
    return redirect(url_for("desk.versions", zone_id=zone_id))
