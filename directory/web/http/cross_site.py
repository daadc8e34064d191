"""Forms that a browser sends for a page of another site, with a token or without."""

from urllib.parse import urlsplit

from flask import abort, request


def refuse_other_sites() -> None:
    """Refuse a form (403) that a browser sends for a page of another site.

    Browsers say so in `Sec-Fetch-Site`, which scripts cannot set; older ones, and all on plain HTTP, name the page's
    site in `Origin`. What names neither is no browser, and acts for nobody but its own sender.
    """
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    is_own = site in ("same-origin", "none") if site else not origin or urlsplit(origin).netloc == request.host
    if not is_own:
        abort(403)
