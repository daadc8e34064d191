"""Headers that keep a page from doing what we did not write."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from directory.settings import Settings, is_address
from directory.web.http.urls import FOR_OTHERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
Write = Callable[[bytes], object]
"""What a server's start_response returns. Written out as an annotation below, it would be built for each request."""
NamedHeaders = list[tuple[str, tuple[str, str]]]
"""Headers, each under its name in small letters."""


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


class SecurityHeaders:
    """A WSGI application in front of another, which adds to every answer the headers that it has not set itself."""

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        usual = usual_headers(settings)
        self._application = application
        self._ready = {
            (others, secure): _named(usual | (OPEN_HEADERS if others else {}) | (SECURE_HEADERS if secure else {}))
            for others in (False, True)
            for secure in (False, True)
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with the headers for other sites or for our own pages, over HTTPS or not."""
        ready = self._ready[environ["PATH_INFO"].startswith(FOR_OTHERS), environ["wsgi.url_scheme"] == "https"]

        def start(status: str, headers: Headers, *error: Any) -> Write:
            return start_response(status, [*headers, *_missing(ready, headers)], *error)

        return self._application(environ, start)


def _named(headers: Mapping[str, str]) -> NamedHeaders:
    return [(name.lower(), (name, value)) for name, value in headers.items()]


def _missing(ready: NamedHeaders, headers: Headers) -> Headers:
    present = {name.lower(): value for name, value in headers}
    if "frame-ancestors 'none'" not in present.get("content-security-policy", "frame-ancestors 'none'"):
        present["x-frame-options"] = ""  # would forbid what the page's own policy allows
    return [header for name, header in ready if name not in present]
