"""The zones that are reached soonest: the same as if the router had been asked about every zone."""

import math
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.routing.bounds import FASTEST_KMH, KMH, REACH_M, farthest_m, least_seconds
from directory.routing.http_client import HttpClient
from directory.routing.osrm import Osrm
from directory.routing.router import Mode, Router, Trip
from directory.routing.travel_times import TravelTimes
from directory.routing.valhalla import Valhalla
from directory.search import travel_order
from directory.search.geography.meeting_index import Order
from directory.search.geography.meeting_index import ranked as ranked_between
from directory.search.geography.nearest_index import NearestIndex
from directory.search.travel_order import Ranking, TravelRanker
from tests.support.loopback_router import SLOW_SECONDS, LoopbackRouter, along_the_line, running_router

EDGE = Coordinates(52.0, 179.9)
"""A place at the date line."""


def around_edge(random: Random) -> Coordinates:
    """A place up to 165 km north or south and 200 km east or west of it: on both sides of the date line."""
    north, east = random.uniform(-1.5, 1.5), random.uniform(-3, 3)
    return Coordinates(round(EDGE.latitude + north, 5), round((EDGE.longitude + east + 180) % 360 - 180, 5))


def chance(origin: Coordinates, target: Coordinates) -> float:
    """A number from 0 to 1 for a way: another one for the way back."""
    digest = blake2b(repr((origin, target)).encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


def winding(origin: Coordinates, target: Coordinates) -> Trip | None:
    """A way as fast as may be, or much slower, or none: the nearest are seldom reached soonest."""
    share = chance(origin, target)
    if share < 0.15:
        return None
    meters = distance_m(origin, target)
    fastest = 130 / 3.6
    return Trip(math.ceil(meters / fastest * (1 if share > 0.93 else 2 + 4 * share)), meters * 1.2)


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackRouter]:
    with running_router(winding) as router:
        yield router


def travel_times(server: LoopbackRouter, kind: type[Osrm] | type[Valhalla] = Osrm, seconds: float = 20) -> TravelTimes:
    router: Router = kind(HttpClient(server.url, "tests"))
    return TravelTimes(router, seconds=seconds)


def ranked(
    times: TravelTimes, origin: Coordinates, zones: Sequence[Coordinates], limit: int, mode: Mode = Mode.DRIVE
) -> Ranking:
    index = NearestIndex(zones)
    ranker = TravelRanker([origin], mode, lambda number: zones[number], times, times.deadline())
    return ranker.rank(limit, lambda most, within_m: index.nearest(origin, most, within_m=within_m))


def by_asking_about_all(
    times: TravelTimes, origin: Coordinates, zones: Sequence[Coordinates], limit: int
) -> list[tuple[int, Trip | None]]:
    (trips,) = times.matrix([origin], zones, Mode.DRIVE)
    order = sorted(
        range(len(zones)),
        key=lambda number: (
            trip.seconds if (trip := trips[number]) else math.inf, distance_m(origin, zones[number]), number
        ),
    )  # fmt: skip
    return [(number, trips[number]) for number in order[:limit]]


@settings(max_examples=80)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 200), limit=st.integers(1, 6), kind=st.booleans())
def test_no_zone_that_was_left_out_is_reached_sooner(
    server: LoopbackRouter, seed: int, count: int, limit: int, kind: bool
) -> None:
    random = Random(seed)
    zones = [around_edge(random) for _ in range(count)]
    zones += random.sample(zones, min(count, 5))
    kinds = (Osrm, Valhalla)
    ranking = ranked(travel_times(server, kinds[kind]), EDGE, zones, limit)
    expected = by_asking_about_all(travel_times(server, kinds[kind]), EDGE, zones, limit)
    assert ranking.proven
    assert [(zone.number, zone.trips[0]) for zone in ranking.zones] == expected


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9), count=st.integers(1, 120), limit=st.integers(1, 6),
    people=st.integers(2, 5), order=st.sampled_from(Order),
)  # fmt: skip
def test_for_several_people_no_zone_that_was_left_out_is_reached_sooner_by_all(
    server: LoopbackRouter, seed: int, count: int, limit: int, people: int, order: Order
) -> None:
    random = Random(seed)
    zones = [around_edge(random) for _ in range(count)]
    places, index = [around_edge(random) for _ in range(people)], NearestIndex(zones)
    together = max if order is Order.LONGEST_TRIP else sum

    def nearest(most: int, within_m: float) -> list[tuple[int, float]]:
        found = [(each.number, together(each.meters)) for each in ranked_between(index, places, most, order=order)]
        return [(number, meters) for number, meters in found if meters <= within_m]

    times = travel_times(server)
    ranker = TravelRanker(places, Mode.DRIVE, lambda number: zones[number], times, times.deadline())
    ranking = ranker.rank(limit, nearest, order)
    columns = list(zip(*travel_times(server).matrix(places, zones, Mode.DRIVE), strict=True))
    seconds = sorted(together(trip.seconds for trip in trips) if all(trips) else math.inf for trips in columns)
    assert ranking.proven
    assert all(zone.trips == columns[zone.number] for zone in ranking.zones if all(zone.trips))
    found = [together(trip.seconds for trip in zone.trips) if all(zone.trips) else math.inf for zone in ranking.zones]
    assert found == seconds[:limit]


