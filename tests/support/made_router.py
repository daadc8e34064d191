"""A router in this process, with ways of the test's own: what is told of it does not depend on a server's protocol."""

import math
from collections.abc import Sequence
from hashlib import blake2b

from directory.geo import Coordinates, distance_m
from directory.routing.router import Matrix, Mode, RouterError, Trip
from directory.routing.travel_times import TravelTimes
from tests.support.loopback_router import Way, along_the_line

Question = tuple[tuple[Coordinates, ...], tuple[Coordinates, ...], Mode]
"""Origins, targets, and how one travels."""


class MadeRouter:
    """Answers by `way`, up to so many questions; notes all of them."""

    name = "made"
    modes = frozenset(Mode)

    def __init__(self, way: Way = along_the_line, answers: float = math.inf) -> None:
        self.way, self.answers = way, answers
        self.asked: list[Question] = []

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, _until: float
    ) -> Matrix:
        self.asked.append((tuple(origins), tuple(targets), mode))
        if len(self.asked) > self.answers:
            raise RouterError("fell silent")
        return [[self.way(origin, target) for target in targets] for origin in origins]

    @property
    def targets(self) -> list[Coordinates]:
        """All that was asked about, in that order."""
        return [target for _, targets, _ in self.asked for target in targets]


def times_of(router: MadeRouter, seconds: float = 600) -> TravelTimes:
    """Travel times from it, with so much patience that a slow machine is no silent router."""
    return TravelTimes(router, seconds=seconds)


def chance(origin: Coordinates, target: Coordinates) -> float:
    """A number from 0 to 1 for a way: another one for the way back."""
    digest = blake2b(repr((origin, target)).encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


def winding(origin: Coordinates, target: Coordinates) -> Trip | None:
    """A way as fast as may be, or much slower, or none: the nearest are seldom reached soonest."""
    share = chance(origin, target)
    if share < 0.15:
        return None
    meters = distance_m(origin, target)
    fastest = 130 / 3.6
    return Trip(math.ceil(meters / fastest * (1 if share > 0.93 else 2 + 4 * share)), meters * 1.2)
