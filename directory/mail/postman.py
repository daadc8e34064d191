"""The postman: takes mails out of the outbox and hands them to an SMTP server, or lays them in a folder."""

import contextlib
import multiprocessing
import os
import signal
import smtplib
import ssl
import time
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Engine

from directory import clock, logs
from directory.records.database import DatabaseProblem, open_database, transaction, watch_file
from directory.records.outbox import OutboxMail, claim, due, settle_failed, settle_sent
from directory.settings import Settings

log = structlog.get_logger()
SECONDS = 20
LEASE = timedelta(minutes=5)
ROUND = 50
PAUSE_SECONDS = 2.0


class Undeliverable(Exception):
    """The mail cannot be delivered now; `final` when trying again is of no use.

    The reason is a mail server's own words, which may name the recipient; `kind` is what a log may say.
    """

    def __init__(self, reason: str, kind: str, *, final: bool) -> None:
        super().__init__(reason)
        self.kind = kind
        self.final = final


class Carrier(Protocol):
    """A way out for mail."""

    def carry(self, mail: EmailMessage, recipient: str) -> None:
        """Deliver. Raises Undeliverable."""


class Smtp:
    """Any SMTP server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def carry(self, mail: EmailMessage, recipient: str) -> None:
        """Deliver over one connection. Raises Undeliverable."""
        try:
            with self._connected() as server:
                server.send_message(mail, from_addr=self._settings.mail_from, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()), (0, b""))
            raise Undeliverable(f"{code} {words!r}", f"recipient refused: {code}", final=500 <= code < 600) from error
        except smtplib.SMTPResponseException as error:
            # A wrong password is the operator's to mend: the mail waits.
            final = 550 <= error.smtp_code < 560
            kind = f"{type(error).__name__}: {error.smtp_code}"
            raise Undeliverable(f"{error.smtp_code} {error.smtp_error!r}", kind, final=final) from error
        except ValueError as error:
            # A message that cannot be put on the wire: the other mails must not wait behind it.
            raise Undeliverable(f"{type(error).__name__}: {error}", type(error).__name__, final=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Undeliverable(f"{type(error).__name__}: {error}", type(error).__name__, final=False) from error

    def _connected(self) -> smtplib.SMTP:
        wanted = self._settings
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if wanted.smtp_security == "tls":
            server = smtplib.SMTP_SSL(wanted.smtp_host, wanted.smtp_port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(wanted.smtp_host, wanted.smtp_port, timeout=SECONDS)
        try:
            if wanted.smtp_security == "starttls":
                server.starttls(context=context)
            if wanted.smtp_user:
                server.login(wanted.smtp_user, wanted.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server


class Folder:
    """A folder of .eml files, for a site that has no mail server yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, mail: EmailMessage, recipient: str) -> None:  # noqa: ARG002
        """Write the mail; any mail program opens it. Raises Undeliverable."""
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        path = self._folder / f"{name}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(mail.as_bytes())
        except OSError as error:
            reason = f"{error.strerror}: {path}"
            raise Undeliverable(reason, reason, final=False) from error
        log.info("mail written", file=str(path), subject=str(mail["Subject"]))


def carrier(settings: Settings) -> Carrier:
    """SMTP when a server is configured, else the folder."""
    return Smtp(settings) if settings.smtp_host else Folder(settings.data_dir / "mail")


class Postman:
    """Delivers what is due. Several may walk at once: each mail is claimed before it is carried.

    Killed between delivery and the note of it, a mail goes out a second time, with the same Message-ID: better twice
    than never.
    """

    def __init__(self, engine: Engine, way: Carrier) -> None:
        self._engine = engine
        self._way = way
        watch_file(engine)  # a removed database is not made anew, empty

    def round(self) -> int:
        """Deliver what is due now; returns how many went out. Raises DatabaseProblem."""
        with transaction(self._engine, writes=False) as session:
            mails = due(session, ROUND)
            session.expunge_all()
        return sum(self._deliver(mail) for mail in mails)

    def _deliver(self, mail: OutboxMail) -> bool:
        with transaction(self._engine) as session:
            if not claim(session, mail, LEASE):
                return False
        try:
            parsed = message_from_string(mail.message, policy=SMTP)
            self._way.carry(parsed, mail.recipient)
        except Undeliverable as trouble:
            log.warning("mail not delivered", number=mail.id, trouble=trouble.kind, final=trouble.final)
            with transaction(self._engine) as session:
                settle_failed(session, mail, str(trouble), final=trouble.final)
            return False
        with transaction(self._engine) as session:
            settle_sent(session, mail)
        return True

    def walk(self) -> None:
        """Go round for ever."""
        while True:
            self.round_if_possible()
            time.sleep(PAUSE_SECONDS)

    def round_if_possible(self) -> None:
        """Deliver what is due; a database in trouble only makes the postman wait."""
        with contextlib.suppress(DatabaseProblem):
            self.round()


def start() -> None:
    """Let a postman walk beside the server, in a process of its own that ends with this one.

    Not in a thread: the server makes its workers by forking, and a fork of a process with threads may hang.
    """
    context = multiprocessing.get_context("spawn")
    context.Process(target=_beside, args=(os.getpid(),), name="postman", daemon=True).start()


def _beside(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer; this process ends with it
    logs.set_up()
    settings = Settings()
    clock.run_ahead(timedelta(days=settings.clock_ahead_days))
    postman = Postman(open_database(settings.database), carrier(settings))
    while os.getppid() == parent:
        postman.round_if_possible()
        time.sleep(PAUSE_SECONDS)
