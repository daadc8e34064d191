"""Where this site is, who asks for an address of it, and where a form may lead back to."""

from urllib.parse import urlsplit

from flask import request

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
