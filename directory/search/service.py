"""The search: from words or a position to the nearest zones, with what a buyer needs to decide."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict, Unpack

from directory.clock import now
from directory.geo import METERS_PER_MILE, Coordinates, compass_direction, distance_m
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.results import Geocode, GeocodeResult, Precision
from directory.routing.router import Matrix, Mode, RouterError, Trip
from directory.routing.travel_times import TravelTimes
from directory.search.closest_to_meet import closest_to_meet, is_offered
from directory.search.crossings import Crossing, crossings
from directory.search.directory_names import DirectoryNames
from directory.search.filters import Filters as Filters  # for callers of the search service
from directory.search.land_mask import packaged
from directory.search.snapshot import SHOWN, Snapshot
from directory.search.snapshot_cache import SnapshotCache
from directory.search.travel_order import STRAIGHT_LINE, Ranking, Travel, TravelProblem, rank_by_time
from directory.search.visit_time import VisitTime as VisitTime  # likewise
from directory.search.visit_time import time_of
from directory.search.zone_judge import ZoneJudge
from directory.search.zone_status import MinuteView, ZoneStatus
from directory.store.repository import StoredZone
from directory.zones.hours import OpenState
from directory.zones.schemas import Status

FAR_M = 50 * METERS_PER_MILE
MAX_LIMIT = 50


@dataclass(slots=True)
class ZoneHit:
    """A zone as it stands at a time."""

    zone_status: ZoneStatus

    @property
    def zone(self) -> StoredZone:
        """The zone."""
        return self.zone_status.zone

    @property
    def open_state(self) -> OpenState:
        """Whether it is open then."""
        return self.zone_status.open_state

    @property
    def status(self) -> Status:
        """The status that counts then."""
        return self.zone_status.status

    @property
    def usable(self) -> bool:
        """Whether one can go there: neither closed for now, moved, planned nor withdrawn."""
        return self.zone_status.usable


@dataclass(slots=True)
class SearchHit(ZoneHit):
    """A zone as seen from a place at a time; `area` names the town or postal area of whose middle.

    `distance_m` is that of a straight line; `trip` the way by `mode` where a router was asked and knows one.
    """

    distance_m: float
    origin: Coordinates | None = None
    area: str = ""
    crosses: Crossing | None = None
    mode: Mode | None = None
    trip: Trip | None = None

    @property
    def direction(self) -> str:
        """The compass point in which the zone lies ("NE"); empty when it is seen from nowhere else."""
        return compass_direction(self.origin, self.zone.coordinates) if self.origin else ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a search.

    `place` is None while the buyer still has to choose among `answer.candidates`. `closest_usable` is the closest place
    to meet, also when it is farther than all that were found: the nearest zone one can go to, in the buyer's own
    country unless the filters say otherwise, and not across open water where another lies within twice its distance.
    `closest_shown` is the nearest zone on the site,
    whatever the filters say and however old it is. `unstated` counts the zones that
    the filters left out because nobody stated the fact: those no farther than the last one found, or, when there
    are fewer than asked for, those within 50 miles. `at` is the time of the visit for which everything is judged, None
    for now; a naive one is meant in each zone's own time. `at_is_past`: it is over where the place is.
    """

    answer: GeocodeResult
    place: Geocode | None = None
    hits: tuple[SearchHit, ...] = ()
    closest_usable: SearchHit | None = None
    closest_shown: SearchHit | None = None
    unstated: int = 0
    filters: Filters = field(default_factory=Filters)
    within_m: float = math.inf
    travel: Travel = STRAIGHT_LINE
    at: datetime | None = None
    at_is_past: bool = False

    @property
    def judged_at(self) -> datetime | None:
        """The time that the hits answer for: that of the visit, else the one that zones must be open at; None: now."""
        return self.at or self.filters.open_at

    @property
    def near_m(self) -> float:
        """How far "near" reaches: 50 miles, or the radius that was asked for where that is less."""
        return min(self.within_m, FAR_M)

    @property
    def passed_over(self) -> tuple[SearchHit, ...]:
        """Zones that one can go to, nearer than the closest place to meet, and across a border or the water."""
        best = self.closest_usable
        reach = best.distance_m if best else math.inf
        return tuple([seen for seen in self.hits if seen.usable and seen.crosses and seen.distance_m < reach])

    @property
    def misleads(self) -> bool:
        """Whether the straight line to the closest place, or to one passed over for it, crosses water or a border."""
        best = self.closest_usable
        return bool((best and best.crosses) or self.passed_over)

    @property
    def nothing_near(self) -> bool:
        """Whether the closest place to meet, which is in the place's own country unless `across_border`, is not near.

        So it may be true though a zone in `hits` is near: across the border.
        """
        return self.closest_usable is None or self.closest_usable.distance_m > self.near_m


