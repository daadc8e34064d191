"""Where people from several places can meet, over zones built for the test."""

from datetime import UTC, datetime
from typing import Any

import pytest

from directory.geo import METERS_PER_MILE, WGS84, Coordinates
from directory.geocoding.results import Geocode, GeocodeResult, GeocoderUnavailableError, NoMatchError, Precision
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing
from directory.search.meetings.meeting_results import MeetingResult, PlaceAnswer
from directory.search.meetings.meeting_search import MeetingService
from directory.search.service import SearchService
from directory.store.repository import StoredZone
from directory.zones.schemas import Status, TriState
from tests.support.stored_zones import OneSnapshot, snapshot_of, stored_zone
from tests.unit.degrees import METERS_A_DEGREE

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
MILE = METERS_PER_MILE
SOUTH = Coordinates(41.2, -73.38)
"""Weston; the places and zones of these tests lie on the meridian through it, so many miles to the north."""


def miles_north(miles: float) -> float:
    return SOUTH.latitude + miles * MILE / METERS_A_DEGREE


def place(miles: float, country: str = "US", *, longitude: float = SOUTH.longitude) -> Geocode:
    point = Coordinates(miles_north(miles), longitude)
    return Geocode(f"{miles} miles", point, "test", Precision.ADDRESS, country=country)


def zone(miles: float, **facts: Any) -> StoredZone:
    return stored_zone(facts.pop("zone_id", f"at-{miles:g}"), latitude=miles_north(miles), **facts)


class Chain:
    """Stands where the geocoders do: knows Weston, two Springfields, and nothing else."""

    def deadline(self) -> float:
        return 3.0

    def locate(self, text: str, _names: object, until: float) -> GeocodeResult:
        assert until == 3.0, "all the places share one deadline"
        if text == "down":
            raise GeocoderUnavailableError("silent")
        if text == "41.2, -73.38":
            return GeocodeResult((place(0, country=""),))
        count = {"Weston": 1, "Springfield": 2}.get(text)
        if count is None:
            raise NoMatchError("nothing like that")
        return GeocodeResult((place(0), place(9))[:count])


def meetings(*zones: StoredZone) -> MeetingService:
    cache: Any = OneSnapshot(snapshot_of(*zones))
    chain: Any = Chain()
    return MeetingService(SearchService(chain, cache, clock=lambda: NOON), cache, clock=lambda: NOON)


def between(
    zones: list[StoredZone], places: list[Geocode], filters: Filters | None = None, **options: Any
) -> MeetingResult:
    return meetings(*zones).between(places, filters, **options)


def ids(result: MeetingResult) -> list[str]:
    return [hit.zone.zone_id for hit in result.hits]


def test_zones_are_ranked_by_the_longest_trip_of_anybody_then_by_all_trips() -> None:
    beside = zone(5, zone_id="beside", longitude=SOUTH.longitude + 0.02)
    result = between([zone(0), zone(5), zone(9), beside], [place(0), place(10)])
    assert ids(result) == ["at-5", "beside", "at-9", "at-0"]
    assert result.fairest is not None and result.fairest.zone.zone_id == "at-5"
    assert [round(meters / MILE, 1) for meters in result.hits[2].meters] == [9.0, 1.0]
    assert round(result.hits[2].total_m / MILE, 1) == 10.0


def test_least_driving_together_is_another_zone_than_the_fairest_where_one_lies_on_the_way() -> None:
    off_the_way = zone(5, zone_id="off", longitude=SOUTH.longitude + 0.05)
    result = between([off_the_way, zone(1)], [place(0), place(10)])
    assert result.fairest is not None and result.fairest.zone.zone_id == "off"
    assert result.least_together is not None and result.least_together.zone.zone_id == "at-1"


def test_best_known_is_of_the_nearly_as_fair_ones_that_of_which_most_is_stated() -> None:
    best_known = zone(6, lighting=TriState.YES, cameras=TriState.YES, cameras_recorded=TriState.YES)
    too_far = zone(20, lighting=TriState.YES, cameras=TriState.YES, cameras_recorded=TriState.YES, opening_hours="24/7")
    result = between([zone(5, lighting=TriState.YES), best_known, too_far], [place(0), place(10)])
    assert result.best_known is not None and result.best_known.zone.zone_id == "at-6"


