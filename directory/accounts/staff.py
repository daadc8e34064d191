"""Moderators and administrators: who they are, and appointing them."""

from typing import NamedTuple

from directory.db.log import Author, log
from directory.db.queries.accounts import clear_second_factors, delete_sessions, passkeys, person_named, staff
from directory.db.tables.accounts import Staff
from directory.db.tables.log import LogKind
from directory.use_case_context import UseCaseContext


class StaffMember(NamedTuple):
    """A moderator or administrator, and whether an app or a passkey is set up as the second factor."""

    email: str
    role: Staff
    has_second_factor: bool


def staff_members(context: UseCaseContext) -> list[StaffMember]:
    """Everybody of staff, by address. Raises DatabaseError."""
    with context.reading() as session:
        return [
            StaffMember(person.email, person.staff,
                        bool(person.totp_secret or passkeys(session, person.id)))
            for person in staff(session)
        ]  # fmt: skip


def appoint(context: UseCaseContext, email: str, role: Staff, by: str) -> None:
    """Make somebody moderator or administrator, or neither.

    Raises BarredAddressError or DatabaseError.
    """
    with context.writing() as session:
        person = person_named(session, email, "en")
        if person.staff == role:
            return
        person.staff = role
        session.add(person)
        delete_sessions(session, person.id)
        if not role:
            clear_second_factors(session, person)
        log(session, Author(by, ""), LogKind.PERSON, person.email, f"became {role}" if role else "is no longer staff")
        if role:
            message = context.writer(person.language).staff_added(role, f"{context.site()}/sign-in")
            context.queue(session, person.email, message)
