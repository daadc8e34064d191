"""How fast a trip can be at best: what a router's answer is held against."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.routing.bounds import FASTEST_KMH, REACH_M, farthest_m, least_seconds
from directory.routing.router import Mode

METERS = st.floats(30_000, 1_000_000)


@pytest.mark.parametrize(("mode", "meters_a_second"), [(Mode.DRIVE, 130_000 / 3_600), (Mode.WALK, 7_000 / 3_600)])
@pytest.mark.parametrize("trips", [1, 2, 5])
def test_no_trip_is_faster_than_a_fast_one_without_both_its_ends(
    mode: Mode, meters_a_second: float, trips: int
) -> None:
    seconds = least_seconds(100_000, mode, trips)
    assert seconds == pytest.approx((99_000 - trips * 4_080) / meters_a_second)
    assert least_seconds(100_000, mode) == least_seconds(100_000, mode, 1)
    assert least_seconds(4_000, mode) == 0.0


@given(METERS, st.sampled_from(Mode), st.integers(1, 5))
def test_how_far_one_gets_in_the_least_time_of_a_way_is_its_length(meters: float, mode: Mode, trips: int) -> None:
    assert farthest_m(least_seconds(meters, mode, trips), mode, trips) == pytest.approx(meters)
    assert farthest_m(0.0, mode) == farthest_m(0.0, mode, 1) == pytest.approx(4_080 / 0.99)


def test_the_bounds_are_those_that_are_documented() -> None:
    assert FASTEST_KMH == {Mode.DRIVE: 130, Mode.WALK: 7} and REACH_M == {Mode.DRIVE: 300_000, Mode.WALK: 40_000}
