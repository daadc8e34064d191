"""Cells of many characters that say one thing again and again: reading them takes as long as their length asks for."""

from contextlib import suppress
from time import process_time

import pytest

from directory.zones.findings import FieldError
from directory.zones.parsing.composites import with_parts
from directory.zones.parsing.parsers import PARSERS
from directory.zones.validation.row_validation import MOST_IN_A_CELL

LENGTH = 4 * MOST_IN_A_CELL
SECONDS = 2.0
"""For all fields together. One that tries each run of its text from each of its characters takes longer alone."""
REPEATED = ("1", "a", "12 ", "24/7 ", "Mon-Fri 9am-5pm ", "a, ", "(", "-", ".", "https://a/", "é", "\u0301", "no ", "&")


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param((words * LENGTH)[:LENGTH], id=f"{words!a} again and again") for words in REPEATED),
        pytest.param(f"a{' ' * (LENGTH - 2)}b", id="two letters far apart"),
        pytest.param(f"1{chr(10) * (LENGTH - 2)}1", id="two numbers, many lines apart"),
        pytest.param("9" * (LENGTH - 1) + "!", id="a number without end"),
    ],
)
def test_a_cell_is_read_in_a_time_that_grows_with_its_length_only(text: str) -> None:
    begun = process_time()
    for read in PARSERS.values():
        with suppress(FieldError):
            read(text)
    with_parts(dict.fromkeys(("street_address", "street_number", "coordinates"), text))
    assert process_time() - begun < SECONDS
