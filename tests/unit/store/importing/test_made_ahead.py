"""A generator in a process of its own: its items in order, its errors as they were, and no process left behind."""

import os
import signal
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from directory.formats.source import BadFileError
from directory.store.importing.made_ahead import HelperEndedError, can_make_ahead, made_ahead
from directory.text import TranslatableText, translatable
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(not can_make_ahead(), reason="a second process needs Linux and a second core")


def ended(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


def test_items_come_in_order_from_another_process() -> None:
    with made_ahead(lambda: iter([os.getpid(), "a" * 1_000_000, *range(1_000)])) as items:
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

    with made_ahead(items) as given:
        next(given)
        time.sleep(0.3)
        assert int(made.read_text()) <= 3


def test_an_error_is_raised_where_its_items_end_as_it_was() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise BadFileError(translatable("Row %(row)s is broken.", row=2), "Save it again.")

    seen: list[int] = []
    with pytest.raises(BadFileError, match=r"Row 2 is broken\. Save it again\.") as caught, made_ahead(items) as given:
        seen += given
    reason = caught.value.reason
    assert (seen, caught.value.fix) == ([1], "Save it again.")
    assert isinstance(reason, TranslatableText), "a page could still translate it"
    assert reason.values == {"row": 2}
    assert any("raise BadFileError" in note for note in caught.value.__notes__), "where it was raised"


@pytest.mark.parametrize("size", [1, 1_000_000], ids=["between two items", "in the middle of one"])
def test_a_process_that_is_killed_is_an_error_that_says_so(size: int) -> None:
    def items() -> Iterator[object]:
        yield os.getpid()
        yield bytes(size)
        time.sleep(PATIENCE_SECONDS)

    with pytest.raises(HelperEndedError, match="exit code -9"), made_ahead(items) as given:
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

    with pytest.raises(KeyboardInterrupt), made_ahead(items) as given:
        process_id = next(given)
        raise KeyboardInterrupt
    assert ended(process_id)
    assert closed.exists()


def test_one_that_does_not_notice_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.store.importing.made_ahead.PATIENCE_SECONDS", 0.1)

    def items() -> Iterator[int]:
        yield os.getpid()
        time.sleep(PATIENCE_SECONDS)

    with made_ahead(items) as given:
        process_id = next(given)
    assert ended(process_id)


def test_an_interrupt_from_the_keyboard_is_for_who_asks() -> None:
    def items() -> Iterator[int]:
        os.kill(os.getpid(), signal.SIGINT)
        yield 1

    with made_ahead(items) as given:
        assert list(given) == [1]
