"""A generator in a process of its own: its items in order, its errors as they were, and no process left behind."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from directory.errors import DirectoryError
from directory.formats.source import BadFileError
from directory.store.importing.process_prefetch import HelperEndedError, HelperFailedError, can_prefetch, prefetched
from directory.text import TranslatableText, translatable
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(not can_prefetch(), reason="a second process needs Linux and a second core")


def ended(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


def test_items_come_in_order_from_another_process() -> None:
    with prefetched(lambda: iter([os.getpid(), "a" * 1_000_000, *range(1_000)])) as items:
        process_id, text, *numbers = items
    assert process_id != os.getpid()
    assert (text, numbers) == ("a" * 1_000_000, list(range(1_000)))
    assert ended(int(process_id))


def test_it_is_never_far_ahead_so_that_memory_stays_bounded(tmp_path: Path) -> None:
    made = tmp_path / "made"

    def items() -> Iterator[bytes]:
        for number in count(1):
            made.write_text(str(number))
            yield bytes(1_000_000)

    with prefetched(items) as given:
        next(given)
        time.sleep(0.3)
        assert int(made.read_text()) <= 3


def test_an_error_is_raised_where_its_items_end_as_it_was() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise BadFileError(translatable("Row %(row)s is broken.", row=2), "Save it again.")

    seen: list[int] = []
    with pytest.raises(BadFileError, match=r"Row 2 is broken\. Save it again\.") as caught, prefetched(items) as given:
        seen += given
    reason = caught.value.reason
    assert (seen, caught.value.fix) == ([1], "Save it again.")
    assert isinstance(reason, TranslatableText), "a page could still translate it"
    assert reason.values == {"row": 2}
    assert any("raise BadFileError" in note for note in caught.value.__notes__), "where it was raised"


class RowError(DirectoryError):
    """One that is made of other arguments than those it keeps."""

    def __init__(self, *, row: int) -> None:
        super().__init__(f"Row {row} is broken.")
        self.row = row


class MustHaveRowError(Exception):
    """One that cannot be made without its argument, nor of what it keeps."""

    def __new__(cls, *, row: int) -> "MustHaveRowError":
        """The row is needed here already."""
        return super().__new__(cls, row)

    def __init__(self, *, row: int) -> None:
        super().__init__(f"Row {row} is broken.")


class LockedError(Exception):
    """One that holds what no other process can have."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lock = threading.Lock()


def raised_again(fail: Callable[[], object]) -> Exception:
    """What is raised here of what `fail` raises in the process."""

    def items() -> Iterator[object]:
        yield fail()

    with pytest.raises(Exception, match=r"\w") as caught, prefetched(items) as given:
        list(given)
    assert any("Traceback" in note for note in caught.value.__notes__), "where it was raised"
    return caught.value


def raised(error: Exception) -> None:
    raise error


def test_an_error_of_the_system_says_which_file_and_why() -> None:
    error = raised_again(Path("/nowhere/zones.csv").read_bytes)
    assert isinstance(error, FileNotFoundError)
    assert str(error) == "[Errno 2] No such file or directory: '/nowhere/zones.csv'"
    assert (error.strerror, error.filename) == ("No such file or directory", "/nowhere/zones.csv")


def test_an_error_of_a_text_says_which_byte() -> None:
    error = raised_again(lambda: b"Qu\xe9bec".decode())
    assert isinstance(error, UnicodeDecodeError)
    assert (error.start, error.object) == (2, b"Qu\xe9bec") and "can't decode byte 0xe9" in str(error)


def test_an_error_that_is_made_of_other_arguments_than_it_keeps_is_as_it_was() -> None:
    error = raised_again(lambda: raised(RowError(row=7)))
    assert isinstance(error, RowError) and (error.row, str(error)) == (7, "Row 7 is broken.")


@pytest.mark.parametrize("kind", [LockedError, MustHaveRowError])
def test_an_error_that_cannot_be_handed_over_still_says_what_it_was(kind: type[Exception]) -> None:
    made = {LockedError: lambda: LockedError("Row 7 is broken."), MustHaveRowError: lambda: MustHaveRowError(row=7)}
    error = raised_again(lambda: raised(made[kind]()))
    assert isinstance(error, HelperFailedError) and str(error) == f"{kind.__name__}: Row 7 is broken."


@pytest.mark.parametrize("size", [1, 1_000_000], ids=["between two items", "in the middle of one"])
def test_a_process_that_is_killed_is_an_error_that_says_so(size: int) -> None:
    def items() -> Iterator[object]:
        yield os.getpid()
        yield bytes(size)
        time.sleep(PATIENCE_SECONDS)

    with pytest.raises(HelperEndedError, match="exit code -9"), prefetched(items) as given:
        process_id = int(str(next(given)))
        time.sleep(0.2)  # until it waits: for room in the pipe, or asleep
        os.kill(process_id, signal.SIGKILL)
        list(given)


def test_who_stops_asking_leaves_no_process_behind_and_its_resources_are_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"

    def items() -> Iterator[int]:
        try:
            yield os.getpid()
            yield from count()
        finally:
            closed.touch()

    with pytest.raises(KeyboardInterrupt), prefetched(items) as given:
        process_id = next(given)
        raise KeyboardInterrupt
    assert ended(process_id)
    assert closed.exists()


def test_one_that_does_not_notice_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.store.importing.process_prefetch.PATIENCE_SECONDS", 0.1)

    def items() -> Iterator[int]:
        yield os.getpid()
        time.sleep(PATIENCE_SECONDS)

    with prefetched(items) as given:
        process_id = next(given)
    assert ended(process_id)


def test_an_interrupt_from_the_keyboard_is_for_who_asks() -> None:
    def items() -> Iterator[int]:
        os.kill(os.getpid(), signal.SIGINT)
        yield 1

    with prefetched(items) as given:
        assert list(given) == [1]
