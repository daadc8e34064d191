"""CQL2 on the standard's own data and predicates (OGC 21-065r2, Annex A), and what no filter may do.

tests/cases/cql2 holds the point layer of the standard's test dataset (Natural Earth, public domain) and the predicates
of its abstract tests "test-data" and "logical" with their numbers of items. Three predicates of ACCENTI with LIKE are
left out: their numbers contradict the data (three names begin with "Ch", not two).
"""

import csv
import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

import cql2
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.search.cql.errors import FilterError
from directory.search.cql.evaluation import like, matching
from directory.search.cql.reading import DEEPEST, LONGEST, MOST_SIGNS, read
from directory.search.cql.spatial import geometry
from directory.search.cql.values import Geometries, Kind, Numbers, Times, Values, texts
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "cql2"


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Places:
    """The standard's populated places."""

    def __init__(self) -> None:
        rows = cases("places")
        self._size = len(rows)
        self._columns: dict[str, Values] = {name: texts([row[name] for row in rows]) for name in ("name", "nameascii")}
        for name in ("pop_other", "pop_min", "pop_max"):
            self._columns[name] = Numbers(np.array([float(row[name]) for row in rows]))
        self._columns["boolean"] = Numbers(np.array([float(row["boolean"] or "nan") for row in rows]), Kind.BOOLEAN)
        for name, length in (("date", 86_399.999999), ("start", 0.0), ("end", 0.0)):
            begins = np.array([self._seconds(row[name]) for row in rows])
            self._columns[name] = Times(begins, begins + length)
        spots = np.array([[float(row["longitude"]), float(row["latitude"])] for row in rows])
        self._columns["geom"] = Geometries(shapely.points(spots))

    @staticmethod
    def _seconds(text: str) -> float:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() if text else math.nan

    @property
    def kinds(self) -> Mapping[str, Kind]:
        return {name: column.kind for name, column in self._columns.items()}

    def column(self, name: str) -> Values:
        return self._columns[name]

    def __len__(self) -> int:
        return self._size


@cache
def places() -> Places:
    return Places()


def found(text: str, language: str = "cql2-text") -> int:
    return int(matching(places(), read(text, language)).sum())


def as_json(text: str) -> str:
    return json.dumps(cql2.parse_text(text).to_json())


@pytest.mark.parametrize("conformance_class", sorted({case["class"] for case in cases("predicates")}))
@pytest.mark.parametrize("language", ["cql2-text", "cql2-json"])
def test_every_predicate_of_the_standard_finds_what_the_standard_says(conformance_class: str, language: str) -> None:
    wrong = {}
    for case in cases("predicates"):
        if case["class"] == conformance_class:
            written = case["predicate"] if language == "cql2-text" else as_json(case["predicate"])
            if found(written, language) != int(case["items"]):
                wrong[case["predicate"]] = found(written, language), int(case["items"])
    assert not wrong


@pytest.mark.parametrize("literal", [
    f'{{"type":"Point","coordinates":[{"9" * 400},1]}}', f'{{"type":"Point","coordinates":[1,{"9" * 3_000}]}}',
    f'{{"bbox":[1,2,3,{"9" * 400}]}}',
])  # fmt: skip
def test_a_number_of_hundreds_of_digits_is_refused_and_not_an_error_of_ours(literal: str) -> None:
    with pytest.raises(FilterError):
        found(f'{{"op":"s_intersects","args":[{{"property":"geom"}},{literal}]}}', "cql2-json")


def test_every_combination_of_the_standard_finds_what_the_standard_says() -> None:
    for case in cases("combinations"):
        filter_text = "(NOT ({p2}) AND {p1}) OR ({p3} and {p4}) or not ({p1} OR {p4})".format(**case)
        assert found(filter_text) == int(case["items"]), filter_text


def test_what_is_unknown_is_neither_true_nor_false() -> None:
    for statement in (
        "boolean = true",
        "NOT boolean = true",
        "boolean <> true",
        "NOT (boolean = true OR boolean = false)",
    ):
        assert found(f"({statement}) AND boolean IS NULL") == 0, statement
    assert found("boolean IS NULL OR boolean = true") == 242


