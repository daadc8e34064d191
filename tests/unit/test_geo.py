"""Distances on WGS 84, held against published numbers: everything else measures with these two functions."""

import numpy as np
import pytest

from directory.geo import Coordinates, distance_m, distances_m, ecef_position, ecef_positions

EQUATOR = Coordinates(0.0, 0.0)
PUBLISHED = [
    (EQUATOR, Coordinates(0.0, 1.0), 111_319.491),  # a degree of the equator: 6,378,137 m × π / 180
    (EQUATOR, Coordinates(90.0, 0.0), 10_001_965.729),  # the quarter meridian of WGS 84
]


@pytest.mark.parametrize(("origin", "target", "meters"), PUBLISHED)
def test_a_distance_is_the_published_number_of_metres(origin: Coordinates, target: Coordinates, meters: float) -> None:
    assert distance_m(origin, target) == pytest.approx(meters, abs=0.001)
    measured = distances_m(origin, np.array([target.latitude]), np.array([target.longitude]))
    assert measured.tolist() == pytest.approx([meters], abs=0.001)


@pytest.mark.parametrize(
    ("point", "position"),
    [
        (EQUATOR, (6_378_137.0, 0.0, 0.0)),
        (Coordinates(-90.0, 0.0), (0.0, 0.0, -6_356_752.3142)),
        (Coordinates(45.0, 90.0), (0.0, 4_517_590.8788, 4_487_348.4089)),  # EPSG:4979 to EPSG:4978
    ],
)
def test_a_position_in_space_is_the_published_one(point: Coordinates, position: tuple[float, float, float]) -> None:
    assert ecef_position(point) == pytest.approx(position, abs=0.001)
    positions = ecef_positions(np.array([point.latitude]), np.array([point.longitude]))
    assert positions.tolist() == [pytest.approx(position, abs=0.001)]
