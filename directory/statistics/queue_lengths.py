"""What waits for somebody: mails for the mail server, submissions and reports for a moderator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select

from directory.clock import now
from directory.db.queries.outbox import HELD
from directory.db.queries.problem_reports import open_report_count
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.tables.outbox import OutboxMessage
from directory.db.transaction import Session, transaction

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many, and how long the oldest has waited (0 when there is none); mails held back by a budget do not count."""

    mails: int
    oldest_mail_seconds: float
    given_up: int
    submissions: int
    oldest_submission_seconds: float
    reports: int


def read_waiting(engine: Engine) -> Waiting:
    """Look now; `given_up` are the mails of the last week that could not be delivered. Raises DatabaseError."""
    unsent = col(OutboxMessage.next_at).is_(None), col(OutboxMessage.sent_at).is_(None)
    with transaction(engine, writes=False) as session:
        mails = _count(
            session,
            col(OutboxMessage.created_at),
            col(OutboxMessage.next_at).is_not(None),
            col(OutboxMessage.error) != HELD,
        )
        given_up = _count(
            session, col(OutboxMessage.created_at), *unsent, col(OutboxMessage.created_at) > now() - LATELY
        )
        submissions = _count(
            session, col(Submission.updated_at), col(Submission.state) == SubmissionStatus.WAITING_FOR_REVIEW
        )
        return Waiting(*mails, given_up[0], *submissions, open_report_count(session))


def _count(session: Session, since: Mapped[datetime], *conditions: ColumnElement[bool]) -> tuple[int, float]:
    """How many rows, and for how many seconds the oldest has been there."""
    count, oldest = session.exec(select(func.count(), func.min(since)).where(*conditions)).one()
    return count, (now() - oldest).total_seconds() if isinstance(oldest, datetime) else 0.0
