"""What a generator gives, made ahead in a process of its own: an import judges rows there while it writes the last."""

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from directory.errors import DirectoryError
from directory.store.importing.collection import rarely_collected

Item = TypeVar("Item")
PATIENCE_SECONDS = 5
"""How long the process may take to notice that nobody asks any more."""
GIVING_WAY = 10
"""Added to the niceness of the process: the second core is the site's before it is the import's."""


class HelperEndedError(DirectoryError):
    """The process was ended from outside, or crashed."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(
            f"The process that read the file ended before it had read everything (exit code {exit_code}); -9 is "
            "often a machine that is short of memory. Nothing was imported. Run it again."
        )


def can_make_ahead() -> bool:
    """Whether a second process would have a core, and can be made by forking."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


@contextmanager
def made_ahead(items: Callable[[], Iterator[Item]]) -> Iterator[Iterator[Item]]:
    """What `items` gives, in its order, made in a fork of this process, which ends with the block.

    It is at most one item ahead, and what else the pipe holds. Its errors are raised here, where its items end. Items
    and errors are pickled. Connections and threads that are open now are not for it: close them first.
    Raises HelperEndedError.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(items, receiver, sender), daemon=True)
    process.start()
    sender.close()
    try:
        yield _received(receiver, process)
    finally:
        receiver.close()  # where the process notices it, it ends
        process.join(PATIENCE_SECONDS)
        process.kill()
        process.join()


def _send(items: Callable[[], Iterator[Any]], receiver: Connection, sender: Connection) -> None:
    """The process: each item as ("item", it), and at last an ("error", …) or ("end", None)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks gets it too, and ends this process
    os.nice(GIVING_WAY)
    receiver.close()
    try:
        with rarely_collected() as collect:
            for item in items():
                sender.send(("item", item))
                collect()
        sender.send(("end", None))
    except BrokenPipeError:
        return
    except Exception as error:  # raised again by who asks
        told = [*getattr(error, "__notes__", ()), traceback.format_exc()]
        sender.send(("error", (type(error), error.args, vars(error) | {"__notes__": told})))


def _received(receiver: Connection, process: BaseProcess) -> Iterator[Any]:
    while True:
        try:
            kind, value = receiver.recv()
        except (EOFError, OSError):  # between two items, or in the middle of one
            process.join(PATIENCE_SECONDS)
            raise HelperEndedError(process.exitcode) from None
        if kind == "end":
            return
        if kind == "error":
            raise _error(*value)
        yield value


def _error(kind: type[Exception], args: tuple[Any, ...], values: dict[str, Any]) -> Exception:
    """An error as it was, whatever its kind is made of."""
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(values)
    return error