def test_of_equally_known_zones_the_fairer_one_is_best_known_and_of_unknown_ones_none() -> None:
    lit = [zone(5, lighting=TriState.YES), zone(6, lighting=TriState.YES)]
    result = between(lit, [place(0), place(10)])
    assert result.best_known is not None and result.best_known.zone.zone_id == "at-5"
    assert between([zone(5), zone(6)], [place(0), place(10)]).best_known is None


def test_a_zone_that_moved_is_listed_and_never_the_answer() -> None:
    result = between([zone(5, status=Status.MOVED), zone(8)], [place(0), place(10)])
    assert ids(result) == ["at-5", "at-8"]
    assert result.fairest is not None and result.fairest.zone.zone_id == "at-8"
    assert result.least_together is not None and result.least_together.zone.zone_id == "at-8"


def test_a_zone_in_neither_ones_country_is_the_answer_only_where_it_is_asked_for() -> None:
    zones = [zone(5, country="CA"), zone(9)]
    home = between(zones, [place(0), place(10)])
    assert home.fairest is not None and home.fairest.zone.zone_id == "at-9"
    assert ids(home) == ["at-5", "at-9"]
    across = between(zones, [place(0), place(10)], Filters(across_border=True))
    assert across.fairest is not None and across.fairest.zone.zone_id == "at-5"
    either = between(zones, [place(0), place(10, "CA")])
    assert either.fairest is not None and either.fairest.crossings == (Crossing.BORDER, None)


def test_a_zone_across_the_water_gives_way_to_one_within_twice_the_trip() -> None:
    # Oyster Bay and Darien lie on either side of Long Island Sound, White Plains on the land between.
    stamford, greenwich = Coordinates(41.05, -73.54), Coordinates(41.03, -73.63)
    places = [Geocode("a", point, "test", Precision.ADDRESS, country="US") for point in (stamford, greenwich)]
    oyster_bay = stored_zone("over-the-sound", latitude=40.88, longitude=-73.53)
    north = stored_zone("on-land", latitude=41.27, longitude=-73.6)
    result = between([oyster_bay, north], places)
    assert ids(result) == ["over-the-sound", "on-land"]
    assert result.hits[0].crosses is Crossing.WATER
    assert result.fairest is not None and result.fairest.zone.zone_id == "on-land"


def test_filters_leave_zones_out_and_count_those_of_which_the_fact_is_not_stated() -> None:
    zones = [zone(4), zone(5, lighting=TriState.NO), zone(6, lighting=TriState.YES), zone(200)]
    result = between(zones, [place(0), place(10)], Filters(lit=True))
    assert ids(result) == ["at-6"]
    assert result.unstated == 1, "the one 200 miles away is too far to be missed"


def test_nobody_is_sent_farther_than_was_asked_for() -> None:
    result = between([zone(5), zone(9)], [place(0), place(10)], within_m=6 * MILE)
    assert ids(result) == ["at-5"]
    assert between([zone(9)], [place(0), place(10)], within_m=6 * MILE).fairest is None


def test_a_zone_exactly_as_far_as_was_asked_for_is_not_too_far() -> None:
    zones, places = [zone(5), zone(6)], [place(0), place(10)]
    farther_m = between(zones, places).hits[1].distance_m
    assert between(zones, places, limit=1, within_m=farther_m, counts_more=True).more == 1
    alone = between([zone(6)], places, within_m=farther_m)
    assert alone.fairest is not None and alone.fairest.zone.zone_id == "at-6"


def test_who_stand_at_one_zone_are_told_what_speaks_for_it() -> None:
    result = between([zone(0, lighting=TriState.YES), zone(1)], [place(0), place(0)])
    assert result.best_known is not None and result.best_known.distance_m == 0.0


@pytest.mark.parametrize(("miles", "far"), [(999.5, False), (1_000.5, True)])
def test_places_over_a_thousand_miles_apart_were_perhaps_not_meant(miles: float, far: bool) -> None:
    east, north, _ = WGS84.fwd(SOUTH.longitude, SOUTH.latitude, -30.0, miles * MILE)
    there = Geocode("far", Coordinates(north, east), "test", Precision.ADDRESS, country="US")
    assert between([zone(0)], [place(0), there]).far_apart is far


