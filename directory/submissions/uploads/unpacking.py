"""Files of visitors are unpacked one at a time in a worker, so that what each may cost is what all may cost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from directory.errors import UnavailableError

WAIT_SECONDS = 10
_LOCK = threading.Lock()
# The C library keeps what a thread gave back for that thread, so that it is always the same thread.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="unpacking")

Given = ParamSpec("Given")
Unpacked = TypeVar("Unpacked")


class BusyError(UnavailableError):
    """Other files were being unpacked all the time."""


def in_turn(unpack: Callable[Given, Unpacked], *arguments: Given.args, **keywords: Given.kwargs) -> Unpacked:
    """What `unpack` returns or raises, once no other file is being unpacked.

    Raises BusyError after waiting ten seconds.
    """
    if not _LOCK.acquire(timeout=WAIT_SECONDS):
        raise BusyError
    try:
        return _THREAD.submit(unpack, *arguments, **keywords).result()
    finally:
        _LOCK.release()
