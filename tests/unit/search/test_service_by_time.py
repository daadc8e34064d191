"""Searches in order of travel time: the closest place to meet is the one reached soonest of all that can be it."""

import math
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.routing.router import Mode, Trip
from directory.search.filters import Filters
from directory.search.service import SearchService
from directory.search.travel_order import Travel, TravelProblem
from directory.store.repository import StoredZone
from directory.zones.schemas import Status
from tests.support.made_router import MadeRouter, times_of, winding
from tests.support.stored_zones import OneSnapshot, snapshot_of, stored_zone

INLAND = Coordinates(40.0, -100.0)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


def service(router: MadeRouter | None, *zones: StoredZone) -> SearchService:
    times = times_of(router) if router else None
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


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 80), limit=st.integers(1, 4), across=st.booleans())
def test_the_closest_place_is_the_one_reached_soonest_of_all_that_can_be_it(
    seed: int, count: int, limit: int, across: bool
) -> None:
    random = Random(seed)
    zones = [scattered(random, number) for number in range(count)]
    result = service(MadeRouter(winding), *zones).around(
        INLAND, Filters(across_border=across), limit=limit, mode=Mode.DRIVE
    )
    trips = {zone.zone_id: winding(INLAND, zone.coordinates) for zone in zones}
    soonest = sorted(
        (
            trip.seconds if (trip := trips[zone.zone_id]) else math.inf,
            distance_m(INLAND, zone.coordinates),
            zone.zone_id,
        )
        for zone in zones
    )
    if math.isinf(soonest[0][0]):
        assert result.travel == Travel(Mode.DRIVE, problem=TravelProblem.NO_ROAD)
        return
    assert result.travel == Travel(Mode.DRIVE, by_time=True)
    assert [(hit.zone.zone_id, hit.mode, hit.trip) for hit in result.hits] == [
        (zone_id, Mode.DRIVE, trips[zone_id]) for _, _, zone_id in soonest[:limit]
    ]
    able = {zone.zone_id for zone in zones if zone.status is Status.ACTIVE and (across or zone.country == "US")}
    closest = [zone_id for seconds, _, zone_id in soonest if zone_id in able and math.isfinite(seconds)]
    if closest:
        assert result.closest_usable is not None and result.closest_usable.zone.zone_id == closest[0]
        assert result.closest_usable.trip == trips[closest[0]]
    else:  # no road is known to any of them: the closest in a straight line stays
        near = sorted((meters, zone_id) for _, meters, zone_id in soonest if zone_id in able)
        closest_id = result.closest_usable.zone.zone_id if result.closest_usable else None
        assert closest_id == (near[0][1] if near else None)


def test_filters_and_radius_hold_in_this_order_too() -> None:
    random = Random(7)
    searching = service(MadeRouter(winding), *[scattered(random, number) for number in range(60)])
    result = searching.around(INLAND, Filters(usable=True), limit=10, within_m=60_000, mode=Mode.DRIVE)
    assert result.travel.by_time and result.hits
    assert all(hit.usable and hit.distance_m <= 60_000 for hit in result.hits)
    assert any(hit.distance_m > 60_000 for hit in searching.around(INLAND, limit=50, mode=Mode.DRIVE).hits)


def test_the_closest_by_time_is_within_the_radius_too() -> None:
    closed = stored_zone("closed", latitude=40.1, longitude=-100.0, status=Status.MOVED)
    far = stored_zone("far", latitude=40.5, longitude=-100.0)
    searching = service(MadeRouter(), closed, far)
    assert searching.around(INLAND, limit=1, mode=Mode.DRIVE).closest_usable is not None
    assert searching.around(INLAND, limit=1, mode=Mode.DRIVE, within_m=30_000).closest_usable is None


@pytest.mark.parametrize(("closed", "expected_count"), [(40.01, 21), (40.03, 20)])
def test_the_router_is_asked_about_no_zone_that_cannot_be_the_closest(closed: float, expected_count: int) -> None:
    near = stored_zone("near", latitude=40.02, longitude=-100.0)
    shut = stored_zone("shut", latitude=closed, longitude=-100.0, status=Status.MOVED)
    others = [stored_zone(f"z{number:02}", latitude=40.5 + number / 100, longitude=-100.0) for number in range(40)]

    def way(_origin: Coordinates, target: Coordinates) -> Trip:
        return Trip(target.latitude - 39, 3_000) if target.latitude < 40.1 else Trip(7_200, 200_000)

    router = MadeRouter(way)
    result = service(router, near, shut, *others).around(INLAND, limit=1, mode=Mode.DRIVE)
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "near"
    assert len(router.targets) == expected_count


def test_without_a_router_a_mode_is_answered_by_distance() -> None:
    searching = service(None, stored_zone())
    assert searching.modes == frozenset()
    assert searching.around(INLAND, mode=Mode.WALK).travel == Travel(Mode.WALK, problem=TravelProblem.NO_ROUTER)
    assert searching.around(INLAND).travel == Travel()


def test_a_silent_router_leaves_the_order_by_distance_and_is_named() -> None:
    zones = [stored_zone("near", latitude=40.1, longitude=-100.0), stored_zone("far", latitude=40.2, longitude=-100.0)]
    result = service(MadeRouter(answers=0), *zones).around(INLAND, mode=Mode.DRIVE)
    assert result.travel == Travel(Mode.DRIVE, problem=TravelProblem.ROUTER_SILENT)
    assert [hit.zone.zone_id for hit in result.hits] == ["near", "far"]
    assert result.closest_usable is result.hits[0]


def test_driving_times_are_asked_for_unasked_only_where_the_straight_line_misleads() -> None:
    home = stored_zone("home", latitude=40.2, longitude=-100.0)
    abroad = stored_zone("abroad", latitude=40.1, longitude=-100.0, country="CA")
    assert service(MadeRouter(), home).around(INLAND).travel == Travel()
    assert service(MadeRouter(), home, abroad).around(INLAND).travel == Travel(Mode.DRIVE, by_time=True)
    assert service(MadeRouter(), home, abroad).around(INLAND, by_road=False).travel == Travel()
    assert service(None, home, abroad).around(INLAND).travel == Travel()