def test_only_zones_that_may_be_reached_sooner_are_asked_about(server: LoopbackRouter) -> None:
    server.asked.clear()
    origin = Coordinates(40.0, -100.0)
    zones = [Coordinates(40.0 + number / 100, -100.0) for number in range(250)]
    with running_router() as straight:
        ranking = ranked(travel_times(straight), origin, zones, 10)
        asked = sum(question.count(",") for question in straight.asked)
    assert ranking.proven and [zone.number for zone in ranking.zones] == list(range(10))
    assert asked < 60, "ten within 10 km at 60 km/h: none beyond 26 km can be sooner"


def test_more_zones_than_may_be_asked_about_leave_the_order_unproven() -> None:
    origin = Coordinates(40.0, -100.0)
    zones = [Coordinates(40.0 + number / 10_000, -100.0) for number in range(travel_order.MOST + 100)]
    with running_router(lambda _origin, _target: Trip(7_200, 9_000)) as slow:
        ranking = ranked(travel_times(slow), origin, zones, 5)
    assert not ranking.proven and [zone.number for zone in ranking.zones] == list(range(5))


def test_what_was_answered_before_the_router_fell_silent_is_shown_as_unproven() -> None:
    origin = Coordinates(40.0, -100.0)
    zones = [Coordinates(40.0 + number / 1_000, -100.0) for number in range(150)]

    with running_router(lambda _origin, _target: Trip(3_600, 15_000)) as router:

        class FirstOnly(Valhalla):
            def matrix(self, origins, targets, mode, until):  # type: ignore[no-untyped-def]
                answer = super().matrix(origins, targets, mode, until)
                router.fault = (200, b"", SLOW_SECONDS)
                return answer

        ranking = ranked(travel_times(router, FirstOnly, seconds=1), origin, zones, 5)
    assert not ranking.proven and ranking.reaches_any


def test_zones_without_a_way_come_after_those_with_one_in_order_of_distance() -> None:
    origin = Coordinates(40.0, -100.0)
    zones = [Coordinates(40.0 + number / 10, -100.0) for number in range(1, 5)]
    with running_router(
        lambda origin, target: along_the_line(origin, target) if target == zones[2] else None
    ) as router:
        ranking = ranked(travel_times(router), origin, zones, 4)
    assert [zone.number for zone in ranking.zones] == [2, 0, 1, 3] and ranking.proven


def test_without_zones_there_is_nothing_to_ask(server: LoopbackRouter) -> None:
    server.asked.clear()
    ranker = TravelRanker([EDGE], Mode.DRIVE, lambda _number: EDGE, travel_times(server), math.inf)
    nobody = ranker.rank(5, lambda _most, _within_m: [])
    assert nobody == Ranking((), True) and not nobody.reaches_any and server.asked == []


@pytest.mark.parametrize("mode", Mode)
@given(meters=st.floats(0, 500_000), seconds=st.floats(0, 50_000))
def test_the_bound_and_its_inverse_agree(mode: Mode, meters: float, seconds: float) -> None:
    assert least_seconds(farthest_m(seconds, mode), mode) == pytest.approx(seconds)
    assert least_seconds(meters, mode) <= meters / (FASTEST_KMH[mode] * KMH)


def test_the_bounds_are_those_that_are_documented() -> None:
    assert FASTEST_KMH == {Mode.DRIVE: 130, Mode.WALK: 7} and REACH_M == {Mode.DRIVE: 300_000, Mode.WALK: 40_000}
    assert all(
        least_seconds(near, Mode.WALK) <= least_seconds(far, Mode.WALK) for near, far in pairwise([0, 4e3, 5e3, 9e3])
    )
    assert round(least_seconds(100_000, Mode.DRIVE) / 60) == 44
