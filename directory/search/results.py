"""The results of a search: zones with their status at a time and their distance, and what holds for all of them."""

import math
from dataclasses import dataclass, field
from datetime import datetime

from directory.geo import METERS_PER_MILE, Coordinates, compass_direction
from directory.geocoding.results import Geocode, GeocodeResult
from directory.routing.router import Mode, Trip
from directory.search.filters import Filters
from directory.search.geography.crossings import Crossing
from directory.search.travel_order import STRAIGHT_LINE, Travel
from directory.search.zone_status import ZoneStatus
from directory.store.repository import StoredZone
from directory.zones.hours import OpenState
from directory.zones.schemas import Status

FAR_M = 50 * METERS_PER_MILE


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
    are fewer than asked for, those within 50 miles. `nearer_unstated` are those of them that one can go to, nearer than
    the closest place to meet: what nobody said is no "no". `more` counts the zones that a longer list would have,
    where that was asked for. `at` is the time of the visit for which everything is judged, None
    for now; a naive one is meant in each zone's own time. `at_is_past`: it, or without it that of `filters.open_at`, is
    over where the place is.
    """

    answer: GeocodeResult
    place: Geocode | None = None
    hits: tuple[SearchHit, ...] = ()
    closest_usable: SearchHit | None = None
    closest_shown: SearchHit | None = None
    unstated: int = 0
    nearer_unstated: tuple[SearchHit, ...] = ()
    more: int = 0
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
        return tuple([hit for hit in self.hits if hit.crosses and hit.usable and hit.distance_m < reach])

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
