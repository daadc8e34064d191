"""Forms that a browser sends for a page of another site, or of this one under another address than the configured."""

from urllib.parse import urlsplit

from flask import request

from directory.errors import NotAllowedError
from directory.web.http.urls import local_path, public_address

ASKED_HOST = "safezones.asked_host"
"""The host of the request as it came, in the WSGI environment, where the configured one was put in its place."""


class OtherSiteError(NotAllowedError):
    """A form of a page of another site."""


def refuse_other_sites() -> None:
    """Refuse a form that a browser sends for a page of another site. Raises OtherSiteError.

    Browsers say so in `Sec-Fetch-Site`, which scripts cannot set; older ones, and all on plain HTTP, name the page's
    site in `Origin`. What names neither is no browser, and acts for nobody but its own sender.
    The page of the same name without TLS is another site, too: whoever is on the way may write it.
    """
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    is_own = site in ("same-origin", "none") if site else not origin or origin in _origins()
    if not is_own:
        raise OtherSiteError


def opened_at() -> str:
    """The address under which a browser has this site open, where that is not the site's own; else empty.

    There no form is taken: its page counts as another site's, or its session was not kept, for want of TLS.
    """
    origin = request.headers.get("Origin", "")
    host = request.environ.get(ASKED_HOST, request.host)
    is_ours = origin in (f"http://{host}", f"https://{host}") and origin not in _origins()
    return origin if is_ours else ""


def same_page_here() -> str:
    """The page that the form was on, at the site's own address."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    return public_address() + (local_path(came_from.path) or "/")


def _origins() -> tuple[str, ...]:
    """Of this site's pages; a proxy may speak TLS without saying so."""
    secure = f"https://{request.host}"
    return (secure,) if request.is_secure else (secure, f"http://{request.host}")
