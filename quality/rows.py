"""A measured promise."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, what is promised, and whether it is kept (None: not measured)."""

    name: str
    value: str
    goal: str
    met: bool | None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)
