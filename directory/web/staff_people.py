"""What moderators see of a person: what they did, and the one act against an impostor."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.submissions import impostors
from directory.submissions.barring import NotBarrable
from directory.submissions.impostors import Ordered, OthersUnseen, StaffMember, Way
from directory.submissions.reviewing import ReasonMissing
from directory.submissions.sending import Stale
from directory.web import log_words
from directory.web.desk import signed_in
from directory.web.limits import bounded
from directory.web.numbers import number_in
from directory.web.paging import paged
from directory.web.security_events import note
from directory.web.services import services

blueprint = bounded(Blueprint("staff_people", __name__, url_prefix="/review/people"))


@blueprint.get("/<int:number>")
def person(number: int) -> str:
    """Who somebody is, on what they stand, and all they wrote."""
    found = impostors.examine(services().office, number) or abort(404)
    entries = paged(found.entries, "staff_people.person", "entries", number=number)
    return render_template("review_person.html", found=found, entries=entries, number=number, words=log_words)


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
        impostors.end_impostor(services().office, number, -1 if seen is None else seen, ordered, signed_in().email)
    except ReasonMissing:
        return _preview(number, "reason"), 400
    except StaffMember:
        return _preview(number, "staff_member"), 409
    except OthersUnseen:
        return _preview(number, "others"), 400
    except NotBarrable as refusal:
        return _preview(number, refusal.why), 409
    except Stale:
        return _preview(number, "stale"), 409
    note("impostor")
    return redirect(url_for("staff_people.person", number=number, done=1))


def _preview(number: int, problem: str = "") -> str:
    found = impostors.examine(services().office, number) or abort(404)
    lists = [paged(found.of(way), "staff_people.impostor", way.value, number=number) for way in Way]
    return render_template("review_impostor.html", found=found, lists=lists, problem=problem, number=number,
                           given=request.form, words=log_words)  # fmt: skip
