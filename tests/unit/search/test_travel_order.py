"""The zones that are reached soonest: the same as if the router had been asked about every zone."""

import math
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.routing.router import Mode, RouterError, Trip
from directory.search.geography.meeting_index import Order
from directory.search.geography.meeting_index import ranked as ranked_between
from directory.search.geography.nearest_index import NearestIndex
from directory.search.travel_order import RankedZone, Ranking, Travel, TravelProblem, TravelRanker
from tests.support.made_router import MadeRouter, times_of, winding

EDGE = Coordinates(52.0, 179.9)
"""A place at the date line."""
INLAND = Coordinates(40.0, -100.0)


def around_edge(random: Random) -> Coordinates:
    """A place up to 165 km north or south and 200 km east or west of it: on both sides of the date line."""
    north, east = random.uniform(-1.5, 1.5), random.uniform(-3, 3)
    return Coordinates(round(EDGE.latitude + north, 5), round((EDGE.longitude + east + 180) % 360 - 180, 5))


def to_the_north(count: int, step: float) -> list[Coordinates]:
    """Zones so many degrees apart."""
    return [Coordinates(INLAND.latitude + number * step, INLAND.longitude) for number in range(count)]


def ranked(
    router: MadeRouter, origin: Coordinates, zones: Sequence[Coordinates], limit: int, mode: Mode = Mode.DRIVE
) -> Ranking:
    index, times = NearestIndex(zones), times_of(router)
    ranker = TravelRanker([origin], mode, lambda number: zones[number], times, times.deadline())
    return ranker.rank(limit, lambda most, within_m: index.nearest(origin, most, within_m=within_m))


@settings(max_examples=80)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 200), limit=st.integers(1, 6))
def test_no_zone_that_was_left_out_is_reached_sooner(seed: int, count: int, limit: int) -> None:
    random = Random(seed)
    zones = [around_edge(random) for _ in range(count)]
    zones += random.sample(zones, min(count, 5))
    trips = [winding(EDGE, zone) for zone in zones]

    def key(number: int) -> tuple[float, float, int]:
        trip = trips[number]
        return trip.seconds if trip else math.inf, distance_m(EDGE, zones[number]), number

    ranking = ranked(MadeRouter(winding), EDGE, zones, limit)
    assert ranking.proven
    assert list(ranking.zones) == [
        RankedZone(number, distance_m(EDGE, zones[number]), (trips[number],))
        for number in sorted(range(len(zones)), key=key)[:limit]
    ]


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9), count=st.integers(1, 120), limit=st.integers(1, 6),
    people=st.integers(2, 5), order=st.sampled_from(Order),
)  # fmt: skip
def test_for_several_people_no_zone_that_was_left_out_is_reached_sooner_by_all(
    seed: int, count: int, limit: int, people: int, order: Order
) -> None:
    random = Random(seed)
    zones = [around_edge(random) for _ in range(count)]
    places = [
        Coordinates(round(one.latitude, 3), round(one.longitude, 3)) for one in map(around_edge, [random] * people)
    ]
    index, together = NearestIndex(zones), max if order is Order.LONGEST_TRIP else sum

    def nearest(most: int, within_m: float) -> list[tuple[int, float]]:
        matches = [(each.number, together(each.meters)) for each in ranked_between(index, places, most, order=order)]
        return [(number, meters) for number, meters in matches if meters <= within_m]

    times = times_of(MadeRouter(winding))
    ranker = TravelRanker(places, Mode.DRIVE, lambda number: zones[number], times, times.deadline())
    ranking = ranker.rank(limit, nearest, order)
    columns = [tuple(within_reach(place, zone) for place in places) for zone in zones]
    seconds = sorted(together(trip.seconds for trip in trips) if all(trips) else math.inf for trips in columns)
    assert ranking.proven
    assert all(zone.trips == columns[zone.number] for zone in ranking.zones if all(zone.trips))
    matches = [together(trip.seconds for trip in zone.trips) if all(zone.trips) else math.inf for zone in ranking.zones]
    assert matches == seconds[:limit]
    assert ranking.reaches_any is any(map(math.isfinite, matches))


def within_reach(place: Coordinates, zone: Coordinates) -> Trip | None:
    return winding(place, zone) if distance_m(place, zone) <= 300_000 else None


def test_only_zones_that_may_be_reached_sooner_are_asked_about() -> None:
    router = MadeRouter()
    ranking = ranked(router, INLAND, to_the_north(250, 0.01), 10)
    assert ranking.proven and [zone.number for zone in ranking.zones] == list(range(10))
    # The tenth lies 10 km away at 60 km/h: none beyond 26 km can be sooner.
    assert len(router.targets) < 30


