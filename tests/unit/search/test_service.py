"""The nearest zones to a position, over zones built for the test."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from directory.geo import METERS_PER_MILE, Coordinates
from directory.geocoding.results import Geocode, GeocodeResult, Precision
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing
from directory.search.results import FAR_M, SearchResult
from directory.search.service import SearchService
from directory.store.repository import StoredZone
from directory.zones.schemas import Status, TriState
from tests.support.stored_zones import OneSnapshot, snapshot_of, stored_zone
from tests.unit.degrees import METERS_A_DEGREE

HERE = Coordinates(41.2, -73.38)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


def north(meters: float, zone_id: str = "", **facts: Any) -> StoredZone:
    """A zone so far north of here."""
    return stored_zone(zone_id or f"z{meters:09.0f}", latitude=HERE.latitude + meters / METERS_A_DEGREE, **facts)


class Chain:
    """Stands where the geocoders do; knows one answer."""

    def __init__(self, result: GeocodeResult) -> None:
        self._result = result

    def locate(self, _words: str, _names: object, _until: float | None) -> GeocodeResult:
        return self._result


def service(*zones: StoredZone) -> SearchService:
    return SearchService(None, OneSnapshot(snapshot_of(*zones)), clock=lambda: NOON)  # type: ignore[arg-type]


def around(*zones: StoredZone, filters: Filters | None = None, **options: Any) -> SearchResult:
    return service(*zones).around(HERE, filters, **options)


def ids(result: SearchResult) -> list[str]:
    return [hit.zone.zone_id for hit in result.hits]


def test_zones_come_nearest_first_with_distance_and_direction_at_most_ten() -> None:
    result = around(*[north(meters) for meters in (900, 100, 500)])
    assert [round(hit.distance_m, -1) for hit in result.hits] == [100, 500, 900]
    assert [hit.direction for hit in result.hits] == ["N"] * 3
    assert len(around(*[north(meters) for meters in range(100, 2_000, 100)]).hits) == 10
    assert ids(around(north(100), north(200), limit=1)) == ["z000000100"]
    assert ids(around(north(100), north(200), within_m=150)) == ["z000000100"]


def test_the_place_is_labelled_by_its_coordinates_and_its_country() -> None:
    place = around(north(100)).place
    assert place is not None and (place.label, place.country) == ("41.2000, -73.3800", "US")


@pytest.mark.parametrize(
    ("facts", "filters", "is_listed"),
    [
        ({}, Filters(), True),
        ({"status": Status.PLANNED}, Filters(), False),
        ({"status": Status.PLANNED}, Filters(planned=True), True),
        ({"status": Status.WITHDRAWN}, Filters(planned=True, faded=True), False),
        ({"status": Status.MOVED}, Filters(), True),
        ({"status": Status.MOVED}, Filters(usable=True), False),
        ({"confirmed_on": "2025-06-02"}, Filters(), True),
        ({"confirmed_on": "2025-06-01"}, Filters(), False),
        ({"confirmed_on": "2025-06-01"}, Filters(faded=True), True),
        ({"confirmed_on": "2025-06-01"}, Filters(planned=True), False),
        ({"lighting": TriState.YES}, Filters(lit=True), True),
        ({}, Filters(lit=True), False),
    ],
)
def test_status_age_and_filters_decide_what_is_listed(facts: dict[str, Any], filters: Filters, is_listed: bool) -> None:
    assert ids(around(north(100, **facts), filters=filters)) == (["z000000100"] if is_listed else [])


def test_the_closest_place_to_meet_is_the_nearest_that_one_can_go_to_in_ones_own_country() -> None:
    zones = (
        north(100, status=Status.TEMPORARILY_CLOSED), north(200, country="CA"), north(300), north(400),
    )  # fmt: skip
    result = around(*zones)
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "z000000300"
    assert result.closest_shown is not None and result.closest_shown.zone.zone_id == "z000000100"
    assert [hit.zone.zone_id for hit in result.passed_over] == ["z000000200"]
    assert result.hits[1].crosses is Crossing.BORDER
    across = around(*zones, filters=Filters(across_border=True))
    assert across.closest_usable is not None and across.closest_usable.zone.zone_id == "z000000200"
    assert across.passed_over == ()


def test_the_closest_place_is_named_though_the_list_ends_before_it() -> None:
    result = around(north(100, status=Status.MOVED), north(200), limit=1)
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "z000000200"
    bounded = around(north(100, status=Status.MOVED), north(200), limit=1, within_m=150)
    assert bounded.closest_usable is None and bounded.nothing_near and bounded.passed_over == ()


@pytest.mark.parametrize(
    ("meters", "within_m", "near"),
    [(80_400, math.inf, True), (80_500, math.inf, False), (900, 1_000, True), (1_100, 1_000, False)],
)
def test_near_reaches_fifty_miles_or_as_far_as_was_asked(meters: float, within_m: float, near: bool) -> None:
    result = around(north(meters), within_m=within_m)
    assert result.nothing_near is not near
    assert result.near_m == min(within_m, 50 * METERS_PER_MILE)


def test_a_zone_exactly_as_far_as_was_asked_for_is_near() -> None:
    meters = around(north(900)).hits[0].distance_m
    at_the_edge = around(north(900), within_m=meters)
    assert ids(at_the_edge) == ["z000000900"] and not at_the_edge.nothing_near


def test_the_nearest_on_the_site_is_named_whatever_filters_and_distance_leave_out() -> None:
    result = around(north(100, status=Status.PLANNED), north(200, lighting=TriState.NO), filters=Filters(lit=True))
    assert result.hits == ()
    assert result.closest_shown is not None and result.closest_shown.zone.zone_id == "z000000200"
    assert round(result.closest_shown.distance_m) == 200 and result.closest_shown.direction == "N"
    far = around(north(5_000), within_m=100)
    assert far.closest_shown is not None and round(far.closest_shown.distance_m, -1) == 5_000
    assert around(north(100, status=Status.PLANNED)).closest_shown is None


def test_zones_of_which_the_fact_is_unstated_are_counted_as_far_as_the_list_reaches() -> None:
    unstated = (north(100), north(300), north(FAR_M - 100), north(FAR_M + 500))
    zones = (*unstated, north(200, lighting=TriState.YES), north(50, lighting=TriState.NO))
    assert around(*zones, filters=Filters(lit=True)).unstated == 3
    assert around(*zones, filters=Filters(lit=True), limit=1).unstated == 1
    assert around(*zones).unstated == 0


ABOVE_THE_SOUND = Coordinates(41.05, -73.54)
"""Stamford: Oyster Bay lies twelve miles off across Long Island Sound, the hills to the north as far on land."""


@pytest.mark.parametrize(("on_land", "nearer"), [(TriState.YES, []), (TriState.NO, ["over-the-sound"])])
def test_what_is_not_stated_across_the_water_is_no_nearer_place_than_one_on_land(
    on_land: TriState, nearer: list[str]
) -> None:
    searching = service(
        stored_zone("over-the-sound", latitude=40.88, longitude=-73.53),
        stored_zone("on-land", latitude=41.27, longitude=-73.6, lighting=on_land),
        stored_zone("farther-over", latitude=40.86, longitude=-73.53, lighting=TriState.YES),
    )
    result = searching.around(ABOVE_THE_SOUND, Filters(lit=True))
    assert [hit.zone.zone_id for hit in result.nearer_unstated] == nearer
    assert result.closest_usable is not None
    assert result.closest_usable.zone.zone_id == ("on-land" if on_land is TriState.YES else "farther-over")


def test_from_the_sea_the_nearest_is_the_closest_whatever_shore_it_is_on() -> None:
    greenport, north = stored_zone("south", latitude=41.1, longitude=-72.36), stored_zone("north", latitude=41.27)
    result = service(greenport, north, stored_zone("b", latitude=41.4)).around(Coordinates(41.1, -72.6))
    assert [hit.crosses for hit in result.hits] == [Crossing.WATER] * 3
    assert result.closest_usable is not None and result.closest_usable.zone.zone_id == "south"


def test_fifty_zones_that_may_be_nearer_are_named_at_most() -> None:
    result = around(*[north(100 + number) for number in range(60)], filters=Filters(lit=True))
    assert len(result.nearer_unstated) == 50 and result.unstated == 60


def test_a_zone_fades_from_one_day_to_the_next_also_for_a_visit_that_was_asked_about_before() -> None:
    clock = [datetime(2026, 6, 1, 16, tzinfo=UTC)]
    cache: Any = OneSnapshot(snapshot_of(north(100, confirmed_on="2025-06-02")))
    searching = SearchService(None, cache, clock=lambda: clock[-1])  # type: ignore[arg-type]

    def listed() -> list[int]:
        return [len(searching.around(HERE, at=at).hits) for at in (None, lambda _now: datetime(2026, 7, 1, 12))]

    assert listed() == [1, 1]
    clock.append(datetime(2026, 6, 2, 16, tzinfo=UTC))
    assert listed() == [0, 0]


def test_words_are_searched_with_the_filters_in_the_country_of_the_place() -> None:
    zones = OneSnapshot(snapshot_of(north(100, country="CA"), north(200, lighting=TriState.YES)))
    place = Geocode("Weston, CT", HERE, "test", Precision.PLACE)
    search = SearchService(Chain(GeocodeResult((place,))), zones, clock=lambda: NOON)  # type: ignore[arg-type]
    result = search.search("Weston", Filters(lit=True))
    assert ids(result) == ["z000000200"] and result.filters.lit
    assert result.place is not None and result.place.country == "US"
    assert result.hits[0].area == "Weston"
    assert ids(search.search("Weston")) == ["z000000100", "z000000200"]
    assert ids(search.search("Weston", limit=1, within_m=50)) == []


def test_nothing_is_searched_while_the_buyer_has_to_choose_a_place() -> None:
    places = tuple(Geocode(f"Weston, {state}", HERE, "test", Precision.PLACE, state, "US") for state in ("CT", "MA"))
    search = SearchService(Chain(GeocodeResult(places)), OneSnapshot(snapshot_of(north(1))))  # type: ignore[arg-type]
    result = search.search("Weston")
    assert (result.place, result.hits, result.unstated, result.more, result.at_is_past) == (None, (), 0, 0, False)


def test_a_zone_is_described_from_itself_or_from_elsewhere() -> None:
    search, zone = service(), north(100)
    alone = search.describe(zone)
    assert (alone.distance_m, alone.direction, alone.usable) == (0.0, "", True)
    hit = search.describe(zone, HERE)
    assert (round(hit.distance_m), hit.direction) == (100, "N")


def test_neighbours_are_shown_zones_but_for_some() -> None:
    zones = (north(100), north(200), north(300, status=Status.PLANNED), north(400, country="CA"))
    hits = service(*zones).neighbours(HERE, "US", 5, excluding=lambda zone: zone.zone_id == "z000000100", area="Weston")
    assert [(hit.zone.zone_id, hit.area, hit.crosses) for hit in hits] == [
        ("z000000200", "Weston", None), ("z000000400", "Weston", Crossing.BORDER),
    ]  # fmt: skip
    assert len(service(*zones).neighbours(HERE, "US", 1)) == 1


def test_the_time_of_a_visit_leaves_nothing_out_and_judges_everything_for_then() -> None:
    zones = (
        north(100, "open", opening_hours="24/7"),
        north(200, "closed-later", opening_hours="24/7", closures=[{"from": "2028-06-03", "until": "2028-06-03"}]),
        north(300, "days", opening_hours="Mo-Su 09:00-17:00"),
        north(400, "fresh-today", confirmed_on="2026-06-01"),
    )
    now, then = around(*zones), around(*zones, at=lambda _now: datetime(2028, 6, 3, 20))
    assert ids(then) == ids(now) == [zone.zone_id for zone in zones]
    assert [hit.open_state.openness.value for hit in then.hits] == ["open", "closed", "closed", "unknown"]
    assert [hit.usable for hit in then.hits] == [True, False, True, True]
    assert (now.at, then.at, then.judged_at) == (None, datetime(2028, 6, 3, 20), datetime(2028, 6, 3, 20))


def test_the_time_of_a_visit_is_told_what_time_it_is_there() -> None:
    local_times: list[datetime] = []

    def visit(now_there: datetime) -> datetime:
        local_times.append(now_there)
        return datetime(2026, 6, 1, 11, 59)

    result = around(north(100, time_zone="America/New_York"), at=visit)
    assert local_times[0].isoformat() == "2026-06-01T12:00:00-04:00"
    assert result.at_is_past
    assert not around(north(100), at=lambda now: now.replace(tzinfo=None)).at_is_past


def test_a_filter_by_hours_and_the_time_of_a_visit_go_together() -> None:
    zones = north(100, "days", opening_hours="Mo-Su 09:00-17:00"), north(200, "always", opening_hours="24/7")
    evening = Filters(open_at=datetime(2026, 6, 1, 20))
    result = around(*zones, filters=evening, at=lambda _now: datetime(2026, 6, 1, 10))
    assert ids(result) == ["always"]
    assert ids(around(*zones, at=lambda _now: datetime(2026, 6, 1, 20))) == ["days", "always"]


@pytest.mark.parametrize(("zones", "limit", "more"), [(9, 10, 0), (10, 10, 0), (13, 10, 3), (30, 10, 10), (60, 30, 20)])
def test_the_zones_of_a_list_twice_as_long_are_counted_where_that_is_asked_for(
    zones: int, limit: int, more: int
) -> None:
    searching = service(*[north(100 * number) for number in range(zones)])
    assert searching.around(HERE, limit=limit, counts_more=True).more == more
    assert searching.around(HERE, limit=limit).more == 0


def test_a_filter_by_hours_that_are_over_is_told_and_a_time_of_a_visit_stands_before_it() -> None:
    morning, evening = datetime(2026, 6, 1, 9), datetime(2026, 6, 1, 20)
    for open_at, is_past in ((morning, True), (evening, False)):
        assert around(north(100), filters=Filters(open_at=open_at)).at_is_past is is_past
        assert around(north(100), filters=Filters(open_at=open_at), at=lambda _now: morning).at_is_past
        assert not around(north(100), filters=Filters(open_at=open_at), at=lambda _now: evening).at_is_past
    assert not around(north(100)).at_is_past
