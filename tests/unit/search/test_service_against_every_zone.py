"""A search answers what looking at every zone one by one would: lists, the closest place, and what was left out."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geo import METERS_PER_MILE, Coordinates, distance_m
from directory.search.filters import Filters
from directory.search.results import SearchHit
from directory.search.service import SearchService
from directory.store.repository import StoredZone
from directory.zones.schemas import Status, TriState
from tests.support.stored_zones import OneSnapshot, snapshot_of, stored_zone

HERE = Coordinates(40.0, -100.0)
"""A place in the middle of the land: no way from it crosses water."""
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)
TODAY = date(2026, 6, 1)
NEAR_M = 50 * METERS_PER_MILE
SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED, Status.MOVED)

ZONES = st.lists(
    st.fixed_dictionaries(
        {
            "latitude": st.sampled_from([39.0, 39.9, 39.99, 40.0, 40.02, 40.2, 40.7, 40.8, 41.5]),
            "longitude": st.sampled_from([-100.3, -100.01, -100.0, -99.98, -99.9]),
            "status": st.sampled_from([*Status, Status.ACTIVE, Status.ACTIVE]),
            "country": st.sampled_from(["US", "US", "CA"]),
            "lighting": st.sampled_from(TriState),
            "confirmed_on": st.sampled_from(["", "2026-05-30", "2025-06-02", "2025-06-01"]),
        }
    ),
    max_size=24,
)
FILTERS = st.builds(
    Filters, lit=st.booleans(), planned=st.booleans(), faded=st.booleans(), usable=st.booleans(),
    across_border=st.booleans(),
)  # fmt: skip


@dataclass
class Walk:
    """Looks at every zone, nearest first."""

    zones: list[StoredZone]
    filters: Filters
    within_m: float

    def __post_init__(self) -> None:
        self.near = sorted(self.zones, key=lambda zone: (self.meters(zone), zone.zone_id))
        wanted = [zone for zone in self.near if self.meters(zone) <= self.within_m and self.is_wanted(zone)]
        self.taken = [zone for zone in wanted if not self.filters.lit or zone.lighting is TriState.YES]
        self.unstated = [zone for zone in wanted if self.filters.lit and zone.lighting is TriState.UNKNOWN]

    @staticmethod
    def meters(zone: StoredZone) -> float:
        return distance_m(HERE, zone.coordinates)

    def is_wanted(self, zone: StoredZone) -> bool:
        faded = zone.confirmed_on and TODAY - date.fromisoformat(zone.confirmed_on) >= timedelta(365)
        if (faded and not self.filters.faded) or (self.filters.usable and zone.status is not Status.ACTIVE):
            return False
        return zone.status in SHOWN or (zone.status is Status.PLANNED and self.filters.planned)

    def can_be_met_at(self, zone: StoredZone) -> bool:
        return zone.status is Status.ACTIVE and (zone.country == "US" or self.filters.across_border)

    def reach_m(self, limit: int) -> float:
        """How far the list reaches."""
        return self.meters(self.taken[limit - 1]) if len(self.taken) >= limit else NEAR_M


def name(hit: SearchHit | None) -> str:
    return hit.zone.zone_id if hit else ""


def check(service: SearchService, walk: Walk, limit: int) -> None:
    result = service.around(HERE, walk.filters, limit=limit, within_m=walk.within_m, counts_more=True)
    assert [(name(hit), hit.distance_m) for hit in result.hits] == [
        (zone.zone_id, walk.meters(zone)) for zone in walk.taken[:limit]
    ]
    closest = next((zone for zone in walk.taken if walk.can_be_met_at(zone)), None)
    assert name(result.closest_usable) == (closest.zone_id if closest else "")
    assert name(result.closest_shown) == next((zone.zone_id for zone in walk.near if zone.status in SHOWN), "")
    assert result.unstated == sum(walk.meters(zone) <= walk.reach_m(limit) for zone in walk.unstated)
    before_m = walk.meters(closest) if closest else NEAR_M
    assert [name(hit) for hit in result.nearer_unstated] == [
        zone.zone_id for zone in walk.unstated if walk.can_be_met_at(zone) and walk.meters(zone) <= before_m
    ]
    assert result.more == max(0, min(len(walk.taken), 2 * limit) - limit)


@settings(max_examples=150)
@given(
    zones=ZONES,
    several_filters=st.lists(FILTERS, min_size=2, max_size=2),
    limit=st.integers(1, 6),
    within_m=st.sampled_from([math.inf, 3_000.0, 30_000.0, 100_000.0]),
)
def test_searches_one_after_the_other_answer_what_a_walk_over_all_zones_finds(
    zones: list[dict[str, Any]], several_filters: list[Filters], limit: int, within_m: float
) -> None:
    stored = [stored_zone(f"z{number:02}", **facts) for number, facts in enumerate(zones)]
    service = SearchService(None, OneSnapshot(snapshot_of(*stored)), clock=lambda: NOON)  # type: ignore[arg-type]
    for filters in several_filters:
        check(service, Walk(stored, filters, within_m), limit)
