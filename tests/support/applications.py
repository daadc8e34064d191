"""Ending an application of a test's, so that nothing of it goes on beside the tests that follow."""

from flask import Flask

from directory.web.http.container import KEY, Container
from tests.support.waiting import snapshot_is_read


def end(app: Flask) -> None:
    """Wait for its threads, cancel its timers, and close its database."""
    snapshot_is_read()
    parts: Container = app.extensions[KEY]
    parts.snapshot_cache.leave_to_workers()
    parts.statistics_buffer.forget()
    parts.engine.dispose()
