"""The cookie of a session: which paths have one, what signs it, and when it ends."""

from datetime import UTC, datetime

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from directory.web.http.urls import for_operators, for_others

ENDS_AT = "ends_at"
"""The entry of a signed-in session that says when it ends, in seconds since 1970."""


class OwnPagesSessionInterface(SecureCookieSessionInterface):
    """No session where other sites and programs ask: no cookie is read there, and none can be set by mistake."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page of ours, or None."""
        path = request.path
        if for_others(path) or for_operators(path):
            return None
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()  # without the keys that would read it
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """As Flask's own, with the site's keys as they are now: they may be rotated while it runs."""
        return URLSafeTimedSerializer(
            app.config["SIGNING_KEYS"], salt=self.salt, serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )  # fmt: skip

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:  # noqa: ARG002
        """The cookie of somebody signed in ends when the session does; every other with the browser."""
        ends_at = session.get(ENDS_AT)
        return datetime.fromtimestamp(ends_at, UTC) if session.permanent and ends_at else None