@pytest.mark.parametrize(("miles", "same", "far"), [(0.05, True, False), (0.1, False, False), (1_100, False, True)])
def test_the_same_place_twice_and_places_very_far_apart_are_said(miles: float, same: bool, far: bool) -> None:
    result = between([zone(0)], [place(0), place(miles)])
    assert (result.same_place, result.far_apart) == (same, far)


def test_where_no_zone_lies_between_the_nearest_to_each_are_given() -> None:
    result = between([zone(0), zone(400)], [place(0), place(390)])
    assert [hit.zone.zone_id for hit in result.nearest_to_each if hit] == ["at-0", "at-400"]
    assert between([zone(0), zone(195)], [place(0), place(390)]).nearest_to_each == ()
    assert between([zone(30)], [place(0), place(1)]).nearest_to_each == (), "thirty miles are near"


def test_one_place_alone_is_no_way_from_itself() -> None:
    alone = MeetingResult((place(0),))
    assert (alone.apart_m, alone.same_place, alone.far_apart, alone.misleads) == (0.0, True, False, False)
    assert (alone.unstated, alone.more, alone.at_is_past) == (0, 0, False)


def test_five_places_are_all_heard() -> None:
    places = [place(0), place(1), place(2), place(3), place(20)]
    result = between([zone(1), zone(10)], places)
    assert ids(result) == ["at-10", "at-1"] and len(result.hits[0].meters) == 5


def test_each_place_has_an_answer_or_an_error_of_its_own() -> None:
    weston, several, nowhere, down = meetings(zone(0)).locate(["Weston", "Springfield", "Xyzzy", "down"])
    assert weston.place is not None and weston.place.country == "US"
    assert several.place is None and len(several.candidates) == 2
    assert isinstance(nowhere.outcome, NoMatchError) and isinstance(down.outcome, GeocoderUnavailableError)


def test_a_place_of_which_the_country_is_not_known_lies_in_that_of_the_map() -> None:
    (place_answer,) = meetings(zone(0)).locate(["41.2, -73.38"])
    assert place_answer.place is not None and place_answer.place.country == "US"


def test_ten_zones_are_listed_where_nothing_else_is_asked_for() -> None:
    assert len(between([zone(number / 10) for number in range(15)], [place(0), place(10)]).hits) == 10


def test_the_hits_answer_for_the_visit_or_the_hour_of_the_filter() -> None:
    evening, morning = datetime(2026, 6, 1, 19), datetime(2026, 6, 2, 9)
    places, filters = [place(0), place(10)], Filters(open_at=evening)
    assert between([zone(5)], places).judged_at is None
    assert between([zone(5)], places, filters).judged_at == evening
    assert between([zone(5)], places, filters, at=lambda _now: morning).judged_at == morning


def test_an_empty_directory_has_no_place_to_meet() -> None:
    result = between([], [place(0), place(10)])
    assert (result.hits, result.fairest, result.least_together, result.best_known) == ((), None, None, None)
    assert result.nearest_to_each == (None, None)


def test_zones_are_judged_for_the_time_of_the_visit() -> None:
    zones = [zone(5, opening_hours="Mo-Fr 08:00-16:00"), zone(6, opening_hours="24/7")]
    evening = between(zones, [place(0), place(10)], at=lambda now_there: now_there.replace(hour=19, tzinfo=None))
    assert [hit.open_state.openness.value for hit in evening.hits] == ["closed", "open"]
    assert evening.best_known is not None and evening.best_known.zone.zone_id == "at-6"
    assert (evening.at, evening.at_is_past) == (datetime(2026, 6, 1, 19), False)
    morning = between(zones, [place(0), place(10)], at=lambda now_there: now_there.replace(hour=9, tzinfo=None))
    assert morning.hits[0].open_state.openness.value == "open" and morning.at_is_past


@pytest.mark.parametrize(("miles", "is_expected"), [(7.45, True), (7.55, False)])
def test_best_known_asks_for_no_trip_longer_than_one_and_a_half_times_the_fairest(
    miles: float, is_expected: bool
) -> None:
    result = between([zone(5), zone(miles, lighting=TriState.YES)], [place(0), place(10)])
    assert (result.best_known is not None) is is_expected


