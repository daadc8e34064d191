"""Headers that keep a page from doing what we did not write."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from directory.settings import Settings
from directory.web.http.urls import for_operators, for_others


def content_security_policy(settings: Settings, ancestors: str = "'none'", frames: str = "'none'") -> str:
    """Only our own scripts and styles; images also from the configured tile servers.

    `ancestors` may show the page in a frame, `frames` may be shown inside it.
    """
    tiles = urlsplit(settings.tile_url.replace("{s}.", "*."))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {tiles.scheme}://{tiles.netloc}",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-src {frames}",
            f"frame-ancestors {ancestors}",
        )
    )


def usual_headers(settings: Settings) -> dict[str, str]:
    """What every answer carries, unless its page says otherwise."""
    return {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
        "X-Content-Type-Options": "nosniff",
        # Tile servers refuse requests without a referrer: tell them the origin, never the searched address.
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


SECURE_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
OPEN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


FORM_BYTES = 64 * 1024
UPLOAD_BYTES = {"proposing.save_zone": 9_000_000, "kit.save": 9_000_000, "uploading.upload": 2_200_000}
"""How long a request's body may be: forms are short, photos and spreadsheets longer."""


def bound_body() -> None:
    """Bound the request's body, before a form's token is read from it."""
    request.max_content_length = UPLOAD_BYTES.get(request.endpoint or "", FORM_BYTES)


ENDS_AT = "ends_at"
"""The entry of a signed-in session that says when it ends, in seconds since 1970."""


class OwnPagesSessionInterface(SecureCookieSessionInterface):
    """No session where other sites and programs ask: no cookie is read there, and none can be set by mistake."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page of ours, or None."""
        return None if for_others() or for_operators() else super().open_session(app, request)

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:  # noqa: ARG002
        """The cookie of somebody signed in ends when the session does; every other with the browser."""
        ends_at = session.get(ENDS_AT)
        return datetime.fromtimestamp(ends_at, UTC) if session.permanent and ends_at else None


KEY = "safezones.security_headers"


def init_app(app: Flask, settings: Settings) -> None:
    """Make the headers of every kind of answer: for other sites or for our own pages, over HTTPS or not."""
    app.session_interface = OwnPagesSessionInterface()
    usual = usual_headers(settings) | {"Cache-Control": "no-cache"}
    app.extensions[KEY] = {
        (others, secure): usual | (OPEN_HEADERS if others else {}) | (SECURE_HEADERS if secure else {})
        for others in (False, True)
        for secure in (False, True)
    }


def add_headers(response: Response) -> None:
    """Add the headers that the view has not set itself."""
    present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  (headers iterate over pairs)
    if "frame-ancestors 'none'" not in response.headers.get("Content-Security-Policy", "frame-ancestors 'none'"):
        present.add("x-frame-options")  # would forbid what the page's own policy allows
    ready: dict[str, str] = current_app.extensions[KEY][for_others(), request.is_secure]
    response.headers.extend([header for header in ready.items() if header[0].lower() not in present])
