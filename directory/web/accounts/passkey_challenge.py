"""The challenge of a passkey: kept in the session for one answer, for ten minutes."""

import time

from flask import session

from directory.accounts.passkeys import PasskeyRefusedError, PasskeyRequest

ENTRY = "passkey_challenge"
SECONDS = 600


def remember_challenge(passkey_request: PasskeyRequest) -> str:
    """Keep the challenge, instead of an earlier one; returns the options for the page's script."""
    session[ENTRY] = [passkey_request.challenge, int(time.time())]
    return passkey_request.options


def take_challenge() -> str:
    """The challenge that this browser was given last: once only. Raises PasskeyRefusedError."""
    challenge, given_at = session.pop(ENTRY, ("", 0))
    if not challenge or time.time() - given_at > SECONDS:
        raise PasskeyRefusedError("the page was open for too long, or answered already")
    return str(challenge)
