"""Memory that was freed goes back to the system, now and then.

The C library keeps it for what comes next: pages are written in pieces of every size, between which some are kept.
"""

import ctypes
import threading
import time
from contextlib import suppress

EVERY_SECONDS = 30.0


def give_back() -> None:
    """Give back every page of freed memory. Nothing happens where libc cannot."""
    with suppress(AttributeError, OSError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


def give_back_regularly() -> None:
    """Do so for as long as this process lives, beside what it does."""
    threading.Thread(target=_go_on, name="freed memory", daemon=True).start()


def _go_on() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        give_back()
