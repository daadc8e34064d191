"""The font of posters, which several requests draw with at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from directory.posters.fonts import FILES, Font

WORDS = "Zone de rencontre neutre – Avant la rencontre éèàùçñ¿¡ 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
@pytest.mark.parametrize("attempt", range(5))
def test_posters_that_are_drawn_at_once_have_the_same_letters(attempt: int) -> None:
    font = Font(FILES[attempt % 2 == 0])

    def drawn(_poster: int) -> list[tuple[str, int]]:
        return [font.outline(char) for char in font.supported_text(WORDS)]

    with ThreadPoolExecutor(8) as threads:
        posters = list(threads.map(drawn, range(16)))
    assert all(letters == posters[0] for letters in posters)
