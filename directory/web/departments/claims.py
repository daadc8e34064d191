"""“This is our zone”: what a department can say of a zone that the directory has."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectChoice
from wtforms.validators import Optional, ValidationError

from directory.search.zone_status import today_of
from directory.store.repository import StoredZone
from directory.submissions import drafts
from directory.submissions.items.claims import NothingClosesItError, claimed_values, closed_by
from directory.submissions.items.item import Action, Item, as_text
from directory.web.accounts.permissions import person
from directory.web.departments.submissions import to_draft
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.forms import ChoiceField, FormError, PageForm, TextField, TrapField, by_parser, filled_in
from directory.web.http.languages import language_code
from directory.web.http.limits.rate_limits import begins_draft, limiter, per_hour
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters.zone_facts import closures as closure_words
from directory.zones.findings import FieldError
from directory.zones.schemas import Status

blueprint = Blueprint("claims", __name__)
MOVED = {"latitude": "", "longitude": ""}
"""What a move clears: the old point would lie about the new address."""


class ClaimForm(PageForm):
    """What a department says of a zone of its own."""

    action = ChoiceField(
        _l("What should happen?"),
        choices=[
            SelectChoice("confirm", _l("Everything is right: confirm it")),
            SelectChoice("correct", _l("Correct or complete it")),
            SelectChoice("move", _l("It has moved: new address or pin")),
            SelectChoice("close", _l("Close it for a while")),
            SelectChoice("reopen", _l("Open it again")),
            SelectChoice("withdraw", _l("It is no safe zone any more")),
        ],
        default="confirm",
    )
    status_from = TextField(
        _l("First day"), [Optional(), by_parser("status_from")], counts=lambda form: form.action.data == Action.CLOSE,
        render_kw={"type": "date", "class": "narrow"},
    )  # fmt: skip
    status_until = TextField(
        _l("Last day"), [Optional(), by_parser("status_until")], counts=lambda form: form.action.data == Action.CLOSE,
        render_kw={"type": "date", "class": "narrow"},
    )  # fmt: skip
    note = TextField(
        _l("Reason, for readers"),
        [filled_in(_l("Say in a few words why; readers see it."))],
        counts=lambda form: form.action.data in (Action.CLOSE, Action.WITHDRAW),
        description=_l("“The lobby is being rebuilt.”"),
    )
    website = TrapField()

    def validate_status_until(self, item: Field) -> None:
        """Refuse an end before the beginning. Raises ValidationError."""
        first, last = self.status_from.data, item.data
        if first and not self.status_from.errors and last[: len(first)] < first[: len(last)]:
            error_texts = _("comes before the first day"), _("Exchange the two dates or correct one.")
            raise ValidationError(FormError(item.name, *error_texts))


@blueprint.get("/zones/<zone_id>/ours")
def claim(zone_id: str, fields: ClaimForm | None = None) -> str:
    """“This is our zone”: confirm, correct, move, close for a while, open again, withdraw."""
    zone = zone_or_404(zone_id)
    today = today_of(zone)
    ending = [] if zone.status is Status.MOVED else closed_by(zone, today)
    return render_template(
        "departments/claim_zone.html", zone=zone, fields=fields or ClaimForm(),
        ending=[closure_words.sentence(one, today) for one in ending],
        staying=closure_words.lines(zone, leaving_out=ending),
    )  # fmt: skip


@blueprint.post("/zones/<zone_id>/ours")
@limiter.limit(per_hour)
@begins_draft
def propose(zone_id: str) -> ResponseReturnValue:
    """Begin a draft with what the department says of its zone."""
    zone, fields = zone_or_404(zone_id), ClaimForm()
    values = _values(zone, fields) if fields.validate() else None
    if values is None:
        return claim(zone_id, fields), 400
    action, owner, who = fields.action.data, snapshot().departments[zone.department_slug], person()
    base = {name: as_text(zone, name) for name in values}
    item = Item("ours", Action.CORRECT if action == "move" else Action(action), zone_id, zone.name, values, base)
    number = drafts.begin(
        container().context, language_code(), department=owner.name, region=zone.state, town=zone.town,
        email=who.email if who else "", person_id=who.id if who else None, items=[item.to_json()],
    )  # fmt: skip
    key = drafts.key_of(container().context, number)
    if action in ("correct", "move"):
        return redirect(
            url_for("zone_editing.zone", key=key, item=item.key, _anchor="where" if action == "move" else None)
        )
    return to_draft(key)


def _values(zone: StoredZone, fields: ClaimForm) -> dict[str, str] | None:
    """What changes; None where the rules refuse it, which the form says."""
    if fields.action.data == "move":
        return MOVED
    try:
        return claimed_values(
            zone, Action(fields.action.data), today_of(zone), note=fields.note.data,
            first=fields.status_from.data, last=fields.status_until.data,
        )  # fmt: skip
    except NothingClosesItError:
        error_texts = _("Nothing closes it today"), _("“Correct or complete it” removes a closure to come.")
        fields.refuse(FormError("action", *error_texts))
    except FieldError as error:
        fields.refuse(FormError.of("note", error))
    return None
