"""Distances on WGS 84, held against published numbers: everything else measures with these two functions."""

import numpy as np
import pytest

from directory.geo import Coordinates, distance_m, distances_m, is_within

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


@pytest.mark.parametrize("latitude", [0.0, 45.0, 89.0])
@pytest.mark.parametrize("share", [0.1, 0.9, 0.989, 0.994, 0.999, 1.001, 1.006, 1.011, 1.5])
def test_a_point_is_within_a_distance_as_the_ellipsoid_has_it(latitude: float, share: float) -> None:
    origin = Coordinates(latitude, -73.0)
    for target in (Coordinates(latitude + 0.36, -73.0), Coordinates(latitude, -72.5)):
        meters = distance_m(origin, target)
        assert is_within(meters / share, origin, target) is (share <= 1)
