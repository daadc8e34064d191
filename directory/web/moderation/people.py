"""What moderators see of a person: what they did, and the one act against an impostor."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.moderation import impostors
from directory.moderation.barring import NotBarrableError
from directory.moderation.decisions import ReasonMissingError
from directory.moderation.impostors import Ordered, OthersUnseenError, StaffMemberError, UndoKind
from directory.submissions.drafts import StaleVersionError
from directory.web.accounts.permissions import signed_in
from directory.web.http.container import container
from directory.web.http.rate_limits import bounded
from directory.web.http.security_events import note
from directory.web.query.integers import number_in
from directory.web.query.pagination import paged

blueprint = bounded(Blueprint("staff_people", __name__, url_prefix="/review/people"))


@blueprint.get("/<int:number>")
def person(number: int) -> str:
    """Who somebody is, on what they stand, and all they wrote."""
    findings = impostors.examine(container().context, number) or abort(404)
    entries = paged(findings.entries, "staff_people.person", "entries", number=number)
    return render_template("moderation/person.html", found=findings, entries=entries, number=number)


@blueprint.get("/<int:number>/impostor")
def impostor(number: int) -> str:
    """What the one act would do; looking changes nothing."""
    return _preview(number)


@blueprint.post("/<int:number>/impostor")
def end_impostor(number: int) -> ResponseReturnValue:
    """“This was an impostor.”"""
    form = request.form
    ordered = Ordered(form.get("reason", "")[:2000], form.get("bar") == "domain", form.get("others") == "1",
                      form.get("confirmations") == "1")  # fmt: skip
    seen = number_in(form.get("seen", ""))
    try:
        impostors.end_impostor(container().context, number, -1 if seen is None else seen, ordered, signed_in().email)
    except ReasonMissingError:
        return _preview(number, "reason"), 400
    except StaffMemberError:
        return _preview(number, "staff_member"), 409
    except OthersUnseenError:
        return _preview(number, "others"), 400
    except NotBarrableError as refusal:
        return _preview(number, refusal.why), 409
    except StaleVersionError:
        return _preview(number, "stale"), 409
    note("impostor")
    return redirect(url_for("staff_people.person", number=number, done=1))


def _preview(number: int, problem: str = "") -> str:
    findings = impostors.examine(container().context, number) or abort(404)
    lists = [paged(findings.of(way), "staff_people.impostor", way.value, number=number) for way in UndoKind]
    return render_template("moderation/impostor.html", found=findings, lists=lists, problem=problem, number=number,
                           given=request.form)  # fmt: skip
