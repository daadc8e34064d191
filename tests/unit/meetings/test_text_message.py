"""The length of a text message, as telephones count it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.meetings.text_message import for_telephones, length_of, shortest_that_fits


@pytest.mark.parametrize(
    ("text", "characters", "messages"),
    [("", 0, 1), ("a" * 160, 160, 1), ("a" * 161, 161, 2), ("a" * 306, 306, 2), ("a" * 307, 307, 3), ("€" * 80, 160, 1),
     ("€" * 81, 162, 2), ("ñ" * 160, 160, 1), ("á" * 70, 70, 1), ("á" * 71, 71, 2), ("á" * 135, 135, 3),
     ("🙂" * 35, 70, 1), ("🙂" * 36, 72, 2)],
)  # fmt: skip
def test_telephones_count_so(text: str, characters: int, messages: int) -> None:
    length = length_of(text)
    assert (length.characters, length.messages) == (characters, messages)


def test_accents_that_telephones_do_not_have_are_left_out_and_others_stay() -> None:
    assert (
        for_telephones("sáb 28 nov, estación de Peñón: “ahí” à côté") == 'sab 28 nov, estacion de Peñon: "ahi" à coté'
    )


@given(st.text(max_size=400))
def test_a_text_for_telephones_never_takes_more_messages_than_before(text: str) -> None:
    assert for_telephones(for_telephones(text)) == for_telephones(text)


@given(st.lists(st.text(st.characters(codec="latin-1"), max_size=200), min_size=1, max_size=4))
def test_the_first_text_that_fits_is_taken(texts: list[str]) -> None:
    message = shortest_that_fits(texts)
    fits = [text for text in map(for_telephones, texts) if length_of(text).messages == 1]
    assert message == (fits[0] if fits else for_telephones(texts[-1]))
