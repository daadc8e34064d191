"""Sessions on the server: the browser holds a random token, the database its digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.accounts.authentication import SignedIn, known_as
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import delete_session, delete_sessions, is_barred, open_session
from directory.db.tables.accounts import LoginSession, Person
from directory.db.tables.log import LogKind
from directory.mail.links import token_digest
from directory.use_case_context import UseCaseContext

LIFETIME = timedelta(days=30)
STAFF_LIFETIME = timedelta(hours=12)
"""How long a session lasts at most, however often it is used."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun: the token for the browser's cookie, and the time at which it ends."""

    token: str
    expires_at: datetime


def begin_session(context: UseCaseContext, number: int) -> NewSession:
    """Begin a session of a person; the second factor is still to be given. Raises DatabaseError."""
    token, at = secrets.token_urlsafe(32), now()
    with context.writing() as session:
        person = session.get_one(Person, number)
        expires_at = at + (STAFF_LIFETIME if person.staff else LIFETIME)
        session.add(LoginSession(digest=token_digest(token), person_id=number, created_at=at, expires_at=expires_at))
    return NewSession(token, expires_at)


def find_session(context: UseCaseContext, token: str) -> SignedIn | None:
    """Who is signed in with this token; None when the session has ended or never was. Raises DatabaseError."""
    with context.reading() as session:
        row = open_session(session, token_digest(token))
        if row is None:
            return None
        login, person, places = row
        if is_barred(session, person.email):
            return None
        return known_as(person, places, session=login.digest, second_factor=login.second_factor_at is not None)


def end_session(context: UseCaseContext, token: str) -> None:
    """Sign out here. Raises DatabaseError."""
    with context.writing() as session:
        delete_session(session, token_digest(token))


def end_every_session(context: UseCaseContext, who: SignedIn) -> None:
    """Sign a person out everywhere. Raises DatabaseError."""
    with context.writing() as session:
        delete_sessions(session, who.id)
        log(session, Author(who.email, ""), LogKind.PERSON, who.email, "signed out everywhere")
