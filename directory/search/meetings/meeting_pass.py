"""One look between places: which zones are fair to everybody."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from directory.geo import Coordinates, distance_m, distances_between_m
from directory.geocoding.results import Geocode
from directory.routing.router import Mode
from directory.routing.travel_times import TravelTimes
from directory.search.closest_to_meet import closest_to_meet, is_offered
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing, crossings
from directory.search.geography.meeting_index import Order, Trips, ranked
from directory.search.geography.nearest_index import Accept
from directory.search.meetings.meeting_results import MeetingHit
from directory.search.snapshots.snapshot import Snapshot
from directory.search.travel_order import Near, Ranking, TravelRanker
from directory.search.zone_judge import ZoneJudge

LONGER = 1.5
"""The best known place may ask for a longest trip that is so many times as long as the fairest one's."""
MOST_COMPARED = 30


class MeetingPass:
    """One look between places, by straight lines; with a ranker by travel time."""

    def __init__(
        self, snapshot: Snapshot, places: Sequence[Geocode], filters: Filters, judge: ZoneJudge, within_m: float
    ) -> None:
        self._snapshot, self._places, self._filters, self._judge = snapshot, places, filters, judge
        self._points = [place.coordinates for place in places]
        self._within_m = within_m

    def hits(self, limit: int) -> tuple[MeetingHit, ...]:
        """The zones that the filters take."""
        return self._hits(ranked(self._snapshot.index, self._points, limit, accept=self._judge.accepts))

    def fairest(self) -> MeetingHit | None:
        """The zone with the shortest longest trip, of those that are offered."""

        def offered(most: int, within_m: float) -> Sequence[MeetingHit]:
            trips = [each for each in self._offered(most, Order.LONGEST_TRIP) if max(each.meters) <= within_m]
            return self._hits(trips)

        return closest_to_meet((), 0.0, offered)

    def least_together(self, fairest: MeetingHit | None) -> MeetingHit | None:
        """The zone with the shortest trips together; not across open water where the fairest one is not."""
        first = self._hits(self._offered(1, Order.ALL_TRIPS))
        if fairest is None or fairest.crosses is Crossing.WATER or (first and first[0].crosses is not Crossing.WATER):
            return next(iter(first), None)
        hits = self._hits(self._offered(MOST_COMPARED, Order.ALL_TRIPS))
        return next((hit for hit in hits if hit.crosses is not Crossing.WATER), fairest)

    def best_known(self, fairest: MeetingHit | None) -> MeetingHit | None:
        """Of the zones that are nearly as fair the one of which most speaks for it; the fairer one of equals."""
        if fairest is None:
            return None
        reach = fairest.distance_m * LONGER
        trips = [each for each in self._offered(MOST_COMPARED, Order.LONGEST_TRIP) if max(each.meters) <= reach]
        return _most_known([hit for hit in self._hits(trips) if hit.crosses == fairest.crosses])

    def unstated_within(self, reach_m: float) -> int:
        """How many zones the filters left out, no trip to which is longer, because nobody stated the fact."""
        numbers = np.array(sorted(self._judge.unstated), dtype=np.intp)
        index = self._snapshot.index
        meters = distances_between_m(self._points, index.latitudes[numbers], index.longitudes[numbers])
        return int((meters.max(axis=0, initial=0.0) <= min(reach_m, self._within_m)).sum())

    def more(self, limit: int, most: int) -> int:
        """How many zones beyond the first `limit` a list of `most` would have."""
        trips = ranked(self._snapshot.index, self._points, most, accept=self._judge.accepts)
        return max(sum(max(each.meters) <= self._within_m for each in trips) - limit, 0)

    def by_time(self, mode: Mode, travel_times: TravelTimes, until: float) -> "MeetingPassByTime":
        """The same look by travel time; all its questions end at `until`."""

        def position(number: int) -> Coordinates:
            return self._snapshot.zones[number].coordinates

        return MeetingPassByTime(self, TravelRanker(self._points, mode, position, travel_times, until))

    def near(self, limit: int, within_m: float, order: Order, *, offered: bool) -> list[Near]:
        """The first zones of an order, within so many metres of it; only those that are offered, or all accepted."""
        accept: Accept = self._is_offered if offered else self._judge.accepts
        together = sum if order is Order.ALL_TRIPS else max
        first = ranked(self._snapshot.index, self._points, limit, order=order, accept=accept)
        near = [(each.number, together(each.meters)) for each in first if max(each.meters) <= self._within_m]
        return [(number, meters) for number, meters in near if meters <= within_m]

    def ranked_hits(self, ranking: Ranking) -> tuple[MeetingHit, ...]:
        """Ranked zones as hits with their trips, in their order."""
        index, numbers = self._snapshot.index, [zone.number for zone in ranking.zones]
        meters = distances_between_m(self._points, index.latitudes[numbers], index.longitudes[numbers])
        ways = zip(*meters.tolist(), strict=True)
        hits = self._hits([Trips(number, way) for number, way in zip(numbers, ways, strict=True)])
        return tuple([replace(hit, trips=zone.trips) for hit, zone in zip(hits, ranking.zones, strict=True)])

    def is_offered(self, hit: MeetingHit) -> bool:
        """Whether people can be sent there."""
        return hit.usable and self._in_a_country_of_theirs(hit.zone.country)

    def _offered(self, limit: int, order: Order) -> list[Trips]:
        return ranked(self._snapshot.index, self._points, limit, order=order, accept=self._is_offered)

    def _is_offered(self, number: int) -> bool:
        return (
            self._in_a_country_of_theirs(self._snapshot.zones[number].country)
            and self._judge.accepts(number)
            and self._judge.is_usable(number)
            and self._is_within(number)
        )

    def _is_within(self, number: int) -> bool:
        """Whether no trip to it is longer than was asked for."""
        if math.isinf(self._within_m):
            return True
        zone = self._snapshot.zones[number].coordinates
        return all(distance_m(point, zone) <= self._within_m for point in self._points)

    def _in_a_country_of_theirs(self, country: str) -> bool:
        return any(is_offered(country, place.country, self._filters.across_border) for place in self._places)

    def _hits(self, trips: Sequence[Trips]) -> tuple[MeetingHit, ...]:
        near = [each for each in trips if max(each.meters) <= self._within_m]
        zones = [self._snapshot.zones[each.number] for each in near]
        ways = [
            crossings(place.coordinates, place.country, zones, [each.meters[one] for each in near])
            for one, place in enumerate(self._places)
        ]
        return tuple(
            [
                MeetingHit(self._judge.minute_view.numbered(each.number), each.meters, crosses)
                for each, crosses in zip(near, zip(*ways, strict=True), strict=True)
            ]
        )


