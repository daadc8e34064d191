"""What a generator gives, made ahead in a process of its own: an import judges rows there while it writes the last."""

import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from directory.errors import DirectoryError, UnavailableError
from directory.store.importing.garbage_collection import rarely_collected

Item = TypeVar("Item")
PATIENCE_SECONDS = 5
"""How long the process may take to notice that nobody asks any more."""
GIVING_WAY = 10
"""Added to the niceness of the process: the second core is the site's before it is the import's."""


class HelperEndedError(UnavailableError):
    """The process was ended from outside, or crashed."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(
            f"The process that read the file ended before it had read everything (exit code {exit_code}); -9 is "
            "often a machine that is short of memory. Nothing was imported. Run it again."
        )


class HelperFailedError(DirectoryError):
    """An error of the process that cannot be handed over: its kind and its text."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)


def can_prefetch() -> bool:
    """Whether a second process would have a core, and can be made by forking."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


@contextmanager
def prefetched(items: Callable[[], Iterator[Item]]) -> Iterator[Iterator[Item]]:
    """What `items` gives, in its order, made in a fork of this process, which ends with the block.

    It is at most one item ahead, and what else the pipe holds. Its errors are raised here, where its items end. Items
    and errors are pickled. Connections and threads that are open now are not for it: close them first.
    Raises HelperEndedError, and HelperFailedError in place of an error that cannot be pickled.
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
        error.add_note(traceback.format_exc())
        sender.send(("error", _pickled(error)))


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
            raise _unpickled(value)
        yield value


def _pickled(error: Exception) -> bytes:
    """The error as it pickles itself, else of what it holds, else in words: the first that says the same again."""
    forms = (_as_it_is, (error,)), (_made_of, (type(error), error.args, vars(error)))
    for form in forms:
        with suppress(Exception):  # whatever its kind, or what it holds, makes of being pickled
            pickled = pickle.dumps(form)
            again = _unpickled(pickled)
            if type(again) is type(error) and str(again) == str(error):
                return pickled
    return pickle.dumps((_in_words, (type(error).__name__, str(error), error.__notes__)))


def _unpickled(pickled: bytes) -> Exception:
    make, parts = pickle.loads(pickled)  # noqa: S301  (made by a fork of this very process)
    error: Exception = make(*parts)
    return error


def _as_it_is(error: Exception) -> Exception:
    return error


def _made_of(kind: type[Exception], args: tuple[Any, ...], values: dict[str, Any]) -> Exception:
    """For a kind that is made of other arguments than those it keeps."""
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(values)
    return error


def _in_words(kind: str, message: str, notes: list[str]) -> Exception:
    error = HelperFailedError(kind, message)
    for note in notes:
        error.add_note(note)
    return error
