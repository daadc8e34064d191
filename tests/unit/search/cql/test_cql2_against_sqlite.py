"""Any filter over any rows is true of the rows that SQLite finds, whose truth has three values, too.

A statement is made as a pair: as CQL2 text, and as SQL. Values are few, so that rows are often equal or unknown.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import cql2
import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.search.cql.evaluation import matching
from directory.search.cql.reading import read
from directory.search.cql.values import Geometries, Kind, Numbers, Times, Values, texts

WORDS = ("a", "B", "ab", "Ab", "a%b", "a_b", "O'Hara", "zé", "\U0001f600")
NUMBERS = (-1.5, 0, 1, 2, 30)
TIMES = ("2026-01-01T00:00:00Z", "2026-01-01T12:30:00Z", "2026-01-02T00:00:00Z", "2026-03-01T23:59:59Z")
DAYS = ("2026-01-01", "2026-01-02", "2026-02-01")
SPOTS = ((0.0, 0.0), (1.0, 1.0), (1.0, 2.0), (-73.5, 41.1))
PATTERNS = ("a%", "%b", "a_b", "a\\%b", "a\\_b", "%", "_", "A%", "%'%", "")
Row = dict[str, Any]
Pair = tuple[str, str]
"""A statement or a value as CQL2 text, and as SQL."""
ROW = st.fixed_dictionaries(
    {
        "t": st.none() | st.sampled_from(WORDS),
        "u": st.none() | st.sampled_from(WORDS),
        "n": st.none() | st.sampled_from(NUMBERS),
        "m": st.none() | st.sampled_from(NUMBERS),
        "b": st.none() | st.booleans(),
        "s": st.none() | st.sampled_from(TIMES),
        "g": st.none() | st.sampled_from(SPOTS),
    }
)


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def day(text: str) -> tuple[float, float]:
    start = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    return start, start + 86_399.999999


class Rows:
    """The rows as a table of columns."""

    kinds: Mapping[str, Kind] = {
        "t": Kind.TEXT, "u": Kind.TEXT, "n": Kind.NUMBER, "m": Kind.NUMBER, "b": Kind.BOOLEAN, "s": Kind.TIME,
        "g": Kind.GEOMETRY,
    }  # fmt: skip

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def column(self, name: str) -> Values:
        values = [row[name] for row in self._rows]
        kind = self.kinds[name]
        if kind is Kind.TEXT:
            return texts([value or "" for value in values])
        if kind is Kind.GEOMETRY:
            return Geometries(np.array([None if spot is None else shapely.Point(spot) for spot in values], object))
        if kind is Kind.TIME:
            moments = np.array([np.nan if value is None else seconds(value) for value in values])
            return Times(moments, moments)
        return Numbers(np.array([np.nan if value is None else float(value) for value in values]), kind)

    def __len__(self) -> int:
        return len(self._rows)


def found_by_sqlite(rows: Sequence[Row], sql: str) -> list[bool]:
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA case_sensitive_like = ON")
    database.execute(
        "CREATE TABLE zone (id INTEGER, t TEXT, u TEXT, n REAL, m REAL, b INTEGER, s REAL, x REAL, y REAL)"
    )
    for number, row in enumerate(rows):
        x, y = row["g"] or (None, None)
        moment = None if row["s"] is None else seconds(row["s"])
        cells = (number, row["t"], row["u"], row["n"], row["m"], row["b"], moment, x, y)
        database.execute(f"INSERT INTO zone VALUES ({', '.join('?' * len(cells))})", cells)
    matches = [bool(true) for (true,) in database.execute(f"SELECT ({sql}) IS TRUE FROM zone ORDER BY id")]
    database.close()
    return matches


def quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def same(text: str) -> Pair:
    return text, text


def joined(pattern: str, *parts: Pair) -> Pair:
    """The pattern with the parts in it, in both languages."""
    return pattern.format(*(part[0] for part in parts)), pattern.format(*(part[1] for part in parts))


SIGNS = st.sampled_from(("=", "<>", "<", "<=", ">", ">=")).map(same)
TEXT = st.sampled_from([same("t"), same("u"), *(same(quoted(word)) for word in WORDS)])
NUMBER = st.sampled_from([same("n"), same("m"), *(same(str(number)) for number in NUMBERS)])
MOMENT = st.sampled_from([("s", "s"), *((f"TIMESTAMP('{text}')", f"{seconds(text)!r}") for text in TIMES)])
NOT = st.sampled_from(("", "NOT ")).map(same)


def listed(values: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return st.lists(values, min_size=1, max_size=4).map(
        lambda pairs: (", ".join(pair[0] for pair in pairs), ", ".join(pair[1] for pair in pairs))
    )


@st.composite
def compared(draw: st.DrawFn) -> Pair:
    values = draw(st.sampled_from([TEXT, NUMBER, MOMENT]))
    return joined("{} {} {}", draw(values), draw(SIGNS), draw(values))


@st.composite
def among(draw: st.DrawFn) -> Pair:
    values = draw(st.sampled_from([TEXT, NUMBER]))
    if draw(st.booleans()):
        return joined("{} {}IN ({})", draw(values), draw(NOT), draw(listed(values)))
    return joined("{} {}BETWEEN {} AND {}", draw(NUMBER), draw(NOT), draw(NUMBER), draw(NUMBER))


@st.composite
def alike(draw: st.DrawFn) -> Pair:
    name, pattern, negated = draw(st.sampled_from("tu")), draw(st.sampled_from(PATTERNS)), draw(NOT)[0]
    if draw(st.booleans()):
        return f"CASEI({name}) {negated}LIKE CASEI({quoted(pattern)})", (
            f"lower({name}) {negated}LIKE lower({quoted(pattern)}) ESCAPE '\\'"
        )
    return f"{name} {negated}LIKE {quoted(pattern)}", f"{name} {negated}LIKE {quoted(pattern)} ESCAPE '\\'"


@st.composite
def in_time(draw: st.DrawFn) -> Pair:
    if draw(st.booleans()):
        text = draw(st.sampled_from(DAYS))
        start, end = day(text)
        meanings = {"=": f"s BETWEEN {start!r} AND {end!r}", "<>": f"s NOT BETWEEN {start!r} AND {end!r}",
                    "<": f"s < {start!r}", "<=": f"s <= {end!r}", ">": f"s > {end!r}",
                    ">=": f"s >= {start!r}"}  # fmt: skip
        sign = draw(st.sampled_from(sorted(meanings)))
        return f"s {sign} DATE('{text}')", meanings[sign]
    first, last = sorted(draw(st.tuples(st.sampled_from(TIMES), st.sampled_from(TIMES))))
    start, end = seconds(first), seconds(last)
    meanings = {
        "T_AFTER": f"s > {end!r}", "T_BEFORE": f"s < {start!r}", "T_DURING": f"s > {start!r} AND s < {end!r}",
        "T_INTERSECTS": f"s BETWEEN {start!r} AND {end!r}", "T_DISJOINT": f"s NOT BETWEEN {start!r} AND {end!r}",
        "T_EQUALS": f"s = {start!r} AND s = {end!r}",
    }  # fmt: skip
    name = draw(st.sampled_from(sorted(meanings)))
    return f"{name}(s, INTERVAL('{first}', '{last}'))", f"({meanings[name]})"


@st.composite
def in_space(draw: st.DrawFn) -> Pair:
    west, east = sorted(draw(st.lists(st.sampled_from((-74, 0, 1, 3)), min_size=2, max_size=2, unique=True)))
    south, north = sorted(draw(st.lists(st.sampled_from((-1, 0, 1, 2, 42)), min_size=2, max_size=2, unique=True)))
    inside = f"(x BETWEEN {west} AND {east} AND y BETWEEN {south} AND {north})"
    ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    box, polygon = f"BBOX({west},{south},{east},{north})", f"POLYGON(({ring}))"
    return draw(
        st.sampled_from([
            (f"S_INTERSECTS(g, {box})", inside), (f"S_INTERSECTS({polygon}, g)", inside),
            (f"S_DISJOINT(g, {polygon})", f"NOT {inside}"),
            (f"S_WITHIN(g, {polygon})", f"(x > {west} AND x < {east} AND y > {south} AND y < {north})"),
            (f"S_EQUALS(g, POINT({east} {north}))", f"(x = {east} AND y = {north})"),
        ])
    )  # fmt: skip


LEAVES = (
    compared() | among() | alike() | in_time() | in_space()
    | st.sampled_from("tnbs").flatmap(lambda name: NOT.map(lambda no: same(f"{name} IS {no[0]}NULL")))
    | st.sampled_from(("b", "b = true", "b <> false", "true", "false")).map(same)
)  # fmt: skip
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: joined("NOT ({})", one)),
        st.tuples(inner, inner).map(lambda pair: joined("({}) AND ({})", *pair)),
        st.tuples(inner, inner, inner).map(lambda three: joined("({}) OR ({}) OR NOT ({})", *three)),
    ),
    max_leaves=6,
)


def hard(text: str, sql: str = "") -> Pair:
    return text, sql or text


HARD = [
    hard("NOT (t = 'a' AND n > 1) OR b"),
    hard("t <> u AND NOT t = u"),
    hard("n IN (m, 1, 30) AND NOT n IN (m)"),
    hard("n NOT BETWEEN m AND 30 OR n IS NULL"),
    hard("NOT (NOT (NOT (b = true)))"),
    hard("t IN ('O''Hara') OR u = 'O''Hara'"),
    hard("'a' < t AND 2 >= n"),
    hard("(t IS NULL OR u IS NULL) AND NOT (t IS NULL AND u IS NULL)"),
    hard("t LIKE 'a\\%b' AND NOT t LIKE 'a\\_b'", "t LIKE 'a\\%b' ESCAPE '\\' AND NOT t LIKE 'a\\_b' ESCAPE '\\'"),
    hard("-1.5 = n OR n = 3.0E1 OR n = 0.1E1", "-1.5 = n OR n = 30 OR n = 1"),
    hard("1 = 1 AND NOT 'a' = 'B' AND b IS NOT NULL"),
    hard("s > DATE('2026-01-01') AND s <= DATE('2026-02-01')",
         f"s > {day('2026-01-01')[1]!r} AND s <= {day('2026-02-01')[1]!r}"),
    hard("T_DURING(s, INTERVAL('..', '2026-01-02T00:00:00Z')) OR s IS NULL",
         f"s < {seconds('2026-01-02T00:00:00Z')!r} OR s IS NULL"),
    hard("NOT T_INTERSECTS(s, INTERVAL('2026-01-01', '2026-01-01'))",
         "NOT s BETWEEN {!r} AND {!r}".format(*day("2026-01-01"))),
    hard("s = TIMESTAMP('2026-01-01T07:30:00-05:00')", f"s = {seconds('2026-01-01T12:30:00Z')!r}"),
    hard("S_INTERSECTS(g, BBOX(170,-90,0,90)) AND NOT S_EQUALS(g, POINT(0 0))",
         "(x >= 170 OR x <= 0) AND NOT (x = 0 AND y = 0)"),
    hard("S_WITHIN(g, POLYGON((-1 -1, 5 -1, 5 5, -1 5, -1 -1), (0.5 0.5, 1.5 0.5, 1.5 1.5, 0.5 1.5, 0.5 0.5)))",
         "x > -1 AND x < 5 AND y > -1 AND y < 5 AND NOT (x > 0.5 AND x < 1.5 AND y > 0.5 AND y < 1.5)"),
    hard("S_TOUCHES(g, LINESTRING(0 0, 1 1)) OR S_CONTAINS(MULTIPOINT((1 2), (9 9)), g)",
         "(x = 0 AND y = 0) OR (x = 1 AND y = 1) OR (x = 1 AND y = 2)"),
    hard("CASEI(t) = CASEI('AB') AND t <> 'ab'", "lower(t) = 'ab' AND t <> 'ab'"),
    hard("ACCENTI(t) = ACCENTI('zé') OR u > 'z'", "t = 'zé' OR u > 'z'"),
]  # fmt: skip
EVERY_ROW = [
    {"t": word, "u": other, "n": number, "m": limit, "b": yes, "s": moment, "g": spot}
    for word, other, number, limit, yes, moment, spot in zip(
        [*WORDS, None] * 4, ["a", None, "zé", "O'Hara", "ab"] * 8, [*NUMBERS, None] * 7, [30, None, 1, 0] * 10,
        [True, False, None] * 14, [*TIMES, None] * 8, [*SPOTS, None] * 8, strict=False,
    )
]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(ROW, min_size=1, max_size=8), FILTERS)
@example([{"t": None, "u": "a", "n": None, "m": 1, "b": None, "s": None, "g": None}], same("NOT (t = u OR n <> m)"))
def test_any_filter_is_true_of_what_sqlite_finds(rows: list[Row], pair: Pair) -> None:
    filter_text, sql = pair
    expected = found_by_sqlite(rows, sql)
    table = Rows(rows)
    assert matching(table, read(filter_text, "cql2-text")).tolist() == expected
    as_json = json.dumps(cql2.parse_text(filter_text).to_json())
    assert matching(table, read(as_json, "cql2-json")).tolist() == expected


def test_twenty_hard_filters_are_true_of_what_sqlite_finds() -> None:
    assert len(HARD) == 20
    for filter_text, sql in HARD:
        expected = found_by_sqlite(EVERY_ROW, sql)
        assert matching(Rows(EVERY_ROW), read(filter_text, "cql2-text")).tolist() == expected, filter_text
        assert True in expected and False in expected, f"{filter_text} tells rows apart"
