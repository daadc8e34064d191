"""Whole numbers that somebody sent: no more than a column of the database takes."""

import re

LARGEST = 2**31 - 1
DIGITS = r"[0-9]{1,10}"


def number_in(text: str) -> int | None:
    """A number from 0 to LARGEST, or None where the text is anything else."""
    number = int(text) if re.fullmatch(DIGITS, text) else None
    return number if number is not None and number <= LARGEST else None
