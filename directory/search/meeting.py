"""The search for people who come from several places: which zone is fair to all of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations

import numpy as np

from directory.clock import now
from directory.geo import METERS_PER_MILE, distance_m, distances_between_m
from directory.geocoding.results import Geocode, GeocodeResult, GeocodingError, Interpretation, NoMatchError
from directory.routing.router import Mode, RouterError, Trip
from directory.search.closest_to_meet import closest_to_meet, is_offered
from directory.search.crossings import Crossing, crossings
from directory.search.filters import FACTS, Filters
from directory.search.meeting_index import Order, Trips, ranked
from directory.search.service import FAR_M, SearchHit, SearchService, ZoneHit
from directory.search.snapshot import Snapshot
from directory.search.snapshot_cache import SnapshotCache
from directory.search.visit_time import VisitTime, time_of
from directory.search.zone_judge import ZoneJudge
from directory.zones.hours import Openness
from directory.zones.schemas import TriState

FEWEST_PLACES, MOST_PLACES = 2, 5
SAME_M = 100.0
"""Places that are no farther from each other are one place."""
FAR_APART_M = 1_000 * METERS_PER_MILE
"""Places that are farther from each other were perhaps not meant."""
LONGER = 1.5
"""The best known place may ask for a longest trip that is so many times as long as the fairest one's."""
MOST_COMPARED = 30
KNOWN_FACTS = ("recorded", "lit", "confirmed")
"""What speaks for a place beside being open then."""


