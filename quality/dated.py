"""Rows that were measured in one go, and the day of that: documents keep them until they are measured again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Dated(Generic[Row]):
    """Rows with the day (UTC) on which their measurement began."""

    rows: list[Row]
    made: str = field(default_factory=_today)


def dated_from_json(kept: Mapping[str, Any], row: Callable[..., Row]) -> dict[str, Dated[Row]]:
    """By name, what `asdict` made of each; `row` makes a row of its members."""
    return {name: Dated([row(**one) for one in each["rows"]], each["made"]) for name, each in kept.items()}
