"""What a search between several places finds."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from directory.geo import METERS_PER_MILE, distance_m
from directory.geocoding.results import Geocode, GeocodeResult, GeocodingError, Interpretation, NoMatchError
from directory.routing.router import Trip
from directory.search.filters import FACTS, Filters
from directory.search.geography.crossings import Crossing
from directory.search.results import SearchHit, ZoneHit
from directory.search.travel_order import STRAIGHT_LINE, Travel
from directory.zones.hours import Openness
from directory.zones.schemas import TriState

SAME_M = 100.0
"""Places that are no farther from each other are one place."""
FAR_APART_M = 1_000 * METERS_PER_MILE
"""Places that are farther from each other were perhaps not meant."""
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
        """The longest trip of anybody in a straight line, in metres."""
        return max(self.meters)

    @property
    def total_m(self) -> float:
        """All trips together in a straight line, in metres."""
        return sum(self.meters)

    @property
    def seconds(self) -> tuple[float, ...]:
        """How long everybody's trip takes; empty where that of somebody is not known."""
        seconds = [trip.seconds for trip in self.trips if trip]
        return tuple(seconds) if len(seconds) == len(self.meters) else ()

    @property
    def known_facts(self) -> tuple[str, ...]:
        """What speaks for the zone: "open" then, "recorded", "lit", "confirmed"."""
        known_facts = [name for name in KNOWN_FACTS if FACTS[name](self.zone) is TriState.YES]
        return ("open", *known_facts) if self.open_state.openness is Openness.OPEN else tuple(known_facts)

    @property
    def crosses(self) -> Crossing | None:
        """What somebody's straight line crosses: open water before a border."""
        return min(filter(None, self.crossings), key=(Crossing.WATER, Crossing.BORDER).index, default=None)


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What became of the words for one of the places: an answer, or the error of the geocoders."""

    query: str
    outcome: GeocodeResult | GeocodingError

    @property
    def place(self) -> Geocode | None:
        """The place, where the words mean one."""
        return None if isinstance(self.outcome, GeocodingError) else self.outcome.place

    @property
    def interpretation(self) -> Interpretation:
        """How the words were read."""
        if isinstance(self.outcome, GeocodingError):
            return Interpretation(self.query, notes=self.outcome.notes)
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
    fairest, of those whose longest trip is at most 1.5 times the fairest one's, the one of which most is stated (open
    then, recorded, lit, confirmed); None where that is nothing. `nearest_to_each` is given where nothing lies between,
    and for places very far apart. `travel`: how people travel where the hits have trips, and whether all the rankings
    are by travel time; else they are by straight-line distance. The rest is that of `SearchResult`.
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
    travel: Travel = STRAIGHT_LINE
    more: int = 0

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

    @property
    def misleads(self) -> bool:
        """Whether somebody's straight line to the fairest zone, or to one before it, crosses water or a border."""
        reach_m = self.fairest.distance_m if self.fairest else 0.0
        return any(hit.crosses for hit in (*self.answers[:1], *self.hits) if hit.usable and hit.distance_m <= reach_m)
