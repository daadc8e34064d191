"""Travel times as the directory asks for them: private, bounded in time, checked, and kept for a minute at most."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import structlog

from directory.circuit_breaker import ServiceGuard, ServiceSilentError
from directory.geo import Coordinates, distances_m
from directory.routing.bounds import DECIMALS, LEFT_OUT_M, REACH_M, SHARE, least_seconds
from directory.routing.router import Matrix, Mode, Router, RouterError, Trip

DEADLINE_SECONDS = 1.5
"""How long all requests for one answer may take together."""
BATCH = 250
"""How many targets are asked for at once: with five origins half of what Valhalla answers, and an address of 4.5 kB."""
MOST_KEPT = 20_000
"""How many trips are kept in memory at once, about 5 MB."""
KEPT_SECONDS = 60.0
THREADS = 8

Key = tuple[Mode, Coordinates, Coordinates]
OnCall = Callable[[str, str], None]
"""Called after each question with the router's name and "answered" or "silent"."""
log = structlog.get_logger()


class TravelTimes:
    """Asks the operator's router for trips; at most so many seconds, and for a while not at all after failures."""

    def __init__(
        self,
        router: Router,
        on_call: OnCall = lambda _router, _outcome: None,
        seconds: float = DEADLINE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._router = router
        self._on_call = on_call
        self._seconds = seconds
        self._clock = clock
        self._guard = ServiceGuard(router.name, THREADS, clock)
        self._trips = _RecentTrips(clock)

    @property
    def name(self) -> str:
        """Which router it is: "valhalla" or "osrm"."""
        return self._router.name

    @property
    def modes(self) -> frozenset[Mode]:
        """How one may travel by this router."""
        return self._router.modes

    @property
    def is_silent(self) -> bool:
        """Whether the router is not asked for a while, because it failed several times."""
        return self._guard.is_open

    def deadline(self) -> float:
        """When an answer that begins now must be complete, as time.monotonic counts."""
        return self._clock() + self._seconds

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float | None = None
    ) -> Matrix:
        """The trip from each origin to each target: a row for each origin; None where no way is known.

        Origins are places of people: the router is told them to about 100 m. Pairs farther apart than REACH_M, and
        walks that are none (a ferry is faster), have no trip. `until` bounds several calls together; without it each
        has a deadline of its own. Raises RouterError, at once while the router is silent.
        """
        until = self.deadline() if until is None else until
        rounded = [_rounded(origin) for origin in origins]
        straight_m = _straight_m(rounded, targets)
        trips: dict[Key, Trip | None] = {}
        missing: dict[Coordinates, None] = {}
        for target, meters in zip(targets, zip(*straight_m, strict=True), strict=True):
            recent = self._trips.get([(mode, origin, target) for origin in rounded])
            if recent is not None:
                trips.update(recent)
            elif min(meters) <= REACH_M[mode]:
                missing[target] = None
        unasked = list(missing)
        for begin in range(0, len(unasked), BATCH):
            fresh_trips = self._ask(list(dict.fromkeys(rounded)), unasked[begin : begin + BATCH], mode, until)
            self._trips.keep(fresh_trips)
            trips.update(fresh_trips)
        return [
            [
                _checked(trips.get((mode, origin, target)), meters, mode)
                for target, meters in zip(targets, row, strict=True)
            ]
            for origin, row in zip(rounded, straight_m, strict=True)
        ]

    def _ask(
        self, origins: list[Coordinates], targets: list[Coordinates], mode: Mode, until: float
    ) -> dict[Key, Trip | None]:
        """One question. Raises RouterError."""
        try:
            seconds = until - self._clock()
            if seconds <= 0:
                raise RouterError("there was no time left to ask the router")
            work = partial(self._router.matrix, origins, targets, mode, until)
            rows = self._guard.call(partial(_plausible, work, origins, targets, mode), seconds)
        except ServiceSilentError as error:
            self._on_call(self._router.name, "silent")
            cause = error.__cause__
            problem = str(cause) if isinstance(cause, RouterError) else type(cause).__name__
            if self._guard.is_open and cause:  # it has just failed once too often
                log.warning("router does not answer", router=self._router.name, problem=problem)
            raise RouterError(problem if isinstance(cause, RouterError) else str(error)) from None
        self._on_call(self._router.name, "answered")
        return {
            (mode, origin, target): trip
            for origin, row in zip(origins, rows, strict=True)
            for target, trip in zip(targets, row, strict=True)
        }


def _rounded(point: Coordinates) -> Coordinates:
    return Coordinates(round(point.latitude, DECIMALS), round(point.longitude, DECIMALS))


def _straight_m(origins: Sequence[Coordinates], targets: Sequence[Coordinates]) -> list[list[float]]:
    """Geodesic distances in metres: a row for each origin."""
    latitudes = np.array([target.latitude for target in targets], dtype=np.float64)
    longitudes = np.array([target.longitude for target in targets], dtype=np.float64)
    return [distances_m(origin, latitudes, longitudes).tolist() for origin in origins]


def _plausible(
    ask: Callable[[], Matrix], origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode
) -> Matrix:
    """The answer, unless it has a drive that is too good. Raises RouterError."""
    rows = ask()
    for row, meters in zip(rows, _straight_m(origins, targets), strict=True):
        for trip, straight_m in zip(row, meters, strict=True):
            if mode is Mode.DRIVE and trip is not None and _is_too_good(trip, straight_m, mode):
                raise RouterError("the router answers times or distances that cannot be")
    return rows


def _is_too_good(trip: Trip, straight_m: float, mode: Mode) -> bool:
    """Whether a trip is shorter or faster than any way over so many metres: other units, swapped coordinates."""
    return trip.seconds < least_seconds(straight_m, mode) or trip.meters < straight_m * SHARE - LEFT_OUT_M


def _checked(trip: Trip | None, straight_m: float, mode: Mode) -> Trip | None:
    """The trip; None for one that is farther than a router is asked for, or too fast to be a walk."""
    if trip is None or straight_m > REACH_M[mode] or _is_too_good(trip, straight_m, mode):
        return None
    return trip


class _RecentTrips:
    """The trips of the last minute, in memory only: somebody's place is in their keys."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._trips: dict[Key, Trip | None] = {}
        self._started_at = -math.inf

    def get(self, keys: Sequence[Key]) -> dict[Key, Trip | None] | None:
        """The trips under all of these keys; None where one is missing."""
        with self._lock:
            self._forget_old()
            if any(key not in self._trips for key in keys):
                return None
            return {key: self._trips[key] for key in keys}

    def keep(self, trips: dict[Key, Trip | None]) -> None:
        """Keep these until the minute is over."""
        with self._lock:
            self._forget_old()
            if len(self._trips) + len(trips) > MOST_KEPT:
                self._trips.clear()
            self._trips.update(trips)

    def _forget_old(self) -> None:
        if self._clock() - self._started_at > KEPT_SECONDS:
            self._trips.clear()
            self._started_at = self._clock()
