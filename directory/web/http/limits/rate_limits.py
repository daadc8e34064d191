"""Rate limits: which views have one, and the answer 429 when an address has asked enough."""

import hmac
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from flask import Blueprint, Request, Response, abort, current_app, request
from flask.ctx import _AppCtxGlobals
from limits import parse

from directory.web.http.container import container
from directory.web.http.limits.client_address import client_key
from directory.web.http.limits.request_counts import RequestCounts, Window
from directory.web.request_context import current_globals, current_request

Rule = str | Callable[[], str]
"""A limit such as "60 per minute", or a function that gives it for the application at hand."""
View = Callable[..., Any]

DEAR_PAGES = "120 per minute"
"""For pages of drafts and desks, which read much: every view of theirs that has no limit of its own."""
FILES = "60 per minute"
"""For downloads, all together: a whole file takes up to a second of a processor."""
FILE_PARTS = "600 per minute"
"""For requests of a part of a file that is kept: programs that read files over HTTP send dozens."""
DEAR_FILES = "10 per minute"
"""For downloads that start a process each, all together; they are counted among the files, too."""
BOUNDED: set[str] = set()
"""The blueprints whose pages are bounded so."""
API: set[str] = set()
"""The blueprints whose views are counted together, SAFEZONES_API_PER_MINUTE."""
API_PATHS = "/api/"
"""Addresses below it that lead nowhere are counted with the API: whoever tries names gets no more answers by that."""
OWN_LIMIT = "has_own_limit"
"""The attribute of a view that declares a limit."""


class RateLimiter:
    """Counts by network address. Each view has a count of its own, unless limits share a scope."""

    def __init__(self) -> None:
        self.enabled = True
        self._counts = RequestCounts()

    def count_at(self, address: str) -> None:
        """Count in Redis at this address, or in this process (`memory://`), from nothing."""
        self._counts = RequestCounts(address)

    def reset(self) -> None:
        """Forget what this process has counted."""
        self._counts = RequestCounts()

    def limit(self, rule: Rule, scope: str = "") -> Callable[[View], View]:
        """Declare the limit of a view; limits of the same scope are counted together."""

        def declare(view: View) -> View:
            @wraps(view)
            def counted(**values: Any) -> Any:
                self.count(rule, scope)
                return view(**values)

            setattr(counted, OWN_LIMIT, True)
            return counted

        return declare

    def count(self, rule: Rule, scope: str = "") -> None:
        """Count the request at hand. Ends it with 429 when it is one too many."""
        if not self.enabled:
            return
        limit, seconds = _parsed(rule if isinstance(rule, str) else rule())
        http_request, request_globals = current_request(), current_globals()
        key = f"{scope or http_request.endpoint}/{seconds}/{client_key(http_request)}"
        window = self._counts.count(key, limit, seconds)
        tightest: Window | None = request_globals.get("window")
        if tightest is None or window.remaining <= tightest.remaining:
            request_globals.window = window
        if window.exceeded:
            abort(429)

    def allows(self, rule: str, scope: str) -> bool:
        """Count the request at hand; whether it is within the limit. For views that answer one too many themselves.

        The count lies under a digest made with the site's secret: nobody reads in Redis who asked for this scope.
        """
        limit, seconds = _parsed(rule)
        key = f"{scope}/{client_key(request)}".encode()
        digest = hmac.digest(container().signing_keys.newest.encode(), key, "sha256").hex()
        return not (self.enabled and self._counts.count(f"{digest}/{seconds}", limit, seconds).exceeded)


limiter = RateLimiter()


@lru_cache
def _parsed(rule: str) -> tuple[int, int]:
    """How many, in how many seconds."""
    item = parse(rule)
    return item.amount, item.get_expiry()


def per_hour() -> str:
    """How many forms of a kind one network address may send."""
    return f"{container().settings.submissions_per_hour} per hour"


def bounded(blueprint: Blueprint) -> Blueprint:
    """The blueprint, with the limit of dear pages for every view of its own."""
    BOUNDED.add(blueprint.name)
    return blueprint


def counted_as_api(blueprint: Blueprint) -> Blueprint:
    """The blueprint, with the API's limit, which all of its operations share."""
    API.add(blueprint.name)
    return blueprint


def _drafts_per_day() -> str:
    return f"{container().settings.drafts_per_day} per day"


def _api_per_minute() -> str:
    return f"{container().settings.api_per_minute} per minute"


begins_draft = limiter.limit(_drafts_per_day, scope="drafts")
"""For every view that begins a draft: one count for all of them."""


def count_request(http_request: Request) -> None:
    """Before a view: count it for its blueprint; what a view declares itself is counted when it is called."""
    blueprint = http_request.blueprint
    if blueprint in API or (http_request.url_rule is None and http_request.path.startswith(API_PATHS)):
        limiter.count(_api_per_minute, scope="api")
    elif blueprint in BOUNDED and not hasattr(current_app.view_functions[http_request.endpoint or ""], OWN_LIMIT):
        limiter.count(DEAR_PAGES)


def add_headers(request_globals: _AppCtxGlobals, response: Response) -> None:
    """Say what is left of the limit that is nearest to its end."""
    window: Window | None = request_globals.get("window")
    if window:
        for name, value in window.headers():
            response.headers.add(name, value)
