"""Durations as a reader says them."""

import pytest
from flask import Flask

from directory.web.presenters.results.travel import duration


@pytest.mark.parametrize(
    ("seconds", "exact", "rough"),
    [
        (0, "1 min", "1 min"), (29, "1 min", "1 min"), (1_080, "18 min", "18 min"), (1_320, "22 min", "20 min"),
        (3_569, "59 min", "1 h 0 min"), (3_600, "1 h 0 min", "1 h 0 min"), (4_860, "1 h 21 min", "1 h 20 min"),
    ],
)  # fmt: skip
def test_minutes_are_whole_and_rough_ones_are_rounded_to_five(
    app: Flask, seconds: float, exact: str, rough: str
) -> None:
    with app.test_request_context():
        assert duration(seconds) == exact and duration(seconds, rough=True) == rough
