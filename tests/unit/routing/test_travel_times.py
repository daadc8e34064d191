"""What is asked of a router, what of its answers is believed, and what is kept of them."""

import pytest

from directory.circuit_breaker import FAILURE_THRESHOLD
from directory.geo import WGS84, Coordinates, distance_m
from directory.routing.bounds import least_seconds
from directory.routing.router import Mode, RouterError, Trip
from directory.routing.travel_times import TravelTimes
from tests.support.made_router import MadeRouter, times_of, winding

HERE = Coordinates(41.123456, -73.654321)
TOLD = Coordinates(41.123, -73.654)
"""What a router is told of it."""
NEAR = [Coordinates(41.15 + number / 100, -73.6) for number in range(5)]
DRIVE, WALK = Mode.DRIVE, Mode.WALK


def north_of_here(meters: float) -> Coordinates:
    return Coordinates(TOLD.latitude + meters / 111_057, TOLD.longitude)


def test_each_origin_has_a_row_and_a_router_is_told_it_to_a_hundred_metres() -> None:
    router, other = MadeRouter(winding), Coordinates(41.3004, -73.9004)
    rows = times_of(router).matrix([HERE, other], NEAR, DRIVE)
    assert router.asked == [((TOLD, Coordinates(41.3, -73.9)), tuple(NEAR), DRIVE)]
    assert rows == [[winding(origin, target) for target in NEAR] for origin in router.asked[0][0]]


def test_people_in_one_place_are_asked_about_once() -> None:
    router = MadeRouter()
    first, second = times_of(router).matrix([HERE, Coordinates(41.1231, -73.6539)], NEAR * 2, DRIVE)
    assert router.asked == [((TOLD,), tuple(NEAR), DRIVE)]
    assert first == second and first[:5] == first[5:] and None not in first


@pytest.mark.parametrize(("mode", "reach_m"), [(DRIVE, 300_000), (WALK, 40_000)])
def test_a_target_is_asked_about_while_it_is_in_the_reach_of_anybody(mode: Mode, reach_m: float) -> None:
    router = MadeRouter(lambda origin, target: Trip(distance_m(origin, target), distance_m(origin, target)))
    within, beyond = north_of_here(reach_m - 200), north_of_here(reach_m + 200)
    (row,) = times_of(router).matrix([HERE], [within, beyond], mode)
    assert router.targets == [within] and [trip is None for trip in row] == [False, True]
    rows = times_of(router).matrix([HERE, within], [beyond], mode)
    assert router.targets == [within, beyond] and [trip is None for (trip,) in rows] == [True, False]


def test_targets_are_asked_about_in_batches_of_250() -> None:
    router = MadeRouter()
    targets = [Coordinates(41.2 + number / 2_000, -73.6) for number in range(501)]
    (row,) = times_of(router).matrix([HERE], targets, DRIVE)
    assert [len(targets_asked) for _, targets_asked, _ in router.asked] == [250, 250, 1]
    assert router.targets == targets and None not in row


@pytest.mark.parametrize(
    ("mode", "seconds", "meters", "possible"),
    [
        # 100 km, of which 4,080 m may be left out and 1 % be an error, at 130 km/h.
        (DRIVE, 2_630, 100_000, True), (DRIVE, 2_627, 100_000, False), (DRIVE, 3_600, 94_950, True),
        (DRIVE, 3_600, 94_890, False),
        # Likewise 20 km, walked at 7 km/h.
        (WALK, 8_090, 20_000, True), (WALK, 8_080, 20_000, False), (WALK, 20_000, 15_750, True),
        (WALK, 20_000, 15_690, False),
    ],
)  # fmt: skip
def test_a_trip_that_cannot_be_is_a_fault_of_the_router_or_no_walk(
    mode: Mode, seconds: float, meters: float, possible: bool
) -> None:
    target = north_of_here(100_000 if mode is DRIVE else 20_000)
    times = times_of(MadeRouter(lambda _origin, _target: Trip(seconds, meters)))
    if mode is DRIVE and not possible:
        with pytest.raises(RouterError):
            times.matrix([HERE], [target], mode)
    else:
        assert times.matrix([HERE], [target], mode) == [[Trip(seconds, meters) if possible else None]]


