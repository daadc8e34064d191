"""One look around: what was met is what was found, whoever judged it."""

from dataclasses import replace
from datetime import UTC, datetime

from directory.geo import Coordinates
from directory.geocoding.results import Geocode, Precision
from directory.search.filters import Filters
from directory.search.search_pass import SearchPass
from tests.support.stored_zones import snapshot_of, stored_zone

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


def test_the_closest_that_is_shown_is_the_first_hit_also_where_another_thread_judged_the_zone_again() -> None:
    snapshot = snapshot_of(
        stored_zone("a", latitude=41.2, longitude=-73.4), stored_zone("b", latitude=41.3, longitude=-73.4)
    )
    place = Geocode("Weston, CT", Coordinates(41.2, -73.38), "test", Precision.PLACE, "CT", "US")
    search_pass = SearchPass(snapshot, place, Filters(), NOON, NOON, 50_000.0)
    hits, more = search_pass.nearest(1, 10)
    assert more == 1
    judged_again = tuple(replace(hit, zone_status=replace(hit.zone_status)) for hit in hits)
    assert search_pass.closest_shown(judged_again) is judged_again[0]
