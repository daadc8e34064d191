"""The department a row or a submission speaks for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """The department a submission speaks for."""

    department: str
    town: str
    state: str