class MeetingPassByTime:
    """The look of a pass by travel time. Every method raises RouterError when the router answers nothing."""

    def __init__(self, straight: MeetingPass, ranker: TravelRanker) -> None:
        self._straight, self._ranker = straight, ranker

    def rank(self, limit: int) -> Ranking:
        """The zones that the filters take, by the time of the longest trip."""
        return self._rank(limit, Order.LONGEST_TRIP, offered=False)

    def fairest(self, hits: Sequence[MeetingHit]) -> MeetingHit | None:
        """The zone that everybody reaches soonest, of those that are offered; `hits` are the first by time."""
        first = next((hit for hit in hits if hit.seconds and self._straight.is_offered(hit)), None)
        return first or self._first(Order.LONGEST_TRIP)

    def least_together(self) -> MeetingHit | None:
        """The zone with the least travel time of all together, of those that are offered."""
        return self._first(Order.ALL_TRIPS)

    def best_known(self, fairest: MeetingHit | None, hits: Sequence[MeetingHit]) -> MeetingHit | None:
        """Of `hits` that are nearly as soon reached the one of which most speaks for it; the sooner one of equals."""
        if fairest is None:
            return None
        reach = max(fairest.seconds) * LONGER
        offered = [hit for hit in hits if hit.seconds and self._straight.is_offered(hit)]
        return _most_known([hit for hit in offered if max(hit.seconds) <= reach])

    def _first(self, order: Order) -> MeetingHit | None:
        ranking = self._rank(1, order, offered=True)
        return next(iter(self._straight.ranked_hits(ranking)), None) if ranking.reaches_any else None

    def _rank(self, limit: int, order: Order, *, offered: bool) -> Ranking:
        return self._ranker.rank(
            limit, lambda most, within_m: self._straight.near(most, within_m, order, offered=offered), order
        )


def _most_known(hits: Sequence[MeetingHit]) -> MeetingHit | None:
    best = max(hits, key=lambda hit: len(hit.known_facts), default=None)
    return best if best and best.known_facts else None
