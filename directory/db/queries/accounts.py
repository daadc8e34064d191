"""Queries about people, memberships, proofs and domains."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, delete, update
from sqlmodel import Session, col, func, select

from directory.clock import now
from directory.db.tables.accounts import (
    BarredSender,
    Link,
    LinkPurpose,
    LoginSession,
    Membership,
    Passkey,
    Person,
    Proof,
    Role,
    Staff,
)
from directory.db.tables.domains import ConfirmedDomain, DepartmentTown, OfficialDomain
from directory.mail_address import BarredAddressError, mailbox_of


def person_by_email(session: Session, email: str) -> Person | None:
    """The person of an address, in whatever form of the same mailbox it is given."""
    return session.exec(select(Person).where(col(Person.mailbox) == mailbox_of(email))).first()


def staff_count(session: Session) -> int:
    """How many moderators and administrators there are."""
    return session.exec(select(func.count()).select_from(Person).where(col(Person.staff) != Staff.NONE)).one()


def barred_forms(email: str) -> list[str]:
    """What may be barred of an address: its mailbox, its domain, and every domain above that."""
    mailbox = mailbox_of(email)
    labels = mailbox.rpartition("@")[2].split(".")
    return [mailbox, *(".".join(labels[start:]) for start in range(len(labels) - 1))]


def is_barred(session: Session, email: str) -> bool:
    """Whether an address may not act here, in whatever form of the same mailbox it is given."""
    query = select(BarredSender.value).where(col(BarredSender.value).in_(barred_forms(email)))
    return session.exec(query.limit(1)).first() is not None


def person_named(session: Session, email: str, language: str) -> Person:
    """The person of a proven address, made if need be. Raises BarredAddressError."""
    if is_barred(session, email):
        raise BarredAddressError(email)
    person = person_by_email(session, email)
    if person is None:
        person = Person(email=email, mailbox=mailbox_of(email), language=language, created_at=now())
        session.add(person)
        session.flush()
    return person


def lock_person(session: Session, number: int) -> Person:
    """A person's row as it is now; until this transaction ends, others wait for theirs of the same person."""
    locked = select(Person).where(col(Person.id) == number).with_for_update()
    return session.exec(locked.execution_options(populate_existing=True)).one()


def open_session(session: Session, digest: str) -> tuple[LoginSession, Person, list[Membership]] | None:
    """An unexpired session with its person and the departments they act for: one query. None for any other digest."""
    acts_for = and_(col(Membership.person_id) == col(Person.id), col(Membership.role) != Role.REMOVED)
    query = (
        select(LoginSession, Person, Membership)
        .join(Person, col(Person.id) == col(LoginSession.person_id))
        .outerjoin(Membership, acts_for)
        .where(col(LoginSession.digest) == digest, col(LoginSession.expires_at) > now())
        .order_by(col(Membership.department))
    )
    rows = session.exec(query).all()
    if not rows:
        return None
    return rows[0][0], rows[0][1], [row[2] for row in rows if row[2] is not None]


def note_second_factor(session: Session, digest: str) -> None:
    """The second factor was given in this session."""
    session.execute(update(LoginSession).where(col(LoginSession.digest) == digest).values(second_factor_at=now()))


def delete_session(session: Session, digest: str) -> None:
    """End one session."""
    session.execute(delete(LoginSession).where(col(LoginSession.digest) == digest))


def delete_sessions(session: Session, person_id: int) -> None:
    """End every session of a person."""
    session.execute(delete(LoginSession).where(col(LoginSession.person_id) == person_id))


def passkeys(session: Session, person_id: int) -> list[Passkey]:
    """A person's passkeys, oldest first."""
    query = select(Passkey).where(col(Passkey.person_id) == person_id)
    return list(session.exec(query.order_by(col(Passkey.added_at), col(Passkey.credential_id))))


