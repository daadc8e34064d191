"""Members of a department: taken in, accepted by a moderator or manager, and its managers."""

from collections.abc import Sequence

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import members, membership, proofs
from directory.db.tables.accounts import Membership, Method, Person, Role
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.verification.mail_domains import PUBLIC_PROVIDERS, domain_of


def take_in(session: Session, person: Person, department: str, role: Role, by: str) -> None:
    """Make a person a member of the department (its slug), not accepted yet."""
    session.add(Membership(person_id=person.id, department=department, role=role, since=now(), added_by=by))
    log(session, Author(by, ""), LogKind.PERSON, person.email, f"became {role}", {"department": department})
    session.flush()


def accept(session: Session, person: Person, department: str, by: str) -> None:
    """Note that a moderator or manager accepts what a member does; who is no member, or accepted, stays as they are.

    The first whom anybody accepts is the department's manager, others are editors, except where a manager who
    vouched for them chose their role.
    """
    number = person.id
    place = membership(session, number, department)
    if place is None or place.role == Role.REMOVED or place.accepted_at is not None:
        return
    if not any(proof.method == Method.COLLEAGUE for proof in proofs(session, department, number)):
        place.role = Role.EDITOR if managers(session, department) else Role.MANAGER
    place.accepted_at, place.accepted_by = now(), by
    session.add(place)
    log(session, Author(by, ""), LogKind.PERSON, person.email, "accepted", {"department": department})
    session.flush()


def managers(session: Session, department: str) -> list[Person]:
    """The accepted managers of a department, longest first."""
    people = members(session, department)
    return [person for place, person in people if place.role == Role.MANAGER and place.accepted_at is not None]


def stands_alone(session: Session, person: Person, sender: str, departments: Sequence[str]) -> bool:
    """Whether a manager is more than an address that the sender's own mailbox may have let in.

    Who steals a manager's mailbox can give any address access: it must not approve what the mailbox sent.
    """
    domain = domain_of(person.email)
    if domain == domain_of(sender) and domain not in PUBLIC_PROVIDERS:
        return True
    own = (proof for slug in departments for proof in proofs(session, slug, person.id))
    return any(proof.method != Method.COLLEAGUE for proof in own)
