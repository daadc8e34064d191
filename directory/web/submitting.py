"""Sending zones in: the draft and its forms, the spreadsheet, the proof by mail. Every page works without script."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import now
from directory.geo import time_zone_at
from directory.records.facts import ZoneRecord
from directory.records.fields import READERS
from directory.records.findings import Problem
from directory.records.proposals import Submission
from directory.records.store import StoredDepartment, StoredZone
from directory.records.writing import department_slug
from directory.submissions import sending
from directory.submissions.domains import clean_email
from directory.submissions.examining import Observation, observe, outside_town, pin_off
from directory.submissions.office import TooManyMails
from directory.submissions.publishing import BY_MAIL
from directory.submissions.sending import NotReady, Outcome, Proposed, Stale, TooManyItems
from directory.submissions.states import EDITABLE, NotAllowed, State, Step
from directory.text import slug
from directory.web import zone_form
from directory.web.access import enter as begin_session
from directory.web.access import person
from directory.web.comparing import comparison
from directory.web.languages import language_code
from directory.web.limits import limiter, per_hour
from directory.web.photos import picture
from directory.web.presenting import units_for
from directory.web.services import services, snapshot
from directory.web.site import site_address
from directory.web.words import _, told
from directory.web.zone_form import FieldError

blueprint = Blueprint("submitting", __name__)

DEPARTMENT_FIELDS = ("department", "region", "town", "phone", "web_page", "email", "note")
MOST_SHOWN = 50
View = Callable[..., ResponseReturnValue]


def of_draft(view: View) -> View:
    """Open the submission that the key in the address opens; 404 for a key that is not ours."""

    @wraps(view)
    def opened(key: str, **values: Any) -> ResponseReturnValue:
        office = services().office
        opened_by = office.links.opens(key)
        row = sending.read(office, opened_by[0]) if opened_by is not None else None
        if opened_by is None or row is None:
            abort(404)
        if row.email_proven_at is not None and not opened_by[1] and not _own(row):
            return render_template("submit_proven.html"), 403
        try:
            return view(key, row, **values)
        except (NotAllowed, Stale):
            # Sent, decided or changed in another window meanwhile: show how it stands now.
            return redirect(url_for("submitting.draft", key=key, changed=1))
        except TooManyMails:
            abort(429)
        except TooManyItems:
            problem = _("A submission holds at most 1,000 zones. Send this one first, and the others in another one.")
            return _draft_page(key, row, problem=problem)

    return opened


def _own(row: Submission) -> bool:
    """Whether the person signed in is the one who proved it."""
    who = person()
    return who is not None and who.email == row.email


def to_draft(key: str) -> ResponseReturnValue:
    """Back to the draft's own page."""
    return redirect(url_for("submitting.draft", key=key))