def use_passkey(session: Session, key: Passkey, sign_count: int) -> bool:
    """Note a use; False when another use of the key was noted since it was read. One statement decides."""
    result = session.execute(
        update(Passkey)
        .where(col(Passkey.credential_id) == key.credential_id, col(Passkey.sign_count) == key.sign_count)
        .values(sign_count=sign_count, used_at=now())
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def clear_second_factors(session: Session, person: Person) -> None:
    """Take a person's app and passkeys away, with the wrong codes counted so far."""
    person.totp_secret, person.code_failures, person.code_wait_until = "", 0, None
    session.add(person)
    session.execute(delete(Passkey).where(col(Passkey.person_id) == person.id))


def use_step(session: Session, number: int, step: int) -> bool:
    """Use up a time step of somebody's codes; False when it, or a later one, was used. One statement decides."""
    result = session.execute(
        update(Person).where(col(Person.id) == number, col(Person.totp_step) < step).values(totp_step=step)
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def staff(session: Session) -> list[Person]:
    """Moderators and administrators, by address."""
    return list(session.exec(select(Person).where(col(Person.staff) != Staff.NONE).order_by(col(Person.email))))


def memberships(session: Session, person_id: int) -> list[Membership]:
    """The departments a person acts for."""
    query = select(Membership).where(col(Membership.person_id) == person_id, col(Membership.role) != Role.REMOVED)
    return list(session.exec(query.order_by(col(Membership.department))))


def members(session: Session, department: str) -> list[tuple[Membership, Person]]:
    """Who acts for a department, longest first."""
    query = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.department) == department, col(Membership.role) != Role.REMOVED)
        .order_by(col(Membership.id))
    )
    return [(membership, person) for membership, person in session.exec(query)]


def accepted_members(session: Session, department: str) -> list[Person]:
    """Those of them whom a moderator or a manager accepted."""
    return [person for place, person in members(session, department) if place.accepted_at is not None]


def accepted_in_state(session: Session, state: str) -> list[tuple[Membership, Person]]:
    """Everybody whom somebody accepted in a department of this state (ct), longest first."""
    query = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.department).startswith(f"{state}/", autoescape=True))
        .where(col(Membership.role) != Role.REMOVED, col(Membership.accepted_at).is_not(None))
        .order_by(col(Membership.id))
    )
    return [(membership, person) for membership, person in session.exec(query)]


def noted_towns(session: Session, department: str) -> list[DepartmentTown]:
    """The towns that a moderator noted for a department, by slug."""
    query = select(DepartmentTown).where(col(DepartmentTown.department) == department)
    return list(session.exec(query.order_by(col(DepartmentTown.town))))


def is_known(session: Session, person_id: int | None) -> bool:
    """Whether somebody is of staff, or accepted in a department: whoever only has an address is a stranger."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person is not None and (
        bool(person.staff) or any(place.accepted_at is not None for place in memberships(session, person.id))
    )


def membership(session: Session, person_id: int, department: str) -> Membership | None:
    """A person's place in a department, also a lost one."""
    query = select(Membership).where(col(Membership.person_id) == person_id, col(Membership.department) == department)
    return session.exec(query).first()


def proofs(session: Session, department: str, person_id: int | None = None) -> list[Proof]:
    """The proofs for a department, oldest first; by one person or by anybody."""
    query = select(Proof).where(col(Proof.department) == department).order_by(col(Proof.id))
    if person_id is not None:
        query = query.where(col(Proof.person_id) == person_id)
    return list(session.exec(query))


def proven_places(session: Session, person_ids: Iterable[int]) -> set[tuple[int, str]]:
    """(Person, department) wherever one of these people has a place that a proof supports."""
    query = (
        select(Membership.person_id, Membership.department)
        .join(Proof, and_(col(Proof.person_id) == Membership.person_id, col(Proof.department) == Membership.department))
        .where(col(Membership.person_id).in_(set(person_ids)), col(Membership.role) != Role.REMOVED)
        .distinct()
    )
    return {(person_id, department) for person_id, department in session.exec(query)}


