"""How long a request's body and its Host header may be."""

from typing import TYPE_CHECKING

from flask import Request
from werkzeug.exceptions import BadHost

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FORM_BYTES = 64 * 1024
UPLOAD_BYTES = {
    "zone_editing.save_zone": 9_000_000, "town_profile.save": 9_000_000, "visits.send": 9_000_000,
    "spreadsheet_upload.upload": 2_200_000, "umbrella.upload": 2_200_000, "upload_corrections.save": 400_000,
    "department_zones.department_zones": 2_000_000,
}  # fmt: skip
"""How long a request's body may be: forms are short, photos, spreadsheets and zone lists longer."""


LONGEST_HOST = 300
"""Of a Host header, in characters: a name of DNS has 253, and a port. It is part of what caches are asked for."""


def brings_body(environ: "WSGIEnvironment") -> bool:
    """Whether a request says that a body follows its headers."""
    return environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def bound_host(http_request: Request) -> None:
    """Refuse a Host header that is too long to name one. Raises BadHost."""
    if len(http_request.host) > LONGEST_HOST:
        raise BadHost


def bound_body(http_request: Request) -> None:
    """Bound the request's body, before a form's token is read from it."""
    http_request.max_content_length = UPLOAD_BYTES.get(http_request.endpoint or "", FORM_BYTES)