class SearchOptions(TypedDict, total=False):
    """How a search is answered: at most `limit` zones (10), none farther than `within_m` metres (any distance).

    Zones are judged `at` the time of a visit (now), and are in order of travel time by `mode`. Without one they are in
    order of straight-line distance, but by driving time where the closest place lies across water or a border and there
    is a router; none is asked where `by_road` (True) is False.
    """

    limit: int
    within_m: float
    at: VisitTime | None
    mode: Mode | None
    by_road: bool


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

    def trips(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float | None = None
    ) -> Matrix:
        """The trip from each of several people's places to each zone: a row for each origin.

        As TravelTimes.matrix; raises RouterError also where there is no router or it knows no such mode.
        """
        if self._travel_times is None or mode not in self._travel_times.modes:
            raise RouterError(f"there is no router for {mode}")
        return self._travel_times.matrix(origins, targets, mode, until)

    def search(self, words: str, filters: Filters | None = None, **options: Unpack[SearchOptions]) -> SearchResult:
        """The nearest zones to the place that `words` name.

        Raises BadAddressError, NoMatchError, GeocoderUnavailableError or DatabaseError, and what `at` raises.
        """
        answer = self.locate(words)
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
        return packaged().country_at(point) or self._chain.gazetteer.country_at(point)

    def describe(self, zone: StoredZone, origin: Coordinates | None = None, at: datetime | None = None) -> SearchHit:
        """One zone as it stands now, or `at` a time that may be naive; from `origin` or from itself."""
        zone_status = MinuteView(at or self._clock()).of(zone)
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
        moment = snapshot.at(self._clock())

        def accept(number: int) -> bool:
            zone = snapshot.zones[number]
            return zone.status in SHOWN and not excluding(zone)

        nearest = snapshot.index.nearest(point, limit, accept=accept)
        zones = [snapshot.zones[number] for number, _ in nearest]
        return _seen_from(point, country, area, moment, zones, [meters for _, meters in nearest])

    def locate(self, words: str) -> GeocodeResult:
        """Ask the chain, which knows the directory's own names.

        Raises BadAddressError, NoMatchError, GeocoderUnavailableError or DatabaseError.
        """
        return self._chain.locate(words, DirectoryNames.of(self._snapshot_cache.current()))

    def _around(
        self, answer: GeocodeResult, place: Geocode, asked: Filters | None, options: SearchOptions
    ) -> SearchResult:
        filters, limit, within_m = asked or Filters(), options.get("limit", 10), options.get("within_m", math.inf)
        now = self._clock()
        snapshot = self._snapshot_cache.current()
        at, at_is_past = time_of(options.get("at"), snapshot, place.coordinates, now)
        judged_at = at or filters.open_at or now
        look = _SearchPass(snapshot, place, filters, judged_at, now, within_m)
        hits = look.nearest(limit)
        result = SearchResult(
            answer,
            place,
            hits,
            look.closest_usable(hits, limit),
            look.closest_shown(hits),
            filters=filters,
            within_m=within_m,
            at=at,
            at_is_past=at_is_past,
        )
        if options.get("by_road", True):
            result = self._by_time(look, result, limit, options.get("mode"))
        reach_m = max(hit.distance_m for hit in result.hits) if limit == len(hits) else FAR_M
        return replace(result, unstated=look.unstated_within(reach_m))

    def _by_time(self, look: "_SearchPass", result: SearchResult, limit: int, mode: Mode | None) -> SearchResult:
        """The result in order of travel time, where that was asked for or the straight line misleads."""
        if mode is None and self._travel_times and result.misleads:
            mode = Mode.DRIVE
        if mode is None:
            return result
        travel_times = self._travel_times
        if travel_times is None or mode not in travel_times.modes:
            return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROUTER))
        until = travel_times.deadline()
        try:
            ranking = look.rank(limit, mode, travel_times, until)
            if not ranking.reaches_any:
                return replace(result, travel=Travel(mode, problem=TravelProblem.NO_ROAD))
            hits = look.hits_of(ranking, mode)
            closest = look.soonest_usable(hits, mode, travel_times, until) or result.closest_usable
        except RouterError:
            return replace(result, travel=Travel(mode, problem=TravelProblem.ROUTER_SILENT))
        travel = Travel(mode, by_time=True, problem=None if ranking.proven else TravelProblem.UNPROVEN)
        return replace(result, hits=hits, closest_usable=closest, travel=travel)


def _seen_from(
    origin: Coordinates, country: str, area: str, moment: MinuteView, zones: Sequence[StoredZone], meters: list[float]
) -> tuple[SearchHit, ...]:
    """The zones as they stand, and what lies between."""
    between = crossings(origin, country, zones, meters)
    return tuple(
        [
            SearchHit(moment.of(zone), distance, origin, area, crosses)
            for zone, distance, crosses in zip(zones, meters, between, strict=True)
        ]
    )


