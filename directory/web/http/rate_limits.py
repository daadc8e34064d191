"""Rate limits, counted in memory or in Redis. When Redis is away each worker counts for itself."""

import time

from flask import Blueprint, Flask, Response, abort, g, request
from flask_limiter import Limiter
from limits.storage import Storage

from directory.web.http.client_address import client_key
from directory.web.http.container import container

COUNTED = "safezones.counted"
"""Where the short way leaves the window in which it has counted a request already."""
REDIS_PATIENCE = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
"""In seconds: a limit is worth no longer wait."""
limiter = Limiter(client_key, headers_enabled=True, in_memory_fallback_enabled=True)


DEAR_PAGES = "120 per minute"
"""For pages of drafts and desks, which read much: every view of theirs that has no limit of its own."""
BOUNDED: set[str] = set()
"""The blueprints whose pages are bounded so."""


def per_hour() -> str:
    """How many forms of a kind one network address may send."""
    return f"{container().settings.submissions_per_hour} per hour"


def bounded(blueprint: Blueprint) -> Blueprint:
    """The blueprint, with the limit of dear pages for every view of its own."""
    limiter.limit(DEAR_PAGES)(blueprint)
    BOUNDED.add(blueprint.name)
    return blueprint


def _drafts_per_day() -> str:
    return f"{container().settings.drafts_per_day} per day"


begins_draft = limiter.shared_limit(_drafts_per_day, scope="drafts")
"""For every view that begins a draft: one count for all of them."""


def counting_storage() -> Storage | None:
    """Where requests are counted; None while nothing is limited."""
    return limiter.storage if limiter.enabled else None


def count_api_request() -> None:
    """Before a view of the API: answers 429 when the address has asked enough."""
    if COUNTED in request.environ:
        g.window = request.environ[COUNTED]
    else:
        g.window = container().api_rate_limit.count(client_key())
    if g.window and g.window.exceeded:
        abort(429)


def init_app(app: Flask) -> None:
    """Join Flask-Limiter, with headers as the IETF's draft of RateLimit has them."""
    redis = app.config["RATELIMIT_STORAGE_URI"].startswith("redis")
    app.config.update(
        RATELIMIT_STORAGE_OPTIONS=REDIS_PATIENCE if redis else {},
        RATELIMIT_HEADER_LIMIT="RateLimit-Limit",
        RATELIMIT_HEADER_REMAINING="RateLimit-Remaining",
        RATELIMIT_HEADER_RESET="RateLimit-Reset",
    )
    app.after_request(_as_the_draft_says)
    limiter.init_app(app)


def _as_the_draft_says(response: Response) -> Response:
    """Seconds until the reset, where Flask-Limiter writes a time; and Retry-After only where there is need to."""
    reset = response.headers.get("RateLimit-Reset", type=float)
    if reset is not None:
        response.headers["RateLimit-Reset"] = str(max(0, round(reset - time.time())))
    if g.get("window"):
        response.headers.extend(g.window.headers())
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response
