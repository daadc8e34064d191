"""What a router's answers tell of its network: which places hang together, and which are apart or off the road.

Valhalla refuses a whole question for one such place without saying which, so that finding them takes hundreds of
questions. Places of people are never kept here.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import count

from directory.geo import Coordinates
from directory.routing.router import Mode, Trip

KEPT_SECONDS = 600.0
"""After so long everything is asked anew: an operator may have built other roads."""
MOST_EXAMPLES = 3
Target = tuple[Mode, Coordinates]


class RoadComponents:
    """Remembers of targets in which connected part of the network they lie, and from which parts they are refused."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started_at = clock()
        self._numbers = count()
        """Of parts; none is given twice, for several threads ask at once and may hold an old one."""
        self._parts: dict[Target, int] = {}
        self._examples: dict[int, Target] = {}
        self._apart_from: dict[Target, set[int]] = {}
        self._off_road: set[Target] = set()

    def forget_old(self) -> None:
        """Forget everything, when it is time to."""
        if self._clock() - self._started_at > KEPT_SECONDS:
            self._parts, self._examples, self._apart_from, self._off_road = {}, {}, {}, set()
            self._started_at = self._clock()

    def may_be_refused(self, target: Coordinates, mode: Mode) -> bool:
        """Whether somebody had no way there."""
        return (mode, target) in self._off_road or (mode, target) in self._apart_from

    def part_of(self, row: Iterable[tuple[Coordinates, Trip | None]], mode: Mode) -> int | None:
        """The part of the network in which somebody is who has these trips; None where they tell nothing."""
        reached = [(mode, target) for target, trip in row if trip]
        if not reached:
            return None
        parts = [part for target in reached if (part := self._parts.get(target)) is not None]
        part = parts[0] if parts else next(self._numbers)
        self._examples[part] = reached[0]
        for target in reached:
            self._parts.setdefault(target, part)
        return part

    def examples(self, mode: Mode) -> list[tuple[int, Coordinates]]:
        """Some parts, each with a place of it: who has a way there is in that part."""
        some = [(part, target) for part, (of_mode, target) in [*self._examples.items()] if of_mode is mode]
        return some[:MOST_EXAMPLES]

    def is_refused(self, target: Coordinates, mode: Mode, parts: Sequence[int | None]) -> bool:
        """Whether people in all these parts have no way there."""
        if (mode, target) in self._off_road:
            return True
        return self._apart_from.get((mode, target), set()).issuperset(parts)

    def note_off_road(self, target: Coordinates, mode: Mode) -> None:
        """There is no road near it."""
        self._off_road.add((mode, target))

    def note_apart(self, targets: Iterable[Coordinates], mode: Mode, part: int | None) -> None:
        """Who is in this part has no way there."""
        if part is not None:
            for target in targets:
                self._apart_from.setdefault((mode, target), set()).add(part)
