"""How old the rule tables are that hours are judged by: clock changes and holidays are decided anew each year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

SHELF_LIFE = timedelta(days=365)
_PINNED = {"tzdata": ("2026.6", date(2026, 10, 28)), "holidays": ("0.109", date(2026, 11, 17))}
"""The releases in requirements.lock with the dates of the files in them, as published on PyPI."""


@dataclass(frozen=True, slots=True)
class RuleTable:
    """An installed table; `released` is None where only a later release than the pinned one is known."""

    name: str
    version: str
    released: date | None

    def is_old(self, today: date) -> bool:
        """Whether its shelf life is over."""
        return self.released is not None and today - self.released > SHELF_LIFE


@cache
def rule_tables() -> tuple[RuleTable, ...]:
    """The tables that are installed; looked up once, as each lookup of a version parses a file."""
    return tuple(RuleTable(name, version(name), released(name, version(name))) for name in _PINNED)


def released(name: str, installed: str) -> date | None:
    """When a release came out, or the latest day on which it can have: before the pinned one, if it is older."""
    pinned, day = _PINNED[name]
    if _numbers(installed) <= _numbers(pinned):
        return day
    # A release of the time zones bears its year.
    return date(_numbers(installed)[0], 1, 1) if name == "tzdata" else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
