"""Forms that a browser sends for a page of another site, with a token or without."""

from flask import abort, request


def refuse_other_sites() -> None:
    """Refuse a form (403) that a browser sends for a page of another site.

    Browsers say so in `Sec-Fetch-Site`, which scripts cannot set; older ones, and all on plain HTTP, name the page's
    site in `Origin`. What names neither is no browser, and acts for nobody but its own sender.
    The page of the same name without TLS is another site, too: whoever is on the way may write it.
    """
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    is_own = site in ("same-origin", "none") if site else not origin or origin in _origins()
    if not is_own:
        abort(403)


def _origins() -> tuple[str, ...]:
    """Of this site's pages; a proxy may speak TLS without saying so."""
    secure = f"https://{request.host}"
    return (secure,) if request.is_secure else (secure, f"http://{request.host}")
