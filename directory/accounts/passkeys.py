"""Passkeys (WebAuthn) of staff: a second factor that cannot be guessed, nor asked for by another site."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from directory.accounts.authentication import SignedIn
from directory.accounts.second_factor import factors_now
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import lock_person, note_second_factor, passkeys, use_passkey
from directory.db.tables.accounts import Passkey
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.errors import BadInputError
from directory.mail_address import mailbox_of
from directory.use_case_context import UseCaseContext

if TYPE_CHECKING:  # a quarter of a second that only these pages need
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

NAME = "Safe Zone Directory"
MOST_PASSKEYS = 10


class PasskeyRefusedError(BadInputError):
    """What the browser answered proves nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class PasskeyRequest:
    """What the browser is asked: the options as JSON for the script, and the challenge (base64url) to remember."""

    options: str
    challenge: str


def _host(context: UseCaseContext) -> str:
    """The name for which a passkey is good: the host of the site's address (https://example.org)."""
    return urlsplit(context.site()).hostname or ""


def request_new(context: UseCaseContext, who: SignedIn) -> PasskeyRequest:
    """Ask the browser for a new passkey. Raises DatabaseError."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    with context.reading() as session:
        descriptors = _descriptors(session, who)
    handle = hmac.digest(
        context.links.signing_keys.newest.encode(), f"passkey|{mailbox_of(who.email)}".encode(), sha256
    )
    options = generate_registration_options(
        rp_id=_host(context), rp_name=NAME, user_id=handle, user_name=who.email, exclude_credentials=descriptors,
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.REQUIRED),
    )  # fmt: skip
    return PasskeyRequest(options_to_json(options), bytes_to_base64url(options.challenge))


def request_use(context: UseCaseContext, who: SignedIn) -> PasskeyRequest:
    """Ask the browser to use one of the person's passkeys. Raises DatabaseError."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import UserVerificationRequirement

    with context.reading() as session:
        descriptors = _descriptors(session, who)
    options = generate_authentication_options(
        rp_id=_host(context), allow_credentials=descriptors, user_verification=UserVerificationRequirement.REQUIRED
    )
    return PasskeyRequest(options_to_json(options), bytes_to_base64url(options.challenge))


def _descriptors(session: Session, who: SignedIn) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in passkeys(session, who.id)
    ]


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever the library stumbles over in what a browser wrote, it proves nothing."""
    try:
        yield
    except Exception as error:
        raise PasskeyRefusedError(str(error)) from error


def add_passkey(context: UseCaseContext, who: SignedIn, challenge: str, answer: str, name: str) -> None:
    """Keep a new passkey (`answer` is the browser's JSON). Raises PasskeyRefusedError or DatabaseError."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    with _refusing():
        verified = verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=_host(context),
            expected_origin=context.site(), require_user_verification=True,
        )  # fmt: skip
    credential_id = bytes_to_base64url(verified.credential_id)
    with context.writing() as session:
        lock_person(session, who.id)
        if session.get(Passkey, credential_id) is not None or len(passkeys(session, who.id)) >= MOST_PASSKEYS:
            raise PasskeyRefusedError("the passkey is known already, or there are ten")
        session.add(
            Passkey(
                credential_id=credential_id, person_id=who.id, public_key=verified.credential_public_key,
                sign_count=verified.sign_count, name=name, added_at=now(),
            )
        )  # fmt: skip
        log(session, Author(who.email, name), LogKind.PERSON, who.email, "added a passkey")


def check_passkey(context: UseCaseContext, who: SignedIn, challenge: str, answer: str) -> None:
    """Take a passkey as the second factor of this session. Raises PasskeyRefusedError or DatabaseError."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    with _refusing():
        credential = parse_authentication_credential_json(answer)
    with context.writing() as session:
        key = session.get(Passkey, credential.id)
        if key is None or key.person_id != who.id:
            raise PasskeyRefusedError("the passkey is not this person's")
        with _refusing():
            verified = verify_authentication_response(
                credential=credential, expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=_host(context), expected_origin=context.site(), credential_public_key=key.public_key,
                credential_current_sign_count=key.sign_count, require_user_verification=True,
            )  # fmt: skip
        if not use_passkey(session, key, verified.new_sign_count):
            raise PasskeyRefusedError("the passkey was used at the same moment elsewhere")
        note_second_factor(session, who.session)


def remove_passkey(context: UseCaseContext, who: SignedIn, credential_id: str) -> bool:
    """Delete a passkey of the person; False when it is not theirs or the last factor. Raises DatabaseError."""
    with context.writing() as session:
        person = lock_person(session, who.id)
        key = session.get(Passkey, credential_id)
        if key is None or key.person_id != who.id or factors_now(session, person, who).count == 1:
            return False
        session.delete(key)
        log(session, Author(who.email, key.name), LogKind.PERSON, who.email, "removed a passkey")
        return True
