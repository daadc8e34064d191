"""Words of others in a mail: one short line that leads nowhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.mail.quoting import quoted, quoted_address


@given(st.text(), st.integers(1, 100))
def test_what_is_quoted_is_one_short_line_without_links(hostile: str, most: int) -> None:
    text = quoted(hostile, most)
    assert text[0] == "“" and text[-1] == "”" and len(text) <= most + 2
    assert len(text.splitlines()) <= 1 and not re.search(r"[^\W\d_][.]\w|\w[.][^\W\d_]|:/", text)
    assert quoted(text) == text


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("St. Louis Police, 3.5 miles", "“St. Louis Police, 3.5 miles”"),
        ("Win $1000 at evil.example/x", "“Win $1000 at evil. example/x”"),
        ("two\r\nlines", "“two lines”"),
        ("", "“”"),
        ("x" * 81, "“" + "x" * 79 + "…”"),
        ("Señor “Ñ”", "“Señor Ñ”"),
    ],
)
def test_quoted_text_stays_readable(given_text: str, shown: str) -> None:
    assert quoted(given_text) == shown


def test_an_address_is_shown_whole_and_nothing_else_passes_as_one() -> None:
    assert quoted_address("chief+zones@darienct.gov") == "chief+zones@darienct.gov"
    assert quoted_address("win at evil.example@x.example").startswith("“win at evil. example@")
