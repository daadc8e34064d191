"""Files that are kept for programs that read parts of them."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from directory.web.public import kept_files
from directory.web.public.kept_files import KeptFile, KeptFiles

SITE = "https://zones.example"


def read(kept: KeptFile | None) -> bytes:
    assert kept is not None
    return b"".join(kept.blocks(0, kept.size))


class Writer:
    """Writes a file of some bytes, and counts how often."""

    def __init__(self, *blocks: bytes) -> None:
        self.blocks, self.times = blocks, 0

    def __call__(self) -> Iterator[bytes]:
        self.times += 1
        yield from self.blocks


def test_a_file_is_written_once_for_the_site_that_asked_first() -> None:
    files, write = KeptFiles(), Writer(b"one ", b"two")
    first = files.get("a", SITE, write, with_bytes=True)
    assert files.get("a", SITE, write, with_bytes=True) is first and write.times == 1
    assert read(first) == b"one two" and first is not None and b"".join(first.blocks(2, 5)) == b"e t"
    assert files.get("a", "https://another.example", write, with_bytes=True) is None


def test_who_asks_while_a_file_is_written_waits_for_it_and_does_not_write_it_too() -> None:
    files, begun, may_end = KeptFiles(), Event(), Event()
    write = Writer(b"one ", b"two")

    def slowly() -> Iterator[bytes]:
        begun.set()
        may_end.wait(10)
        return write()

    with ThreadPoolExecutor(3) as readers:
        first = readers.submit(files.get, "a", SITE, slowly, with_bytes=True)
        begun.wait(10)
        others = [readers.submit(files.get, "a", SITE, slowly, with_bytes=True) for _ in range(2)]
        assert read(files.get("b", SITE, Writer(b"b"), with_bytes=True)) == b"b", "another file is not waited for"
        may_end.set()
        assert {one.result() for one in others} == {first.result()} and write.times == 1


def test_the_oldest_is_let_go_and_written_again_while_who_reads_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "MOST_FILES", 2)
    files, writers = KeptFiles(), {name: Writer(name.encode() * 3) for name in "abc"}
    held = {name: files.get(name, SITE, write, with_bytes=True) for name, write in writers.items()}
    assert read(held["a"]) == b"aaa"
    digest_only = files.get("a", SITE, writers["a"], with_bytes=False)
    assert digest_only and digest_only.file is None and writers["a"].times == 1
    again = files.get("a", SITE, writers["a"], with_bytes=True)
    assert read(again) == b"aaa" and again and again.digest == digest_only.digest and writers["a"].times == 2


def test_a_file_that_is_too_large_or_finds_no_room_has_a_digest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "MOST_BYTES", 5)
    files, large, small = KeptFiles(), Writer(b"123", b"456"), Writer(b"1")
    for _ in range(2):
        kept = files.get("large", SITE, large, with_bytes=True)
        assert kept and kept.file is None and kept.size == 6
    assert large.times == 1, "it is not written again in vain"

    def full(**_more: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    kept = files.get("small", SITE, small, with_bytes=True)
    assert kept and kept.file is None and kept.size == 1
