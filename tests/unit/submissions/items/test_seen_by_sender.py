"""What a form says that it showed is a text of whoever sends it."""

import pytest

from directory.submissions.items.zone_answers import seen_by_sender


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"spaces":' + "9" * 5_000 + "}", "[]"])
def test_what_cannot_be_read_is_taken_as_nothing_seen(text: str) -> None:
    assert seen_by_sender(text, {"name": "Lobby"}) == {"name": "Lobby"}
