"""Rate limits, counted in memory or in Redis."""

import time

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from directory.web.services import services

limiter = Limiter(get_remote_address, headers_enabled=True)


def api_per_minute() -> str:
    """How many questions a network address may ask the API."""
    return f"{services().settings.api_per_minute} per minute"


def per_hour() -> str:
    """How many forms of a kind one network address may send."""
    return f"{services().settings.submissions_per_hour} per hour"


def init_app(app: Flask) -> None:
    """Join Flask-Limiter, with headers as the IETF's draft of RateLimit has them."""
    app.config.update(
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
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response