@pytest.mark.parametrize(
    ("filter_text", "position", "message"),
    [
        ("name = 'Berlin' AND (", 22, "expected an expression, found the end of the filter"),
        (
            "name = 'Berlin'\n AND shoe_size = 9",
            22,
            "shoe_size is no queryable (a text is written 'shoe_size'); queryables are name,",
        ),
        ("name = 'a' AND pop_other = 'many'", 16, "number and text cannot be compared"),
        ("Buffer(geom) = 1", 1, "Buffer is not offered; offered are and, or"),
        ("true AND A_CONTAINS(name, ('a','b'))", 10, "a_contains is not offered"),
        ("start > TIMESTAMP('yesterday')", 20, "must be a day such as"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 1)))", 0, "geometry that cannot be read"),
        ("S_INTERSECTS(geom, BBOX(0,5,1,4))", 20, "south is north"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", 0, "a Polygon that is not valid: Self-intersection"),
        ("S_INTERSECTS(geom, POINT(41.1 -173.5))", 0, "not on Earth: first is the longitude"),
        ("S_INTERSECTS(geom, BBOX(41,-173,42,-172))", 0, "not on Earth: first is the longitude"),
        (" AND ".join(["(" * 9 + "name = 'a'" + ")" * 9] * 2), 9, "at most 8 parentheses"),
        ("name = 'x' " + " ".join(["OR name = 'x'"] * 200), 128 * len("name = 'x' OR ") + 6, "at most 256 operators"),
        ("x" * 90 + " = 1", 1, f": {'x' * 80} is no queryable"),
        ("pop_other LIKE '5%'", 1, "like takes two texts, not number and text"),
        ("name = '" + "x" * LONGEST + "'", LONGEST + 1, "at most 4,000 characters"),
        ("name LIKE nameascii", 1, "a pattern in quotes"),
        ("geom = POINT(1 1)", 1, "a geometry is compared by functions such as s_equals"),
        ("name = 'a' OR nameascii", 15, "is no statement by itself"),
        ("name = 'a' OR CASEI(name)", 15, "gives a text, which is no statement"),
        ("S_INTERSECTS(geom, POINT EMPTY)", 0, "has something that cannot be read"),
    ],
)
def test_a_bad_filter_is_told_where_and_what_is_allowed(filter_text: str, position: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        found(filter_text)
    error = caught.value.within(filter_text)
    assert message in str(error)
    assert not position or str(error).startswith(f"at character {position}: ")


def test_eight_parentheses_within_each_other_are_read() -> None:
    assert found("(" * 8 + "name = 'Berlin'" + ")" * 8) == found("name = 'Berlin'") > 0


NAME: Any = {"property": "name"}
SPOT: Any = {"property": "geom"}
START: Any = {"property": "start"}


def calls(name: str, *args: Any) -> Any:
    return {"op": name, "args": list(args)}


@pytest.mark.parametrize(
    "tree",
    [
        None, 5, "text", [], {}, {"op": "="}, calls("="), calls("and", True), {"op": 3, "args": []},
        calls("in", NAME, "x"),
        calls("=", {"property": ["name"]}, "x"), calls("=", {"property": "pop_other"}, 10**400),
        calls("not", calls("casei", "x")), calls("s_within", SPOT, {"type": "Polygon", "coordinates": "x"}),
        calls("s_within", SPOT, {"bbox": [0, 0, 1]}),
        calls("t_after", START, {"interval": ["2022-01-02", "2022-01-01"]}),
        calls("t_after", START, {"date": 5}), calls("like", NAME, NAME),
    ],
)  # fmt: skip
def test_a_tree_that_says_nothing_is_refused(tree: Any) -> None:
    with pytest.raises(FilterError):
        found(json.dumps(tree), "cql2-json")


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (json.dumps(calls("not", True, False)), "not takes 1 argument, not 2"),
        (json.dumps(calls("like", NAME)), "like takes 2 arguments, not 1"),
        ('{"op" 5}', "at character 7: is no JSON"),
    ],
)
def test_a_bad_tree_is_told_what_is_missing(tree: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        found(tree, "cql2-json")
    assert message in str(caught.value.within(tree))


def test_a_box_with_heights_is_the_box_without_them() -> None:
    flat = found(json.dumps(calls("s_intersects", SPOT, {"bbox": [-20, 10, 30, 50]})), "cql2-json")
    assert flat == found(json.dumps(calls("s_intersects", SPOT, {"bbox": [-20, 10, -5, 30, 50, 900]})), "cql2-json") > 0


@pytest.mark.parametrize(
    ("longitude", "inside"), [(169.9, False), (170.1, True), (179.9, True), (-179.9, True), (-169.9, False)]
)
def test_a_box_over_the_date_line_reaches_it_from_both_sides(longitude: float, inside: bool) -> None:
    over_the_line = geometry({"bbox": [170, -10, -170, 10]}, None)
    assert bool(shapely.contains(over_the_line.data, shapely.Point(longitude, 0))) is inside


LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.sampled_from(["name", "..", "2022-04-16", "Point"])
MEMBERS = ("args", "property", "type", "coordinates", "bbox", "interval", "date")
OPS = st.sampled_from(["and", "not", "=", "in", "like", "between", "isNull", "casei", "s_within", "t_after"])


@settings(max_examples=300)
@given(
    st.recursive(
        LEAVES,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.fixed_dictionaries({}, optional={**dict.fromkeys(MEMBERS, inner), "op": OPS})
        ),
        max_leaves=12,
    )
)
def test_no_tree_fails_otherwise_than_by_a_word(tree: Any) -> None:
    try:
        found(json.dumps(tree), "cql2-json")
    except FilterError as error:
        assert error.message


