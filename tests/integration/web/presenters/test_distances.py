"""How far a zone is, in the reader's units."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from directory.geo import Coordinates
from directory.search.results import SearchHit
from directory.search.zone_status import MinuteView
from directory.web.presenters.distances import distance, how_far, rough_words, whole_distance
from tests.support.stored_zones import stored_zone


@pytest.mark.parametrize(
    ("meters", "miles", "kilometers"),
    [
        (100, "330 ft", "100 m"),
        (940, "0.6 mi", "940 m"),
        (1_609.344, "1 mi", "1.6 km"),
        (3_701.5, "2.3 mi", "3.7 km"),
        (20_000, "12 mi", "20 km"),
    ],
)
def test_a_distance_is_short_and_in_the_units_of_the_reader(
    app: Flask, meters: float, miles: str, kilometers: str
) -> None:
    with app.test_request_context("/"):
        assert (distance(meters, "mi"), distance(meters, "km")) == (miles, kilometers)


def test_a_rough_distance_is_a_whole_number(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (whole_distance(8_000, "mi"), whole_distance(8_000, "km")) == ("5 mi", "8 km")
        assert (rough_words(8_000, "mi"), rough_words(8_000, "km")) == ("5 mi", "8 km")
        assert (rough_words(1_500, "mi"), rough_words(999, "km")) == ("less than 1 mi", "less than 1 km")


@pytest.mark.parametrize(("meters", "words"), [(4.0, "at this place"), (40.0, "40 m N")])
def test_the_address_of_a_zone_itself_lies_in_no_direction_from_it(app: Flask, meters: float, words: str) -> None:
    zone = stored_zone(latitude=41.2)
    south = Coordinates(41.2 - meters / 111_060, zone.longitude)
    hit = SearchHit(MinuteView(datetime(2026, 6, 1, 16, tzinfo=UTC), [zone], lambda _zone: 0).of(zone), meters, south)
    with app.test_request_context("/"):
        assert how_far(hit, "km") == words
