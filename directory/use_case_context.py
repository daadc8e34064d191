"""What every use case works with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Engine

from directory.db.tables.outbox import MailKind
from directory.db.transaction import Session, transaction
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.gazetteer import Gazetteer
from directory.mail.links import DraftLinks
from directory.mail.message import Message
from directory.mail.message_texts import MessageWriter
from directory.mail.queueing import queue_message
from directory.zones.place_lookup import PlaceLookup


@dataclass(frozen=True, slots=True)
class UseCaseContext:
    """The parts behind submissions: the database, the places, the mail, the keys.

    `places` knows the directory's own towns too; who may speak for a town is asked of the gazetteer alone. `site` gives
    the address of the site, without a slash at its end: it is that of the request where none is set.
    """

    engine: Engine
    gazetteer: Gazetteer
    places: PlaceLookup
    chain: GeocodingChain
    links: DraftLinks
    mail_from: str
    most_draft_bytes: int
    site: Callable[[], str]

    def reading(self) -> AbstractContextManager[Session]:
        """One unit of work that only reads: the database as it is at one moment. Raises DatabaseError."""
        return transaction(self.engine, writes=False)

    def writing(self) -> AbstractContextManager[Session]:
        """One unit of work that is committed as a whole or rolled back. Raises DatabaseError."""
        return transaction(self.engine)

    def queue(self, session: Session, recipient: str, message: Message, kind: MailKind = MailKind.NOTICE) -> None:
        """Put a message into the outbox; see `queue_message`."""
        queue_message(session, self.mail_from, recipient, message, kind)

    def writer(self, language: str) -> MessageWriter:
        """A writer of messages in the reader's language."""
        return MessageWriter(language, self.site())
