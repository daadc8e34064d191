"""What one time is to another, against Allen's relations of whole numbers; and how a time is written."""

from datetime import UTC, datetime
from itertools import product

import pytest

from directory.search.cql.errors import FilterError
from directory.search.cql.temporal import RELATIONS, compared, literal, moment, related

LAST = 3
INTERVALS = [(start, end) for start in range(LAST + 1) for end in range(start, LAST + 1)]
PROPER = [(start, end) for start, end in INTERVALS if start < end]
NAMES = {
    # How the first lies to the second: the signs of its start to their start and end, and of its end to these.
    (-1, -1, -1, -1): "t_before", (-1, -1, 0, -1): "t_meets", (-1, -1, 1, -1): "t_overlaps",
    (-1, -1, 1, 0): "t_finishedBy", (-1, -1, 1, 1): "t_contains", (0, -1, 1, -1): "t_starts",
    (0, -1, 1, 0): "t_equals", (0, -1, 1, 1): "t_startedBy", (1, -1, 1, -1): "t_during",
    (1, -1, 1, 0): "t_finishes", (1, -1, 1, 1): "t_overlappedBy", (1, 0, 1, 1): "t_metBy", (1, 1, 1, 1): "t_after",
}  # fmt: skip


def sign(first: int, second: int) -> int:
    return (first > second) - (first < second)


def test_of_allens_thirteen_relations_two_intervals_have_exactly_one() -> None:
    for first, second in product(PROPER, PROPER):
        signs = (
            sign(first[0], second[0]),
            sign(first[0], second[1]),
            sign(first[1], second[0]),
            sign(first[1], second[1]),
        )
        holding = [name for name in NAMES.values() if related(name, literal(*first), literal(*second)).yes]
        assert holding == [NAMES[signs]], (first, second)
    assert {*RELATIONS} == {*NAMES.values(), "t_disjoint", "t_intersects"}


def test_times_intersect_where_they_share_a_moment_and_are_disjoint_elsewhere() -> None:
    for first, second in product(INTERVALS, INTERVALS):
        shared = bool({*range(first[0], first[1] + 1)} & {*range(second[0], second[1] + 1)})
        one, other = literal(*first), literal(*second)
        assert bool(related("t_intersects", one, other).yes) is shared
        assert bool(related("t_disjoint", one, other).yes) is not shared


def test_a_day_is_equal_to_all_that_falls_into_it() -> None:
    for first, second in product(INTERVALS, INTERVALS):
        one, other = literal(*first), literal(*second)
        true_operators = {name for name in ("=", "<>", "<", "<=", ">", ">=") if compared(name, one, other).yes}
        before, after = first[1] < second[0], first[0] > second[1]
        assert true_operators == ({"<>", "<", "<="} if before else {"<>", ">", ">="} if after else {"=", "<=", ">="})


def test_what_is_not_known_is_in_no_relation() -> None:
    unknown = literal(float("nan"), float("nan"))
    for name in RELATIONS:
        truth = related(name, unknown, literal(1, 2))
        assert not truth.yes and not truth.no
    assert not compared("<>", unknown, literal(1, 2)).yes


@pytest.mark.parametrize(
    ("text", "start", "seconds"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC), 86_399.999999),
        ("1969-12-31", datetime(1969, 12, 31, tzinfo=UTC), 86_399.999999),
        ("2026-11-24T12:00:00Z", datetime(2026, 11, 24, 12, tzinfo=UTC), 0),
        ("2026-11-24t07:00:00.5-05:00", datetime(2026, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC), 0),
    ],
)
def test_a_time_is_a_whole_day_in_utc_or_a_moment(text: str, start: datetime, seconds: float) -> None:
    assert moment(text) == pytest.approx((start.timestamp(), start.timestamp() + seconds), abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T12:00:00", "2026-11-24 12:00:00Z", "20261124", "2026-13-01", "2026-1-24", "٢٠٢٦-١١-٢٤", "", 5, None],
)
def test_what_is_neither_is_refused(text: object) -> None:
    with pytest.raises(FilterError, match="must be a day such as"):
        moment(text)