@dataclass(slots=True)
class MeetingHit(ZoneHit):
    """A zone as seen from several places at a time; `meters`, `crossings` and `trips` are in the order of the places.

    `trips` are the ways on the road, None where none is known; empty where no router was asked or none answered.
    """

    meters: tuple[float, ...]
    crossings: tuple[Crossing | None, ...]
    trips: tuple[Trip | None, ...] = ()

    @property
    def distance_m(self) -> float:
        """The longest trip of anybody, in metres: what the zones are ranked by."""
        return max(self.meters)

    @property
    def total_m(self) -> float:
        """All trips together, in metres."""
        return sum(self.meters)

    @property
    def known_facts(self) -> tuple[str, ...]:
        """What speaks for the zone: "open" then, "recorded", "lit", "confirmed"."""
        stated = [name for name in KNOWN_FACTS if FACTS[name](self.zone) is TriState.YES]
        return ("open", *stated) if self.open_state.openness is Openness.OPEN else tuple(stated)

    @property
    def crosses(self) -> Crossing | None:
        """What somebody's straight line crosses: open water before a border."""
        return min(filter(None, self.crossings), key=(Crossing.WATER, Crossing.BORDER).index, default=None)


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What became of the words for one of the places: an answer, or the error of the geocoders."""

    words: str
    outcome: GeocodeResult | GeocodingError

    @property
    def place(self) -> Geocode | None:
        """The place, where the words mean one."""
        return None if isinstance(self.outcome, GeocodingError) else self.outcome.place

    @property
    def interpretation(self) -> Interpretation:
        """How the words were read."""
        if isinstance(self.outcome, GeocodingError):
            return Interpretation(self.words, notes=self.outcome.notes)
        return self.outcome.interpretation

    @property
    def candidates(self) -> tuple[Geocode, ...]:
        """What the words may mean; for words that nobody knows what is spelled like them."""
        if isinstance(self.outcome, GeocodingError):
            return self.outcome.similar if isinstance(self.outcome, NoMatchError) else ()
        return self.outcome.candidates


@dataclass(frozen=True, slots=True)
class MeetingResult:
    """The zones between places, ranked by the longest trip, then by all trips together.

    `fairest`, `least_together` and `best_known` are zones that people can go to, in a country of one of them unless
    the filters say otherwise, and not across open water where another is at most twice as far. `best_known` is, of the
    thirty fairest, of those whose longest trip is at most 1.5 times the fairest one's, the one of which most is stated
    (open then, recorded, lit, confirmed); None where that is nothing. `nearest_to_each` is given where nothing lies
    between, and for places very far apart. `unstated`, `at` and `at_is_past` are those of `SearchResult`.
    `router_silent`: trips on the road could not be had.
    """

    places: tuple[Geocode, ...]
    hits: tuple[MeetingHit, ...] = ()
    fairest: MeetingHit | None = None
    least_together: MeetingHit | None = None
    best_known: MeetingHit | None = None
    nearest_to_each: tuple[SearchHit | None, ...] = ()
    unstated: int = 0
    filters: Filters = field(default_factory=Filters)
    at: datetime | None = None
    at_is_past: bool = False
    mode: Mode | None = None
    """How people travel, where the hits have trips."""
    router_silent: bool = False

    @property
    def answers(self) -> tuple[MeetingHit, ...]:
        """The fairest, the one with the least driving together, and the best known, those there are."""
        return tuple(hit for hit in (self.fairest, self.least_together, self.best_known) if hit)

    @property
    def judged_at(self) -> datetime | None:
        """The time that the hits answer for, as in `SearchResult`; None: now."""
        return self.at or self.filters.open_at

    @property
    def apart_m(self) -> float:
        """The greatest distance between two of the places, in metres."""
        points = [place.coordinates for place in self.places]
        return max((distance_m(a, b) for a, b in combinations(points, 2)), default=0.0)

    @property
    def same_place(self) -> bool:
        """Whether all the places are one."""
        return self.apart_m <= SAME_M

    @property
    def far_apart(self) -> bool:
        """Whether the places are so far from each other that one was perhaps not meant."""
        return self.apart_m > FAR_APART_M


class MeetingService:
    """Answers from the current snapshot where people from several places can meet."""

    def __init__(
        self, search_service: SearchService, snapshot_cache: SnapshotCache, clock: Callable[[], datetime] = now
    ) -> None:
        self._search_service = search_service
        self._snapshot_cache = snapshot_cache
        self._clock = clock

    def locate(self, words: Sequence[str]) -> list[PlaceAnswer]:
        """Where each of the places is, with the country it lies in. Raises DatabaseError."""
        return [self._locate(text) for text in words]

    def between(
        self,
        places: Sequence[Geocode],
        filters: Filters | None = None,
        *,
        limit: int = 10,
        within_m: float = math.inf,
        at: VisitTime | None = None,
        mode: Mode | None = None,
    ) -> MeetingResult:
        """The zones between two to five places, none of whose trips is longer than `within_m`.

        They are judged for the time `at`, as it is meant at the first place. With `mode` each has its trips on the road
        where the router answers in time. Raises DatabaseError and what `at` raises.
        """
        filters, now = filters or Filters(), self._clock()
        snapshot = self._snapshot_cache.current()
        visit, is_past = time_of(at, snapshot, places[0].coordinates, now)
        judge = ZoneJudge(snapshot, filters, visit or filters.open_at or now, now)
        look = _Look(snapshot, places, filters, judge, within_m)
        hits, fairest = look.hits(limit), look.fairest()
        result = MeetingResult(
            tuple(places), hits, fairest, look.least_together(fairest), look.best_known(fairest), (),
            look.unstated_within(hits[-1].distance_m if len(hits) == limit else FAR_M), filters, visit, is_past,
        )  # fmt: skip
        if fairest is None or result.far_apart or _spares_nobody(fairest, result.apart_m):
            result = replace(result, nearest_to_each=self._nearest_to_each(places, filters, visit))
        return self._on_the_road(result, mode) if mode and mode in self.modes else result

    @property
    def modes(self) -> frozenset[Mode]:
        """The ways of travelling of which trips can be asked for; none without a router."""
        return self._search_service.modes

    def _on_the_road(self, result: MeetingResult, mode: Mode) -> MeetingResult:
        """The same with everybody's trips to the zones; the ranking stays that of straight lines."""
        zones = {hit.zone.zone_id: hit.zone.coordinates for hit in (*result.answers, *result.hits)}
        points = [place.coordinates for place in result.places]
        try:
            rows = self._search_service.trips(points, [*zones.values()], mode)
        except RouterError:
            return replace(result, router_silent=True)
        trips = dict(zip(zones, zip(*rows, strict=True), strict=True))

        def with_trips(hit: MeetingHit | None) -> MeetingHit | None:
            return hit and replace(hit, trips=trips[hit.zone.zone_id])

        return replace(
            result, hits=tuple([replace(hit, trips=trips[hit.zone.zone_id]) for hit in result.hits]),
            fairest=with_trips(result.fairest), least_together=with_trips(result.least_together),
            best_known=with_trips(result.best_known), mode=mode,
        )  # fmt: skip

    def _locate(self, words: str) -> PlaceAnswer:
        try:
            answer = self._search_service.locate(words)
        except GeocodingError as error:
            return PlaceAnswer(words, error)
        return PlaceAnswer(words, replace(answer, candidates=tuple(map(self._with_country, answer.candidates))))

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


