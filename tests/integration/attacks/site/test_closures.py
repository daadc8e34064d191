"""Closures as text that is dear to read: what nobody writes of a closure is refused before it is read."""

import re

import pytest

from directory.zones.closures import LONGEST_LINE, MOST_CLOSURES, read_closures
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from tests.support.site import Site, words_of

ZONE = "ct-darien-parking-lot"
DEAR = ("a" * 20_000, "a " * 10_000, "a" * 9_990 + " 1", "Th: " + "x" * 20_000, "1/" * 5_000, " to " * 5_000 + "x")
TOO_LONG = f"has a line of more than {LONGEST_LINE} characters"


def reason_of(text: str) -> str:
    """Why a text is refused as closures."""
    with pytest.raises(FieldError) as problem:
        PARSERS["closures"](text)
    return str(problem.value.reason)


@pytest.mark.parametrize("text", DEAR, ids=lambda text: text[:6])
def test_a_line_that_no_closure_needs_is_refused_unread(text: str) -> None:
    asked: list[str] = []
    for given in (text, f"2026-12-04: paving\n{text}"):
        with pytest.raises(FieldError):
            read_closures(given, lambda words: asked.append(words) or "2026-12-04")  # type: ignore[func-returns-value]
        assert reason_of(given) == TOO_LONG
    assert all(len(words) <= LONGEST_LINE for words in asked)


def test_more_lines_than_a_zone_has_closures_are_refused_unread() -> None:
    asked: list[str] = []
    lines = "\n".join(f"unreadable {number}" for number in range(MOST_CLOSURES + 1))
    with pytest.raises(FieldError) as problem:
        read_closures(lines, lambda words: asked.append(words) or "")  # type: ignore[func-returns-value]
    assert str(problem.value.reason) == f"has more than {MOST_CLOSURES} closures" and not asked
    assert len(read_closures("Th\n" * 1_000, str)) == 1, "the same line is read once"


def test_a_stranger_who_sends_a_dear_closure_is_told_to_shorten_it(site: Site) -> None:
    visitor = site.visitor()
    draft = visitor.post(f"/zones/{ZONE}/ours", data={"action": "correct"}).headers["Location"].partition("#")[0]
    answer = visitor.post(draft, data={"closures": "", "closure_kind": "words", "closure_words": "a" * 20_000})
    assert answer.status_code == 400 and TOO_LONG.capitalize() in words_of(answer)
    hidden = visitor.post(draft, data={"closures": "a" * 20_000, "closure_kind": ""})
    saved = visitor.get(draft)
    assert hidden.status_code in (302, 400) and not re.search("a{400}", saved.text)
