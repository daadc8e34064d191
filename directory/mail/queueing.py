"""Putting messages into the outbox."""

from directory.db.queries.accounts import is_barred
from directory.db.queries.outbox import may_be_requested, put
from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session
from directory.errors import NotAllowedError
from directory.mail.message import Message, to_email


class TooManyMessagesError(NotAllowedError):
    """An address got so many mails today that somebody may be abusing it."""


def queue_message(
    session: Session, sender: str, recipient: str, message: Message, kind: MailKind = MailKind.NOTICE
) -> None:
    """Put a message into the outbox: it goes out when the transaction is committed, and only then.

    Raises TooManyMessagesError when a mail is requested for a mailbox that had its mails for today: anybody may have
    typed the address, and nobody's mailbox is to be filled. A barred address gets nothing.
    """
    if is_barred(session, recipient):
        return
    if kind == MailKind.REQUESTED and not may_be_requested(session, recipient):
        raise TooManyMessagesError(recipient)
    mail = to_email(message, sender, recipient)
    put(session, recipient, str(mail["Subject"]), mail.as_string(), kind)
