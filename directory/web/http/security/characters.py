"""Text that no database can keep is refused, before any page reads it."""

import re
from collections.abc import Iterator

from flask import Request, abort
from werkzeug.datastructures import MultiDict

from directory.web.http.security.request_bounds import brings_body

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and surrogates, which have no UTF-8."""


def refuse_unstorable(http_request: Request) -> None:
    """Answer 404 to a path with such a character, 400 to a query or a form; a file's content is its page's."""
    if UNSTORABLE.search(http_request.path):
        abort(404)
    if any(map(UNSTORABLE.search, _texts(http_request))):
        abort(400)


def _texts(http_request: Request) -> Iterator[str]:
    # Without a "%", what a URL may hold is storable: the server refuses bytes that are no UTF-8.
    if b"%" in http_request.query_string:
        yield from _names_and_values(http_request.args)
    if brings_body(http_request.environ):
        yield from _names_and_values(http_request.form)
        for file in http_request.files.values():
            yield file.filename or ""


def _names_and_values(fields: "MultiDict[str, str]") -> Iterator[str]:
    for pair in fields.items(multi=True):
        yield from pair
