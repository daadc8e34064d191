"""Queries about submissions."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.errors import StaleVersionError

WITHOUT_UPLOAD = defer(Submission.upload)  # type: ignore[arg-type]
WITHOUT_ITEMS = (defer(Submission.items), defer(Submission.faulty), WITHOUT_UPLOAD)  # type: ignore[arg-type]
"""Options of a query for many submissions: what takes megabytes is read only where it is asked for."""


def add_submission(session: Session, row: Submission) -> Submission:
    """Keep a new submission and give it its number."""
    session.add(row)
    session.flush()
    return row


def replace_submission(session: Session, row: Submission, values: dict[str, Any]) -> None:
    """Change a submission as it was read, and read it again. Raises StaleVersionError."""
    result = session.execute(
        update(Submission)
        .where(col(Submission.id) == row.id, col(Submission.version) == row.version)
        .values(**values, version=col(Submission.version) + 1, updated_at=now())
        .execution_options(synchronize_session="fetch")
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleVersionError
    session.refresh(row)


def in_state(session: Session, state: SubmissionStatus) -> list[Submission]:
    """Every submission of a state, oldest first."""
    query = select(Submission).where(col(Submission.state) == state)
    return list(session.exec(query.order_by(col(Submission.sent_at), col(Submission.id)).options(WITHOUT_UPLOAD)))


class InQueue(NamedTuple):
    """What a list shows of a submission: its department's name, its sender, and how many zones it is about."""

    id: int
    department: str
    email: str
    updated_at: datetime
    zones: int


def in_state_of_region(session: Session, state: SubmissionStatus, region: str) -> list[InQueue]:
    """Every submission of a state from one region ("CT"), oldest first; the items are counted, not read."""
    columns = (Submission.id, Submission.department, Submission.email, Submission.updated_at)
    query = select(*columns, func.json_array_length(Submission.items))  # type: ignore[call-overload]
    query = query.where(col(Submission.state) == state, col(Submission.region) == region)
    return [InQueue(*row) for row in session.exec(query.order_by(col(Submission.sent_at), col(Submission.id)))]


def to_look_at(session: Session) -> list[Submission]:
    """What verified departments published at once and no moderator has seen yet, oldest first."""
    query = select(Submission).where(col(Submission.at_once), ~col(Submission.looked_at))
    return list(session.exec(query.order_by(col(Submission.id)).options(WITHOUT_UPLOAD)))


def objected_to(session: Session, person_id: int) -> bool:
    """Whether a moderator has yet to decide on something of this person to which a manager objected."""
    undecided = col(Submission.state).in_([SubmissionStatus.WAITING_FOR_REVIEW, SubmissionStatus.CHANGES_REQUESTED])
    query = select(Submission.id).where(
        col(Submission.person_id) == person_id, col(Submission.objection) != "", undecided
    )
    return session.exec(query.limit(1)).first() is not None


def of_person(session: Session, person_id: int) -> list[Submission]:
    """What a person sent and proved, newest first, whatever form of the address it was sent with."""
    query = select(Submission).where(col(Submission.person_id) == person_id)
    return list(session.exec(query.order_by(col(Submission.id).desc()).limit(50).options(WITHOUT_UPLOAD)))


def was_approved(session: Session, person_id: int, channel: Channel) -> bool:
    """Whether something that this person sent in this way was approved."""
    query = select(Submission.id).where(
        col(Submission.person_id) == person_id, col(Submission.channel) == channel,
        col(Submission.state) == SubmissionStatus.APPROVED,
    )  # fmt: skip
    return session.exec(query.limit(1)).first() is not None


def umbrella_submissions(session: Session, person_id: int) -> list[Submission]:
    """What a person sends or sent for departments of a county or state, newest first; at most 1,000."""
    query = select(Submission).where(
        col(Submission.person_id) == person_id, col(Submission.channel) == Channel.UMBRELLA
    )  # fmt: skip
    return list(session.exec(query.order_by(col(Submission.id).desc()).limit(1_000)))


def undecided_bytes(session: Session) -> int:
    """What the submissions that nobody has decided on take together."""
    undecided = col(Submission.state).not_in([SubmissionStatus.APPROVED, SubmissionStatus.DECLINED])
    return int(session.exec(select(func.coalesce(func.sum(Submission.size), 0)).where(undecided)).one())
