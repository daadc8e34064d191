"""Which zones people reach soonest: an exact order by travel time, from an index by distance and a router.

A zone that lies d metres away in a straight line takes at least `least_seconds(d)`. So the order is proven once no zone
that was not asked for lies near enough to be among the first. For several people the time is that of the longest trip,
or of all trips together, and the distance likewise.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.geo import Coordinates
from directory.routing.bounds import REACH_M, farthest_m, least_seconds
from directory.routing.router import Mode, RouterError, Trip
from directory.routing.travel_times import BATCH, TravelTimes
from directory.search.geography.meeting_index import Order

FIRST = 20
"""How many zones are asked for at first, and twice as many as are wanted where that is more."""
MOST = 500
"""How many zones are asked for at most: in a city so many may lie within the distance that proves the order."""
Near = tuple[int, float]
"""A zone's number and its distance in a straight line, in metres: the longest of several people's, or all together."""
Nearest = Callable[[int, float], Sequence[Near]]
"""The nearest zones, as many as this, within so many metres; ties by number."""


class TravelProblem(StrEnum):
    """Why zones are not, or not surely, in order of travel time."""

    NO_ROUTER = "no_router"
    ROUTER_SILENT = "router_silent"
    NO_ROAD = "no_road"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Travel:
    """By which order a search's hits stand: by travel time where `by_time`, else by straight-line distance.

    `mode` is None where nobody asked for travel times and nothing called for them.
    """

    mode: Mode | None = None
    by_time: bool = False
    problem: TravelProblem | None = None

    @property
    def is_missing(self) -> bool:
        """Whether no travel times are known."""
        return self.problem not in (None, TravelProblem.UNPROVEN)

    @property
    def passing(self) -> bool:
        """Whether it may be otherwise in a moment."""
        return self.problem in (TravelProblem.ROUTER_SILENT, TravelProblem.UNPROVEN)


STRAIGHT_LINE = Travel()


@dataclass(frozen=True, slots=True)
class RankedZone:
    """A zone by its number, with distance in a straight line and everybody's trip to it, None where there is none."""

    number: int
    distance_m: float
    trips: tuple[Trip | None, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """At most so many zones as were asked for: those with trips by time, ties by distance, then the others by distance.

    `proven`: no zone that is left out is reached sooner than one that is not.
    """

    zones: tuple[RankedZone, ...]
    proven: bool

    @property
    def reaches_any(self) -> bool:
        """Whether there is a way for everybody to any of them."""
        return any(all(zone.trips) for zone in self.zones)


class TravelRanker:
    """Ranks zones by the travel times of people from their places; all questions together end at `until`."""

    def __init__(
        self,
        origins: Sequence[Coordinates],
        mode: Mode,
        position: Callable[[int], Coordinates],
        travel_times: TravelTimes,
        until: float,
    ) -> None:
        self._origins, self._mode, self._position = origins, mode, position
        self._travel_times, self._until = travel_times, until

    def rank(self, limit: int, nearest: Nearest, order: Order = Order.LONGEST_TRIP) -> Ranking:
        """The `limit` zones that are reached soonest, of those within so many metres in a straight line.

        Zones to which somebody has no trip, as for those farther than REACH_M, come last. Raises RouterError when the
        router answers nothing.
        """
        return _Question(self, nearest, order).rank(limit)

    def trips(self, near: Sequence[Near]) -> list[RankedZone]:
        """What the router says of zones. Raises RouterError."""
        targets = [self._position(number) for number, _ in near]
        rows = self._travel_times.matrix(self._origins, targets, self._mode, self._until)
        return [
            RankedZone(number, meters, trips)
            for (number, meters), trips in zip(near, zip(*rows, strict=True), strict=True)
        ]

    @property
    def mode(self) -> Mode:
        """How everybody travels."""
        return self._mode

    @property
    def people(self) -> int:
        """How many places there are."""
        return len(self._origins)


class _Question:
    """One order of one ranker's zones."""

    def __init__(self, ranker: TravelRanker, nearest: Nearest, order: Order) -> None:
        self._ranker, self._nearest, self._mode = ranker, nearest, ranker.mode
        self._together = sum if order is Order.ALL_TRIPS else max
        self._trips = ranker.people if order is Order.ALL_TRIPS else 1
        """Of how many trips the distance and the time are the sum."""

    def rank(self, limit: int) -> Ranking:
        """See TravelRanker.rank."""
        near = self._nearest(max(FIRST, 2 * limit), math.inf)
        timed_zones = self._ranker.trips(self._worth_asking(near, math.inf))
        if near:
            reach_m = min(self._reach_m, farthest_m(self._kth_seconds(timed_zones, limit), self._mode, self._trips))
            near = self._nearest(MOST + 1, max(reach_m, near[-1][1]))
        while batch := self._worth_asking(near[len(timed_zones) : MOST], self._kth_seconds(timed_zones, limit))[:BATCH]:
            try:
                timed_zones += self._ranker.trips(batch)
            except RouterError:
                if not any(all(zone.trips) for zone in timed_zones):
                    raise
                break
        left_out = near[len(timed_zones) :]
        proven = not self._worth_asking(left_out, self._kth_seconds(timed_zones, limit))
        nobody = (None,) * self._ranker.people
        # Zones come nearest first, and sorting keeps that among equals.
        zones = [*timed_zones, *[RankedZone(number, meters, nobody) for number, meters in left_out]]
        return Ranking(tuple(sorted(zones, key=self._seconds)[:limit]), proven)

    @property
    def _reach_m(self) -> float:
        """Beyond this distance somebody has no trip."""
        return REACH_M[self._mode] * self._trips

    def _worth_asking(self, near: Sequence[Near], seconds: float) -> Sequence[Near]:
        """The zones that may be reached within less than so many seconds: those behind them lie farther away."""
        return [
            zone
            for zone in near
            if zone[1] <= self._reach_m and least_seconds(zone[1], self._mode, self._trips) < seconds
        ]

    def _seconds(self, zone: RankedZone) -> float:
        """The time to a zone; infinite where somebody has no trip."""
        seconds = [trip.seconds if trip else math.inf for trip in zone.trips]
        return self._together(seconds)

    def _kth_seconds(self, zones: Sequence[RankedZone], limit: int) -> float:
        """The time to the last of the first `limit`; infinite while fewer have one."""
        seconds = sorted(map(self._seconds, zones))
        return seconds[limit - 1] if len(seconds) >= limit else math.inf
