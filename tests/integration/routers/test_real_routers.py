"""Travel times and searches with a real Valhalla and a real OSRM."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from directory.geo import Coordinates, distance_m
from directory.geocoding.gazetteer import Gazetteer
from directory.routing.factory import build_travel_times
from directory.routing.router import Mode, Trip
from directory.routing.travel_times import TravelTimes
from directory.search.results import SearchResult
from directory.search.service import SearchService
from directory.search.travel_order import Travel, TravelProblem
from directory.settings import Settings
from directory.store.repository import StoredZone
from tests.integration.routers.conftest import VALHALLAS, RunningRouter
from tests.integration.routers.osm_extract import (
    FERRY_MINUTES,
    HAYWARD,
    ISLAND,
    MANORVILLE,
    OAKLAND,
    ORIENT,
    RIVERHEAD,
    SAN_FRANCISCO,
    WATERFORD,
    WILDERNESS,
)  # fmt: skip
from tests.support.stored_zones import snapshot_of, stored_zone
from tests.unit.search.test_service import OneSnapshot

pytestmark = pytest.mark.router
Search = Callable[..., SearchResult]
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


@pytest.fixture
def travel_times(router: RunningRouter) -> TravelTimes:
    settings = Settings(router=f"{router.kind}:{router.url}")
    built = build_travel_times(settings, lambda _router, _outcome: None)
    assert built is not None
    return built


@pytest.fixture
def search(travel_times: TravelTimes, gazetteer: Gazetteer) -> Search:
    """A search around a place over zones with these names."""

    def around(origin: Coordinates, *, mode: Mode | None = None, limit: int = 10, **zones: Coordinates) -> SearchResult:
        snapshot = snapshot_of(*[zone_at(name, point) for name, point in zones.items()])
        service = SearchService(
            None, OneSnapshot(snapshot), clock=lambda: NOON, travel_times=travel_times  # type: ignore[arg-type]
        )  # fmt: skip
        return service.around(origin, mode=mode, limit=limit)

    return around


def zone_at(name: str, point: Coordinates) -> StoredZone:
    return stored_zone(name, latitude=point.latitude, longitude=point.longitude)


def minutes(trip: Trip | None) -> float:
    assert trip is not None
    return trip.seconds / 60


def names(result: SearchResult) -> list[str]:
    return [hit.zone.zone_id for hit in result.hits]


def test_a_ferry_takes_as_long_as_it_takes_and_a_road_as_long_as_it_is(travel_times: TravelTimes) -> None:
    ((land, water),) = travel_times.matrix([ORIENT], [RIVERHEAD, WATERFORD], Mode.DRIVE)
    assert minutes(water) > FERRY_MINUTES and 25 < minutes(land) < 45
    assert land is not None and 37_000 < land.meters < 39_000


def test_the_zone_over_land_comes_before_the_nearer_one_across_the_sound(search: Search) -> None:
    result = search(ORIENT, waterford=WATERFORD, riverhead=RIVERHEAD)
    assert distance_m(ORIENT, WATERFORD) < distance_m(ORIENT, RIVERHEAD)
    assert names(result) == ["riverhead", "waterford"]
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "riverhead"
    assert result.travel == Travel(Mode.DRIVE, by_time=True)
    assert [hit.crosses for hit in result.hits] == [None, "water"] and all(hit.trip for hit in result.hits)


def test_the_zone_over_land_is_first_also_from_the_other_shore_and_beyond_those_listed(search: Search) -> None:
    across = {
        f"w{number}": Coordinates(WATERFORD.latitude - number / 1_000, WATERFORD.longitude) for number in range(8)
    }
    result = search(ORIENT, limit=1, riverhead=RIVERHEAD, **across)
    assert names(result) == ["riverhead"]
    assert names(search(WATERFORD, orient=ORIENT, **{"new-london": Coordinates(41.354, -72.094)}))[0] == "new-london"


def test_a_bridge_makes_the_zone_across_the_water_the_closest(search: Search) -> None:
    result = search(OAKLAND, francisco=SAN_FRANCISCO, hayward=HAYWARD)
    assert names(result) == ["francisco", "hayward"] and result.hits[0].crosses == "water"
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "francisco"


def test_a_one_way_road_is_no_way_back(travel_times: TravelTimes) -> None:
    (_, there), (back, _) = travel_times.matrix([RIVERHEAD, MANORVILLE], [RIVERHEAD, MANORVILLE], Mode.DRIVE)
    assert minutes(back) > 1.5 * minutes(there)


def test_an_island_without_a_ferry_and_a_place_off_the_road_have_no_way_and_the_others_theirs(
    travel_times: TravelTimes, search: Search
) -> None:
    targets = [RIVERHEAD, ISLAND, WATERFORD, WILDERNESS, HAYWARD]
    rows = travel_times.matrix([ORIENT, MANORVILLE], targets, Mode.DRIVE)
    assert [[trip is not None for trip in row] for row in rows] == [[True, False, True, False, False]] * 2
    result = search(ORIENT, mode=Mode.DRIVE, island=ISLAND, riverhead=RIVERHEAD)
    assert names(result) == ["riverhead", "island"] and result.hits[1].trip is None


def test_who_is_off_the_road_or_on_an_island_gets_the_straight_line_and_a_word(search: Search) -> None:
    for place in (WILDERNESS, ISLAND):
        result = search(place, mode=Mode.DRIVE, riverhead=RIVERHEAD, waterford=WATERFORD)
        assert result.travel == Travel(Mode.DRIVE, problem=TravelProblem.NO_ROAD)
        assert [hit.distance_m for hit in result.hits] == sorted(hit.distance_m for hit in result.hits)


@pytest.mark.parametrize("router", VALHALLAS, indirect=True)
def test_on_foot_neither_a_motorway_bridge_nor_a_ferry_is_a_way(travel_times: TravelTimes) -> None:
    ((bridge, street),) = travel_times.matrix(
        [OAKLAND], [SAN_FRANCISCO, Coordinates(OAKLAND.latitude + 0.006, OAKLAND.longitude)], Mode.WALK
    )
    assert bridge is None and 7 < minutes(street) < 10
    assert travel_times.matrix([ORIENT], [WATERFORD], Mode.WALK) == [[None]]


def test_its_log_says_nobodys_place(travel_times: TravelTimes, router: RunningRouter) -> None:
    travel_times.matrix([ORIENT], [RIVERHEAD, ISLAND], Mode.DRIVE)
    log = router.log.read_text()
    assert not re.search(r"41\.1[48]|72\.3|40\.93", log)
    assert ("POST /sources_to_targets" in log) == (router.kind == "valhalla")
