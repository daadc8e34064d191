"""One decision on several cases: each is decided by itself, as if it were the only one."""

from collections.abc import Sequence
from typing import NamedTuple

from directory.accounts.authentication import SignedIn
from directory.db.tables.published.town_profiles import ProfileChangeStatus
from directory.errors import StaleVersionError
from directory.moderation import decisions, problem_reports, town_profiles
from directory.moderation.data_quality import data_cases
from directory.moderation.data_quality.data_cases import DecidedError
from directory.moderation.decisions import NotShownError, ReasonMissingError, ZonesOfState
from directory.moderation.queued_case import BulkStep, CaseKind
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.workflow import Step, TransitionNotAllowedError
from directory.use_case_context import UseCaseContext

_OBSTACLES = (ReasonMissingError, StaleVersionError, TransitionNotAllowedError, PublishingRefusedError, NotShownError,
              DecidedError)  # fmt: skip
_STEPS = {BulkStep.DECLINE: Step.DECLINE, BulkStep.REQUEST_CHANGES: Step.REQUEST_CHANGES}


class CaseVersion(NamedTuple):
    """A case that somebody chose, with the version that they saw."""

    kind: CaseKind
    number: int
    version: int


def decide_all(
    context: UseCaseContext,
    cases: Sequence[CaseVersion],
    step: BulkStep,
    reason: str,
    who: SignedIn,
    zones: ZonesOfState,
) -> list[tuple[CaseVersion, Exception | None]]:
    """Take a step with each case, in a transaction of its own: what stood in its way, or None.

    Raises DatabaseError; the cases before it are decided then.
    """
    outcomes: list[tuple[CaseVersion, Exception | None]] = []
    for one in cases:
        try:
            _decide(context, one, step, reason, who, zones)
            outcomes.append((one, None))
        except _OBSTACLES as problem:
            outcomes.append((one, problem))
    return outcomes


def _decide(
    context: UseCaseContext, one: CaseVersion, step: BulkStep, reason: str, who: SignedIn, zones: ZonesOfState
) -> None:
    if one.kind is CaseKind.REPORT and step is BulkStep.CLOSE:
        if not problem_reports.answer_report(context, one.number, reason, who.email):
            raise StaleVersionError
    elif one.kind is CaseKind.DATA and step is BulkStep.CLOSE:
        data_cases.keep(context, one.number, who.email)
    elif one.kind is CaseKind.TOWN_PAGE and step is BulkStep.DECLINE:
        change = town_profiles.waiting_change(context, one.number)
        town_profiles.decide(context, change.town if change else "", one.number, ProfileChangeStatus.DECLINED, reason,
                             who)  # fmt: skip
    elif one.kind in (CaseKind.REPORT, CaseKind.DATA, CaseKind.TOWN_PAGE):
        raise NotShownError
    elif step is BulkStep.APPROVE:
        decisions.approve_shown(context, one.number, one.version, zones, reason, who.email)
    elif step is BulkStep.CLOSE:
        decisions.mark_seen(context, one.number, one.version, who.email)
    else:
        decisions.decide(context, one.number, one.version, _STEPS[step], reason, who.email)
