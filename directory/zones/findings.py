"""What the rules have to say about a row."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from directory.errors import BadInputError
from directory.text import translatable


class Severity(StrEnum):
    """How bad a finding is: an error refuses the row, a warning and a note let it through."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


MOST_SHOWN = 200
"""Characters of what was given that a finding repeats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found: where, what was given (its beginning), why it matters, what to do."""

    rule: str
    severity: Severity
    row: int
    field: str
    value: str
    reason: str
    fix: str
    choices: tuple[str, ...] = ()
    """Readings of an ambiguous value, each of which may be put in its place."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.value[:MOST_SHOWN])

    def __str__(self) -> str:
        where = f"row {self.row}, {self.field}" if self.row else self.field
        return f"{self.severity}: {where}: “{self.value}”: {self.reason}. {self.fix}"

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the machine-readable report."""
        return asdict(self)


def converted(row: int, field: str, value: str, meaning: str) -> Finding:
    """A note that a value was read as something else than it says letter by letter."""
    reason = translatable("read as “%(converted)s”", converted=meaning)
    fix = translatable("Nothing to do if that is right.")
    return Finding(f"{field}_converted", Severity.NOTE, row, field, value, reason, fix)


class FieldError(BadInputError, ValueError):
    """A value that cannot be used: the reason and the fix, as the reader will see them."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class AmbiguousFieldError(FieldError):
    """A value with several readings, of which only its author knows the right one; `choices` may be empty."""

    def __init__(self, reason: str, fix: str, choices: tuple[str, ...]) -> None:
        super().__init__(reason, fix)
        self.choices = choices
