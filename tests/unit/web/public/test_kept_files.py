"""Files that are kept for programs that read parts of them."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from directory.web.public import kept_files
from directory.web.public.kept_files import KeptFile, KeptFiles


def read(kept: KeptFile) -> bytes:
    return b"".join(kept.blocks(0, kept.size))


class Writer:
    """Writes a file of some bytes, and counts how often."""

    def __init__(self, *blocks: bytes) -> None:
        self.blocks, self.times = blocks, 0

    def __call__(self) -> Iterator[bytes]:
        self.times += 1
        yield from self.blocks


def test_a_file_is_written_once() -> None:
    files, write = KeptFiles(), Writer(b"one ", b"two")
    first = files.get("a", write, with_bytes=True)
    assert files.get("a", write, with_bytes=True) is first and write.times == 1
    assert read(first) == b"one two" and b"".join(first.blocks(2, 5)) == b"e t"


def test_who_asks_while_a_file_is_written_waits_for_it_and_does_not_write_it_too() -> None:
    files, begun, may_end = KeptFiles(), Event(), Event()
    write = Writer(b"one ", b"two")

    def slowly() -> Iterator[bytes]:
        begun.set()
        may_end.wait(10)
        return write()

    with ThreadPoolExecutor(3) as readers:
        first = readers.submit(files.get, "a", slowly, with_bytes=True)
        begun.wait(10)
        others = [readers.submit(files.get, "a", slowly, with_bytes=True) for _ in range(2)]
        assert read(files.get("b", Writer(b"b"), with_bytes=True)) == b"b", "another file is not waited for"
        may_end.set()
        assert {one.result() for one in others} == {first.result()} and write.times == 1


def test_the_oldest_is_let_go_and_written_again_while_who_reads_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "MOST_FILES", 2)
    files, writers = KeptFiles(), {name: Writer(name.encode() * 3) for name in "abc"}
    held = {name: files.get(name, write, with_bytes=True) for name, write in writers.items()}
    assert read(held["a"]) == b"aaa"
    digest_only = files.get("a", writers["a"], with_bytes=False)
    assert digest_only.file is None and writers["a"].times == 1
    again = files.get("a", writers["a"], with_bytes=True)
    assert read(again) == b"aaa" and again.digest == digest_only.digest and writers["a"].times == 2


def test_a_file_that_is_too_large_or_finds_no_room_has_a_digest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "MOST_BYTES", 5)
    files, large, small = KeptFiles(), Writer(b"123", b"456"), Writer(b"1")
    for _ in range(2):
        kept = files.get("large", large, with_bytes=True)
        assert kept.file is None and kept.size == 6
    assert large.times == 1, "it is not written again in vain"

    def full(**_more: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    kept = files.get("small", small, with_bytes=True)
    assert kept.file is None and kept.size == 1


def test_room_is_left_on_the_disk_for_what_is_sent_here(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = os.statvfs(tempfile.gettempdir())
    monkeypatch.setattr(kept_files, "LEAST_FREE_BYTES", disk.f_bavail * disk.f_frsize + 10**9)
    assert KeptFiles().get("a", Writer(b"123"), with_bytes=True).file is None


def test_a_file_that_is_asked_for_again_and_again_stays_whatever_others_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_files, "MOST_FILES", 2)
    monkeypatch.setattr(kept_files, "MOST_DIGESTS", 3)
    files, wanted, other = KeptFiles(), Writer(b"wanted"), Writer(b"other")
    for number in range(9):
        assert read(files.get("wanted", wanted, with_bytes=True)) == b"wanted"
        files.get(f"http://{number}.example", other, with_bytes=True)
    assert (wanted.times, other.times) == (1, 9)
    files.get("http://0.example", other, with_bytes=False)
    assert other.times == 10, "of the oldest not even the digest is kept"
