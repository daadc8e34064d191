"""A submission's life as one table: from which state which step leads where."""

from enum import StrEnum


class State(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    WAITING_FOR_EMAIL = "waiting_for_email"
    WAITING_FOR_REVIEW = "waiting_for_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


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
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.SEND): State.WAITING_FOR_EMAIL,
    (State.DRAFT, Step.SEND_PROVEN): State.WAITING_FOR_REVIEW,
    (State.DRAFT, Step.PUBLISH_AT_ONCE): State.APPROVED,
    (State.DRAFT, Step.WITHDRAW): State.WITHDRAWN,
    (State.WAITING_FOR_EMAIL, Step.PROVE_EMAIL): State.WAITING_FOR_REVIEW,
    (State.WAITING_FOR_EMAIL, Step.PUBLISH_AT_ONCE): State.APPROVED,
    (State.WAITING_FOR_EMAIL, Step.EDIT_AGAIN): State.DRAFT,
    (State.WAITING_FOR_EMAIL, Step.WITHDRAW): State.WITHDRAWN,
    (State.WAITING_FOR_REVIEW, Step.APPROVE): State.APPROVED,
    (State.WAITING_FOR_REVIEW, Step.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.WAITING_FOR_REVIEW, Step.DECLINE): State.DECLINED,
    (State.WAITING_FOR_REVIEW, Step.WITHDRAW): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, Step.SEND): State.WAITING_FOR_EMAIL,
    (State.CHANGES_REQUESTED, Step.SEND_PROVEN): State.WAITING_FOR_REVIEW,
    (State.CHANGES_REQUESTED, Step.PUBLISH_AT_ONCE): State.APPROVED,
    (State.CHANGES_REQUESTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Step.EDIT_AGAIN): State.DRAFT,
}
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
"""The states in which the sender may change what stands in the submission."""

NEEDS_REASON = frozenset({Step.APPROVE, Step.DECLINE, Step.REQUEST_CHANGES})
"""The steps that the sender is told a reason for."""


class NotAllowed(Exception):
    """The step does not lead anywhere from that state."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"{step} is not possible while {state}")
        self.state = state
        self.step = step


def after(state: State, step: Step) -> State:
    """Where `step` leads from `state`. Raises NotAllowed."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise NotAllowed(state, step) from None
