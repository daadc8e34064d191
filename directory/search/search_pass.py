"""One look around from a place: which zones were met, and what became of them."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from directory.geo import Coordinates, distance_m
from directory.geocoding.results import Geocode
from directory.routing.router import Mode
from directory.routing.travel_times import TravelTimes
from directory.search.closest_to_meet import closest_to_meet, is_offered
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing, crossings
from directory.search.geography.land_mask import packaged_land_mask
from directory.search.geography.nearest_index import Accept
from directory.search.results import FAR_M, SearchHit
from directory.search.snapshots.snapshot import SHOWN, Snapshot
from directory.search.travel_order import Near, Ranking, TravelRanker
from directory.search.zone_judge import ZoneJudge
from directory.search.zone_status import MinuteView

MOST_NEARER = 50
"""How many nearer zones of which nobody states what was asked for are counted."""


def hits_from(
    origin: Coordinates, country: str, area: str, minute_view: MinuteView, near: Sequence[tuple[int, float]]
) -> tuple[SearchHit, ...]:
    """Zones by their numbers, each with its distance in metres, as they stand, and what lies between."""
    statuses = [minute_view.numbered(number) for number, _ in near]
    meters = [distance for _, distance in near]
    between = crossings(origin, country, [zone_status.zone for zone_status in statuses], meters)
    return tuple(
        [
            SearchHit(zone_status, distance, origin, area, crosses)
            for zone_status, distance, crosses in zip(statuses, meters, between, strict=True)
        ]
    )


class SearchPass:
    """One look around from a place: which zones were met, and what became of them."""

    def __init__(
        self, snapshot: Snapshot, place: Geocode, filters: Filters, at: datetime, now: datetime, within_m: float
    ) -> None:
        self._snapshot, self._place, self._filters, self._within_m = snapshot, place, filters, within_m
        self._origin = place.coordinates
        self._area = place.label.partition(",")[0] if place.precision.is_area else ""
        self._zones = snapshot.zones
        self._judge = ZoneJudge(snapshot, filters, at, now)
        self._minute_view = self._judge.minute_view
        self._closest_shown: int | None = None

    def nearest(self, limit: int, most: int) -> tuple[tuple[SearchHit, ...], int]:
        """The nearest zones that the filters take, at most `limit`, and how many more a list of `most` would have."""
        near = self._near(most, self._accept, self._within_m)
        return self._hits_of(near[:limit]), max(0, len(near) - limit)

    def closest_usable(self, hits: tuple[SearchHit, ...], limit: int) -> SearchHit | None:
        """The closest place to meet; `hits` are the nearest that the filters take, at most `limit`."""
        first = next(filter(self._is_usable_hit, hits), None)
        if first and first.crosses is not Crossing.WATER:
            return first
        offered = [hit for hit in hits if self._is_usable_hit(hit)]
        if offered and offered[0].crosses is Crossing.WATER and packaged_land_mask().is_at_sea(self._origin):
            return offered[0]  # no zone can be reached over land: a walk to twice the distance would find none
        complete = len(hits) < limit
        # Where no country with zones is offered, a walk over all of them would find none.
        none_left = complete or not any(self._is_offered(country) for country in self._snapshot.countries)
        return closest_to_meet(
            offered,
            self._within_m if complete else hits[-1].distance_m,
            lambda most, within_m: (
                () if none_left else self._hits(most, self._can_be_closest, min(within_m, self._within_m))
            ),
        )

    def ranker(self, mode: Mode, travel_times: TravelTimes, until: float) -> TravelRanker:
        """What ranks the zones by travel time; all its questions end at `until`."""

        def position(number: int) -> Coordinates:
            return self._zones[number].coordinates

        return TravelRanker([self._origin], mode, position, travel_times, until)

    def rank(self, ranker: TravelRanker, limit: int) -> Ranking:
        """The zones that the filters take and that are reached soonest. Raises RouterError."""
        return self._rank(ranker, limit, self._accept)

    def ranked_hits(self, ranking: Ranking, mode: Mode) -> tuple[SearchHit, ...]:
        """Ranked zones as hits, in their order."""
        hits = self._hits_of([(ranked.number, ranked.distance_m) for ranked in ranking.zones])
        return tuple(
            [replace(hit, mode=mode, trip=ranked.trips[0]) for hit, ranked in zip(hits, ranking.zones, strict=True)]
        )

    def soonest_usable(self, hits: tuple[SearchHit, ...], ranker: TravelRanker) -> SearchHit | None:
        """The closest place to meet by travel time; `hits` are in its order. None where no way is known to any.

        Raises RouterError.
        """
        usable = (hit for hit in hits if hit.trip and hit.usable and self._is_offered(hit.zone.country))
        first = next(usable, None)
        if first or not any(self._is_offered(country) for country in self._snapshot.countries):
            return first
        ranking = self._rank(ranker, 1, self._can_be_closest)
        return next(iter(self.ranked_hits(ranking, ranker.mode)), None) if ranking.reaches_any else None

    def _rank(self, ranker: TravelRanker, limit: int, accept: Accept) -> Ranking:
        def nearest(most: int, within_m: float) -> Sequence[Near]:
            return self._near(most, accept, min(within_m, self._within_m))

        return ranker.rank(limit, nearest)

    def _can_be_closest(self, number: int) -> bool:
        return self._is_offered(self._zones[number].country) and self._accept(number) and self._judge.is_usable(number)

    def _is_usable_hit(self, hit: SearchHit) -> bool:
        return hit.usable and self._is_offered(hit.zone.country)

    def _is_offered(self, country: str) -> bool:
        return is_offered(country, self._place.country, self._filters.across_border)

    def closest_shown(self, hits: tuple[SearchHit, ...]) -> SearchHit | None:
        """The nearest zone that is shown anywhere on the site: nearly always the first of those that were found."""
        if self._closest_shown is None:
            return next(iter(self._hits(1, self._is_shown, math.inf)), None)
        zone_status = self._minute_view.numbered(self._closest_shown)
        if hits and hits[0].zone is zone_status.zone:
            return hits[0]
        return SearchHit(zone_status, distance_m(self._origin, zone_status.zone.coordinates), self._origin)

    def unstated_beside(self, hits: Sequence[SearchHit], limit: int) -> int:
        """How many zones the filters left out because nobody stated the fact.

        Those no farther than the farthest of the hits; near ones where there are fewer hits than the `limit`.
        """
        index, unstated = self._snapshot.index, self._judge.unstated
        if not unstated:
            return 0
        reach_m = max(hit.distance_m for hit in hits) if len(hits) == limit else FAR_M
        return len(index.nearest(self._origin, len(unstated), within_m=reach_m, accept=unstated.__contains__))

    def nearer_unstated(self, closest: SearchHit | None) -> tuple[SearchHit, ...]:
        """The zones that may be nearer than the closest place to meet, if somebody said what the filters ask for."""
        unstated = self._judge.unstated
        if not unstated:
            return ()

        def may_be(number: int) -> bool:
            offered = number in unstated and self._is_offered(self._zones[number].country)
            return offered and self._judge.is_usable(number)

        reach_m = min(self._within_m, closest.distance_m if closest else FAR_M)
        hits = self._hits(MOST_NEARER, may_be, reach_m)
        dry = closest is not None and closest.crosses is not Crossing.WATER
        return tuple([hit for hit in hits if not (dry and hit.crosses is Crossing.WATER)])

    def _hits(self, limit: int, accept: Accept, within_m: float) -> tuple[SearchHit, ...]:
        return self._hits_of(self._near(limit, accept, within_m))

    def _near(self, limit: int, accept: Accept, within_m: float) -> list[tuple[int, float]]:
        return self._snapshot.index.nearest(self._origin, limit, within_m=within_m, accept=accept)

    def _hits_of(self, near: Sequence[tuple[int, float]]) -> tuple[SearchHit, ...]:
        return hits_from(self._origin, self._place.country, self._area, self._minute_view, near)

    def _accept(self, number: int) -> bool:
        if self._closest_shown is None and self._is_shown(number):
            self._closest_shown = number
        return self._judge.accepts(number)

    def _is_shown(self, number: int) -> bool:
        return self._zones[number].status in SHOWN
