"""Verification levels: how somebody proves to belong to a department, each with a date and a method."""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import confirmed_domains, members, membership, proofs
from directory.db.tables.accounts import Membership, Method, Person, Proof, Role
from directory.db.tables.domains import ConfirmedDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.text import translatable
from directory.verification.domain_probe import Fetcher, ProbeFailedError, Resolver
from directory.verification.mail_domains import (
    PUBLIC_PROVIDERS,
    domain_of,
    is_dropped,
    registered_for,
)
from directory.zones.evidence.sources import host_of
from directory.zones.keys import department_slug
from directory.zones.owners import Owner


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
    number = person.id
    if not any(proof.method == method and proof.detail == detail for proof in proofs(session, department, number)):
        session.add(
            Proof(person_id=number, department=department, rung=level, method=method, detail=detail, domain=domain,
                  at=now(), noted_by=by)
        )  # fmt: skip
        log(session, Author(by, detail), LogKind.PERSON, person.email, f"reached rung {int(level)}",
            {"department": department, "method": method.value})  # fmt: skip
    place = membership(session, number, department)
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
    _take_in(session, person, department, role or (Role.MANAGER if first else Role.EDITOR), by)
    if method in PERSONAL:
        accept(session, person, department, by)
    return True


def _take_in(session: Session, person: Person, department: str, role: Role, by: str) -> None:
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


def confirm_domain(session: Session, domain: str, department: str, evidence: str, by: str) -> None:
    """A moderator saw the domain on the town's own page: addresses at it belong to the department."""
    session.merge(ConfirmedDomain(domain=domain, department=department, evidence=evidence, at=now(), confirmed_by=by))
    log(session, Author(by, evidence), LogKind.DOMAIN, domain, "confirmed", {"department": department})
    session.flush()


def provable_domain(session: Session, person: Person, department: str, web_page: str) -> str:
    """The domain whose owner this person may prove to be by a code: the address's own, if it is the department's.

    Empty when the address is elsewhere: a code on a domain that nobody connects with the department proves nothing.
    """
    domain = domain_of(person.email)
    own_domains = {host_of(web_page), *(row.domain for row in confirmed_domains(session, department))}
    return domain if domain in own_domains and not is_dropped(session, domain) else ""


def code(signing_key: str, person: Person, department: str, domain: str) -> str:
    """The code to place on the domain: the same each time it is asked for."""
    claim = f"{person.id}|{department}|{domain}".encode()
    return "safe-zone-directory=" + hmac.new(signing_key.encode(), claim, sha256).hexdigest()[:40]


def find_code(
    wanted: Collection[str], domain: str, resolver: Resolver, fetcher: Fetcher
) -> tuple[Method | None, list[str]]:
    """Look for one of the codes: (where it was found, what went wrong on the way)."""
    troubles: list[str] = []
    try:
        if any(text.strip() in wanted for text in resolver.texts(domain)):
            return Method.DNS, []
        troubles.append(translatable("DNS: the code is in no TXT record yet"))
    except ProbeFailedError as error:
        troubles.append(error.why)
    try:
        if any(line.strip() in wanted for line in fetcher.fetch(domain).splitlines()):
            return Method.WELL_KNOWN, []
        troubles.append(translatable("the file on the web server does not hold the code"))
    except ProbeFailedError as error:
        troubles.append(error.why)
    return None, troubles
