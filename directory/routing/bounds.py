"""The least time that a distance takes: it proves that no zone that was left out is reached sooner.

A trip to a place that lies d metres away in a straight line takes at least (0.99·d − 4,080 m) / speed seconds, where

- the speed is 130 km/h by car and 7 km/h on foot,
- 4,080 m are what a router may leave out at both ends: up to SNAP_M to the nearest road, and 80 m at the origin, whose
  coordinates are rounded before they leave,
- 1 % covers routers that measure roads on a sphere (at most 0.6 % off), and durations in whole seconds.
"""

from directory.routing.router import SNAP_M, Mode

FASTEST_KMH = {Mode.DRIVE: 130.0, Mode.WALK: 7.0}
REACH_M = {Mode.DRIVE: 300_000.0, Mode.WALK: 40_000.0}
"""How far a router is asked for in a straight line: Valhalla refuses more than 400 and 200 km."""
ROUNDING_M = 80.0
DECIMALS = 3
"""Of an origin's degrees, as it is told to a router: off by at most ROUNDING_M."""
LEFT_OUT_M = 2 * SNAP_M + ROUNDING_M
SHARE = 0.99
KMH = 1 / 3.6


def least_seconds(straight_m: float, mode: Mode, trips: int = 1) -> float:
    """The least time to a place that lies so many metres away in a straight line; of so many trips together."""
    return max(0.0, straight_m * SHARE - trips * LEFT_OUT_M) / (FASTEST_KMH[mode] * KMH)


def farthest_m(seconds: float, mode: Mode, trips: int = 1) -> float:
    """How far away in a straight line a place may lie that is reached within so many seconds; as `least_seconds`."""
    return (seconds * FASTEST_KMH[mode] * KMH + trips * LEFT_OUT_M) / SHARE
