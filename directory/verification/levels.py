"""Verification levels: how somebody proves to belong to a department, each with a date and a method."""

from dataclasses import dataclass
from enum import IntEnum

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import members, membership, proofs
from directory.db.tables.accounts import Membership, Method, Person, Proof, Role
from directory.db.tables.domains import ConfirmedDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.verification.mail_domains import domain_of, is_dropped, registered_for
from directory.verification.membership import accept, take_in
from directory.zones.departments.owner import Owner
from directory.zones.keys import department_slug


class VerificationLevel(IntEnum):
    """How high somebody stands. The proven e-mail address is the ground."""

    OFFICIAL_DOMAIN = 1
    OWN_DOMAIN = 2
    CALL_BACK = 3


PERSONAL = frozenset({Method.COLLEAGUE, Method.CALL_BACK})
"""Methods by which somebody knows the person, not only the address's domain."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A person's place in a department, with the proofs."""

    membership: Membership | None
    proofs: tuple[Proof, ...]

    @property
    def verified(self) -> bool:
        """Whether the person is proven to speak for the department."""
        return self.membership is not None and bool(self.proofs)

    @property
    def accepted(self) -> bool:
        """Whether a moderator or manager has accepted what this proven person does."""
        return self.verified and self.membership is not None and self.membership.accepted_at is not None


def verification_of(session: Session, person: Person, department: str) -> Verification:
    """Where a person stands for a department."""
    number = person.id
    place = membership(session, number, department)
    if place is not None and place.role == Role.REMOVED:
        place = None
    return Verification(place, tuple(proofs(session, department, number)))


def raise_level(session: Session, person: Person, owner: Owner) -> bool:
    """Give a person the levels that the address alone proves. Returns whether the person newly joined."""
    department = department_slug(owner.department, owner.state)
    domain = domain_of(person.email)
    row = registered_for(session, domain, owner)
    if row is not None:
        return grant(session, person, department, VerificationLevel.OFFICIAL_DOMAIN, Method.OFFICIAL_DOMAIN,
                     f"{domain} is registered for {row.place}, {row.state} ({row.source})", "directory",
                     domain=domain)  # fmt: skip
    confirmed = session.get(ConfirmedDomain, (domain, department))
    if confirmed is not None and not is_dropped(session, domain, confirmed.at):
        return grant(session, person, department, VerificationLevel.OWN_DOMAIN, Method.MODERATOR,
                     f"{domain}, confirmed by a moderator: {confirmed.evidence}", "directory",
                     domain=domain)  # fmt: skip
    return False


def grant(
    session: Session,
    person: Person,
    department: str,
    level: VerificationLevel,
    method: Method,
    detail: str,
    by: str,
    role: Role | None = None,
    *,
    domain: str = "",
) -> bool:
    """Note a level, and take the person into the department: as `role`, else the first as manager, others as editor.

    `domain` is the domain on which the proof rests, where it rests on one. Returns whether the person was newly taken
    in.
    """
    proof = Proof(person_id=person.id, department=department, rung=level, method=method, detail=detail, domain=domain,
                  at=now(), noted_by=by)  # fmt: skip
    _note(session, person, proof)
    place = membership(session, person.id, department)
    if place is not None and place.role == Role.REMOVED and method in PERSONAL:
        session.delete(place)  # somebody who knows them let them in again
        session.flush()
    elif place is not None:
        if method in PERSONAL and place.accepted_at is None:
            place.role = role or place.role
            accept(session, person, department, by)
        session.flush()
        return False
    first = not any(place.role == Role.MANAGER for place, _ in members(session, department))
    take_in(session, person, department, role or (Role.MANAGER if first else Role.EDITOR), by)
    if method in PERSONAL:
        accept(session, person, department, by)
    return True


def _note(session: Session, person: Person, proof: Proof) -> None:
    """Keep a proof, unless the same is there already."""
    earlier = proofs(session, proof.department, person.id)
    if not any(one.method == proof.method and one.detail == proof.detail for one in earlier):
        session.add(proof)
        log(session, Author(proof.noted_by, proof.detail), LogKind.PERSON, person.email,
            f"reached rung {int(proof.rung)}",
            {"department": proof.department, "method": proof.method.value})  # fmt: skip
