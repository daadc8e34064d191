"""Signing in by mailed link, and who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from directory.db.log import Author, log
from directory.db.queries.accounts import (
    REMOVED,
    clear_second_factors,
    delete_sessions,
    members,
    membership,
    memberships,
    person_by_email,
    person_named,
    proofs,
)
from directory.db.tables.accounts import Link, Membership, Person
from directory.db.transaction import Session, transaction
from directory.usecases.context import UseCaseContext
from directory.usecases.links import peek, spend_link
from directory.verification.levels import (
    Method,
    Role,
    VerificationLevel,
    grant,
    managers,
)


class Staff(StrEnum):
    """Who looks after the directory itself."""

    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person as the pages know them.

    `places` are (department slug, role); `accepted` the departments in which somebody accepted what the person does.
    `session` is the digest of the session's token, empty before it has begun.
    """

    id: int
    email: str
    language: str
    staff: str
    places: tuple[tuple[str, str], ...]
    accepted: frozenset[str] = frozenset()
    session: str = ""
    second_factor: bool = False

    def role_in(self, department: str) -> str:
        """The person's role in a department, or empty."""
        return dict(self.places).get(department, "")

    def is_accepted_in(self, department: str) -> bool:
        """Whether a moderator or manager of the department has accepted what the person does."""
        return department in self.accepted


def signed_in(session: Session, person: Person) -> SignedIn:
    """The person with the departments they act for."""
    return known_as(person, memberships(session, cast(int, person.id)))


def known_as(person: Person, found: Sequence[Membership], **session: Any) -> SignedIn:
    """The person with these departments."""
    places = tuple((place.department, place.role) for place in found)
    accepted = frozenset(place.department for place in found if place.accepted_at is not None)
    number = cast(int, person.id)
    return SignedIn(number, person.email, person.language, person.staff, places, accepted, **session)


def link_is_good(context: UseCaseContext, purpose: str, token: str) -> Link | None:
    """The link while it is good; looking does not spend it. Raises DatabaseError."""
    with transaction(context.engine, writes=False) as session:
        row = peek(session, purpose, token)
        if row is not None:
            session.expunge(row)
        return row


def sign_in(context: UseCaseContext, token: str) -> SignedIn | None:
    """Spend a sign-in link. None when it is not good any more. Raises DatabaseError."""
    with transaction(context.engine) as session:
        link = spend_link(session, "sign_in", token)
        person = person_by_email(session, link.email) if link else None
        if person is None:
            return None
        log(session, Author(person.email, "mailed link"), "person", person.email, "signed in")
        return signed_in(session, person)


def end_sessions(session: Session, person_id: int) -> None:
    """Sign a person out everywhere, as part of the caller's transaction."""
    delete_sessions(session, person_id)


def appoint(context: UseCaseContext, email: str, role: str, by: str, site: str) -> None:
    """Make somebody moderator or administrator, or (an empty role) neither.

    Raises BarredAddressError or DatabaseError.
    """
    with transaction(context.engine) as session:
        person = person_named(session, email, "en")
        if person.staff == role:
            return
        person.staff = role
        session.add(person)
        end_sessions(session, cast(int, person.id))
        if not role:
            clear_second_factors(session, person)
        log(session, Author(by, ""), "person", person.email, f"became {role}" if role else "is no longer staff")
        if role:
            letter = context.writer(person.language, site).staff_added(role, f"{site.rstrip('/')}/sign-in")
            context.queue(session, person.email, letter)


def add_colleague(
    context: UseCaseContext, department: str, name: str, email: str, role: Role, by: SignedIn, site: str
) -> bool:
    """A manager gives somebody access, or accepts who came in by a domain; False when both is so already.

    The colleague stands on the rung of who vouches. The other managers are told. Raises BarredAddressError,
    TooManyMessagesError or DatabaseError.
    """
    with transaction(context.engine) as session:
        person = person_named(session, email, by.language)
        place = membership(session, cast(int, person.id), department)
        unaccepted = place is not None and place.role != REMOVED and place.accepted_at is None
        rung = VerificationLevel(
            max((proof.rung for proof in proofs(session, department, by.id)), default=VerificationLevel.OFFICIAL_DOMAIN)
        )
        detail = f"added by {by.email}"
        joined = grant(session, person, department, rung, Method.COLLEAGUE, detail, by.email, role)
        if not joined and not unaccepted:
            return False
        letter = context.writer(by.language, site).added_to_department(name, by.email, f"{site.rstrip('/')}/sign-in")
        context.queue(session, person.email, letter, kind="requested")
        for colleague in managers(session, department):
            if colleague.id not in (by.id, person.id):
                writer = context.writer(colleague.language, site)
                letter = writer.joined(name, person.email, f"{writer.site}/desk/{department}/people")
                context.queue(session, colleague.email, letter)
        return True


def remove_colleague(context: UseCaseContext, department: str, number: int, by: SignedIn) -> bool:
    """Take somebody's access away; the last accepted manager stays. Raises DatabaseError."""
    with transaction(context.engine) as session:
        last = {person.id for person in managers(session, department)} == {number}
        for place, person in members(session, department):
            if person.id == number and not last:
                place.role = REMOVED
                session.add(place)
                log(session, Author(by.email, ""), "person", person.email, "left", {"department": department})
                return True
        return False