class _SearchPass:
    """One look around from a place: which zones were met, and what became of them."""

    def __init__(
        self, snapshot: Snapshot, place: Geocode, filters: Filters, at: datetime, now: datetime, within_m: float
    ) -> None:
        self._snapshot, self._place, self._filters, self._within_m = snapshot, place, filters, within_m
        self._origin = place.coordinates
        self._area = place.label.partition(",")[0] if place.precision.is_area else ""
        self._zones = snapshot.zones
        self._judge = ZoneJudge(snapshot, filters, at, now)
        self._moment = self._judge.moment
        self._closest_shown: int | None = None

    def nearest(self, limit: int) -> tuple[SearchHit, ...]:
        """The nearest zones that the filters take."""
        return self._hits(limit, self._accept)

    def closest_usable(self, hits: tuple[SearchHit, ...], limit: int) -> SearchHit | None:
        """The closest place to meet; `hits` are the nearest that the filters take, at most `limit`."""
        complete = not hits or len(hits) < limit
        # Where no country with zones is offered, a walk over all of them would find none.
        none_left = complete or not any(self._is_offered(country) for country in self._snapshot.countries)
        return closest_to_meet(
            [seen for seen in hits if seen.usable and self._is_offered(seen.zone.country)],
            self._within_m if complete else hits[-1].distance_m,
            lambda most, within_m: (
                () if none_left else self._hits(most, self._can_be_closest, min(within_m, self._within_m))
            ),
        )

    def rank(self, limit: int, mode: Mode, travel_times: TravelTimes, until: float) -> Ranking:
        """The zones that the filters take and that are reached soonest. Raises RouterError."""
        return self._rank(limit, self._accept, mode, travel_times, until)

    def hits_of(self, ranking: Ranking, mode: Mode) -> tuple[SearchHit, ...]:
        """Ranked zones as hits, in their order."""
        zones = [self._zones[ranked.number] for ranked in ranking.zones]
        meters = [ranked.distance_m for ranked in ranking.zones]
        hits = _seen_from(self._origin, self._place.country, self._area, self._moment, zones, meters)
        return tuple(
            [replace(hit, mode=mode, trip=ranked.trip) for hit, ranked in zip(hits, ranking.zones, strict=True)]
        )

    def soonest_usable(
        self, hits: tuple[SearchHit, ...], mode: Mode, travel_times: TravelTimes, until: float
    ) -> SearchHit | None:
        """The closest place to meet by travel time; `hits` are in its order. None where no way is known to any.

        Raises RouterError.
        """
        usable = (hit for hit in hits if hit.trip and hit.usable and self._is_offered(hit.zone.country))
        first = next(usable, None)
        if first or not any(self._is_offered(country) for country in self._snapshot.countries):
            return first
        ranking = self._rank(1, self._can_be_closest, mode, travel_times, until)
        return next(iter(self.hits_of(ranking, mode)), None) if ranking.reaches_any else None

    def _rank(
        self, limit: int, accept: Callable[[int], bool], mode: Mode, travel_times: TravelTimes, until: float
    ) -> Ranking:
        return rank_by_time(
            self._origin,
            limit,
            mode,
            lambda most, within_m: self._snapshot.index.nearest(
                self._origin, most, within_m=min(within_m, self._within_m), accept=accept
            ),
            lambda number: self._zones[number].coordinates,
            travel_times,
            until,
        )

    def _can_be_closest(self, number: int) -> bool:
        return self._is_offered(self._zones[number].country) and self._accept(number) and self._judge.is_usable(number)

    def _is_offered(self, country: str) -> bool:
        return is_offered(country, self._place.country, self._filters.across_border)

    def closest_shown(self, hits: tuple[SearchHit, ...]) -> SearchHit | None:
        """The nearest zone that is shown anywhere on the site: nearly always the first of those that were found."""
        if self._closest_shown is None:
            return next(iter(self._hits(1, self._is_shown, math.inf)), None)
        zone = self._zones[self._closest_shown]
        if hits and hits[0].zone is zone:
            return hits[0]
        return SearchHit(self._moment.of(zone), distance_m(self._origin, zone.coordinates), self._origin)

    def unstated_within(self, reach_m: float) -> int:
        """How many zones the filters left out, no farther than this, because nobody stated the fact."""
        index, unstated = self._snapshot.index, self._judge.unstated
        if not unstated:
            return 0
        return len(index.nearest(self._origin, len(unstated), within_m=reach_m, accept=unstated.__contains__))

    def _hits(self, limit: int, accept: Callable[[int], bool], within_m: float | None = None) -> tuple[SearchHit, ...]:
        within_m = self._within_m if within_m is None else within_m
        nearest = self._snapshot.index.nearest(self._origin, limit, within_m=within_m, accept=accept)
        place, zones = self._place, [self._zones[number] for number, _ in nearest]
        meters = [distance for _, distance in nearest]
        return _seen_from(place.coordinates, place.country, self._area, self._moment, zones, meters)

    def _accept(self, number: int) -> bool:
        if self._closest_shown is None and self._is_shown(number):
            self._closest_shown = number
        return self._judge.accepts(number)

    def _is_shown(self, number: int) -> bool:
        return self._zones[number].status in SHOWN
