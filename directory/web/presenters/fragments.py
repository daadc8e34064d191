"""Parts of pages that are the same for every reader of a language: written once, and kept."""

from collections.abc import Hashable, Iterable, Sequence

from flask import current_app, request
from markupsafe import Markup, escape

from directory.web.http.bounded_cache import BoundedCache
from directory.web.http.languages import language_code

KEY = "safezones.fragments"
MOST_FRAGMENTS = 500
"""Nearly all requests need the same two dozen; what filters that somebody chose have pushed out is written again."""
LARGEST_FRAGMENT = 10_000
"""Characters of a fragment that is cached: what a reader typed may be long."""
GAP = Markup("<gap>")
"""Where a part leaves room for what one request adds. No value can be taken for it, since values are escaped."""

Pieces = tuple[Markup, ...]
"""What stands before, between and behind the gaps of a part."""


def new_cache() -> BoundedCache[Pieces]:
    """The cache of an application."""
    return BoundedCache(MOST_FRAGMENTS)


def fragment(name: str, *values: Hashable, fill: Iterable[object] = ()) -> Markup:
    """What the macro `name` of `_fragments.html` makes of these values; its macros may read nothing else of a request.

    `fill` is what this request puts into its gaps, one after the other; it is not kept, and is no part of a key.
    """
    cache: BoundedCache[Pieces] = current_app.extensions[KEY]
    key = (name, values, language_code(), request.url_root)
    pieces = cache.get(key)
    if pieces is None:
        pieces = cut(getattr(current_app.jinja_env.get_template("_fragments.html").module, name)(*values))
        if sum(map(len, pieces)) <= LARGEST_FRAGMENT:
            cache.keep(key, pieces)
    return filled(pieces, fill)


def cut(html: Markup) -> Pieces:
    """A part in pieces, without its gaps."""
    return tuple(html.split(GAP))


def filled(pieces: Sequence[str], fill: Iterable[object]) -> Markup:
    """The part with its gaps filled. Raises ValueError where there are more or fewer gaps than values."""
    html = [pieces[0]]
    for value, piece in zip(fill, pieces[1:], strict=True):
        html += escape(value), piece
    return Markup("".join(html))  # noqa: S704  (a template wrote the pieces)
