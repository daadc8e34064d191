"""Signing in by mailed link, second factors, and who may do what."""

import hmac
import re
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import pyotp

from directory.records.accounts import (
    REMOVED,
    Link,
    Person,
    members,
    memberships,
    person_by_email,
    person_named,
    proofs,
    use_step,
)
from directory.records.database import Session, transaction
from directory.records.writing import By, log
from directory.submissions.links import make_link, peek, spend_link
from directory.submissions.office import Office
from directory.submissions.proving import Method, Role, Rung, reach


class Staff(StrEnum):
    """Who looks after the directory itself."""

    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person as the pages know them; `places` are (department slug, role)."""

    id: int
    email: str
    language: str
    staff: str
    epoch: int
    has_totp: bool
    places: tuple[tuple[str, str], ...]

    def role_in(self, department: str) -> str:
        """The person's role in a department, or empty."""
        return dict(self.places).get(department, "")


def load(office: Office, number: int) -> SignedIn | None:
    """A person by number. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        person = session.get(Person, number)
        return signed_in(session, person) if person else None


def signed_in(session: Session, person: Person) -> SignedIn:
    """The person with the departments they act for."""
    places = tuple((place.department, place.role) for place in memberships(session, cast(int, person.id)))
    return SignedIn(cast(int, person.id), person.email, person.language, person.staff, person.session_epoch,
                    bool(person.totp_secret), places)  # fmt: skip


def mail_sign_in_link(office: Office, email: str, language: str, site: str) -> None:
    """Mail a link to a known address; for an unknown one nothing happens, and the page says the same.

    Raises TooManyMails or DatabaseProblem.
    """
    with transaction(office.engine) as session:
        person = person_by_email(session, email)
        if person is None:
            return
        token = make_link(session, "sign_in", email, {})
        letter = office.writer(language, site).sign_in(f"{site.rstrip('/')}/sign-in/{token}")
        office.queue(session, email, letter, kind="requested")


def link_is_good(office: Office, purpose: str, token: str) -> Link | None:
    """The link while it is good; looking does not spend it. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        row = peek(session, purpose, token)
        if row is not None:
            session.expunge(row)
        return row


def sign_in(office: Office, token: str) -> SignedIn | None:
    """Spend a sign-in link. None when it is not good any more. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        link = spend_link(session, "sign_in", token)
        person = person_by_email(session, link.email) if link else None
        if person is None:
            return None
        log(session, By(person.email, "mailed link"), "person", person.email, "signed in")
        return signed_in(session, person)


def end_every_session(office: Office, number: int) -> None:
    """Sign a person out everywhere. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        person = session.get_one(Person, number)
        person.session_epoch += 1
        session.add(person)
        log(session, By(person.email, ""), "person", person.email, "signed out everywhere")


def new_totp_secret() -> str:
    """A secret for an app that shows six-digit codes."""
    return pyotp.random_base32()


def totp_address(email: str, secret: str) -> str:
    """What the QR code for the app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Safe Zone Directory")


def check_code(office: Office, number: int, given: str, new_secret: str = "") -> bool:
    """Check a six-digit code, each good once; with `new_secret` the code proves that the app was set up.

    Raises DatabaseProblem.
    """
    digits = "".join(given.split())
    if not re.fullmatch(r"[0-9]{6}", digits):
        return False
    with transaction(office.engine) as session:
        person = session.get_one(Person, number)
        secret = person.totp_secret or new_secret
        step = _step(secret, digits) if secret else None
        if step is None or not use_step(session, number, step):
            log(session, By(person.email, ""), "person", person.email, "wrong code")
            return False
        if not person.totp_secret:
            log(session, By(person.email, ""), "person", person.email, "set up codes")
        session.refresh(person)
        person.totp_secret = secret
        session.add(person)
        return True


def _step(secret: str, digits: str) -> int | None:
    """The time step whose code was given: now, or 30 seconds before or after."""
    totp = pyotp.TOTP(secret)
    current = int(time.time()) // totp.interval  # the app's clock is the world's, whatever ours rehearses
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.at(step * totp.interval), digits):
            return step
    return None


def appoint(office: Office, email: str, role: str, by: str, site: str) -> None:
    """Make somebody moderator or administrator, or (an empty role) neither. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        person = person_named(session, email, "en")
        if person.staff == role:
            return
        person.staff = role
        person.session_epoch += 1
        if not role:
            person.totp_secret = ""
        session.add(person)
        log(session, By(by, ""), "person", email, f"became {role}" if role else "is no longer staff")
        if role:
            letter = office.writer(person.language, site).staff_added(role, f"{site.rstrip('/')}/sign-in")
            office.queue(session, email, letter)


def add_colleague(office: Office, department: str, name: str, email: str, role: Role, by: SignedIn, site: str) -> bool:
    """A manager gives somebody access; False when they have it already. Raises DatabaseProblem.

    The colleague stands on the rung of who vouches.
    """
    with transaction(office.engine) as session:
        person = person_named(session, email, by.language)
        rung = Rung(max((proof.rung for proof in proofs(session, department, by.id)), default=Rung.OFFICIAL_DOMAIN))
        detail = f"added by {by.email}"
        if not reach(session, person, department, rung, Method.COLLEAGUE, detail, by.email, role):
            return False
        letter = office.writer(by.language, site).added_to_department(name, by.email, f"{site.rstrip('/')}/sign-in")
        office.queue(session, email, letter)
        return True


def remove_colleague(office: Office, department: str, number: int, by: SignedIn) -> bool:
    """Take somebody's access away; the last manager stays. Raises DatabaseProblem."""
    with transaction(office.engine) as session:
        found = members(session, department)
        managers = [place for place, _ in found if place.role == Role.MANAGER]
        for place, person in found:
            if person.id == number and not (place.role == Role.MANAGER and len(managers) == 1):
                place.role = REMOVED
                session.add(place)
                log(session, By(by.email, ""), "person", person.email, "left", {"department": department})
                return True
        return False
