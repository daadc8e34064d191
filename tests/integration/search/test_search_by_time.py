"""Searches in order of travel time: the closest place to meet is the one reached soonest of all that can be it."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.routing.http_client import HttpClient
from directory.routing.router import Mode
from directory.routing.travel_times import TravelTimes
from directory.routing.valhalla import Valhalla
from directory.search.filters import Filters
from directory.search.service import SearchService
from directory.search.travel_order import Travel, TravelProblem
from directory.store.repository import StoredZone
from directory.zones.schemas import Status
from tests.integration.search.test_travel_order import winding
from tests.support.loopback_router import LoopbackRouter, running_router
from tests.support.stored_zones import snapshot_of, stored_zone
from tests.unit.search.test_service import OneSnapshot

INLAND = Coordinates(40.0, -100.0)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackRouter]:
    with running_router(winding) as router:
        yield router


def times_of(server: LoopbackRouter) -> TravelTimes:
    return TravelTimes(Valhalla(HttpClient(server.url, "tests")), seconds=20)


def service(server: LoopbackRouter | None, *zones: StoredZone) -> SearchService:
    times = times_of(server) if server else None
    return SearchService(None, OneSnapshot(snapshot_of(*zones)), clock=lambda: NOON, travel_times=times)  # type: ignore[arg-type]


def scattered(random: Random, number: int) -> StoredZone:
    """A zone within 200 km of the place, some closed for now, some in another country."""
    return stored_zone(
        f"z{number:03}",
        latitude=round(INLAND.latitude + random.uniform(-1.5, 1.5), 5),
        longitude=round(INLAND.longitude + random.uniform(-2, 2), 5),
        status=random.choice([Status.ACTIVE, Status.MOVED]),
        country=random.choice(["US", "CA"]),
    )


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 80), limit=st.integers(1, 4), across=st.booleans())
def test_the_closest_place_is_the_one_reached_soonest_of_all_that_can_be_it(
    server: LoopbackRouter, seed: int, count: int, limit: int, across: bool
) -> None:
    random = Random(seed)
    zones = [scattered(random, number) for number in range(count)]
    searching = service(server, *zones)
    result = searching.around(INLAND, Filters(across_border=across), limit=limit, mode=Mode.DRIVE)
    (trips,) = times_of(server).matrix([INLAND], [zone.coordinates for zone in zones], Mode.DRIVE)
    able = [
        (trip.seconds, distance_m(INLAND, zone.coordinates), zone.zone_id)
        for zone, trip in zip(zones, trips, strict=True)
        if trip and zone.status is Status.ACTIVE and (across or zone.country == "US")
    ]
    if result.travel.by_time and able:
        assert result.closest_usable is not None and result.closest_usable.zone.zone_id == min(able)[2]
    soonest = sorted((trip.seconds if trip else math.inf) for trip in trips)[:limit]
    if result.travel.by_time:
        assert [hit.trip.seconds if hit.trip else math.inf for hit in result.hits] == soonest


def test_filters_and_radius_hold_in_this_order_too(server: LoopbackRouter) -> None:
    random = Random(7)
    searching = service(server, *[scattered(random, number) for number in range(60)])
    result = searching.around(INLAND, Filters(usable=True), limit=10, within_m=60_000, mode=Mode.DRIVE)
    assert result.travel.by_time and result.hits
    assert all(hit.usable and hit.distance_m <= 60_000 for hit in result.hits)
    assert any(hit.distance_m > 60_000 for hit in searching.around(INLAND, limit=50, mode=Mode.DRIVE).hits)


def test_without_a_router_a_mode_is_answered_by_distance() -> None:
    searching = service(None, stored_zone())
    assert searching.modes == frozenset()
    assert searching.around(INLAND, mode=Mode.WALK).travel == Travel(Mode.WALK, problem=TravelProblem.NO_ROUTER)
