"""What a submission proposes, where it stands, and what is to be looked at in it."""

from directory.geo import distance_m
from directory.moderation.decisions import NotShownError, ReasonMissingError
from directory.submissions.items.item import ProposedChange
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.risk.checks import Check, Observation
from directory.submissions.risk.wait_reasons import SENTENCES
from directory.text import translatable
from directory.web.i18n.translate import _, translate, translated
from directory.web.presenters.distances import distance, units_for
from directory.web.presenters.labels import field_name

action = translated({
    "add": translatable("New zone"), "correct": translatable("Correction"),
    "close": translatable("Closed for a while"), "reopen": translatable("Open again"),
    "withdraw": translatable("Taken out of the directory"), "confirm": translatable("Confirmed without change"),
})  # fmt: skip
state = translated({
    "draft": translatable("Draft, not sent yet"),
    "waiting_for_email": translatable("Waiting for you to press the button in our mail"),
    "waiting_for_review": translatable("Waiting for a decision"),
    "changes_requested": translatable("A moderator asks for a change"),
    "approved": translatable("Approved and live"), "declined": translatable("Declined"),
    "withdrawn": translatable("Taken back"),
})  # fmt: skip
wait_reason = translated(SENTENCES)


def moved(entry: ProposedChange) -> str:
    """How far the pin moves, in the units of its country; empty for a new zone or a pin that stays."""
    before, after = entry.current, entry.outcome.record
    if before is None or after is None or before.coordinates == after.coordinates:
        return ""
    meters = distance_m(before.coordinates, after.coordinates)
    return _("The pin moves %(distance)s.", distance=distance(meters, units_for("", after.country)))


def sign(observation: Observation, country: str = "US") -> str:
    """What a moderator, or the sender, should look at."""
    detail = ". ".join(map(translate, observation.reasons))
    far = distance(observation.meters, units_for("", country)) if observation.meters else ""
    return {
        Check.REFUSED: _("The rules refuse it: %(detail)s", detail=detail),
        Check.DUPLICATE: _("Perhaps a duplicate of “%(detail)s”, %(far)s away.", detail=observation.detail,
                           far=far or "0"),
        Check.SAID_TO_DIFFER: _("Looks like “%(detail)s”, %(far)s away; the sender says that it is another zone.",
                                detail=observation.detail, far=far or "0"),
        Check.PIN_OFF: _("The pin is %(far)s from where the address is found (%(detail)s).", far=far,
                        detail=observation.detail),
        Check.ADDRESS_UNCHECKED: _("The address could not be checked: no geocoder finds its house number."),
        Check.OUTSIDE_TOWN: _("The pin is %(far)s from the middle of %(detail)s: is it still in the town?", far=far,
                             detail=observation.detail),
        Check.CHANGED_TOWN: _("The town changes: %(detail)s.", detail=observation.detail),
        Check.CHANGED_MEANWHILE: _("Changed in the directory since it was proposed: %(detail)s.",
                                  detail=", ".join(field_name(name) for name in observation.detail.split(", "))),
        Check.APPROXIMATE: _("No exact point: the middle of the postal area or town is shown."),
        Check.RULE: detail,
        Check.WITHDRAWS: _("Takes the zone out of the search."),
        Check.FOREIGN: _("The zone belongs to another department: %(detail)s.", detail=observation.detail),
    }[observation.sign]  # fmt: skip


def sign_kind(observation: Observation) -> str:
    """How loud a sign is: closed (grave), caution, or information."""
    if observation.sign in (Check.REFUSED, Check.FOREIGN):
        return "closed"
    return "information" if observation.sign in (Check.ADDRESS_UNCHECKED, Check.APPROXIMATE) else "caution"


def obstacle(problem: Exception) -> str:
    """Why a submission was not approved."""
    if isinstance(problem, ReasonMissingError):
        return _("A reason is missing")
    if isinstance(problem, NotShownError):
        return _("It needs a look of its own")
    if isinstance(problem, PublishingRefusedError):
        detail = "; ".join(translate(finding.reason) for finding in problem.findings)
        return _("The rules refuse it: %(detail)s", detail=detail)
    return _("Another moderator decided this first")
