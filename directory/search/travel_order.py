"""Which zones are reached soonest: an exact order by travel time, from an index by distance and a router.

A zone that lies d metres away in a straight line takes at least `least_seconds(d)`. So the order is proven once no zone
that was not asked for lies near enough to be among the first.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.geo import Coordinates
from directory.routing.bounds import REACH_M, farthest_m, least_seconds
from directory.routing.router import Mode, RouterError, Trip
from directory.routing.travel_times import BATCH, TravelTimes

FIRST = 20
"""How many zones are asked for at first, and twice as many as are wanted where that is more."""
MOST = 500
"""How many zones are asked for at most: in a city so many may lie within the distance that proves the order."""
Near = tuple[int, float]
"""A zone's number and its distance in a straight line, in metres."""
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
    def passing(self) -> bool:
        """Whether it may be otherwise in a moment."""
        return self.problem in (TravelProblem.ROUTER_SILENT, TravelProblem.UNPROVEN)


STRAIGHT_LINE = Travel()


@dataclass(frozen=True, slots=True)
class RankedZone:
    """A zone by its number, with distance in a straight line and the trip to it, if there is one."""

    number: int
    distance_m: float
    trip: Trip | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """At most so many zones as were asked for: those with trips by time, ties by distance, then the others by distance.

    `proven`: no zone that is left out is reached sooner than one that is not.
    """

    zones: tuple[RankedZone, ...]
    proven: bool

    @property
    def reaches_any(self) -> bool:
        """Whether there is a way to any of them."""
        return any(zone.trip for zone in self.zones)


def rank_by_time(
    origin: Coordinates,
    limit: int,
    mode: Mode,
    nearest: Nearest,
    position: Callable[[int], Coordinates],
    travel_times: TravelTimes,
    until: float,
) -> Ranking:
    """The `limit` zones that are reached soonest, of those within so many metres in a straight line.

    Zones farther than REACH_M have no trip and come last. Raises RouterError when the router answers nothing.
    """
    near = nearest(max(FIRST, 2 * limit), math.inf)
    asked = _with_trips(origin, _worth_asking(near, math.inf, mode), mode, position, travel_times, until)
    if near:
        bound_m = min(REACH_M[mode], farthest_m(_kth_seconds(asked, limit), mode))
        near = nearest(MOST + 1, max(bound_m, near[-1][1]))
    while batch := _worth_asking(near[len(asked) : MOST], _kth_seconds(asked, limit), mode)[:BATCH]:
        try:
            asked += _with_trips(origin, batch, mode, position, travel_times, until)
        except RouterError:
            if not any(zone.trip for zone in asked):
                raise
            break
    left_out = near[len(asked) :]
    proven = not _worth_asking(left_out, _kth_seconds(asked, limit), mode)
    return Ranking(_first([*asked, *[RankedZone(number, meters, None) for number, meters in left_out]], limit), proven)


def _worth_asking(near: Sequence[Near], seconds: float, mode: Mode) -> Sequence[Near]:
    """The zones that may be reached within less than so many seconds: those behind them lie farther away."""
    return [zone for zone in near if zone[1] <= REACH_M[mode] and least_seconds(zone[1], mode) < seconds]


def _with_trips(
    origin: Coordinates,
    near: Sequence[Near],
    mode: Mode,
    position: Callable[[int], Coordinates],
    travel_times: TravelTimes,
    until: float,
) -> list[RankedZone]:
    """What the router says of zones. Raises RouterError."""
    (trips,) = travel_times.matrix([origin], [position(number) for number, _ in near], mode, until)
    return [RankedZone(number, meters, trip) for (number, meters), trip in zip(near, trips, strict=True)]


def _kth_seconds(zones: Sequence[RankedZone], limit: int) -> float:
    """The time to the last of the first `limit`; infinite while fewer have one."""
    seconds = sorted(zone.trip.seconds for zone in zones if zone.trip)
    return seconds[limit - 1] if len(seconds) >= limit else math.inf


def _first(zones: Sequence[RankedZone], limit: int) -> tuple[RankedZone, ...]:
    # Zones come nearest first, and sorting keeps that among equals.
    return tuple(sorted(zones, key=lambda zone: zone.trip.seconds if zone.trip else math.inf)[:limit])
