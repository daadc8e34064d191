"""Browsers that were signed in before: a cookie that names nobody, for a budget of sign-in mails of their own."""

import hmac
from hashlib import sha256

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, TimestampSigner

from directory.mail_address import mailbox_of
from directory.web.http.container import container

YEAR_SECONDS = 365 * 86_400
PATH = "/sign-in"
"""The only pages to which the browser sends it."""


def remember_device(email: str) -> None:
    """Mark this browser, with the answer to this request, as one in which the mailbox's owner was signed in."""
    key = container().signing_keys.newest
    mark = _mark(key, email)
    value = _signer(key).sign(mark).decode()

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _name(mark), value, max_age=YEAR_SECONDS, path=PATH, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return response


def is_known_device(email: str) -> bool:
    """Whether the mailbox's owner was signed in with this browser within a year."""
    return any(_is_marked(key, email) for key in container().signing_keys.newest_first)


def _is_marked(key: str, email: str) -> bool:
    mark = _mark(key, email)
    try:
        cookie = _signer(key).unsign(request.cookies.get(_name(mark), ""), max_age=YEAR_SECONDS)
    except BadSignature:
        return False
    return hmac.compare_digest(cookie.decode(), mark)


def _mark(key: str, email: str) -> str:
    """A name for the mailbox that only this site can make: the address cannot be found by trying."""
    return hmac.new(key.encode(), f"device|{mailbox_of(email)}".encode(), sha256).hexdigest()


def _name(mark: str) -> str:
    """The cookie's name: several people may share a browser."""
    return f"device_{mark[:12]}"


def _signer(key: str) -> TimestampSigner:
    return TimestampSigner(key, salt="device", digest_method=sha256)
