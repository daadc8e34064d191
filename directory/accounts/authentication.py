"""Signing in by mailed link, and who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.db.log import Author, log
from directory.db.queries.accounts import memberships, person_by_email, person_named
from directory.db.tables.accounts import Link, LinkPurpose, Membership, Person, Role, Staff
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.mail.links import peek, spend_link
from directory.use_case_context import UseCaseContext
from directory.verification.levels import verification_of

BECOMES_KNOWN = "language"
"""The entry of a link's subject, with a language, by which whoever uses it becomes a person."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person as the pages know them.

    `places` are (department slug, role); `accepted` the departments in which somebody accepted what the person does.
    `session` is the digest of the session's token, empty before it has begun.
    """

    id: int
    email: str
    language: str
    staff: Staff
    places: tuple[tuple[str, Role], ...]
    accepted: frozenset[str] = frozenset()
    session: str = ""
    second_factor: bool = False

    def role_in(self, department: str) -> Role | None:
        """The person's role in a department, or None."""
        return dict(self.places).get(department)

    def is_accepted_in(self, department: str) -> bool:
        """Whether a moderator or manager of the department has accepted what the person does."""
        return department in self.accepted


def signed_in(session: Session, person: Person) -> SignedIn:
    """The person with the departments they act for."""
    return known_as(person, memberships(session, person.id))


def known_as(person: Person, memberships_of_person: Sequence[Membership], **session: Any) -> SignedIn:
    """The person with these departments."""
    places = tuple((place.department, place.role) for place in memberships_of_person)
    accepted = frozenset(place.department for place in memberships_of_person if place.accepted_at is not None)
    number = person.id
    return SignedIn(number, person.email, person.language, person.staff, places, accepted, **session)


def link_is_good(context: UseCaseContext, purpose: LinkPurpose, token: str) -> Link | None:
    """The link while it is good; looking does not spend it. Raises DatabaseError."""
    with context.reading() as session:
        return peek(session, purpose, token)


def sign_in(context: UseCaseContext, token: str) -> SignedIn | None:
    """Spend a sign-in link. None when it is not good any more. Raises DatabaseError."""
    with context.writing() as session:
        link = spend_link(session, LinkPurpose.SIGN_IN, token)
        person = person_by_email(session, link.email) if link else None
        if link is not None and person is None and BECOMES_KNOWN in link.subject:
            person = person_named(session, link.email, link.subject[BECOMES_KNOWN])
        if person is None:
            return None
        log(session, Author(person.email, "mailed link"), LogKind.PERSON, person.email, "signed in")
        return signed_in(session, person)


def is_verified_for(context: UseCaseContext, who: SignedIn, department: str) -> bool:
    """Whether the person is proven to speak for a department (its slug). Raises DatabaseError."""
    with context.reading() as session:
        return verification_of(session, session.get_one(Person, who.id), department).verified
