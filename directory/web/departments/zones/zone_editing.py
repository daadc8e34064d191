"""One zone of a draft: its form, its preview, its photo."""

import json

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import now, today
from directory.db.tables.contributions.submissions import Submission
from directory.geo import time_zone_at
from directory.search.zone_status import local_day
from directory.store.repository import StoredDepartment, StoredZone
from directory.submissions import drafts
from directory.submissions.items import zone_answers
from directory.submissions.items.item import ProposedChange
from directory.submissions.items.matches import open_questions
from directory.submissions.publishing import BY_MAIL
from directory.submissions.risk.checks import outside_town, pin_off
from directory.web.departments.name_questions import NameQuestion, ask_town, town_names
from directory.web.departments.submissions import of_draft, of_editable_draft, to_draft
from directory.web.departments.zones.zone_form import ZoneForm
from directory.web.http.container import container, snapshot
from directory.web.http.forms import FormError
from directory.web.http.limits.rate_limits import bounded, limiter, per_hour
from directory.web.http.pictures import picture_of
from directory.web.i18n.translate import _
from directory.web.presenters.distances import units_for
from directory.zones.keys import department_slug, town_slug
from directory.zones.programs import with_program
from directory.zones.schemas import FIELDS, ZoneRecord

blueprint = bounded(Blueprint("zone_editing", __name__))


@blueprint.get("/submit/<key>/zones/<item>")
@of_editable_draft
def zone(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """One zone's form."""
    entry = _entry(row, item)
    fields = ZoneForm(zone_answers.form_answers(entry, row.town))
    fields.refuse_findings(entry.outcome.findings if entry else ())
    return _zone_page(key, row, item, entry, fields)


@blueprint.post("/submit/<key>/zones/<item>")
@limiter.limit(per_hour)
@of_editable_draft
def save_zone(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """Whatever is typed is kept, also when something in it needs another look."""
    context, entry = container().context, _entry(row, item)
    fields = ZoneForm(zone_answers.form_answers(entry, row.town))
    fields.photo_file.validate(fields)
    answers = fields.answers
    if entry is None and answers == fields.before and not fields.photo_file.picture:
        fix = _("Say at least the kind of spot, the exact spot or the address.")
        fields.refuse(FormError("setting", _("This is missing"), fix))
        return _zone_page(key, row, item, None, fields), 400
    answers["town"] = next(iter(town_names(answers["town"], row.region)), answers["town"])
    question = ask_town(answers, row.region, {"", row.town, fields.before["town"]})
    place = zone_answers.locate(context, answers, row.region, row.town)
    zone_answers.note_point(answers, fields.before, place)
    for name in ("town", "latitude", "longitude", "photo_alt"):
        fields[name].data = answers[name]
    if fields.photo_file.picture and not fields.photo_remove.data:
        drafts.put_photo(context, row.id, fields.photo_file.picture)
    answers_shown = zone_answers.seen_by_sender(fields.seen.data or "", fields.before)
    proposal = zone_answers.item_from("" if item == "new" else item, answers, entry, answers_shown, place)
    saved = drafts.put_item(context, row.id, proposal)
    fresh = _entry(drafts.read(context, row.id) or row, saved)
    fields.refuse_findings(fresh.outcome.findings if fresh else ())
    if fields.problems or question:
        return _zone_page(key, row, saved, fresh, fields, question), 400
    if fresh and open_questions([fresh], snapshot().zone_index(row.region)):
        return redirect(url_for("matches.questions", key=key, zone=saved))
    if request.form.get("then") == "another":
        return redirect(url_for("zone_editing.zone", key=key, item="new"))
    return to_draft(key)


def _entry(row: Submission, item: str) -> ProposedChange | None:
    """The item of this key; None for a new one, 404 for one that is not there."""
    if item == "new":
        return None
    entries = drafts.look_at(container().context, row, [item])
    return entries[0] if entries else abort(404)


def _zone_page(
    key: str,
    row: Submission,
    item: str,
    entry: ProposedChange | None,
    fields: ZoneForm,
    question: NameQuestion | None = None,
) -> str:
    record = entry.outcome.record if entry else None
    context = container().context
    hints = []
    if entry is not None and record is not None:
        hints = [hint for hint in (pin_off(entry.item, record), outside_town(context.gazetteer, record)) if hint]
    answers = zone_answers.form_answers(entry, row.town)
    middle = next(iter(context.places.places(fields.town.data or row.town, row.region)), None)
    return render_template(
        "departments/zones/zone.html", key=key, row=row, item=item, entry=entry, fields=fields, hints=hints,
        answers_shown=json.dumps(answers), photo=answers["photo"], today=today(),
        middle=middle.coordinates if middle else None, entries=FIELDS.values(),
        questions=[question] if question else [],
    )  # fmt: skip


@blueprint.post("/submit/<key>/zones/<item>/remove")
@of_draft
def remove(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """Take a zone out of the draft."""
    drafts.remove_item(container().context, row.id, item)
    return to_draft(key)


@blueprint.get("/submit/<key>/zones/<item>/preview")
@of_draft
def preview(key: str, row: Submission, item: str) -> ResponseReturnValue:
    """The zone's page exactly as it will appear."""
    entry = _entry(row, item)
    if entry is None or entry.outcome.record is None:
        return redirect(url_for("zone_editing.zone", key=key, item=item))
    return preview_page(entry.outcome.record, row, url_for("submissions.draft", key=key))


def preview_page(record: ZoneRecord, row: Submission, back: str) -> str:
    """The zone's own template over a record that is not in the directory yet."""
    key, directory = department_slug(record.department, record.state), snapshot()
    record = with_program(record, directory.programs)
    at, time_zone = now(), time_zone_at(record.coordinates)
    zone_id = record.zone_id or "preview"
    values = {name: getattr(record, name) for name in ZoneRecord.model_fields}
    if not record.source_name:
        values |= {"source_name": BY_MAIL, "source_date": local_day(time_zone, at).isoformat()}
    stored = StoredZone(
        **{**values, "zone_id": zone_id}, time_zone=time_zone, added_at=at, changed_at=at,
        department_slug=key, town_slug=town_slug(record.town, record.state),
    )  # fmt: skip
    stored_department = directory.departments.get(key)
    owner = stored_department or StoredDepartment(
        slug=key, name=record.department, state=record.state, country=record.country, phone=row.phone,
        web_page=row.web_page,
    )  # fmt: skip
    return render_template(
        "public/zone.html", zone=stored, hit=container().search_service.describe(stored), department=owner,
        siblings=[], near=[], units=units_for("", record.country), changes=[], replacement=None, json_ld={},
        program=directory.programs.get(record.program), sites=directory.by_program.get(record.program, []),
        preview=back,
    )  # fmt: skip


@blueprint.get("/submit/<key>/photos/<digest>.jpg")
@of_draft
def photo(_key: str, row: Submission, digest: str) -> ResponseReturnValue:
    """A photo of this draft."""
    return picture_of(row, digest)