@blueprint.route("/submit", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
def start() -> ResponseReturnValue:
    """The first screen: which department. A draft is kept from here on."""
    known = snapshot().departments.get(request.args.get("department", ""))
    zones = snapshot().by_department.get(known.slug, []) if known else []
    given = dict.fromkeys(DEPARTMENT_FIELDS, "")
    if known:
        given |= {"department": known.name, "region": known.state, "town": zones[0].town if zones else "",
                  "phone": known.phone, "web_page": known.web_page}  # fmt: skip
    who = person()
    if request.method == "GET":
        given["email"] = who.email if who else ""
        given["town"] = given["town"] or request.args.get("town", "")[:80]
        given["region"] = given["region"] or request.args.get("region", "")[:2]
        return render_template("submit_department.html", given=given, errors=[], key="")
    given, errors = _read_department()
    if errors:
        return render_template("submit_department.html", given=given, errors=errors, key=""), 400
    number = sending.begin(services().office, language_code(), **given)
    key = services().office.links.key(number)
    if request.args.get("then") == "sheet":
        return redirect(url_for("submitting.sheet", key=key))
    return redirect(url_for("submitting.zone", key=key, item="new"))


def _read_department() -> tuple[dict[str, str], list[FieldError]]:
    """The department's fields as typed, each with its error."""
    if request.form.get("website"):
        abort(400)  # the field that people never see
    given = {name: request.form.get(name, "").strip()[:500] for name in DEPARTMENT_FIELDS}
    errors = []
    for name, reader in (("department", "department"), ("region", "state"), ("town", "town"), ("phone", "phone"),
                         ("web_page", "web_page")):  # fmt: skip
        text = given[name]
        if not text:
            if name in ("department", "region", "town"):
                errors.append(FieldError(name, _("is missing"), _("Fill it in.")))
            continue
        try:
            given[name] = str(READERS["source_url" if reader == "web_page" else reader](text).value)
        except Problem as problem:
            errors.append(FieldError(name, told(problem.reason), told(problem.fix)))
    if not slug(given["department"]) or not slug(given["town"]):
        errors += [FieldError(name, _("has no letters"), _("Fill it in.")) for name in ("department", "town")
                   if given[name] and not slug(given[name])]  # fmt: skip
    if given["email"]:
        email = clean_email(given["email"])
        if email is None:
            errors.append(FieldError("email", _("is no e-mail address"), _("Write it like name@example.org.")))
        given["email"] = email or given["email"]
    return given, errors


@blueprint.route("/submit/<key>/department", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
@of_draft
def department(key: str, row: Submission) -> ResponseReturnValue:
    """The department's fields of a draft, again."""
    if State(row.state) not in EDITABLE:
        return to_draft(key)
    if request.method == "GET":
        given = {name: getattr(row, name) for name in DEPARTMENT_FIELDS}
        return render_template("submit_department.html", given=given, errors=[], key=key)
    given, errors = _read_department()
    if errors:
        return render_template("submit_department.html", given=given, errors=errors, key=key), 400
    sending.edit(services().office, number_of(row), **given)
    return to_draft(key)


@blueprint.get("/submit/<key>")
@of_draft
def draft(key: str, row: Submission) -> ResponseReturnValue:
    """The draft, or what became of it."""
    return _draft_page(key, row)


def _draft_page(key: str, row: Submission, *, problem: str = "", missing: tuple[str, ...] = ()) -> ResponseReturnValue:
    office = services().office
    entries = sending.look_at(office, row)
    editable = State(row.state) in EDITABLE
    seen = [(entry, _observations(entry) if editable else []) for entry in entries]
    page = render_template(
        "submit_draft.html", key=key, row=row, entries=seen, editable=editable, problem=problem, missing=missing,
        who=person(), changed=request.args.get("changed") == "1", mailed=request.args.get("mailed") == "1",
    )  # fmt: skip
    return page, 400 if problem or missing else 200


def _observations(entry: Proposed) -> list[Observation]:
    office = services().office
    record = entry.current or entry.outcome.record
    siblings = snapshot().by_department.get(department_slug(record.department, record.state), []) if record else []
    return observe(entry.item, entry.outcome, entry.current, siblings, office.gazetteer)


@blueprint.route("/submit/<key>/zones/<item>", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
@of_draft
def zone(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """One zone's form. Whatever is typed is kept, also when something in it needs another look."""
    if State(row.state) not in EDITABLE:
        return to_draft(key)
    entry = _entry(row, item)
    if request.method == "GET":
        given = zone_form.shown(entry, row.town)
        return _zone_page(key, row, item, entry, given, zone_form.errors_in(entry.outcome.findings) if entry else [])
    before = zone_form.shown(entry, row.town)
    given = zone_form.answers(request.form, before)
    if given.get("latitude") != before.get("latitude") or given.get("longitude") != before.get("longitude"):
        given["location_source"] = "surveyed"
    found = zone_form.locate(given, row.region, row.town)
    zone_form.fill_in_point(given, found)
    photo_errors = zone_form.take_photo(request.files.get("photo_file"), request.form, given)
    seen = zone_form.seen_by_sender(request.form, before)
    proposal = zone_form.item_from("" if item == "new" else item, given, entry, seen, found)
    kept = sending.put_item(services().office, number_of(row), proposal)
    fresh = _entry(sending.read(services().office, number_of(row)) or row, kept)
    errors = [*photo_errors, *(zone_form.errors_in(fresh.outcome.findings) if fresh else [])]
    if errors:
        return _zone_page(key, row, kept, fresh, given, errors), 400
    if request.form.get("then") == "another":
        return redirect(url_for("submitting.zone", key=key, item="new"))
    return to_draft(key)


def _entry(row: Submission, item: str) -> Proposed | None:
    """The item of this key; None for a new one, 404 for one that is not there."""
    if item == "new":
        return None
    for entry in sending.look_at(services().office, row):
        if entry.item.key == item:
            return entry
    return abort(404)


def _zone_page(
    key: str, row: Submission, item: str, entry: Proposed | None, given: dict[str, str], errors: list[FieldError]
) -> str:
    form = request.form if request.method == "POST" else None
    record = entry.outcome.record if entry else None
    office = services().office
    hints = []
    if entry is not None and record is not None:
        hints = [seen for seen in (pin_off(entry.item, record), outside_town(office.gazetteer, record)) if seen]
    seen = zone_form.shown(entry, row.town)
    middle = next(iter(office.gazetteer.places(given.get("town") or row.town, row.region)), None)
    return render_template(
        "submit_zone.html", key=key, row=row, item=item, entry=entry, given=given, errors=errors, hints=hints,
        hours=zone_form.hours_fields(given, form), seen=json.dumps(seen), middle=middle.coordinates if middle else None,
    )  # fmt: skip


@blueprint.post("/submit/<key>/zones/<item>/remove")
@of_draft
def remove(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """Take a zone out of the draft."""
    sending.remove_item(services().office, number_of(row), item)
    return to_draft(key)


@blueprint.get("/submit/<key>/zones/<item>/preview")
@of_draft
def preview(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """The zone's page exactly as it will appear."""
    entry = _entry(row, item)
    if entry is None or entry.outcome.record is None:
        return redirect(url_for("submitting.zone", key=key, item=item))
    return preview_page(entry.outcome.record, row, url_for("submitting.draft", key=key))


def preview_page(record: ZoneRecord, row: Submission, back: str) -> str:
    """The zone's own template over a record that is not in the directory yet."""
    key = department_slug(record.department, record.state)
    at = now()
    zone_id = record.zone_id or "preview"
    values = {name: getattr(record, name) for name in ZoneRecord.model_fields}
    if not record.source_name:
        values |= {"source_name": BY_MAIL, "source_date": at.date().isoformat()}
    stored = StoredZone.model_construct(
        **{**values, "zone_id": zone_id}, time_zone=time_zone_at(record.coordinates), added_at=at, changed_at=at,
        department_slug=key, town_slug=f"{record.state.lower()}/{slug(record.town)}",
    )  # fmt: skip
    known = snapshot().departments.get(key)
    owner = known or StoredDepartment(
        slug=key, name=record.department, state=record.state, country=record.country, phone=row.phone,
        web_page=row.web_page,
    )  # fmt: skip
    return render_template(
        "zone.html", zone=stored, seen=services().finder.see(stored), department=owner, siblings=[], near=[],
        units=units_for("", record.country), changes=[], replacement=None, json_ld={}, preview=back,
    )  # fmt: skip


@blueprint.get("/submit/<key>/photos/<digest>.jpg")
@of_draft
def photo(_key: str, row: Submission, digest: str) -> ResponseReturnValue:
    """A photo of this draft."""
    if not any(stored["values"].get("photo") == digest for stored in row.items):
        abort(404)
    return picture(digest)


@blueprint.post("/submit/<key>/send")
@limiter.limit(per_hour)
@of_draft
def send(key: str, row: Submission) -> ResponseReturnValue:
    """Send the draft on its way."""
    office = services().office
    who = person()
    if who is None and not row.email:
        email = clean_email(request.form.get("email", ""))
        if email is None:
            return _draft_page(
                key, row, problem=_("Give the e-mail address at which we can ask back. Write it like name@example.org.")
            )
        sending.edit(office, number_of(row), email=email)
    try:
        outcome = sending.send(office, number_of(row), site_address(), who)
    except NotReady as problem:
        return _draft_page(key, row, missing=(*problem.missing, *problem.refused))
    if outcome is Outcome.PUBLISHED:
        return render_template("submit_published.html", row=sending.read(office, number_of(row)), key=key)
    return to_draft(key)


@blueprint.post("/submit/<key>/mail-link")
@limiter.limit(per_hour)
@of_draft
def mail_link(key: str, row: Submission) -> ResponseReturnValue:
    """Mail the way back to the draft."""
    email = clean_email(request.form.get("email", "") or row.email)
    if email is None:
        return _draft_page(
            key, row, problem=_("Where shall we send the link? Write the address like name@example.org.")
        )
    address = site_address()
    link = f"{address}{url_for('submitting.draft', key=key)}"
    sending.mail_draft_link(services().office, number_of(row), email, address, link)
    return redirect(url_for("submitting.draft", key=key, mailed=1))


@blueprint.post("/submit/<key>/step")
@of_draft
def step(key: str, row: Submission) -> ResponseReturnValue:
    """Take the submission back, or open it again."""
    what = {"withdraw": Step.WITHDRAW, "edit": Step.EDIT_AGAIN}.get(request.form.get("step", ""))
    if what is None:
        abort(400)
    sending.step(services().office, number_of(row), what, row.email)
    return to_draft(key)


@blueprint.route("/submit/confirm/<token>", methods=["GET", "POST"])
@limiter.limit(per_hour, methods=["POST"])
def confirm(token: str) -> ResponseReturnValue:
    """The page behind the confirmation mail: only its button counts, because mail scanners open pages."""
    office = services().office
    if request.method == "GET":
        row = sending.waiting_for(office, token)
        entries = sending.look_at(office, row) if row else []
        shown = [(entry, comparison(entry)) for entry in entries[:MOST_SHOWN]]
        return render_template("submit_confirm.html", row=row, entries=shown, more=max(0, len(entries) - MOST_SHOWN))
    done = sending.prove(office, token, site_address())
    if done is None:
        return render_template("submit_confirm.html", row=None, entries=[], more=0), 410
    who, number, outcome = done
    if outcome is not None and not who.staff:
        begin_session(who)
    row, key = sending.read(office, number), office.links.key(number, owner=True)
    if outcome is Outcome.PUBLISHED:
        return render_template("submit_published.html", row=row, key=key)
    return redirect(url_for("submitting.draft", key=key, changed=None if outcome else 1))


def number_of(row: Submission) -> int:
    return int(row.id or 0)