def test_what_speaks_for_a_place_is_what_is_stated_and_that_it_is_open() -> None:
    open_zone = zone(
        5, opening_hours="24/7", lighting=TriState.YES, cameras=TriState.YES, cameras_recorded=TriState.YES,
        confirmed_on="2026-05-30",
    )  # fmt: skip
    closed = zone(6, opening_hours="Sa 08:00-09:00", lighting=TriState.NO, cameras=TriState.YES)
    result = between([open_zone, closed], [place(0), place(10)])
    assert [hit.known_facts for hit in result.hits] == [("open", "recorded", "lit", "confirmed"), ()]


@pytest.mark.parametrize(("zones", "limit", "more"), [(9, 10, 0), (10, 10, 0), (13, 10, 3), (30, 10, 10), (60, 30, 20)])
def test_the_zones_of_a_list_twice_as_long_are_counted_where_that_is_asked_for(
    zones: int, limit: int, more: int
) -> None:
    row = [zone(number / 10) for number in range(zones)]
    assert between(row, [place(0), place(10)], limit=limit, counts_more=True).more == more
    assert between(row, [place(0), place(10)], limit=limit).more == 0
    within = between(row, [place(0), place(10)], limit=3, within_m=5.25 * MILE, counts_more=True)
    assert within.more == min(3, max(0, len([number for number in range(zones) if 48 <= number <= 52]) - 3))


def test_unstated_zones_are_counted_as_far_as_the_list_or_fifty_miles_reach() -> None:
    zones = [zone(4.5), zone(6, lighting=TriState.YES), zone(7), zone(49), zone(51)]
    assert between(zones, [place(0), place(10)], Filters(lit=True)).unstated == 3
    assert between(zones, [place(0), place(10)], Filters(lit=True), limit=1).unstated == 1
    assert between(zones, [place(0), place(10)], Filters(lit=True), within_m=6.5 * MILE).unstated == 1


@pytest.mark.parametrize(
    ("longest", "apart", "are_given"),
    [(49, 49, False), (51, 51, True), (51, 53, False), (55, 53, True), (40, 1_001, True)],
)
def test_the_nearest_to_each_are_given_where_nobody_is_spared_a_long_way_or_places_are_very_far_apart(
    longest: float, apart: float, are_given: bool
) -> None:
    spot = longest if apart < 1_000 else apart / 2
    result = between([zone(spot)], [place(0), place(apart)])
    assert bool(result.nearest_to_each) is are_given
    assert result.far_apart is (apart > 1_000)


def test_least_driving_together_keeps_off_the_water_where_the_fairest_does() -> None:
    stamford, greenwich = Coordinates(41.05, -73.54), Coordinates(41.03, -73.63)
    places = [Geocode("a", point, "test", Precision.ADDRESS, country="US") for point in (stamford, greenwich)]
    over = stored_zone("over-the-sound", latitude=40.88, longitude=-73.53)
    land = stored_zone("on-land", latitude=41.27, longitude=-73.6)
    both = between([over, land], places)
    assert both.least_together is not None and both.least_together.zone.zone_id == "on-land"
    assert both.misleads and not between([land], places).misleads
    alone = between([over], places)
    assert alone.fairest is not None and alone.fairest.zone.zone_id == "over-the-sound"
    assert alone.least_together is not None and alone.least_together.zone.zone_id == "over-the-sound"
    assert alone.misleads and alone.hits[0].crosses is Crossing.WATER


def test_nobody_is_misled_by_what_lies_behind_the_fairest_or_cannot_be_used() -> None:
    places = [place(0), place(10)]
    assert not between([zone(5), zone(9, country="CA")], places).misleads
    assert between([zone(5, country="CA"), zone(9)], places).misleads
    assert not between([zone(5, country="CA", status=Status.MOVED), zone(9)], places).misleads
    behind_the_list = [zone(5, status=Status.MOVED), zone(6, country="CA")]
    assert between(behind_the_list, [place(0), place(10, "CA")], limit=1).misleads


def test_words_that_nobody_knows_have_what_is_spelled_like_them_as_candidates() -> None:
    similar = (place(3),)
    unknown = PlaceAnswer("Westn", NoMatchError("nothing", similar))
    assert (unknown.candidates, unknown.place, unknown.interpretation.query) == (similar, None, "Westn")
    assert PlaceAnswer("down", GeocoderUnavailableError("silent")).candidates == ()
