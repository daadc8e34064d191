"""Mails waiting to go out, kept in the database so that a dead mail server loses none."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Column, ColumnElement, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from directory.clock import now
from directory.mailbox import mailbox_of
from directory.records.models import UtcDateTime

GIVE_UP_AFTER = timedelta(days=5)
LONGEST_PAUSE = timedelta(hours=6)


Kind = Literal["sign_in", "requested", "notice"]
"""What a mail is: a link to sign in, something that anybody may have asked for by typing the address, or news."""


class OutboxMail(SQLModel, table=True):
    """A mail ready to send: the whole message as it goes over the wire."""

    __tablename__ = "outbox_mail"

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(index=True)
    mailbox: str = Field(index=True, description="the recipient in the form in which addresses are compared")
    kind: str = Field(default="notice", description="see Kind")
    subject: str
    message: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    next_at: datetime | None = Field(sa_column=Column(UtcDateTime, index=True))
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))
    error: str = ""


def put(session: Session, recipient: str, subject: str, message: str, kind: Kind) -> None:
    """Queue a mail; it goes out once the caller's transaction is committed."""
    at = now()
    mail = OutboxMail(recipient=recipient, mailbox=mailbox_of(recipient), subject=subject, message=message, kind=kind,
                      created_at=at, next_at=at)  # fmt: skip
    session.add(mail)


def requested_since(session: Session, recipient: str, since: datetime) -> int:
    """How many mails were requested for a mailbox since then, under whatever form of its address."""
    found = select(func.count()).select_from(OutboxMail).where(col(OutboxMail.kind) == "requested")
    found = found.where(col(OutboxMail.mailbox) == mailbox_of(recipient), col(OutboxMail.created_at) > since)
    return session.exec(found).one()


def due(session: Session, limit: int) -> list[OutboxMail]:
    """The mails whose turn has come, oldest first."""
    found = select(OutboxMail).where(col(OutboxMail.next_at) <= now()).order_by(col(OutboxMail.id)).limit(limit)
    return list(session.exec(found))


def claim(session: Session, mail: OutboxMail, lease: timedelta) -> bool:
    """Take a mail for sending; False when another postman has it. A claim that is never settled runs out."""
    done = session.execute(
        update(OutboxMail)
        .where(col(OutboxMail.id) == mail.id, col(OutboxMail.next_at) == mail.next_at)
        .values(next_at=now() + lease, attempts=mail.attempts + 1)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _is(mail: OutboxMail) -> tuple[ColumnElement[bool], ...]:
    """It, and not another that got its number after a restore."""
    return col(OutboxMail.id) == mail.id, col(OutboxMail.created_at) == mail.created_at


def settle_sent(session: Session, mail: OutboxMail) -> None:
    """The mail went out; its text, which may hold a link, is not kept."""
    values = {"next_at": None, "sent_at": now(), "error": "", "message": ""}
    session.execute(update(OutboxMail).where(*_is(mail)).values(**values))


def settle_failed(session: Session, sent: OutboxMail, error: str, *, final: bool) -> None:
    """The mail did not go out: try again after 1, 2, 4 … minutes, for five days; or never, when that is final."""
    mail = session.exec(select(OutboxMail).where(*_is(sent))).first()
    if mail is None:
        return
    pause = min(timedelta(minutes=2 ** min(mail.attempts - 1, 20)), LONGEST_PAUSE)
    over = final or now() - mail.created_at > GIVE_UP_AFTER
    mail.next_at = None if over else now() + pause
    mail.error = error[:500]
    if over:
        mail.message = ""  # it may hold a link
    session.add(mail)


def given_up(session: Session) -> list[OutboxMail]:
    """Mails that could not be delivered, newest first."""
    found = select(OutboxMail).where(col(OutboxMail.next_at).is_(None), col(OutboxMail.sent_at).is_(None))
    return list(session.exec(found.order_by(col(OutboxMail.id).desc()).limit(100)))


def waiting(session: Session) -> int:
    """How many mails wait to go out."""
    return session.exec(select(func.count()).select_from(OutboxMail).where(col(OutboxMail.next_at).is_not(None))).one()
