"""Where this site is, who asks for an address of it, and where a form may lead back to."""

from functools import lru_cache
from urllib.parse import urlsplit

from werkzeug.sansio.utils import get_current_url

from directory.web.request_context import current_request

FOR_MACHINES = ("/api/", "/openapi.json", "/oembed")
FOR_OPERATORS = ("/healthz", "/readyz", "/metrics")
FOR_OTHERS = (*FOR_MACHINES, "/downloads/", "/map/", "/suggest", "/embed")


def for_machines(path: str) -> bool:
    """Whether a program asks, which is told of problems in a form it can read."""
    return path.startswith(FOR_MACHINES)


def for_operators(path: str) -> bool:
    """Whether whoever watches the server asks: no session, no cookie, no language."""
    return path in FOR_OPERATORS


def for_others(path: str) -> bool:
    """Whether the path is one that programs and pages of other sites use: open to all, without cookies."""
    return path.startswith(FOR_OTHERS)


def in_a_language(path: str) -> bool:
    """Whether the answer is written in the reader's language."""
    if path.startswith("/embed"):
        return not path.endswith((".js", ".css"))
    return not (for_others(path) or for_operators(path))


def public_address() -> str:
    """Where this site is, for codes and links that somebody copies; `app.CanonicalHost` sets the configured one."""
    http_request = current_request()
    return _root(http_request.scheme, http_request.host)


@lru_cache(maxsize=16)
def _root(scheme: str, host: str) -> str:
    """A site has few names, and each takes longer to work out than to look up."""
    return get_current_url(scheme, host).rstrip("/")


def local_path(target: str) -> str:
    """A path on this site that somebody is sent back to; empty for anything else."""
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target and target.isprintable() else ""
