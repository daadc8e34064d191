"""What was freed is given back, though what was made between it is kept."""

import platform
from pathlib import Path

import pytest

from directory.cli.server.freed_memory import give_back

BLOCK, COUNT = 3_000, 20_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked for it")
def test_memory_that_was_freed_between_what_is_kept_goes_back_to_the_system() -> None:
    blocks: list[bytes | None] = [bytes(BLOCK) for _ in range(COUNT)]
    for number in range(COUNT):
        if number % 100:
            blocks[number] = None
    before = _resident()
    give_back()
    assert before - _resident() > BLOCK * COUNT / 2


def _resident() -> int:
    """Bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
