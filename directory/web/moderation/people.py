"""What moderators see of a person: what they did, and the one act against an impostor."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectChoice

from directory.errors import StaleVersionError
from directory.moderation import impostors
from directory.moderation.barring import NotBarrableError
from directory.moderation.impostors import Ordered, OthersUnseenError, StaffMemberError, UndoKind
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.forms import AreaField, FormError, NumberField, PageForm, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.http.security.security_events import note
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.query.pagination import paged

blueprint = bounded(Blueprint("staff_people", __name__, url_prefix="/review/people"))


class ImpostorForm(PageForm):
    """What becomes of an impostor's address; `seen` is the newest entry of theirs that the page showed."""

    bar = RadioField(_l("Who is barred"), default="mailbox", validate_choice=False)
    others = BooleanField(_l("When the domain is barred, they are meant too"))
    confirmations = BooleanField()
    reason = AreaField(
        _l("Reason, for the log"), [filled_in(_l("It stands in the log."))], longest=2_000, render_kw={"rows": 3}
    )
    seen = NumberField()


@blueprint.get("/<int:number>")
def person(number: int) -> str:
    """Who somebody is, on what they stand, and all they wrote."""
    findings = impostors.examine(container().context, number) or abort(404)
    entries = paged(findings.entries, "staff_people.person", "entries", number=number)
    return render_template("moderation/person.html", found=findings, entries=entries, number=number)


@blueprint.get("/<int:number>/impostor")
def impostor(number: int) -> str:
    """What the one act would do; looking changes nothing."""
    return _preview(number, ImpostorForm())


@blueprint.post("/<int:number>/impostor")
def end_impostor(number: int) -> ResponseReturnValue:
    """“This was an impostor.”"""
    fields = ImpostorForm()
    if not fields.validate():
        return _preview(number, fields), 400
    ordered = Ordered(
        fields.reason.data, fields.bar.data == "domain", fields.others.data, fields.confirmations.data
    )  # fmt: skip
    try:
        impostors.end_impostor(container().context, number, fields.seen.data, ordered, signed_in().email)
    except StaffMemberError:
        return _preview(number, fields, "staff_member"), 409
    except OthersUnseenError:
        error_texts = _("Others use this domain"), _("Say that they are meant too, or bar the address alone.")
        fields.refuse(FormError("others", *error_texts))
        return _preview(number, fields), 400
    except NotBarrableError as refusal:
        return _preview(number, fields, refusal.why), 409
    except StaleVersionError:
        return _preview(number, fields, "stale"), 409
    note("impostor")
    return redirect(url_for("staff_people.person", number=number, done=1))


def _preview(number: int, fields: ImpostorForm, problem: str = "") -> str:
    findings = impostors.examine(container().context, number) or abort(404)
    everybody = _("everybody at %(domain)s and below it", domain=findings.domain)
    fields.bar.choices = [SelectChoice("mailbox", findings.person.email), SelectChoice("domain", everybody)]
    lists = [paged(findings.of(way), "staff_people.impostor", way.value, number=number) for way in UndoKind]
    return render_template("moderation/impostor.html", found=findings, lists=lists, problem=problem, number=number,
                           fields=fields)  # fmt: skip