def test_twenty_are_asked_about_at_first_or_twice_as_many_as_are_wanted() -> None:
    for limit, first in ((1, 20), (10, 20), (30, 60)):
        router = MadeRouter()
        ranked(router, INLAND, to_the_north(250, 0.01), limit)
        assert len(router.asked[0][1]) == first


def test_a_quick_zone_that_is_found_late_ends_the_questions() -> None:
    zones = to_the_north(500, 0.004)
    router = MadeRouter(lambda _origin, target: Trip(1_500, 50_000) if target == zones[100] else Trip(9_000, 250_000))
    ranking = ranked(router, INLAND, zones, 1)
    assert [zone.number for zone in ranking.zones] == [100] and ranking.proven
    assert router.targets == zones[:270], "twenty and a batch of 250: those behind lie too far to be sooner"


def test_more_zones_than_may_be_asked_about_leave_the_order_unproven() -> None:
    for count, proven in ((500, True), (501, False), (600, False)):
        router = MadeRouter(lambda _origin, _target: Trip(7_200, 9_000))
        ranking = ranked(router, INLAND, to_the_north(count, 0.0001), 5)
        assert (ranking.proven, len(router.targets)) == (proven, 500)
        assert [zone.number for zone in ranking.zones] == list(range(5))


def test_what_was_answered_before_the_router_fell_silent_is_shown_as_unproven() -> None:
    router = MadeRouter(lambda _origin, _target: Trip(3_600, 15_000), answers=1)
    ranking = ranked(router, INLAND, to_the_north(150, 0.001), 5)
    assert not ranking.proven and ranking.reaches_any


@pytest.mark.parametrize(("answers", "way"), [(0, Trip(3_600, 15_000)), (1, None)])
def test_a_router_that_told_nothing_before_it_fell_silent_is_an_error(answers: int, way: Trip | None) -> None:
    router = MadeRouter(lambda _origin, _target: way, answers=answers)
    with pytest.raises(RouterError, match="fell silent"):
        ranked(router, INLAND, to_the_north(150, 0.001), 5)


def test_zones_without_a_way_come_after_those_with_one_in_order_of_distance() -> None:
    zones = to_the_north(5, 0.1)[1:]
    ranking = ranked(
        MadeRouter(lambda _origin, target: Trip(3_600, 40_000) if target == zones[2] else None), INLAND, zones, 4
    )
    assert [zone.number for zone in ranking.zones] == [2, 0, 1, 3] and ranking.proven


@pytest.mark.parametrize(("mode", "reach_km"), [(Mode.DRIVE, 300), (Mode.WALK, 40)])
def test_nobody_asks_for_a_way_that_is_longer_than_routers_answer(mode: Mode, reach_km: float) -> None:
    router = MadeRouter(lambda origin, target: Trip(distance_m(origin, target), distance_m(origin, target)))
    zones = to_the_north(11, reach_km / 1_100)
    ranking = ranked(router, INLAND, zones, 11, mode)
    within = [distance_m(INLAND, zone) <= reach_km * 1_000 for zone in zones]
    assert [zone.trips != (None,) for zone in ranking.zones] == within and {*within} == {True, False}
    assert router.targets == [zone for zone, near in zip(zones, within, strict=True) if near]
    assert ranking.proven


def test_however_many_zones_lie_beyond_the_reach_of_anybody_the_order_is_proven() -> None:
    zones = [*to_the_north(1, 0.1), *[Coordinates(43.5, -100.0)] * 550]
    ranking = ranked(MadeRouter(), INLAND, zones, 3)
    assert ranking.proven and [zone.number for zone in ranking.zones] == [0, 1, 2]


def test_without_zones_there_is_nothing_to_ask() -> None:
    router = MadeRouter()
    ranker = TravelRanker([EDGE], Mode.DRIVE, lambda _number: EDGE, times_of(router), math.inf)
    nobody = ranker.rank(5, lambda _most, _within_m: [])
    assert nobody == Ranking((), True) and not nobody.reaches_any and router.asked == []


@pytest.mark.parametrize(
    ("problem", "missing", "passing"),
    [
        (None, False, False), (TravelProblem.NO_ROUTER, True, False), (TravelProblem.ROUTER_SILENT, True, True),
        (TravelProblem.NO_ROAD, True, False), (TravelProblem.UNPROVEN, False, True),
    ],
)  # fmt: skip
def test_a_problem_leaves_no_times_or_an_unproven_order_for_now_or_for_good(
    problem: TravelProblem | None, missing: bool, passing: bool
) -> None:
    travel = Travel(Mode.DRIVE, problem=problem)
    assert (travel.is_missing, travel.passing) == (missing, passing)
    assert not travel.by_time, "unless the order is said to be by time"
