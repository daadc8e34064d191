"""Whether mail goes out: when the mail worker last said that it runs, and whether the day's budget is used up."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from directory.clock import now
from directory.db.queries.outbox import given_up, retry_given_up, sent_within_a_day, waiting
from directory.db.tables.outbox import OutboxMessage
from directory.db.tables.published.directory_version import Heartbeat
from directory.db.transaction import transaction

MAIL_WORKER = "mail"
MAIL_LATE_SECONDS = 15 * 60
"""How long a mail may wait before somebody should look."""
HEARTBEAT_LATE_SECONDS = 60
"""How long a mail worker may be silent before somebody should look."""


@dataclass(frozen=True, slots=True)
class MailStatus:
    """Seconds since a mail worker's last heartbeat, None before the first; `exhausted`: only sign-in links go out."""

    age_seconds: float | None
    exhausted: bool


def beat(session: Session) -> None:
    """Note that a mail worker runs."""
    session.merge(Heartbeat(name=MAIL_WORKER, at=now()))


def read_mail_status(engine: Engine, mails_per_day: int) -> MailStatus:
    """Look now. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        row = session.get(Heartbeat, MAIL_WORKER)
        age = None if row is None else (now() - row.at).total_seconds()
        return MailStatus(age, sent_within_a_day(session) >= mails_per_day)


def undelivered(engine: Engine) -> list[OutboxMessage]:
    """Mails that could not be delivered, newest first, at most a hundred. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return given_up(session)


def count_waiting(engine: Engine) -> int:
    """How many mails wait to go out. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return waiting(session)


def retry_undelivered(engine: Engine, recipient: str = "") -> tuple[list[OutboxMessage], int]:
    """Queue given-up mails anew, all or those to one mailbox: (the mails, oldest first; how many stay given up).

    Raises DatabaseError.
    """
    with transaction(engine) as session:
        return retry_given_up(session, recipient), len(given_up(session))
