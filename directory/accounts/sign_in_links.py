"""Mailed links to sign in: how many, and when a link that was mailed already is the answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from directory.accounts.authentication import BECOMES_KNOWN
from directory.clock import now
from directory.db.queries.accounts import links_mailed, lock_person, person_by_email
from directory.db.tables.accounts import Link, LinkPurpose
from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session
from directory.mail.links import LIFETIMES, make_link
from directory.mail.message_texts import MessageWriter
from directory.mail_address import mailbox_of
from directory.use_case_context import UseCaseContext
from directory.verification.mail_domains import domain_of
from directory.verification.umbrellas import umbrella_of

DAY = timedelta(days=1)
MAILS_A_DAY = 6
"""For each mailbox: so many asked for by anybody, and so many more from browsers that were signed in as its owner."""
NO_SECOND_MAIL = timedelta(minutes=10)
LONGEST_LIFE = timedelta(hours=12)
"""A link dies so long after it was mailed, however often it is renewed."""


def mail_sign_in_link(context: UseCaseContext, email: str, language: str, *, known_device: bool = False) -> None:
    """Mail a link to a known mailbox, or renew one that lies there: strangers' requests neither fill nor lock it.

    So gets one at a county's or state's own domain, whose owner becomes known by using the link. For another unknown
    address nothing happens, and the page says the same. Raises DatabaseError.
    """
    writer = context.writer(language)  # which ends without an address of the site, whoever asks
    with context.writing() as session:
        person = person_by_email(session, email)
        if person is None:
            if umbrella_of(session, domain_of(email)) is not None:
                _mail_first_link(context, session, mailbox_of(email), writer)
            return
        lock_person(session, person.id)  # of two requests at once the second sees the first one's mail
        at = now()
        mailed = links_mailed(session, LinkPurpose.SIGN_IN, person.email, at - DAY)
        unspent = [link for link in mailed if link.spent_at is None and link.created_at > at - LONGEST_LIFE]
        own = [link for link in mailed if bool(link.subject.get("known_device")) is known_device]
        if _mailed_already(own, unspent, at):
            if unspent:
                _renew(session, unspent[0], at)
            return
        _mail_link(context, session, person.email, {"known_device": known_device}, writer)


def _mail_first_link(context: UseCaseContext, session: Session, mailbox: str, writer: MessageWriter) -> None:
    """Mail a link to somebody whom it makes known, unless enough were mailed."""
    at = now()
    mailed = links_mailed(session, LinkPurpose.SIGN_IN, mailbox, at - DAY)
    if len(mailed) < MAILS_A_DAY and not (mailed and mailed[0].created_at > at - NO_SECOND_MAIL):
        _mail_link(context, session, mailbox, {BECOMES_KNOWN: writer.language}, writer)


def _mail_link(
    context: UseCaseContext, session: Session, email: str, subject: dict[str, Any], writer: MessageWriter
) -> None:
    token = make_link(session, LinkPurpose.SIGN_IN, email, subject)
    context.queue(session, email, writer.sign_in(f"{writer.site}/sign-in/{token}"), kind=MailKind.SIGN_IN)


def _mailed_already(own: Sequence[Link], unspent: Sequence[Link], at: datetime) -> bool:
    """Whether no new mail goes out: one was just mailed, or the budget is used up.

    A link lives half a day and a budget lasts a whole one: its last mail is kept for when no earlier link can be
    renewed in full.
    """
    newest = unspent[0].created_at if unspent else at - DAY
    renewable = newest > at - LONGEST_LIFE + LIFETIMES[LinkPurpose.SIGN_IN]
    return newest > at - NO_SECOND_MAIL or len(own) >= MAILS_A_DAY - renewable


def _renew(session: Session, link: Link, at: datetime) -> None:
    link.expires_at = min(at + LIFETIMES[LinkPurpose.SIGN_IN], link.created_at + LONGEST_LIFE)
    session.add(link)
