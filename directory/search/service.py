"""The search: from words or a position to the nearest zones, with what a buyer needs to decide."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypedDict, Unpack

from directory.clock import now
from directory.geo import Coordinates, distance_m
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.results import Geocode, GeocodeResult, Precision
from directory.routing.router import Mode, RouterError
from directory.routing.travel_times import TravelTimes
from directory.search.directory_names import DirectoryNames
from directory.search.filters import NONE, Filters
from directory.search.geography.land_mask import packaged_land_mask
from directory.search.results import SearchHit, SearchResult
from directory.search.search_pass import SearchPass, hits_from
from directory.search.snapshots.snapshot import SHOWN
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.search.travel_order import Travel, TravelProblem
from directory.search.visit_time import VisitTime, time_of
from directory.search.zone_status import status_at
from directory.store.repository import StoredZone

MAX_LIMIT = 50


class SearchOptions(TypedDict, total=False):
    """How a search is answered: at most `limit` zones (10), none farther than `within_m` metres (any distance).

    Zones are judged `at` the time of a visit (now), and are in order of travel time by `mode`. Without one they are in
    order of straight-line distance, but by driving time where the closest place lies across water or a border and there
    is a router; none is asked where `by_road` (True) is False, and between people none for more than the order where
    `says_times` (True) is. With `counts_more` (False) the answer says how many more
    zones a list of twice as many would have.
    """

    limit: int
    within_m: float
    at: VisitTime | None
    mode: Mode | None
    by_road: bool
    says_times: bool
    counts_more: bool


def longer(limit: int) -> int:
    """How many zones the list has that follows one of `limit`."""
    return min(2 * limit, MAX_LIMIT)


class SearchService:
    """Answers searches from the current snapshot."""

    def __init__(
        self,
        chain: GeocodingChain,
        snapshot_cache: SnapshotCache,
        clock: Callable[[], datetime] = now,
        travel_times: TravelTimes | None = None,
    ) -> None:
        self._chain = chain
        self._snapshot_cache = snapshot_cache
        self._clock = clock
        self._travel_times = travel_times

    @property
    def modes(self) -> frozenset[Mode]:
        """The ways of travelling of which travel times can be asked for; none without a router."""
        return self._travel_times.modes if self._travel_times else frozenset()

    def search(self, query: str, filters: Filters | None = None, **options: Unpack[SearchOptions]) -> SearchResult:
        """The nearest zones to the place that `query` names.

        Raises BadAddressError, NoMatchError, GeocoderUnavailableError or DatabaseError, and what `at` raises.
        """
        answer = self.locate(query)
        place = answer.place
        if place is None:
            return SearchResult(answer)
        if not place.country:
            place = replace(place, country=self.country_at(place.coordinates))
        return self._around(answer, place, filters, options)

    def around(
        self, point: Coordinates, filters: Filters | None = None, **options: Unpack[SearchOptions]
    ) -> SearchResult:
        """The nearest zones to a position. Raises DatabaseError and what `at` raises."""
        label = f"{point.latitude:.4f}, {point.longitude:.4f}"
        place = Geocode(label, point, "coordinates", Precision.ADDRESS, country=self.country_at(point))
        return self.near(place, filters, **options)

    def near(self, place: Geocode, filters: Filters | None = None, **options: Unpack[SearchOptions]) -> SearchResult:
        """The nearest zones to a place that is known with its country. Raises as `around`."""
        return self._around(GeocodeResult((place,)), place, filters, options)

    def country_at(self, point: Coordinates) -> str:
        """The country whose outline is there; at sea and elsewhere that of the nearest postal code."""
        return packaged_land_mask().country_at(point) or self._chain.gazetteer.country_at(point)

    def describe(self, zone: StoredZone, origin: Coordinates | None = None, at: datetime | None = None) -> SearchHit:
        """One zone as it stands now, or `at` a time that may be naive; from `origin` or from itself."""
        zone_status = status_at(zone, at or self._clock())
        if origin is None:
            return SearchHit(zone_status, 0.0)
        return SearchHit(zone_status, distance_m(origin, zone.coordinates), origin)

    def neighbours(
        self,
        point: Coordinates,
        country: str,
        limit: int,
        *,
        excluding: Callable[[StoredZone], bool] = lambda _zone: False,
        area: str = "",
    ) -> tuple[SearchHit, ...]:
        """The nearest shown zones to `point`, in `country`, but for some."""
        snapshot = self._snapshot_cache.current()
        minute_view = snapshot.minute_view(self._clock())

        def accept(number: int) -> bool:
            zone = snapshot.zones[number]
            return zone.status in SHOWN and not excluding(zone)

        nearest = snapshot.index.nearest(point, limit, accept=accept)
        return hits_from(point, country, area, minute_view, nearest)

    def geocoding_deadline(self) -> float:
        """When several calls of `locate` that begin now must have their answers."""
        return self._chain.deadline()

    def locate(self, query: str, until: float | None = None) -> GeocodeResult:
        """Ask the chain, which knows the directory's own names; `until` bounds several calls together.

        Raises BadAddressError, NoMatchError, GeocoderUnavailableError or DatabaseError.
        """
        return self._chain.locate(query, DirectoryNames.of(self._snapshot_cache.current()), until)

    def _around(
        self, answer: GeocodeResult, place: Geocode, requested_filters: Filters | None, options: SearchOptions
    ) -> SearchResult:
        filters, limit, within_m = (
            requested_filters or NONE,
            options.get("limit", 10),
            options.get("within_m", math.inf),
        )
        now = self._clock()
        snapshot = self._snapshot_cache.current()
        at, at_is_past = time_of(options.get("at"), snapshot, place.coordinates, now)
        open_at = filters.open_at
        if at is None and open_at is not None:
            _, at_is_past = time_of(lambda _now: open_at, snapshot, place.coordinates, now)
        judged_at = at or open_at or now
        search_pass = SearchPass(snapshot, place, filters, judged_at, now, within_m)
        hits, more = search_pass.nearest(limit, longer(limit) if options.get("counts_more") else limit)
        closest = search_pass.closest_usable(hits, limit)
        result = SearchResult(
            answer,
            place,
            hits,
            closest,
            search_pass.closest_shown(hits),
            search_pass.unstated_beside(hits, limit),
            search_pass.nearer_unstated(closest),
            more,
            filters,
            within_m,
            at=at,
            at_is_past=at_is_past,
        )
        return (
            self._by_time(search_pass, result, limit, options.get("mode")) if options.get("by_road", True) else result
        )

    def _by_time(self, search_pass: SearchPass, result: SearchResult, limit: int, mode: Mode | None) -> SearchResult:
        """The result in order of travel time, where that was asked for or the straight line misleads."""
        if mode is None and self._travel_times and result.misleads:
            mode = Mode.DRIVE
        if mode is None:
            return result
        travel_times = self._travel_times
        if travel_times is None or mode not in travel_times.modes:
            return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROUTER))
        ranker = search_pass.ranker(mode, travel_times, travel_times.deadline())
        try:
            ranking = search_pass.rank(ranker, limit)
            if not ranking.reaches_any:
                return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROAD))
            hits = search_pass.ranked_hits(ranking, mode)
            closest = search_pass.soonest_usable(hits, ranker) or result.closest_usable
        except RouterError:
            return replace(result, travel=Travel(mode, problem=TravelProblem.ROUTER_SILENT))
        return replace(
            result,
            hits=hits,
            closest_usable=closest,
            unstated=search_pass.unstated_beside(hits, limit),
            nearer_unstated=search_pass.nearer_unstated(closest),
            travel=Travel(mode, by_time=True, problem=None if ranking.proven else TravelProblem.UNPROVEN),
        )
