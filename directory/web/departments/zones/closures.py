"""The closures of a department's zones at its desk: announced for several zones at once, changed, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.search.zone_status import today_of
from directory.store.repository import StoredZone
from directory.submissions.closures import Change, adding, change_closures, replacing
from directory.submissions.risk.wait_reasons import ChangeWaitsError, WaitReason
from directory.text import translatable
from directory.web.accounts.permissions import verified_for
from directory.web.departments.zones.closure_form import NEW, ClosureForm, form_of
from directory.web.http.container import container, snapshot
from directory.web.http.limits.rate_limits import bounded
from directory.web.presenters.zone_facts import closures as closure_words
from directory.zones.closures import Closure, all_closures, is_over, to_text
from directory.zones.findings import FieldError

blueprint = bounded(Blueprint("closures", __name__))


@dataclass(slots=True)
class Announced:
    """A closure, the zones that have it, and the form that changes it.

    `key` is the line by which it is named, `prefix` that of its form's fields.
    """

    key: str
    prefix: str
    line: closure_words.ClosureLine
    over: bool
    form: ClosureForm
    zones: list[StoredZone] = field(default_factory=list)


@blueprint.get("/desk/<department:slug>/closures")
def listing(slug: str, sent: ClosureForm | None = None, prefix: str = "", waits: Sequence[WaitReason] = ()) -> str:
    """All closures of the department's zones, each once, and the form that announces one."""
    zones = snapshot().by_department.get(slug) or abort(404)
    announced = _announced(zones)
    for item in announced:
        if sent and item.prefix == prefix:
            item.form = sent
    new = sent if sent and prefix == NEW else ClosureForm(prefix=NEW, data={"kind": "days"})
    return render_template(
        "departments/zones/closures.html", slug=slug, zones=zones, announced=announced,
        sent=sent, new=new, waits=waits, prefix=prefix, zone_ids=request.form.getlist("zone"),
        done=request.args.get("done", ""),
    )  # fmt: skip


def _announced(zones: Sequence[StoredZone]) -> list[Announced]:
    announced: dict[str, Announced] = {}
    for zone in zones:
        day = today_of(zone)
        for one in all_closures(zone):
            key = to_text(one)
            if key not in announced:
                prefix = f"c{len(announced)}_"
                fields = form_of(one, day, prefix)
                announced[key] = Announced(key, prefix, closure_words.sentence(one, day), is_over(one, day), fields)
            announced[key].zones.append(zone)
    return sorted(announced.values(), key=lambda item: item.over)


@blueprint.post("/desk/<department:slug>/closures")
def save(slug: str) -> ResponseReturnValue:
    """Announce a closure for the chosen zones, change one in all zones that have it, or take it back."""
    who = verified_for(slug)
    zones, do = snapshot().by_department.get(slug, []), request.form.get("do", "")
    prefix = request.form.get("prefix", "") if do == "change" else NEW
    sent = ClosureForm(request.form, prefix=prefix)
    try:
        change, zone_ids = _change_of_request(do, sent, zones)
        changed = change_closures(container().context, slug, zone_ids, change, who)
    except FieldError as error:
        sent.refuse(error)
        return listing(slug, sent, prefix), 400
    except ChangeWaitsError as waiting:
        return listing(slug, sent, prefix, waiting.reasons), 403
    return redirect(url_for("closures.listing", slug=slug, done=f"{do}-{changed}"))


def _change_of_request(do: str, sent: ClosureForm, zones: Sequence[StoredZone]) -> tuple[Change, list[str]]:
    """What is to happen, and to which zones. Raises FieldError."""
    if do == "add":
        zone_ids = request.form.getlist("zone")
        if not zone_ids:
            raise FieldError(translatable("is for no zone"), translatable("Choose at least one zone."))
        return adding(_filled_in(sent)), zone_ids
    key = request.form.get("key", "")
    having = {zone.zone_id: one for zone in zones for one in all_closures(zone) if to_text(one) == key}
    if do not in ("change", "remove") or not having:
        abort(404 if do in ("change", "remove") else 400)
    existing = next(iter(having.values()))
    return replacing(existing, _filled_in(sent) if do == "change" else None), list(having)


def _filled_in(sent: ClosureForm) -> Closure:
    one = sent.closure()
    if one is None:
        raise FieldError(translatable("has no kind"), translatable("Choose how often it is closed."))
    return one
