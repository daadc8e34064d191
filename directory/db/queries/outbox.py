"""Queries about mails that wait to be sent, kept in the database so that a dead mail server loses none."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.outbox import MailKind, OutboxMessage
from directory.mail_address import mailbox_of

GIVE_UP_AFTER = timedelta(days=5)
LONGEST_PAUSE = timedelta(hours=6)
DAY = timedelta(days=1)
REQUESTED_A_DAY = 12
"""Requested mails that are queued for one mailbox within a day; more are refused."""
A_MAILBOX_A_DAY = 40
"""Mails of all kinds but links to sign in that go out to one mailbox within a day; more wait."""
SIGN_IN_GOOD_FOR = timedelta(minutes=30)
"""For how long a mailed link to sign in opens anything."""
HELD = "held: the mailbox has had its mails for a day"
"""The `error` of a mail that waits for room in its mailbox's budget."""


GIVEN_UP = (col(OutboxMessage.next_at).is_(None), col(OutboxMessage.sent_at).is_(None))
"""Conditions of a mail that is not tried any more."""


def put(session: Session, recipient: str, subject: str, message: str, kind: MailKind) -> None:
    """Queue a mail; it goes out once the caller's transaction is committed."""
    at = now()
    mail = OutboxMessage(
        recipient=recipient,
        mailbox=mailbox_of(recipient),
        subject=subject,
        message=message,
        kind=kind,
        created_at=at,
        next_at=at,
    )
    session.add(mail)


def may_be_requested(session: Session, recipient: str) -> bool:
    """Whether one more mail may be requested for a mailbox today, under whatever form of its address.

    Notices do not count: who gets many of them can still ask for a mail.
    """
    requested = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            col(OutboxMessage.mailbox) == mailbox_of(recipient), col(OutboxMessage.kind) == MailKind.REQUESTED,
            col(OutboxMessage.created_at) > now() - DAY,
        )
    )  # fmt: skip
    return session.exec(requested).one() < REQUESTED_A_DAY


def sent_within_a_day(session: Session) -> int:
    """How many mails of any kind went out, over the whole site."""
    query = select(func.count()).select_from(OutboxMessage)
    return session.exec(query.where(or_(col(OutboxMessage.sent_at) > now() - DAY, _being_sent()))).one()


def _being_sent() -> ColumnElement[bool]:
    """Claimed, and neither sent nor failed so far: another worker has it in hand."""
    return and_(col(OutboxMessage.attempts) > 0, col(OutboxMessage.error) == "", col(OutboxMessage.next_at) > now())


def due(session: Session, limit: int, *, only_sign_in: bool = False) -> list[OutboxMessage]:
    """The mails whose turn has come: links to sign in, for which somebody waits, then the others, oldest first."""
    query = select(OutboxMessage).where(col(OutboxMessage.next_at) <= now())
    query = query.order_by(col(OutboxMessage.kind) != MailKind.SIGN_IN, col(OutboxMessage.id)).limit(limit)
    if only_sign_in:
        query = query.where(col(OutboxMessage.kind) == MailKind.SIGN_IN)
    return list(session.exec(query))


def hold(session: Session, mail: OutboxMessage) -> bool:
    """Put a mail off until its mailbox's budget has room for it; False when there is room now."""
    if mail.kind == MailKind.SIGN_IN:
        return False
    gone = select(OutboxMessage.sent_at).where(
        col(OutboxMessage.mailbox) == mail.mailbox, col(OutboxMessage.kind) != MailKind.SIGN_IN,
        or_(col(OutboxMessage.sent_at) > now() - DAY, _being_sent()),
    )  # fmt: skip
    times = [sent_at or now() for sent_at in session.exec(gone)]
    if len(times) < A_MAILBOX_A_DAY:
        return False
    room_at = sorted(times)[-A_MAILBOX_A_DAY] + DAY
    session.execute(update(OutboxMessage).where(*_is(mail)).values(next_at=room_at, error=HELD))
    return True


def claim(session: Session, mail: OutboxMessage, lease: timedelta) -> bool:
    """Take a mail for sending; False when another worker has it. A claim that is never settled runs out."""
    result = session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == mail.id, col(OutboxMessage.next_at) == mail.next_at)
        .values(next_at=now() + lease, attempts=mail.attempts + 1, error="")
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _is(mail: OutboxMessage) -> tuple[ColumnElement[bool], ...]:
    """It, and not another that got its number after a restore."""
    return col(OutboxMessage.id) == mail.id, col(OutboxMessage.created_at) == mail.created_at


def settle_sent(session: Session, mail: OutboxMessage) -> None:
    """The mail went out; its text, which may hold a link, is not kept."""
    values = {"next_at": None, "sent_at": now(), "error": "", "message": ""}
    session.execute(update(OutboxMessage).where(*_is(mail)).values(**values))


def settle_failed(session: Session, sent: OutboxMessage, error: str, *, final: bool) -> None:
    """The mail did not go out: try again after 1, 2, 4 … minutes, for five days; or never, when that is final."""
    mail = session.exec(select(OutboxMessage).where(*_is(sent))).first()
    if mail is None:
        return
    pause = min(timedelta(minutes=2 ** min(mail.attempts - 1, 20)), LONGEST_PAUSE)
    over = final or now() - mail.created_at > GIVE_UP_AFTER
    mail.next_at = None if over else now() + pause
    mail.error = error[:500]
    session.add(mail)


def given_up(session: Session) -> list[OutboxMessage]:
    """Mails that could not be delivered, newest first, at most a hundred."""
    query = select(OutboxMessage).where(*GIVEN_UP)
    return list(session.exec(query.order_by(col(OutboxMessage.id).desc()).limit(100)))


def retry_given_up(session: Session, recipient: str = "") -> list[OutboxMessage]:
    """Queue given-up mails anew, all or those to one mailbox, and return them, oldest first.

    What was erased, and links to sign in that have expired, stay given up.
    """
    at = now()
    statement = select(OutboxMessage).where(
        *GIVEN_UP,
        col(OutboxMessage.message) != "",
        or_(col(OutboxMessage.kind) != MailKind.SIGN_IN, col(OutboxMessage.created_at) > at - SIGN_IN_GOOD_FOR),
    )
    if recipient:
        statement = statement.where(col(OutboxMessage.mailbox) == mailbox_of(recipient))
    mails = list(session.exec(statement.order_by(col(OutboxMessage.id))))
    for mail in mails:
        mail.created_at = mail.next_at = at  # five days to deliver it begin anew
        mail.attempts, mail.error = 0, ""
        session.add(mail)
    return mails


def waiting(session: Session) -> int:
    """How many mails wait to go out."""
    return session.exec(
        select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.next_at).is_not(None))
    ).one()
