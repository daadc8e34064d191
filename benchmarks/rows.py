"""A comparison."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was compared, at which size, and whether the goal is met. `ratio` is what the goal speaks of."""

    name: str
    size: str
    ours: str
    peer: str
    ratio: float | None
    goal: str
    met: bool | None
    note: str = ""


def at_least(name: str, size: str, ours: str, peer: str, ratio: float, goal: float, note: str = "") -> Row:
    """A row whose ratio should be high."""
    return Row(name, size, ours, peer, round(ratio, 3), f"≥ {goal:.3g}x", ratio >= goal, note)


def at_most(name: str, size: str, ours: str, peer: str, ratio: float, goal: float, note: str = "") -> Row:
    """A row whose ratio should be low."""
    return Row(name, size, ours, peer, round(ratio, 3), f"≤ {goal:.3g}x", ratio <= goal, note)


def micro(seconds: float) -> str:
    """A time in microseconds or milliseconds."""
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"
