"""Text that no database can keep is refused, before any page reads it."""

import re
from collections.abc import Iterator

from flask import abort, request

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and surrogates, which have no UTF-8."""


def refuse_unstorable() -> None:
    """Answer 404 to a path with such a character, 400 to a query or a form; a file's content is its page's."""
    if UNSTORABLE.search(request.path):
        abort(404)
    if UNSTORABLE.search("".join(_texts())):
        abort(400)


def _texts() -> Iterator[str]:
    has_body = request.content_length or "Transfer-Encoding" in request.headers
    has_codes = b"%" in request.query_string  # without one, what a URL may hold is storable
    for values in (request.args if has_codes else None, request.form if has_body else None):
        for name, value in values.items(multi=True) if values else ():
            yield name
            yield value
    for file in request.files.values() if has_body else ():
        yield file.filename or ""
