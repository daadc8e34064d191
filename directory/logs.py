"""The log: one JSON object a line on standard error, or readable lines on a terminal.

No line contains searches, positions, network addresses or mail addresses: events contain routes and counts, never the
query of a URL or the fields of a form.
"""

import sys
from typing import Any

import structlog


def set_up() -> None:
    """Log every event of this process to standard error, with its time and request."""
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
