"""The second factor of staff: six-digit codes of an app (TOTP), wrong ones counted for each account."""

import hmac
import re
import time
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author, log, logged_since
from directory.db.queries.accounts import (
    clear_second_factors,
    delete_sessions,
    lock_person,
    note_second_factor,
    passkeys,
    person_by_email,
    use_step,
)
from directory.db.tables.accounts import Passkey, Person
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.use_case_context import UseCaseContext

FAILURES_BEFORE_WAIT = 5
LONGEST_WAIT = timedelta(hours=1)
TOLD_EVERY = timedelta(days=1)
TOLD = "told of wrong codes"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person may prove themselves with, and whether an app may be set up now."""

    app: bool
    passkeys: tuple[Passkey, ...]
    may_set_up_app: bool

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.app) + len(self.passkeys)


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """Whether a code was right; otherwise perhaps the time until which no other is looked at."""

    right: bool
    wait_until: datetime | None = None


def factors_of(context: UseCaseContext, who: SignedIn) -> Factors:
    """A person's second factors. Raises DatabaseError."""
    with context.reading() as session:
        return factors_now(session, session.get_one(Person, who.id), who)


def factors_now(session: Session, person: Person, who: SignedIn) -> Factors:
    """The same inside the caller's transaction."""
    keys = tuple(passkeys(session, who.id))
    # Who has only the mailed link must not add an app beside the passkeys that are asked for.
    may_set_up = not person.totp_secret and (who.second_factor or not keys)
    return Factors(bool(person.totp_secret), keys, may_set_up)


def totp_secret(signing_key: str, seed: str) -> str:
    """The secret of an app that is being set up. The seed lies in a readable cookie, and says nothing of the secret."""
    return b32encode(hmac.digest(signing_key.encode(), f"totp|{seed}".encode(), sha256)[:20]).decode()


def totp_address(email: str, secret: str) -> str:
    """What the QR code for the app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Safe Zone Directory")


def check_code(context: UseCaseContext, who: SignedIn, code_text: str, new_secrets: Sequence[str] = ()) -> CodeCheck:
    """Check a six-digit code, each good once; it proves that an app was set up with one of `new_secrets`, if given.

    From the fifth wrong code in a row on, no code of this person is looked at for 1, 2, 4 … 60 minutes, whatever
    address it comes from, and its owner is told by mail. Raises DatabaseError.
    """
    digits, site = (
        "".join(code_text.split()),
        context.site(),
    )  # without an address no code is looked at, and none uncounted
    with context.writing() as session:
        person = lock_person(session, who.id)
        if person.code_wait_until is not None and person.code_wait_until > now():
            return CodeCheck(False, person.code_wait_until)
        if not re.fullmatch(r"[0-9]{6}", digits):
            return CodeCheck(False)
        may_set_up = not person.totp_secret and factors_now(session, person, who).may_set_up_app
        possible = [person.totp_secret] if person.totp_secret else list(new_secrets) if may_set_up else []
        secret = next((one for one in possible if _step(one, digits) is not None), "")
        step = _step(secret, digits) if secret else None
        if step is None or not use_step(session, who.id, step):
            return _count_failure(context, session, person, site)
        if not person.totp_secret:
            log(session, Author(person.email, ""), LogKind.PERSON, person.email, "set up codes")
        session.refresh(person)
        person.totp_secret, person.code_failures, person.code_wait_until = secret, 0, None
        session.add(person)
        note_second_factor(session, who.session)
        return CodeCheck(True)


def _step(secret: str, digits: str) -> int | None:
    """The time step whose code was given: now, or 30 seconds before or after."""
    totp = pyotp.TOTP(secret)
    current = int(time.time()) // totp.interval  # the app's clock is the world's, whatever ours rehearses
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.at(step * totp.interval), digits):
            return step
    return None


def _count_failure(context: UseCaseContext, session: Session, person: Person, site: str) -> CodeCheck:
    log(session, Author(person.email, ""), LogKind.PERSON, person.email, "wrong code")
    person.code_failures += 1
    wait = wait_after(person.code_failures)
    session.add(person)
    if not wait:
        return CodeCheck(False)
    person.code_wait_until = now() + wait
    if not logged_since(session, LogKind.PERSON, person.email, TOLD, now() - TOLD_EVERY):
        log(session, Author("directory", ""), LogKind.PERSON, person.email, TOLD)
        message = context.writer(person.language).wrong_codes(person.code_failures, f"{site}/sign-in")
        context.queue(session, person.email, message)
    return CodeCheck(False)


def wait_after(failures: int) -> timedelta:
    """For how long no code is looked at after so many wrong ones in a row."""
    if failures < FAILURES_BEFORE_WAIT:
        return timedelta(0)
    doublings = min(failures - FAILURES_BEFORE_WAIT, 10)
    return min(timedelta(minutes=2**doublings), LONGEST_WAIT)


def remove_app(context: UseCaseContext, who: SignedIn) -> bool:
    """Take the app's codes away; False when they are the last factor. Raises DatabaseError."""
    with context.writing() as session:
        person = lock_person(session, who.id)
        factors = factors_now(session, person, who)
        if not factors.app or factors.count == 1:
            return False
        person.totp_secret = ""
        session.add(person)
        log(session, Author(who.email, ""), LogKind.PERSON, who.email, "removed codes")
        return True


def reset_factors(context: UseCaseContext, email: str, contact: str) -> bool:
    """For staff who lost their app and keys, by the operator: at the next sign-in they set up a new app.

    Ends their sessions and tells them by mail, which names the site's `contact` if there is one. False when the address
    is no member of staff's. Raises DatabaseError.
    """
    with context.writing() as session:
        person = person_by_email(session, email)
        if person is None or not person.staff:
            return False
        clear_second_factors(session, person)
        delete_sessions(session, person.id)
        log(session, Author("operator", ""), LogKind.PERSON, person.email, "second factors reset")
        writer = context.writer(person.language)
        context.queue(session, person.email, writer.factors_reset(f"{writer.site}/sign-in", contact))
        return True
