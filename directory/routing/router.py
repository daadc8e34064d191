"""What every router answers: the trip from each of several places to each of several others."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from directory.errors import UnavailableError
from directory.geo import Coordinates

SNAP_M = 2_000.0
"""A place with no road within so many metres has no trips: a router would begin at a road that is far away."""
LONGEST_SECONDS = 30 * 86_400.0
LONGEST_M = 40_000_000.0


class Mode(StrEnum):
    """How somebody travels."""

    DRIVE = "drive"
    WALK = "walk"


@dataclass(frozen=True, slots=True)
class Trip:
    """The fastest way from one place to another: seconds without traffic, metres on the road."""

    seconds: float
    meters: float


Matrix = list[list[Trip | None]]
"""A row for each origin, in it a trip to each target; None where no way is known."""


class RouterError(UnavailableError):
    """The router did not answer, or its answer cannot be used."""


class Router(Protocol):
    """A routing server; its answers are checked for their form, not for what is plausible."""

    name: str
    modes: frozenset[Mode]

    def matrix(
        self, origins: Sequence[Coordinates], targets: Sequence[Coordinates], mode: Mode, until: float
    ) -> Matrix:
        """The trips from each origin to each target, asked for before `until` (of time.monotonic).

        Raises RouterError.
        """


def read_trip(seconds: Any, meters: Any) -> Trip | None:
    """A trip as a router's JSON has it; None where it knows no way. Raises RouterError."""
    if seconds is None or meters is None:
        return None
    if not (_is_between(seconds, LONGEST_SECONDS) and _is_between(meters, LONGEST_M)):
        raise RouterError("the router answers something that is no time or distance")
    return Trip(float(seconds), float(meters))


def _is_between(value: Any, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and 0 <= value <= most


def require_shape(rows: Any, origins: int, targets: int) -> list[list[Any]]:
    """Rows of a router's JSON: a list for each origin, in it one value for each target. Raises RouterError."""
    is_matrix = (
        isinstance(rows, list)
        and len(rows) == origins
        and all(isinstance(row, list) and len(row) == targets for row in rows)
    )
    if not is_matrix:
        raise RouterError("the router answers something else than was asked for")
    checked: list[list[Any]] = rows
    return checked
