"""Loading modules while a command runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import modules in here: they stay, and looking for garbage among them, now and at the end, takes a third."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
