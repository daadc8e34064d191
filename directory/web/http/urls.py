"""Where this site is, for links in mails; and where a form may lead back to."""

from urllib.parse import urlsplit

from flask import abort, request

from directory.settings import LOOPBACK
from directory.web.http.container import container


def site_address() -> str:
    """The address that mails lead to.

    A Host header is anybody's to write, so that without a configured address only this machine's own is believed.
    """
    if container().settings.base_url:
        return container().settings.base_url
    if (urlsplit(request.host_url).hostname or "") not in LOOPBACK:
        abort(503, "SAFEZONES_BASE_URL is not set: mails would not know where to lead.")
    return request.host_url.rstrip("/")


FOR_MACHINES = ("/api/", "/openapi.json", "/oembed")
FOR_OPERATORS = ("/healthz", "/readyz", "/metrics")
FOR_OTHERS = (*FOR_MACHINES, "/downloads/", "/map/", "/suggest", "/embed")


def for_machines() -> bool:
    """Whether a program asks, which is told of problems in a form it can read."""
    return request.path.startswith(FOR_MACHINES)


def for_operators() -> bool:
    """Whether whoever watches the server asks: no session, no cookie, no language."""
    return request.path in FOR_OPERATORS


def for_others() -> bool:
    """Whether the path is one that programs and pages of other sites use: open to all, without cookies."""
    return request.path.startswith(FOR_OTHERS)


def in_a_language() -> bool:
    """Whether the answer is written in the reader's language."""
    frame = request.path.startswith("/embed") and not request.path.endswith((".js", ".css"))
    return frame or not (for_others() or for_operators())


def public_address() -> str:
    """Where this site is, for codes and links that somebody copies; `app.CanonicalHost` sets the configured one."""
    return request.host_url.rstrip("/")


def local_path(target: str) -> str:
    """A path on this site that somebody is sent back to; empty for anything else."""
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target and target.isprintable() else ""
