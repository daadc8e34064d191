"""The log: one JSON object a line on standard error, or readable lines on a terminal.

No line holds what somebody searched for, where somebody is, a network address or a mail address: the events name routes
and counts, never a path's query or a form's fields.
"""

import sys
from typing import Any

import structlog


def set_up() -> None:
    """Send every event of this process to standard error, with its time and the request it belongs to."""
    readable: Any = structlog.dev.ConsoleRenderer(colors=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            readable if sys.stderr.isatty() else structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
