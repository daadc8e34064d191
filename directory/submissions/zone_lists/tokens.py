"""Tokens with which a department's own system pushes its zone list: made and revoked by its verified managers."""

import secrets
from dataclasses import dataclass

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import is_barred
from directory.db.queries.zone_lists import good_tokens, token_by_digest
from directory.db.tables.accounts import Person
from directory.db.tables.contributions.zone_lists import DepartmentToken
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.errors import NotAllowedError
from directory.mail.links import token_digest
from directory.use_case_context import UseCaseContext
from directory.verification.levels import verification_of
from directory.verification.membership import managers

PREFIX = "szd_"
"""How every token begins, so that programs that look for leaked secrets recognize one."""
MOST_TOKENS = 10
"""How many good tokens a department may have."""


class NotManagerError(NotAllowedError):
    """The person is no verified and accepted manager of the department, or the address is barred."""


class TooManyTokensError(NotAllowedError):
    """The department has as many good tokens as it may have."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is; `entitled` says whether its maker is still a manager of the department (its slug)."""

    token: int
    name: str
    department: str
    person_id: int
    entitled: bool


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A good token as its department sees it."""

    row: DepartmentToken
    made_by: str
    entitled: bool


def speaks_for(session: Session, person: Person, department: str) -> bool:
    """Whether a person is a verified and accepted manager of a department (its slug)."""
    if is_barred(session, person.email) or not verification_of(session, person, department).accepted:
        return False
    return any(manager.id == person.id for manager in managers(session, department))


def tokens_of(context: UseCaseContext, department: str) -> list[ShownToken]:
    """A department's good tokens, oldest first. Raises DatabaseError."""
    with context.reading() as session:
        return [
            ShownToken(row, person.email, speaks_for(session, person, department))
            for row, person in good_tokens(session, department)
        ]


def make_token(context: UseCaseContext, department: str, name: str, who: SignedIn) -> str:
    """A new token, which is kept nowhere. Raises NotManagerError, TooManyTokensError or DatabaseError."""
    with context.writing() as session:
        if not speaks_for(session, session.get_one(Person, who.id), department):
            raise NotManagerError
        if len(good_tokens(session, department)) >= MOST_TOKENS:
            raise TooManyTokensError
        token = PREFIX + secrets.token_urlsafe(32)
        row = DepartmentToken(
            department=department, name=name, digest=token_digest(token), person_id=who.id, created_at=now()
        )
        session.add(row)
        session.flush()
        _log(session, row, "token made", who)
        return token


def revoke_token(context: UseCaseContext, department: str, number: int, who: SignedIn) -> bool:
    """Revoke a token of a department; False when it has no such good one. Raises DatabaseError."""
    with context.writing() as session:
        row = next((row for row, _ in good_tokens(session, department) if row.id == number), None)
        if row is None:
            return False
        row.revoked_at = now()
        session.add(row)
        _log(session, row, "token revoked", who)
        return True


def bearer_of(context: UseCaseContext, token: str) -> Bearer | None:
    """Whose token it is, and note its use; None for one that is unknown or revoked. Raises DatabaseError.

    The database looks for the digest: how long that takes says nothing about the token.
    """
    with context.reading() as session:
        if token_by_digest(session, token_digest(token)) is None:
            return None  # a stranger takes no turn at writing
    with context.writing() as session:
        row = token_by_digest(session, token_digest(token))
        if row is None:
            return None
        row.last_used_at = now()
        session.add(row)
        entitled = speaks_for(session, session.get_one(Person, row.person_id), row.department)
        return Bearer(row.id, row.name, row.department, row.person_id, entitled)


def _log(session: Session, row: DepartmentToken, action: str, who: SignedIn) -> None:
    after = {"token": row.id, "name": row.name}
    log(session, Author(who.email, ""), LogKind.DEPARTMENT, row.department, action, after)