def proofs_of(session: Session, person_id: int) -> list[Proof]:
    """The proofs of a person for any department, oldest first."""
    return list(session.exec(select(Proof).where(col(Proof.person_id) == person_id).order_by(col(Proof.id))))


def confirmed_domains(session: Session, department: str) -> list[ConfirmedDomain]:
    """Every domain a moderator confirmed for a department."""
    return list(session.exec(select(ConfirmedDomain).where(col(ConfirmedDomain.department) == department)))


def confirmations_of(session: Session, domain: str) -> list[ConfirmedDomain]:
    """For which departments a moderator confirmed a domain."""
    query = select(ConfirmedDomain).where(col(ConfirmedDomain.domain) == domain)
    return list(session.exec(query.order_by(col(ConfirmedDomain.department))))


def has_official_domains(session: Session) -> bool:
    """Whether a list of official domains was ever taken in."""
    return session.exec(select(OfficialDomain.domain).limit(1)).first() is not None


def add_official_domains(session: Session, rows: Iterable[OfficialDomain]) -> int:
    """Add or renew rows of the table of official domains; returns how many."""
    count = 0
    for row in rows:
        session.merge(row)
        count += 1
    return count


def links_mailed(session: Session, purpose: LinkPurpose, email: str, since: datetime) -> list[Link]:
    """The links of a kind that were mailed to somebody since then, newest first; also spent and expired ones."""
    query = select(Link).where(col(Link.email) == email, col(Link.purpose) == purpose, col(Link.created_at) > since)
    return list(session.exec(query.order_by(col(Link.created_at).desc())))


def official_domains(
    session: Session, search: str = "", state: str = "", *, dropped: bool = False, limit: int | None = None
) -> list[OfficialDomain]:
    """Rows of the table of official domains, by domain: whose domain or place holds `search`; of one state.

    `dropped`: only those that prove nothing any more, which are among the others otherwise.
    """
    query = select(OfficialDomain).order_by(col(OfficialDomain.domain)).limit(limit)
    if search:
        query = query.where(
            col(OfficialDomain.domain).icontains(search, autoescape=True)
            | col(OfficialDomain.place).icontains(search, autoescape=True)
        )
    if state:
        query = query.where(col(OfficialDomain.state) == state)
    if dropped:
        query = query.where(col(OfficialDomain.dropped_at).is_not(None))
    return list(session.exec(query))


def all_confirmed_domains(session: Session) -> list[ConfirmedDomain]:
    """Every domain that a moderator confirmed for a department, by domain."""
    return list(session.exec(select(ConfirmedDomain).order_by(col(ConfirmedDomain.domain))))


def proofs_by_domain(session: Session) -> list[tuple[Proof, Person]]:
    """The proofs that rest on a domain, of people who still belong to the department."""
    query = (
        select(Proof, Person)
        .join(Person, col(Person.id) == col(Proof.person_id))
        .join(Membership, (col(Membership.person_id) == col(Proof.person_id))
              & (col(Membership.department) == col(Proof.department)))
        .where(col(Proof.domain) != "", col(Membership.role) != Role.REMOVED)
        .order_by(col(Proof.domain), col(Proof.id))
    )  # fmt: skip
    return [(proof, person) for proof, person in session.exec(query)]


def spend(session: Session, digest: str, purpose: LinkPurpose) -> Link | None:
    """Spend a link: its row, or None when it is unknown, expired or spent. One statement decides between two clicks."""
    result = session.execute(
        update(Link)
        .where(
            col(Link.digest) == digest, col(Link.purpose) == purpose, col(Link.spent_at).is_(None),
            col(Link.expires_at) > now(),
        )
        .values(spent_at=now())
    )  # fmt: skip
    return session.get(Link, digest) if result.rowcount == 1 else None  # type: ignore[attr-defined]