class _Look:
    """One look between places."""

    def __init__(
        self, snapshot: Snapshot, places: Sequence[Geocode], filters: Filters, judge: ZoneJudge, within_m: float
    ) -> None:
        self._snapshot, self._places, self._filters, self._judge = snapshot, places, filters, judge
        self._points = [place.coordinates for place in places]
        self._within_m = within_m

    def hits(self, limit: int) -> tuple[MeetingHit, ...]:
        """The zones that the filters take."""
        return self._seen(ranked(self._snapshot.index, self._points, limit, accept=self._judge.accepts))

    def fairest(self) -> MeetingHit | None:
        """The zone with the shortest longest trip, of those that are offered."""

        def offered(most: int, within_m: float) -> Sequence[MeetingHit]:
            trips = [each for each in self._offered(most, Order.LONGEST_TRIP) if max(each.meters) <= within_m]
            return self._seen(trips)

        return closest_to_meet((), 0.0, offered)

    def least_together(self, fairest: MeetingHit | None) -> MeetingHit | None:
        """The zone with the shortest trips together; not across open water where the fairest one is not."""
        first = self._seen(self._offered(1, Order.ALL_TRIPS))
        if fairest is None or fairest.crosses is Crossing.WATER or (first and first[0].crosses is not Crossing.WATER):
            return next(iter(first), None)
        hits = self._seen(self._offered(MOST_COMPARED, Order.ALL_TRIPS))
        return next((hit for hit in hits if hit.crosses is not Crossing.WATER), fairest)

    def best_known(self, fairest: MeetingHit | None) -> MeetingHit | None:
        """Of the zones that are nearly as fair the one of which most speaks for it; the fairer one of equals."""
        if fairest is None:
            return None
        reach = fairest.distance_m * LONGER
        trips = [each for each in self._offered(MOST_COMPARED, Order.LONGEST_TRIP) if max(each.meters) <= reach]
        near = [hit for hit in self._seen(trips) if hit.crosses == fairest.crosses]
        best = max(near, key=lambda hit: len(hit.known_facts), default=None)
        return best if best and best.known_facts else None

    def unstated_within(self, reach_m: float) -> int:
        """How many zones the filters left out, no trip to which is longer, because nobody stated the fact."""
        numbers = np.array(sorted(self._judge.unstated), dtype=np.intp)
        index = self._snapshot.index
        meters = distances_between_m(self._points, index.latitudes[numbers], index.longitudes[numbers])
        return int((meters.max(axis=0, initial=0.0) <= min(reach_m, self._within_m)).sum())

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

    def _seen(self, trips: Sequence[Trips]) -> tuple[MeetingHit, ...]:
        near = [each for each in trips if max(each.meters) <= self._within_m]
        zones = [self._snapshot.zones[each.number] for each in near]
        ways = [
            crossings(place.coordinates, place.country, zones, [each.meters[one] for each in near])
            for one, place in enumerate(self._places)
        ]
        return tuple(
            [
                MeetingHit(self._judge.moment.of(zone), each.meters, crosses)
                for zone, each, crosses in zip(zones, near, zip(*ways, strict=True), strict=True)
            ]
        )


def _spares_nobody(fairest: MeetingHit, apart_m: float) -> bool:
    """Whether to meet there is no shorter for anybody than to go all the way, and far."""
    return fairest.distance_m > FAR_M and fairest.distance_m >= apart_m