@pytest.mark.parametrize("mode", [DRIVE, WALK])
def test_the_best_trip_that_can_be_is_believed(mode: Mode) -> None:
    target = north_of_here(20_000)
    straight_m = distance_m(TOLD, target)
    best = Trip(least_seconds(straight_m, mode), straight_m * 0.99 - 4_080)
    assert times_of(MadeRouter(lambda _origin, _target: best)).matrix([HERE], [target], mode) == [[best]]


def test_a_target_exactly_as_far_as_the_reach_is_asked_about() -> None:
    ends = (WGS84.fwd(TOLD.longitude, TOLD.latitude, number / 10, 300_000) for number in range(3_600))
    around = (Coordinates(latitude, longitude) for longitude, latitude, _ in ends)
    target = next(target for target in around if distance_m(TOLD, target) == 300_000.0)
    times = times_of(MadeRouter(lambda _origin, _target: Trip(20_000, 400_000)))
    assert times.matrix([HERE], [target], DRIVE) == [[Trip(20_000, 400_000)]]


class Clock:
    """Stands still until it is set on."""

    def __init__(self) -> None:
        self.seconds = 10_000.0

    def __call__(self) -> float:
        return self.seconds


def test_within_a_minute_the_same_trip_is_asked_for_once() -> None:
    router, clock = MadeRouter(winding), Clock()
    times = TravelTimes(router, clock=clock)
    first = times.matrix([HERE], NEAR, DRIVE)
    clock.seconds += 60
    assert times.matrix([HERE], NEAR, DRIVE) == first and len(router.asked) == 1
    assert times.matrix([HERE], NEAR[:2], DRIVE) == [first[0][:2]] and len(router.asked) == 1
    times.matrix([HERE], NEAR, WALK)
    assert len(router.asked) == 2
    clock.seconds += 1
    assert times.matrix([HERE], NEAR, DRIVE) == first and len(router.asked) == 3


def test_of_what_is_known_in_part_only_the_rest_is_asked_for() -> None:
    router = MadeRouter(winding)
    times = times_of(router)
    times.matrix([HERE], NEAR[:3], DRIVE)
    (row,) = times.matrix([HERE], NEAR, DRIVE)
    assert router.targets == NEAR and row == [winding(TOLD, target) for target in NEAR]


def test_trips_are_forgotten_when_there_are_more_than_twenty_thousand() -> None:
    router, far = MadeRouter(lambda _origin, _target: Trip(7_200, 100_000)), Coordinates(41.5, -73.0)
    times = times_of(router)
    rows = [Coordinates(41.2, -73.6 + number / 100_000) for number in range(20_000)]
    times.matrix([HERE], rows, DRIVE)
    requests = len(router.asked)
    times.matrix([HERE], rows[:1], DRIVE)
    assert len(router.asked) == requests, "as many as may be are kept"
    times.matrix([HERE], [far], DRIVE)
    times.matrix([HERE], [far], DRIVE)
    assert len(router.asked) == requests + 1, "the last one is"
    times.matrix([HERE], rows[:1], DRIVE)
    assert len(router.asked) == requests + 2, "those before it went"


def test_all_questions_of_an_answer_end_together() -> None:
    router, clock = MadeRouter(), Clock()
    times = TravelTimes(router, clock=clock)
    assert times.deadline() == clock.seconds + 1.5
    with pytest.raises(RouterError, match="no time left"):
        times.matrix([HERE], NEAR, DRIVE, until=clock.seconds)
    assert router.asked == []
    times.matrix([HERE], NEAR, DRIVE, until=clock.seconds + 600)
    assert len(router.asked) == 1


def test_after_three_failures_a_router_is_not_asked_and_every_outcome_is_told() -> None:
    outcomes: list[tuple[str, str]] = []
    router = MadeRouter(answers=1)
    times = TravelTimes(router, lambda *outcome: outcomes.append(outcome), seconds=600)
    times.matrix([HERE], NEAR, DRIVE)
    for _ in range(FAILURE_THRESHOLD):
        assert not times.is_silent
        with pytest.raises(RouterError, match=r"^fell silent$"):
            times.matrix([HERE], NEAR[:1], WALK)
    assert times.is_silent
    with pytest.raises(RouterError, match="for a while"):
        times.matrix([HERE], NEAR[:1], WALK)
    assert len(router.asked) == 1 + FAILURE_THRESHOLD
    assert outcomes == [("made", "answered"), *[("made", "silent")] * (FAILURE_THRESHOLD + 1)]
    assert (times.name, times.modes) == ("made", frozenset(Mode))