@settings(max_examples=200)
@given(st.text(st.sampled_from("ab%_\\."), max_size=8), st.text(st.sampled_from("ab.\n"), max_size=8))
def test_like_is_the_same_as_trying_every_way(pattern: str, word: str) -> None:
    def fits(signs: str, remaining: str) -> bool:
        if not signs:
            return not remaining
        if signs[0] == "%":
            return fits(signs[1:], remaining) or (remaining != "" and fits(signs, remaining[1:]))
        if signs[0] == "_":
            return remaining != "" and fits(signs[1:], remaining[1:])
        sign, after = (signs[1], signs[2:]) if signs[0] == "\\" and len(signs) > 1 else (signs[0], signs[1:])
        return remaining[:1] == sign and fits(after, remaining[1:])

    assert like(pattern)(word) == fits(pattern, word)


def test_a_hostile_filter_takes_no_time() -> None:
    """What makes the parser call itself, or try again and again, ends at the limits."""
    nested = DEEPEST - 1
    for filter_text in (
        "(" * LONGEST, "(" * nested + "a b" + ")" * nested, "((name='a') or " * nested + "b c" + ")" * nested,
        "(name='a' and " * nested + "a b" + ")" * nested, "NOT " * 900 + "name='a'", "name=" + "-" * 3_000 + "1",
        "=".join(["name"] * 800), "^".join(["2"] * 1_900), "S_INTERSECTS(geom, POLYGON" + "(" * 3_000,
        " OR ".join([f"({'(' * 5}name='a'{')' * 5} AND x)"] * 60),
        "(" * nested + " OR ".join(["name IN ('a','b') AND pop_other BETWEEN 1 AND 2"] * 70) + " x" + ")" * nested,
        "name='\\' or " + "(" * 22 + "name='a' x" + ")" * 22, "name='\\' or " + "(" * 1_900 + "name='a'" + ")" * 1_900,
        "(" * nested + "f(" + ",".join(["1"] * 1_980) + " x" + ")" * nested,
        "name LIKE '" + "%a" * 1_900 + "%b'", " OR ".join(["name='a'"] * (MOST_SIGNS // 2)),
    ):  # fmt: skip
        started_at = time.process_time()
        with suppress(FilterError):
            found(filter_text)
        assert time.process_time() - started_at < 2, filter_text[:80]
    with pytest.raises(FilterError):
        found("[" * 4_000, "cql2-json")
