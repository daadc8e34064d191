"""“This is our zone”: what a department can say of a zone that the directory has."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.store.repository import StoredZone
from directory.submissions import drafts
from directory.submissions.items import Action, Item, as_text
from directory.web.accounts.permissions import person
from directory.web.departments.submissions import to_draft
from directory.web.http.container import container, snapshot
from directory.web.http.forms import FormError
from directory.web.http.languages import language_code
from directory.web.http.rate_limits import begins_draft, limiter, per_hour
from directory.web.i18n.translate import _, translate
from directory.web.presenters import closures as closure_words
from directory.zones.closures import Closure, all_closures, closure, covers
from directory.zones.findings import FieldError
from directory.zones.parsers import PARSERS
from directory.zones.schemas import Status

blueprint = Blueprint("owning", __name__)
KINDS = {"close": Action.CLOSE, "reopen": Action.REOPEN, "withdraw": Action.WITHDRAW, "confirm": Action.CONFIRM}


@blueprint.get("/zones/<zone_id>/ours")
def ours(zone_id: str) -> str:
    """“This is our zone”: confirm, correct, move, close for a while, open again, withdraw."""
    return _page(_zone_or_404(zone_id), [])


def _zone_or_404(zone_id: str) -> StoredZone:
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        abort(404)
    return zone


def _page(zone: StoredZone, errors: list[FormError]) -> str:
    action = request.form.get("action", "")
    ending = [] if zone.status is Status.MOVED else _closed_by(zone)
    today = closure_words.today_of(zone)
    return render_template(
        "departments/claim_zone.html",
        zone=zone,
        given=request.form,
        errors=errors,
        action=action,
        ending=[closure_words.sentence(one, today) for one in ending],
        staying=closure_words.lines(zone, leaving_out=ending),
    )


@blueprint.post("/zones/<zone_id>/ours")
@limiter.limit(per_hour)
@begins_draft
def propose(zone_id: str) -> ResponseReturnValue:
    """Begin a draft with what the department says of its zone."""
    zone = _zone_or_404(zone_id)
    if request.form.get("website"):
        abort(400)
    action = request.form.get("action", "")
    values, errors = _values(action, zone)
    if errors:
        return _page(zone, errors), 400
    owner = snapshot().departments[zone.department_slug]
    who = person()
    base = {name: as_text(zone, name) for name in values}
    item = Item("ours", KINDS.get(action, Action.CORRECT), zone_id, zone.name, values, base)
    number = drafts.begin(
        container().context, language_code(), department=owner.name, region=zone.state, town=zone.town,
        email=who.email if who else "", person_id=who.id if who else None, items=[item.to_json()],
    )  # fmt: skip
    key = drafts.key_of(container().context, number)
    if action in ("correct", "move"):
        return redirect(
            url_for("proposing.zone", key=key, item=item.key, _anchor="where" if action == "move" else None)
        )
    return to_draft(key)


def _values(action: str, zone: StoredZone) -> tuple[dict[str, str], list[FormError]]:
    """What an action changes, and what is still missing for it."""
    if action in ("correct", "confirm"):
        return {}, []
    if action == "move":
        return {"latitude": "", "longitude": ""}, []  # the old point would lie about the new address
    note = request.form.get("note", "").strip()[:500]
    unsaid = [] if note else [FormError("note", _("is missing"), _("Say in a few words why; readers see it."))]
    if action == "reopen":
        nothing = _("Nothing closes it today"), _("“Correct or complete it” removes a closure to come.")
        return _reopened(zone, note), [] if _closed_by(zone) else [FormError("action", *nothing)]
    if action == "withdraw":
        day = closure_words.today_of(zone).isoformat()
        values = {"status": "withdrawn", "status_from": day, "status_until": "", "status_note": note}
        return values, unsaid
    if action == "close":
        values, errors = _closure(zone, note)
        return values, [*errors, *unsaid]
    return {}, [FormError("action", _("is missing"), _("Choose what should happen."))]


def _reopened(zone: StoredZone, note: str) -> dict[str, str]:
    """Without what closes it today; closures to come stay, and what is only planned does not come into use by it."""
    ending = _closed_by(zone)
    staying = [one for one in zone.closures if one not in ending]
    values = {"closures": closure_words.as_text(staying)} if zone.closures else {}
    if zone.status is Status.TEMPORARILY_CLOSED and all_closures(zone)[0] in ending:
        values |= {"status": "active", "status_from": "", "status_until": "", "status_note": note}
    return values


def _closed_by(zone: StoredZone) -> list[Closure]:
    """The closures that cover today, that of the status too."""
    today = closure_words.today_of(zone)
    return [one for one in all_closures(zone) if covers(one, today)]


def _closure(zone: StoredZone, note: str) -> tuple[dict[str, str], list[FormError]]:
    """One closure more, which begins and ends by itself; without dates it holds from today until further notice."""
    dates, errors = {}, []
    for name in ("status_from", "status_until"):
        text = request.form.get(name, "").strip()
        try:
            dates[name] = str(PARSERS[name](text).value) if text else ""
        except FieldError as problem:
            dates[name] = ""
            errors.append(FormError(name, translate(problem.reason), translate(problem.fix)))
    begins, ends = dates["status_from"], dates["status_until"]
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        words = _("comes before the first day"), _("Exchange the two dates or correct one.")
        errors.append(FormError("status_until", *words))
    if errors:
        return {}, errors
    try:
        first = begins or ("" if ends else closure_words.today_of(zone).isoformat())
        one = closure(first, ends, "", note)
    except FieldError as problem:
        return {}, [FormError("note", translate(problem.reason), translate(problem.fix))]
    return {"closures": closure_words.as_text([*zone.closures, one])}, []
