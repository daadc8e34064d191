"""Who acts for a department: listed, given access and sent away by its managers."""

from directory.accounts.authentication import SignedIn
from directory.db.log import Author, log
from directory.db.queries.accounts import members, membership, person_named, proofs
from directory.db.tables.accounts import Membership, Method, Person, Role
from directory.db.tables.log import LogKind
from directory.db.tables.outbox import MailKind
from directory.use_case_context import UseCaseContext
from directory.verification.levels import VerificationLevel, grant
from directory.verification.membership import managers


def members_of(context: UseCaseContext, department: str) -> list[tuple[Membership, Person]]:
    """Who acts for a department (its slug), longest first. Raises DatabaseError."""
    with context.reading() as session:
        return members(session, department)


def add_colleague(context: UseCaseContext, department: str, name: str, email: str, role: Role, by: SignedIn) -> bool:
    """A manager gives somebody access, or accepts who came in by a domain; False when both is so already.

    The colleague gets the level of who vouches. The other managers are told. Raises BarredAddressError,
    TooManyMessagesError or DatabaseError.
    """
    with context.writing() as session:
        person = person_named(session, email, by.language)
        place = membership(session, person.id, department)
        unaccepted = place is not None and place.role != Role.REMOVED and place.accepted_at is None
        level = VerificationLevel(
            max((proof.rung for proof in proofs(session, department, by.id)), default=VerificationLevel.OFFICIAL_DOMAIN)
        )
        detail = f"added by {by.email}"
        joined = grant(session, person, department, level, Method.COLLEAGUE, detail, by.email, role)
        if not joined and not unaccepted:
            return False
        message = context.writer(by.language).added_to_department(name, by.email, f"{context.site()}/sign-in")
        context.queue(session, person.email, message, kind=MailKind.REQUESTED)
        for colleague in managers(session, department):
            if colleague.id not in (by.id, person.id):
                writer = context.writer(colleague.language)
                message = writer.joined(name, person.email, f"{writer.site}/desk/{department}/people")
                context.queue(session, colleague.email, message)
        return True


def remove_colleague(context: UseCaseContext, department: str, number: int, by: SignedIn) -> bool:
    """Take somebody's access away; the last accepted manager stays. Raises DatabaseError."""
    with context.writing() as session:
        last = {person.id for person in managers(session, department)} == {number}
        for place, person in members(session, department):
            if person.id == number and not last:
                place.role = Role.REMOVED
                session.add(place)
                log(session, Author(by.email, ""), LogKind.PERSON, person.email, "left", {"department": department})
                return True
        return False
