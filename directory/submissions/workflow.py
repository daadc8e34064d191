"""The workflow of a submission as one table: which step leads from which state to which."""

from enum import StrEnum

from directory.db.tables.contributions.submissions import SubmissionStatus
from directory.errors import NotAllowedError


class Step(StrEnum):
    """What can be done with a submission."""

    SEND = "send"
    SEND_PROVEN = "send_proven"
    EDIT_AGAIN = "edit_again"
    PROVE_EMAIL = "prove_email"
    PUBLISH_AT_ONCE = "publish_at_once"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    DECLINE = "decline"
    TAKE_UP = "take_up"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[SubmissionStatus, Step], SubmissionStatus] = {
    (SubmissionStatus.DRAFT, Step.SEND): SubmissionStatus.WAITING_FOR_EMAIL,
    (SubmissionStatus.DRAFT, Step.SEND_PROVEN): SubmissionStatus.WAITING_FOR_REVIEW,
    (SubmissionStatus.DRAFT, Step.PUBLISH_AT_ONCE): SubmissionStatus.APPROVED,
    (SubmissionStatus.DRAFT, Step.WITHDRAW): SubmissionStatus.WITHDRAWN,
    (SubmissionStatus.WAITING_FOR_EMAIL, Step.PROVE_EMAIL): SubmissionStatus.WAITING_FOR_REVIEW,
    (SubmissionStatus.WAITING_FOR_EMAIL, Step.PUBLISH_AT_ONCE): SubmissionStatus.APPROVED,
    (SubmissionStatus.WAITING_FOR_EMAIL, Step.EDIT_AGAIN): SubmissionStatus.DRAFT,
    (SubmissionStatus.WAITING_FOR_EMAIL, Step.WITHDRAW): SubmissionStatus.WITHDRAWN,
    (SubmissionStatus.WAITING_FOR_REVIEW, Step.APPROVE): SubmissionStatus.APPROVED,
    (SubmissionStatus.WAITING_FOR_REVIEW, Step.REQUEST_CHANGES): SubmissionStatus.CHANGES_REQUESTED,
    (SubmissionStatus.WAITING_FOR_REVIEW, Step.DECLINE): SubmissionStatus.DECLINED,
    (SubmissionStatus.WAITING_FOR_REVIEW, Step.WITHDRAW): SubmissionStatus.WITHDRAWN,
    (SubmissionStatus.CHANGES_REQUESTED, Step.SEND): SubmissionStatus.WAITING_FOR_EMAIL,
    (SubmissionStatus.CHANGES_REQUESTED, Step.SEND_PROVEN): SubmissionStatus.WAITING_FOR_REVIEW,
    (SubmissionStatus.CHANGES_REQUESTED, Step.PUBLISH_AT_ONCE): SubmissionStatus.APPROVED,
    (SubmissionStatus.CHANGES_REQUESTED, Step.WITHDRAW): SubmissionStatus.WITHDRAWN,
    (SubmissionStatus.DECLINED, Step.TAKE_UP): SubmissionStatus.WAITING_FOR_REVIEW,
    (SubmissionStatus.WITHDRAWN, Step.EDIT_AGAIN): SubmissionStatus.DRAFT,
}
EDITABLE = frozenset({SubmissionStatus.DRAFT, SubmissionStatus.CHANGES_REQUESTED})
"""The states in which the sender may change what stands in the submission."""

NEEDS_REASON = frozenset({Step.APPROVE, Step.DECLINE, Step.REQUEST_CHANGES})
"""The steps that the sender is told a reason for."""


class TransitionNotAllowedError(NotAllowedError):
    """The step does not lead anywhere from that state."""

    def __init__(self, state: SubmissionStatus, step: Step) -> None:
        super().__init__(f"{step} is not possible while {state}")
        self.state = state
        self.step = step


def after(state: SubmissionStatus, step: Step) -> SubmissionStatus:
    """Where `step` leads from `state`. Raises TransitionNotAllowedError."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise TransitionNotAllowedError(state, step) from None
