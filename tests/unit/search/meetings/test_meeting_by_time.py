"""Where people can meet by travel time: the zone that everybody reaches soonest, and everybody's trips to it."""

import math
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.geocoding.results import Geocode, Precision
from directory.routing.router import Mode, Trip
from directory.search.filters import Filters
from directory.search.meetings.meeting_results import MeetingHit, MeetingResult
from directory.search.meetings.meeting_search import MeetingService
from directory.search.service import SearchService
from directory.search.travel_order import Travel, TravelProblem
from directory.store.repository import StoredZone
from directory.zones.schemas import Status, TriState
from tests.support.made_router import MadeRouter, times_of, winding
from tests.support.stored_zones import OneSnapshot, snapshot_of, stored_zone

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
INLAND = Coordinates(40.0, -100.0)
DRIVE = Mode.DRIVE


def at(north: float, east: float = 0.0, country: str = "US") -> Geocode:
    """A place so many degrees from the middle of the land."""
    point = Coordinates(round(INLAND.latitude + north, 3), round(INLAND.longitude + east, 3))
    return Geocode("somebody", point, "test", Precision.ADDRESS, country=country)


def zone(zone_id: str, north: float, **facts: Any) -> StoredZone:
    return stored_zone(zone_id, latitude=INLAND.latitude + north, longitude=INLAND.longitude, **facts)


def between(
    router: MadeRouter | None,
    zones: list[StoredZone],
    places: list[Geocode],
    filters: Filters | None = None,
    **options: Any,
) -> MeetingResult:
    cache: Any = OneSnapshot(snapshot_of(*zones))
    times = times_of(router) if router else None
    search = SearchService(None, cache, clock=lambda: NOON, travel_times=times)  # type: ignore[arg-type]
    return MeetingService(search, cache, clock=lambda: NOON, travel_times=times).between(places, filters, **options)


def name(hit: MeetingHit | None) -> str:
    return hit.zone.zone_id if hit else ""


def names(result: MeetingResult) -> list[str]:
    return [hit.zone.zone_id for hit in result.hits]


