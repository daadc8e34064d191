"""Text that no database can keep is refused, before any page reads it."""

import re
from collections.abc import Iterator

from flask import Flask, abort, request

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and surrogates, which have no UTF-8."""


def init_app(app: Flask) -> None:
    """Answer 404 to a path with such a character, 400 to a query or a form; a file's content is its page's."""
    app.before_request(_refuse_unstorable)


def _refuse_unstorable() -> None:
    if UNSTORABLE.search(request.path):
        abort(404)
    if any(UNSTORABLE.search(text) for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    for given in (request.args, request.form):
        for name, value in given.items(multi=True):
            yield name
            yield value
    for file in request.files.values():
        yield file.filename or ""
