"""A measured promise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, what is promised, and whether it is kept (None: not measured)."""

    name: str
    value: str
    goal: str
    met: bool | None
    note: str = ""
