"""Links in mails: signed ones, which open a draft, and single-use ones."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from directory.clock import now
from directory.db.queries.accounts import is_barred, spend
from directory.db.tables.accounts import Link, LinkPurpose
from directory.db.tables.contributions.submissions import Submission
from directory.db.transaction import Session
from directory.signing_keys import SigningKeys

LIFETIMES = {
    LinkPurpose.SIGN_IN: timedelta(minutes=30),
    LinkPurpose.PROVE_EMAIL: timedelta(days=7),
    LinkPurpose.STILL_RIGHT: timedelta(days=60),
    LinkPurpose.OBJECTION: timedelta(days=30),
}


class DraftKey(NamedTuple):
    """What a key opens: the submission of this number that was begun at this moment."""

    number: int
    owner: bool
    begun: str

    def opens(self, row: Submission) -> bool:
        """Whether it is this submission: after a restore a number may be somebody else's."""
        return self.begun in (row.created_at.isoformat(), BEFORE_KEYS_SAID)


BEFORE_KEYS_SAID = ""
"""Keys that earlier releases mailed say nothing of when a submission was begun."""


@dataclass(frozen=True, slots=True)
class DraftLinks:
    """Makes and reads the part of an address that opens a draft. Nothing is stored: the signature is the key.

    Two keys open a submission. The first one, of whoever began it, is good until an address has proven it; after
    that only the owner's key is, which is mailed to that address alone. So nobody can make a draft, let somebody
    else prove it, and go on in that person's name.
    """

    signing_keys: SigningKeys

    def key(self, row: Submission, *, owner: bool = False) -> str:
        """A key of a submission."""
        return str(self._signer().dumps([row.id, int(owner), row.created_at.isoformat()]))

    def read(self, key: str) -> DraftKey | None:
        """What a key opens; None for a key that is not ours."""
        try:
            number, owner, *begun = self._signer().loads(key)
        except (BadSignature, TypeError, ValueError):
            return None
        return DraftKey(int(number), bool(owner), begun[0] if begun else BEFORE_KEYS_SAID)

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.signing_keys, salt="draft", signer_kwargs={"digest_method": sha256})


def token_digest(token: str) -> str:
    """What is kept of a token that somebody else holds."""
    return sha256(token.encode()).hexdigest()


def make_link(session: Session, purpose: LinkPurpose, email: str, subject: dict[str, Any]) -> str:
    """A new single-use link's token for `email`."""
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        Link(
            digest=token_digest(token), purpose=purpose, email=email, subject=subject,
            created_at=at, expires_at=at + LIFETIMES[purpose],
        )
    )  # fmt: skip
    return token


def peek(session: Session, purpose: LinkPurpose, token: str) -> Link | None:
    """The link's row while it is still good, without spending it: mail scanners open links too."""
    row = session.get(Link, token_digest(token))
    good = row is not None and row.purpose == purpose and row.spent_at is None and row.expires_at > now()
    return row if good and row is not None and not is_barred(session, row.email) else None


def spend_link(session: Session, purpose: LinkPurpose, token: str) -> Link | None:
    """Spend the link; None when it is unknown, expired or spent already, or its address is barred."""
    row = spend(session, token_digest(token), purpose)
    return row if row is not None and not is_barred(session, row.email) else None
