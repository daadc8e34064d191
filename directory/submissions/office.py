"""What the use cases work with."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from directory.clock import now
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.gazetteer import Gazetteer
from directory.mail.letter import Letter, message
from directory.mail.letters import LetterWriter
from directory.records.database import Session
from directory.records.outbox import Kind, put, requested_since
from directory.submissions.links import DraftLinks

MOST_A_DAY = 12


class TooManyMails(Exception):
    """An address got so many mails today that somebody may be abusing it."""


@dataclass(frozen=True, slots=True)
class Office:
    """The parts behind submissions: the database, the places, the mail, the keys."""

    engine: Engine
    gazetteer: Gazetteer
    chain: GeocodingChain
    links: DraftLinks
    mail_from: str
    most_draft_bytes: int = 1_000_000_000

    def queue(self, session: Session, recipient: str, letter: Letter, kind: Kind = "notice") -> None:
        """Put a letter into the outbox: it goes out when the transaction is committed, and only then.

        Raises TooManyMails when a mail is requested and twelve were for the same mailbox within a day: anybody may
        have typed the address, and nobody's mailbox is to be filled.
        """
        if kind == "requested" and requested_since(session, recipient, now() - timedelta(days=1)) >= MOST_A_DAY:
            raise TooManyMails(recipient)
        mail = message(letter, self.mail_from, recipient)
        put(session, recipient, str(mail["Subject"]), mail.as_string(), kind)

    def writer(self, language: str, site: str) -> LetterWriter:
        """A writer of letters in the reader's language about the site at this address."""
        return LetterWriter(language, site.rstrip("/"))
