"""Rate limits, counted in memory or in Redis."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from directory.web.services import services

limiter = Limiter(get_remote_address, headers_enabled=True)


def per_hour() -> str:
    """How many forms of a kind one network address may send."""
    return f"{services().settings.submissions_per_hour} per hour"