def scattered(random: Random, number: int) -> StoredZone:
    """A zone within 150 km, closed for now or abroad or lit or none of it."""
    return stored_zone(
        f"z{number:03}",
        latitude=round(INLAND.latitude + random.uniform(-1, 1), 5),
        longitude=round(INLAND.longitude + random.uniform(-1.5, 1.5), 5),
        status=random.choice([Status.ACTIVE, Status.ACTIVE, Status.MOVED]),
        country=random.choice(["US", "US", "CA"]),
        lighting=random.choice([*TriState]),
    )


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9), count=st.integers(1, 50), limit=st.integers(1, 4), people=st.integers(2, 4),
    across=st.booleans(), within_m=st.sampled_from([math.inf, 120_000.0]),
)  # fmt: skip
def test_the_answers_are_those_of_asking_about_every_zone(
    seed: int, count: int, limit: int, people: int, across: bool, within_m: float
) -> None:
    random = Random(seed)
    zones = [scattered(random, number) for number in range(count)]
    places = [at(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(people)]
    result = between(
        MadeRouter(winding), zones, places, Filters(across_border=across), limit=limit, mode=DRIVE, within_m=within_m
    )
    meters = {one.zone_id: tuple(distance_m(place.coordinates, one.coordinates) for place in places) for one in zones}
    trips = {one.zone_id: tuple(winding(place.coordinates, one.coordinates) for place in places) for one in zones}
    near = [one for one in zones if max(meters[one.zone_id]) <= within_m]

    def seconds(one: StoredZone) -> list[float]:
        return [trip.seconds if trip else math.inf for trip in trips[one.zone_id]]

    by_time = sorted(
        near, key=lambda one: (max(seconds(one)), max(meters[one.zone_id]), sum(meters[one.zone_id]), one.zone_id)
    )
    if not by_time or math.isinf(max(seconds(by_time[0]))):
        assert result.travel == Travel(DRIVE, problem=TravelProblem.NO_ROAD)
        return
    assert result.travel == Travel(DRIVE, by_time=True)
    assert names(result) == [one.zone_id for one in by_time[:limit]]
    assert all(hit.trips == trips[name(hit)] and hit.meters == meters[name(hit)] for hit in result.hits)
    offered = [
        one for one in by_time
        if one.status is Status.ACTIVE and (across or one.country == "US") and math.isfinite(max(seconds(one)))
    ]  # fmt: skip
    assert name(result.fairest) == (offered[0].zone_id if offered else "")
    least = min((sum(seconds(one)) for one in offered), default=None)
    assert (result.least_together and sum(result.least_together.seconds)) == least
    if result.best_known:
        known = [one for one in by_time[:limit] if one in offered and one.lighting is TriState.YES]
        assert name(result.best_known) == known[0].zone_id
        assert max(result.best_known.seconds) <= 1.5 * max(seconds(offered[0]))


def by_the_mile(origin: Coordinates, target: Coordinates) -> Trip:
    """A minute a kilometer."""
    return Trip(distance_m(origin, target) * 0.06, distance_m(origin, target))


PLACES = [at(0.0), at(0.5)]
ROW = [zone("middle", 0.25), zone("north", 0.4, lighting=TriState.YES)]


def test_without_a_mode_the_order_is_that_of_straight_lines_and_everybody_has_a_trip() -> None:
    router = MadeRouter(by_the_mile)
    result = between(router, ROW, PLACES)
    assert result.travel == Travel(DRIVE) and names(result) == ["middle", "north"]
    expected = {one.zone_id: tuple(by_the_mile(place.coordinates, one.coordinates) for place in PLACES) for one in ROW}
    hits = (*result.hits, result.fairest, result.least_together)
    assert all(hit and hit.trips == expected[name(hit)] for hit in hits)
    assert len(router.asked) == 1 and {*router.targets} == {one.coordinates for one in ROW}


def test_what_is_best_known_has_its_trips_too() -> None:
    result = between(MadeRouter(by_the_mile), [zone("middle", 0.25), zone("lit", 0.3, lighting=TriState.YES)], PLACES)
    assert result.best_known is not None and name(result.best_known) == "lit"
    assert len(result.best_known.seconds) == 2


@pytest.mark.parametrize(("north", "is_expected"), [(0.36, True), (0.39, False)])
def test_best_known_by_time_takes_nobody_one_and_a_half_times_as_long(north: float, is_expected: bool) -> None:
    zones = [zone("middle", 0.25), zone("lit", north, lighting=TriState.YES)]
    result = between(MadeRouter(by_the_mile), zones, PLACES, mode=DRIVE)
    assert result.travel.by_time and name(result.best_known) == ("lit" if is_expected else "")


def test_of_equally_known_zones_the_one_reached_sooner_is_best_known() -> None:
    zones = [zone("middle", 0.25, lighting=TriState.YES), zone("lit", 0.3, lighting=TriState.YES)]
    assert name(between(MadeRouter(by_the_mile), zones, PLACES, mode=DRIVE).best_known) == "middle"


def test_the_router_is_asked_about_no_zone_that_cannot_be_the_answer() -> None:
    row = [zone("middle", 0.25), *[zone(f"far-{number:02}", 0.9 + number / 100) for number in range(60)]]
    middle = row[0].coordinates

    def way(_origin: Coordinates, target: Coordinates) -> Trip:
        return Trip(1_800, 40_000) if target == middle else Trip(9_000, 250_000)

    router = MadeRouter(way)
    result = between(router, row, PLACES, limit=1, mode=DRIVE)
    assert name(result.fairest) == name(result.least_together) == "middle" and result.travel.by_time
    assert len(router.targets) == 20


ABROAD = [zone("abroad", 0.25, country="CA"), zone("home", 0.4)]
EITHER = [at(0.0), at(0.5, country="CA")]


def test_where_a_straight_line_misleads_the_order_is_by_time_and_trips_are_told_only_where_they_may() -> None:
    result = between(MadeRouter(by_the_mile), ABROAD, EITHER)
    assert result.misleads and result.travel == Travel(DRIVE, by_time=True)
    assert result.fairest is not None and name(result.fairest) == "abroad" and len(result.fairest.seconds) == 2
    bare = between(MadeRouter(by_the_mile), ABROAD, EITHER, says_times=False)
    assert bare.travel == result.travel and names(bare) == names(result)
    hits = (bare.fairest, bare.least_together, *bare.hits)
    assert all(hit is not None and hit.trips == () for hit in hits)
    zones = [zone("abroad", 0.25, country="CA", lighting=TriState.YES), ABROAD[1]]
    best = between(MadeRouter(by_the_mile), zones, EITHER, says_times=False).best_known
    assert best is not None and best.trips == ()


def test_without_times_and_without_a_misleading_line_no_router_is_asked() -> None:
    router = MadeRouter(by_the_mile)
    assert between(router, ROW, PLACES, says_times=False).travel == Travel() and router.asked == []


@pytest.mark.parametrize("zones", [ROW, ABROAD])
def test_without_a_router_only_who_asked_for_times_is_told(zones: list[StoredZone]) -> None:
    assert between(None, zones, EITHER).travel == Travel()
    assert between(None, zones, EITHER, says_times=False).travel == Travel()
    walking = between(None, zones, EITHER, mode=Mode.WALK)
    assert walking.travel == Travel(Mode.WALK, problem=TravelProblem.NO_ROUTER) and len(walking.hits) == 2


@pytest.mark.parametrize("mode", [None, DRIVE])
def test_a_silent_router_leaves_the_straight_lines_and_is_told(mode: Mode | None) -> None:
    result = between(MadeRouter(answers=0), ROW, PLACES, mode=mode)
    assert result.travel == Travel(DRIVE, problem=TravelProblem.ROUTER_SILENT)
    assert names(result) == ["middle", "north"] and result.hits[0].trips == ()


def test_where_no_road_is_known_straight_lines_stay() -> None:
    nowhere = MadeRouter(lambda _origin, _target: None)
    assert between(nowhere, ROW, PLACES).travel == Travel()
    by_time = between(nowhere, ROW, PLACES, mode=DRIVE)
    assert by_time.travel == Travel(DRIVE, problem=TravelProblem.NO_ROAD) and name(by_time.fairest) == "middle"


def test_a_trip_that_somebody_has_not_is_no_trip_of_everybody() -> None:
    router = MadeRouter(lambda origin, target: by_the_mile(origin, target) if origin.latitude < 40.1 else None)
    result = between(router, ROW, PLACES)
    assert result.travel == Travel(DRIVE)
    assert all(hit.trips[0] is not None and hit.trips[1] is None and hit.seconds == () for hit in result.hits)
