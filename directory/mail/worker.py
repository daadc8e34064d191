"""The mail worker: sends what is in the outbox by SMTP, or writes it to a folder."""

import contextlib
import os
import smtplib
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Engine

from directory.db.errors import DatabaseError
from directory.db.queries.outbox import claim, due, hold, sent_within_a_day, settle_failed, settle_sent
from directory.db.sqlite_file import pin_file
from directory.db.tables.outbox import MailKind, OutboxMessage
from directory.db.transaction import Session, transaction
from directory.errors import UnavailableError
from directory.mail.smtp import connect
from directory.settings import MAILS_PER_DAY, Settings
from directory.store.runs.mail_status import beat

log = structlog.get_logger()
SECONDS = 20
LEASE = timedelta(minutes=5)
BATCH = 50
PAUSE_SECONDS = 2.0
HEARTBEAT_SECONDS = 15


class UndeliverableError(UnavailableError):
    """The mail cannot be delivered now; `final` when trying again is of no use.

    The reason is a mail server's own words, which may name the recipient; `kind` is what a log may say.
    """

    def __init__(self, reason: str, kind: str, *, final: bool) -> None:
        super().__init__(reason)
        self.kind = kind
        self.final = final


class Transport(Protocol):
    """Something that delivers mail."""

    def send(self, mail: EmailMessage, recipient: str) -> None:
        """Deliver. Raises UndeliverableError."""


class SmtpTransport:
    """Any SMTP server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage, recipient: str) -> None:
        """Deliver over one connection. Raises UndeliverableError."""
        try:
            with connect(self._settings, SECONDS) as server:
                server.send_message(mail, from_addr=self._settings.mail_from, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()), (0, b""))
            raise UndeliverableError(
                f"{code} {reply!r}", f"recipient refused: {code}", final=500 <= code < 600
            ) from error
        except smtplib.SMTPResponseException as error:
            # A wrong password is the operator's to mend: the mail waits.
            final = 550 <= error.smtp_code < 560
            kind = f"{type(error).__name__}: {error.smtp_code}"
            raise UndeliverableError(f"{error.smtp_code} {error.smtp_error!r}", kind, final=final) from error
        except ValueError as error:
            # A message that cannot be put on the wire: the other mails must not wait behind it.
            raise UndeliverableError(f"{type(error).__name__}: {error}", type(error).__name__, final=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UndeliverableError(f"{type(error).__name__}: {error}", type(error).__name__, final=False) from error


class FolderTransport:
    """A folder of .eml files, for a site that has no mail server yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage, recipient: str) -> None:  # noqa: ARG002
        """Write the mail; any mail program opens it. Raises UndeliverableError."""
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        path = self._folder / f"{name}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(mail.as_bytes())
        except OSError as error:
            reason = f"{error.strerror}: {path}"
            raise UndeliverableError(reason, reason, final=False) from error
        log.info("mail written", file=str(path), subject=str(mail["Subject"]))


def transport_for(settings: Settings) -> Transport:
    """SMTP when a server is configured, else the folder."""
    return SmtpTransport(settings) if settings.smtp_host else FolderTransport(settings.data_dir / "mail")


class MailWorker:
    """Delivers what is due. Several may run at once: each mail is claimed before it is sent.

    `mails_per_day` go out over the whole site within 24 hours; then all but links to sign in wait. `chores` are done
    before each delivery, such as queueing what is due once a day.

    Killed between delivery and the note of it, a mail goes out a second time, with the same Message-ID: better twice
    than never.
    """

    def __init__(
        self,
        engine: Engine,
        transport: Transport,
        mails_per_day: int = MAILS_PER_DAY,
        chores: Sequence[Callable[[], object]] = (),
    ) -> None:
        self._engine = engine
        self._transport = transport
        self._mails_per_day = mails_per_day
        self._chores = chores
        self._exhausted = False
        self._beat_at: float | None = None
        pin_file(engine)  # a removed database is not made anew, empty

    def deliver_due(self) -> int:
        """Deliver what is due now; returns how many went out. Raises DatabaseError."""
        for chore in self._chores:
            chore()
        with transaction(self._engine, writes=False) as session:
            self._watch_budget(exhausted=sent_within_a_day(session) >= self._mails_per_day)
            mails = due(session, BATCH, only_sign_in=self._exhausted)
        sent = 0
        for mail in mails:
            sent += self._deliver(mail)
            self._beat()
        self._beat()
        return sent

    def _watch_budget(self, *, exhausted: bool) -> None:
        """Tell the log once when the site's budget is used up, and once when there is room again."""
        if exhausted and not self._exhausted:
            log.error("mail budget exhausted", mails_per_day=self._mails_per_day, held="all but links to sign in")
        elif self._exhausted and not exhausted:
            log.info("mail budget has room again")
        self._exhausted = exhausted

    def _deliver(self, mail: OutboxMessage) -> bool:
        with transaction(self._engine) as session:
            if self._over_budget(session, mail) or not claim(session, mail, LEASE):
                return False
        try:
            parsed = message_from_string(mail.message, policy=SMTP)
            self._transport.send(parsed, mail.recipient)
        except UndeliverableError as trouble:
            log.warning("mail not delivered", number=mail.id, trouble=trouble.kind, final=trouble.final)
            with transaction(self._engine) as session:
                settle_failed(session, mail, str(trouble), final=trouble.final)
            return False
        with transaction(self._engine) as session:
            settle_sent(session, mail)
        return True

    def _over_budget(self, session: Session, mail: OutboxMessage) -> bool:
        """Whether the mail must wait, for its mailbox's budget or the site's. Asked where it is claimed, so that
        several workers together keep to both."""
        if mail.kind == MailKind.SIGN_IN:
            return False
        return hold(session, mail) or sent_within_a_day(session) >= self._mails_per_day

    def run_forever(self, beside: int | None = None) -> None:
        """Deliver what is due again and again, with a heartbeat, until the process `beside` is no longer the parent."""
        self._beat_at = time.monotonic()
        while beside is None or os.getppid() == beside:
            with contextlib.suppress(DatabaseError):  # a database in trouble only makes the worker wait
                self.deliver_due()
            time.sleep(PAUSE_SECONDS)

    def _beat(self) -> None:
        if self._beat_at is None or time.monotonic() < self._beat_at:
            return
        with transaction(self._engine) as session:
            beat(session)
        self._beat_at = time.monotonic() + HEARTBEAT_SECONDS
