"""The search for people who come from several places: which zone is fair to all of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Unpack

from directory.clock import now
from directory.geocoding.results import Geocode, GeocodingError
from directory.routing.router import Mode, RouterError
from directory.routing.travel_times import TravelTimes
from directory.search.filters import Filters
from directory.search.meetings.meeting_pass import MeetingPass
from directory.search.meetings.meeting_results import MeetingHit, MeetingResult, PlaceAnswer
from directory.search.results import FAR_M, SearchHit
from directory.search.service import SearchOptions, SearchService, longer
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.search.travel_order import Travel, TravelProblem
from directory.search.visit_time import time_of
from directory.search.zone_judge import ZoneJudge

FEWEST_PLACES, MOST_PLACES = 2, 5


class MeetingService:
    """Answers from the current snapshot where people from several places can meet."""

    def __init__(
        self,
        search_service: SearchService,
        snapshot_cache: SnapshotCache,
        clock: Callable[[], datetime] = now,
        travel_times: TravelTimes | None = None,
    ) -> None:
        self._search_service = search_service
        self._snapshot_cache = snapshot_cache
        self._clock = clock
        self._travel_times = travel_times

    def locate(self, queries: Sequence[str]) -> list[PlaceAnswer]:
        """Where each of the places is, with the country it lies in. Raises DatabaseError."""
        until = self._search_service.geocoding_deadline()
        return [self._locate(query, until) for query in queries]

    def between(
        self, places: Sequence[Geocode], filters: Filters | None = None, **options: Unpack[SearchOptions]
    ) -> MeetingResult:
        """The zones between two to five places, judged for the time of the visit as it is meant at the first place.

        Where there is a router each has everybody's trip on the road. They are ranked by travel time with `mode`, and
        where the straight line of somebody crosses water or a border. Raises DatabaseError and what `at` raises.
        """
        filters, now, limit = filters or Filters(), self._clock(), options.get("limit", 10)
        snapshot = self._snapshot_cache.current()
        visit, is_past = time_of(options.get("at"), snapshot, places[0].coordinates, now)
        judge = ZoneJudge(snapshot, filters, visit or filters.open_at or now, now)
        meeting_pass = MeetingPass(snapshot, places, filters, judge, options.get("within_m", math.inf))
        hits, fairest = meeting_pass.hits(limit), meeting_pass.fairest()
        result = MeetingResult(
            tuple(places), hits, fairest, meeting_pass.least_together(fairest), meeting_pass.best_known(fairest),
            filters=filters, at=visit, at_is_past=is_past,
        )  # fmt: skip
        if fairest is None or result.far_apart or _spares_nobody(fairest, result.apart_m):
            result = replace(result, nearest_to_each=self._nearest_to_each(places, filters, visit))
        if options.get("says_times", True):
            result = self._on_the_road(meeting_pass, result, limit, options.get("mode"))
        elif result.misleads:
            result = _without_times(self._on_the_road(meeting_pass, result, limit, None))
        reach_m = max(hit.distance_m for hit in result.hits) if len(result.hits) == limit else FAR_M
        more = (
            meeting_pass.more(limit, longer(limit)) if options.get("counts_more") and len(result.hits) == limit else 0
        )
        return replace(result, unstated=meeting_pass.unstated_within(reach_m), more=more)

    def _on_the_road(
        self, meeting_pass: MeetingPass, result: MeetingResult, limit: int, requested_mode: Mode | None
    ) -> MeetingResult:
        """The same with everybody's trips, in order of travel time where that was asked for or straight lines mislead.

        Without an answer of the router it stays as it is, and says why.
        """
        mode, travel_times = requested_mode or Mode.DRIVE, self._travel_times
        if travel_times is None or mode not in travel_times.modes:
            return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROUTER)) if requested_mode else result
        try:
            if requested_mode or result.misleads:
                return self._by_time(meeting_pass, result, limit, mode, travel_times)
            return self._with_trips(result, mode, travel_times)
        except RouterError:
            return replace(result, travel=Travel(mode, problem=TravelProblem.ROUTER_SILENT))

    def _by_time(
        self, meeting_pass: MeetingPass, result: MeetingResult, limit: int, mode: Mode, travel_times: TravelTimes
    ) -> MeetingResult:
        """Raises RouterError."""
        by_time = meeting_pass.by_time(mode, travel_times, travel_times.deadline())
        ranking = by_time.rank(limit)
        if not ranking.reaches_any:
            return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROAD))
        hits = meeting_pass.ranked_hits(ranking)
        fairest = by_time.fairest(hits)
        return replace(
            result, hits=hits, fairest=fairest, least_together=by_time.least_together(),
            best_known=by_time.best_known(fairest, hits),
            travel=Travel(mode, by_time=True, problem=None if ranking.proven else TravelProblem.UNPROVEN),
        )  # fmt: skip

    def _with_trips(self, result: MeetingResult, mode: Mode, travel_times: TravelTimes) -> MeetingResult:
        """The ranking stays that of straight lines, and so does all where no way is known. Raises RouterError."""
        zones = {hit.zone.zone_id: hit.zone.coordinates for hit in (*result.answers, *result.hits)}
        rows = travel_times.matrix([place.coordinates for place in result.places], [*zones.values()], mode)
        if not any(chain.from_iterable(rows)):
            return result
        trips = dict(zip(zones, zip(*rows, strict=True), strict=True))

        def with_trips(hit: MeetingHit | None) -> MeetingHit | None:
            return hit and replace(hit, trips=trips[hit.zone.zone_id])

        return replace(
            result, hits=tuple([replace(hit, trips=trips[hit.zone.zone_id]) for hit in result.hits]),
            fairest=with_trips(result.fairest), least_together=with_trips(result.least_together),
            best_known=with_trips(result.best_known), travel=Travel(mode),
        )  # fmt: skip

    def _locate(self, query: str, until: float) -> PlaceAnswer:
        try:
            answer = self._search_service.locate(query, until)
        except GeocodingError as error:
            return PlaceAnswer(query, error)
        return PlaceAnswer(query, replace(answer, candidates=tuple(map(self._with_country, answer.candidates))))

    def _with_country(self, place: Geocode) -> Geocode:
        if place.country:
            return place
        return replace(place, country=self._search_service.country_at(place.coordinates))

    def _nearest_to_each(
        self, places: Sequence[Geocode], filters: Filters, visit: datetime | None
    ) -> tuple[SearchHit | None, ...]:
        def nearest(place: Geocode) -> SearchHit | None:
            at = None if visit is None else lambda _now: visit
            return self._search_service.near(place, filters, limit=1, at=at, by_road=False).closest_usable

        return tuple(map(nearest, places))


def _without_times(result: MeetingResult) -> MeetingResult:
    """The same order without anybody's trips: times from afar would tell more of a place than whole miles do."""

    def bare(hit: MeetingHit | None) -> MeetingHit | None:
        return hit and replace(hit, trips=())

    return replace(
        result, hits=tuple([replace(hit, trips=()) for hit in result.hits]), fairest=bare(result.fairest),
        least_together=bare(result.least_together), best_known=bare(result.best_known),
    )  # fmt: skip


def _spares_nobody(fairest: MeetingHit, apart_m: float) -> bool:
    """Whether to meet there is no shorter for anybody than to go all the way, and far."""
    return fairest.distance_m > FAR_M and fairest.distance_m >= apart_m
