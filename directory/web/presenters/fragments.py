"""Parts of pages that are written once and kept: what one request adds goes into their gaps.

A part is a macro of a template, or a whole page. It may read its values, the language and the address of the site, and
nothing else of a request; what it cannot know it leaves open as `{{ gap('name') }}`.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache

from flask import render_template
from markupsafe import Markup, escape

from directory.web.http.bounded_cache import BoundedCache
from directory.web.http.languages import language_code
from directory.web.presenters.zone_facts.zones import without_database
from directory.web.request_context import current_application, current_request

KEY = "safezones.fragments"
MOST_CHARACTERS = 2_000_000
"""Of all parts that are kept. Nearly all requests need the same two dozen; what filters that somebody chose have pushed
out is written again.
"""
LARGEST = 10_000
"""Characters of a part that is kept: what a reader typed may be long."""
_GAP = re.compile(r"<gap (\w+)>")
"""No value can be taken for one, since values are escaped."""

Pieces = tuple[str, ...]
"""A part in pieces: what a template wrote and the name of a gap, in turns."""


def new_cache() -> BoundedCache[Pieces]:
    """The cache of an application."""
    return BoundedCache(MOST_CHARACTERS, lambda pieces: sum(map(len, pieces)))


def gap(name: str) -> Markup:
    """Where a part leaves room for what one request adds; a part may show the same gap in several places."""
    return Markup(f"<gap {name}>")  # noqa: S704  (templates name their gaps)


def language_and_address() -> tuple[str, str]:
    """What every part is written for: the language, and where links to this site lead."""
    return _the_same(language_code(), current_request().url_root)


@lru_cache(maxsize=64)
def _the_same(language: str, address: str) -> tuple[str, str]:
    """Both as one object for all requests: thousands of keys hold it."""
    return language, address


def fragment(name: str, *values: Hashable, **gaps: object) -> Markup:
    """The macro `name` of `_fragments.html` for these values, with `gaps` filled, which are no part of its key."""
    return filled(prepared("_fragments.html", name, *values), gaps)


def prepared(template: str, name: str, *values: Hashable) -> Pieces:
    """What the macro `name` of a template writes for these values, in pieces."""
    cache: BoundedCache[Pieces] = current_application().extensions[KEY]
    key = (template, name, values, language_and_address())
    return cache.get(key) or _kept(cache, key, macro(template, name)(*values))


def macro(template: str, name: str) -> Callable[..., Markup]:
    """A macro of a template, as it is called from Python."""
    called: Callable[..., Markup] = getattr(current_application().jinja_env.get_template(template).module, name)
    return called


def page(template: str, **gaps: object) -> Markup:
    """A page of which every reader of a language gets the same but for its gaps.

    Its template may read the endpoint and whether the database answers, too: both are part of its key.
    """
    cache: BoundedCache[Pieces] = current_application().extensions[KEY]
    key = (template, current_request().endpoint, without_database(), language_and_address())
    return filled(cache.get(key) or _kept(cache, key, render_template(template)), gaps)


def written(template: str, values: Mapping[str, object]) -> Markup:
    """What a template writes of these values for the request at hand, to go into a gap."""
    return Markup(render_template(template, **values))  # noqa: S704  (a template wrote it)


def _kept(cache: BoundedCache[Pieces], key: Hashable, html: str) -> Pieces:
    pieces = tuple(_GAP.split(html))
    if len(html) <= LARGEST:
        cache.keep(key, pieces)
    return pieces


def filled(pieces: Pieces, gaps: Mapping[str, object]) -> Markup:
    """The part with its gaps filled: values are escaped unless a template wrote them. Raises KeyError without one."""
    return joined(pieces, {name: escape(gaps[name]) for name in pieces[1::2]})


def in_line(parts: Iterable[str], between: str = "") -> Markup:
    """Parts behind each other with this text between them; all of it is escaped but what is markup already."""
    return Markup(escape(between)).join(parts)  # noqa: S704  (escaped)


def joined(pieces: Pieces, words: Mapping[str, str]) -> Markup:
    """The same of words that are markup already."""
    html = list(pieces)
    html[1::2] = map(words.__getitem__, pieces[1::2])
    return Markup("".join(html))  # noqa: S704  (a template wrote the pieces)
