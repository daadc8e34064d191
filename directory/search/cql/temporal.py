"""Times in filters: their literals, and what one interval is to another."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np

from directory.search.cql.errors import FilterError
from directory.search.cql.values import Bits, Times, Truth

OPEN = ".."
_DAY = timedelta(days=1, microseconds=-1).total_seconds()


def moment(text: object) -> tuple[float, float]:
    """The seconds of an RFC 3339 time in UTC, or of a whole day. Raises FilterError."""
    if isinstance(text, str) and text.isascii():
        try:
            if len(text) == len("2026-11-24"):
                start = (date.fromisoformat(text) - date(1970, 1, 1)).total_seconds()
                return start, start + _DAY
            when = datetime.fromisoformat(text)
            if when.tzinfo and text[10] in "Tt":
                seconds = when.timestamp()
                return seconds, seconds
        except (ValueError, OverflowError):
            pass
    raise FilterError("must be a day such as 2026-11-24 or a time such as 2026-11-24T12:00:00Z", str(text))


def literal(start: float, end: float) -> Times:
    """The same time for every row."""
    return Times(np.array(start), np.array(end))


Relation = Callable[[Times, Times], Bits]
RELATIONS: dict[str, Relation] = {
    "t_after": lambda a, b: a.start > b.end,
    "t_before": lambda a, b: a.end < b.start,
    "t_contains": lambda a, b: (a.start < b.start) & (a.end > b.end),
    "t_disjoint": lambda a, b: (a.start > b.end) | (a.end < b.start),
    "t_during": lambda a, b: (a.start > b.start) & (a.end < b.end),
    "t_equals": lambda a, b: (a.start == b.start) & (a.end == b.end),
    "t_finishedBy": lambda a, b: (a.start < b.start) & (a.end == b.end),
    "t_finishes": lambda a, b: (a.start > b.start) & (a.end == b.end),
    "t_intersects": lambda a, b: (a.start <= b.end) & (a.end >= b.start),
    "t_meets": lambda a, b: a.end == b.start,
    "t_metBy": lambda a, b: a.start == b.end,
    "t_overlappedBy": lambda a, b: (a.start > b.start) & (a.start < b.end) & (a.end > b.end),
    "t_overlaps": lambda a, b: (a.start < b.start) & (a.end > b.start) & (a.end < b.end),
    "t_startedBy": lambda a, b: (a.start == b.start) & (a.end > b.end),
    "t_starts": lambda a, b: (a.start == b.start) & (a.end < b.end),
}  # fmt: skip
"""Allen's relations, by the name of the function (OGC 21-065r2, 7.7)."""


def related(name: str, first: Times, second: Times) -> Truth:
    """Whether the first time is to the second what the function says."""
    return Truth.where(np.asarray(RELATIONS[name](first, second)), first.has_value & second.has_value)


def compared(operator: str, first: Times, second: Times) -> Truth:
    """A comparison, where a day alone is the whole of it: what falls into the day is equal to it."""
    before, after = first.end < second.start, first.start > second.end
    relations = {"=": ~before & ~after, "<>": before | after, "<": before, ">": after, "<=": ~after, ">=": ~before}
    return Truth.where(np.asarray(relations[operator]), first.has_value & second.has_value)
