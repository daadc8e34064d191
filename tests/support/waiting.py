"""Waiting for what happens beside a test: as long as it takes on a busy machine, and no longer."""

import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 60


def eventually(true: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Return once `true()` is; fail after a time that only something broken takes."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, f"not within {seconds:g} seconds"
        time.sleep(0.02)


def snapshot_is_read() -> None:
    """Wait for the threads that read a directory: one that ends after its engine leaves a connection open."""
    for thread in threading.enumerate():
        if thread.name in ("snapshot", "last known"):
            thread.join(timeout=PATIENCE_SECONDS)
