"""Headers that keep a page from doing what we did not write."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import BadHost

from directory.settings import Settings, is_address
from directory.web.http.urls import FOR_OTHERS, for_operators, for_others

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]


def content_security_policy(settings: Settings, ancestors: str = "'none'", frames: str = "'none'") -> str:
    """Only our own scripts and styles; streets also from the servers that the operator configured.

    `ancestors` may show the page in a frame (empty: all may), `frames` may be shown inside it. A page inside other
    sites installs no service worker.
    """
    # Not "*": that refuses a page inside a sandboxed frame, whose origin nothing matches.
    framing = (f"frame-ancestors {ancestors}",) if ancestors else ()
    workers = "'self'" if ancestors == "'none'" else "'none'"
    # Pictures of streets are asked for only where there is no basemap.
    pictures = "" if settings.basemap else _origin(settings.tile_url.replace("{s}.", "*."))
    streets = _origin(settings.basemap) if is_address(settings.basemap) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {pictures}".rstrip(),
            f"connect-src 'self' {streets}".rstrip(),
            f"worker-src {workers}",
            "font-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-src {frames}",
            *framing,
        )
    )


def _origin(address: str) -> str:
    """Scheme and host of an address; empty for none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""


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
        "Cache-Control": "no-cache",
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
UPLOAD_BYTES = {
    "zone_editing.save_zone": 9_000_000, "town_profile.save": 9_000_000, "visits.send": 9_000_000,
    "spreadsheet_upload.upload": 2_200_000, "umbrella.upload": 2_200_000, "upload_corrections.save": 400_000,
    "department_zones.department_zones": 2_000_000,
}  # fmt: skip
"""How long a request's body may be: forms are short, photos, spreadsheets and zone lists longer."""


LONGEST_HOST = 300
"""Of a Host header, in characters: a name of DNS has 253, and a port. It is part of what caches are asked for."""


def bound_host(http_request: Request) -> None:
    """Refuse a Host header that is too long to name one. Raises BadHost."""
    if len(http_request.host) > LONGEST_HOST:
        raise BadHost


def bound_body(http_request: Request) -> None:
    """Bound the request's body, before a form's token is read from it."""
    http_request.max_content_length = UPLOAD_BYTES.get(http_request.endpoint or "", FORM_BYTES)


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


class SecurityHeaders:
    """A WSGI application in front of another, which adds to every answer the headers that it has not set itself."""

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        usual = usual_headers(settings)
        self._application = application
        self._ready = {
            (others, secure): list(
                (usual | (OPEN_HEADERS if others else {}) | (SECURE_HEADERS if secure else {})).items()
            )
            for others in (False, True)
            for secure in (False, True)
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with the headers for other sites or for our own pages, over HTTPS or not."""
        ready = self._ready[environ["PATH_INFO"].startswith(FOR_OTHERS), environ["wsgi.url_scheme"] == "https"]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *_missing(ready, headers)], *error)

        return self._application(environ, start)


def _missing(ready: Headers, headers: Headers) -> Headers:
    present = {name.lower(): value for name, value in headers}
    if "frame-ancestors 'none'" not in present.get("content-security-policy", "frame-ancestors 'none'"):
        present["x-frame-options"] = ""  # would forbid what the page's own policy allows
    return [header for header in ready if header[0].lower() not in present]
