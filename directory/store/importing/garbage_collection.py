"""Collecting garbage while many rows pass."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

COLLECTED_AFTER = 20
"""Batches."""


@contextmanager
def rarely_collected() -> Iterator[Callable[[], None]]:
    """Keep the garbage collector from looking at each batch's rows, of which none is garbage; called after each."""
    was_enabled = gc.isenabled()
    numbers = count(1)

    def collect() -> None:
        if next(numbers) % COLLECTED_AFTER == 0:
            gc.collect(1)

    gc.disable()
    try:
        yield collect
    finally:
        if was_enabled:
            gc.enable()
