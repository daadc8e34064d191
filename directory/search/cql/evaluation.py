"""The evaluation of a filter's tree over a table: of which rows it is true."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np

from directory.search.cql import spatial, temporal
from directory.search.cql.errors import FilterError
from directory.search.cql.values import Bits, Geometries, Kind, Numbers, Texts, Times, Truth, Values, text
from directory.text import instead, without_accents

MOST_PARTS = 256
"""Operators, functions and names of properties in a filter."""
MOST_COMPARED_TEXTS = 1_000_000
"""Texts that are looked at for one filter: about a second's work."""
FOLDS: Mapping[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": without_accents}
"""Functions that make texts alike."""
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
OPERATORS = (
    "and", "or", "not", *COMPARISONS, "isNull", "like", "between", "in", *FOLDS,
    *spatial.TESTS, *temporal.RELATIONS,
)  # fmt: skip
"""What is offered of CQL2."""
WRITTEN = {
    Kind.TEXT: "written 'in single quotes'", Kind.NUMBER: "written as 30", Kind.BOOLEAN: "true or false",
    Kind.TIME: "written DATE('2026-11-24') or TIMESTAMP('2026-11-24T12:00:00Z')",
    Kind.GEOMETRY: "compared by functions such as s_equals",
}  # fmt: skip
"""How a value of each kind is compared in CQL2 text."""
_NAMES = {name.lower(): name for name in OPERATORS}
_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


class Table(Protocol):
    """What a filter is about."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The queryable properties."""

    def column(self, name: str) -> Values:
        """The values of one of them, shape (n,)."""

    def __len__(self) -> int: ...


def matching(table: Table, tree: Any, to_degrees: spatial.ToDegrees | None = None) -> Bits:
    """The rows of which a filter is true, shape (n,).

    `to_degrees` is for geometries that are written in other coordinates than degrees. Raises FilterError.
    """
    truth = _Evaluation(table, to_degrees).truth(tree)
    return np.broadcast_to(truth.yes, (len(table),))


@dataclass
class _Evaluation:
    """One evaluation, which counts its work."""

    table: Table
    to_degrees: spatial.ToDegrees | None
    parts: int = 0
    compared_texts: int = 0

    def truth(self, tree: Any) -> Truth:
        """Of what stands where a statement must."""
        if isinstance(tree, bool):
            return Truth(np.array(tree), np.array(not tree))
        if isinstance(tree, dict) and "property" in tree:
            operand = self.value(tree)
            if operand.kind is not Kind.BOOLEAN or not isinstance(operand, Numbers):
                raise FilterError("is no statement by itself: compare it with something", str(tree["property"]))
            return Truth.where(operand.data == 1, operand.has_value)
        name, args = self._operation(tree)
        if name in ("and", "or"):
            if len(args) < 2:
                raise FilterError(f"{name} takes two statements or more", name)
            truth = self.truth(args[0])
            for other in args[1:]:
                truth = truth & self.truth(other) if name == "and" else truth | self.truth(other)
            return truth
        if name == "not":
            return ~self.truth(*self._arguments(name, args, 1))
        if name == "isNull":
            has_value = self.value(*self._arguments(name, args, 1)).has_value
            return Truth(~has_value, has_value)
        if name == "in":
            return self._among(*self._arguments(name, args, 2))
        if name == "between":
            value, low, high = (self.value(arg) for arg in self._arguments(name, args, 3))
            return self._compare(">=", value, low) & self._compare("<=", value, high)
        if name in FOLDS:
            raise FilterError("gives a text, which is no statement: compare it with something", name)
        first, second = (self.value(arg) for arg in self._arguments(name, args, 2))
        try:
            return self._relation(name, first, second)
        except FilterError as error:
            raise FilterError(error.message, _property_in(args) or error.fragment) from None

    def _relation(self, name: str, first: Values, second: Values) -> Truth:
        if name in COMPARISONS:
            return self._compare(name, first, second)
        if name == "like" and isinstance(first, Texts) and isinstance(second, Texts) and second.codes.ndim == 0:
            self._count_texts(first)
            matches = like(second.categories[0])
            return first.of_categories([matches(text) for text in first.categories])
        if name == "like" and isinstance(first, Texts) and isinstance(second, Texts):
            raise FilterError("like takes a pattern in quotes, such as 'New%', not another property", name)
        if name in spatial.TESTS and isinstance(first, Geometries) and isinstance(second, Geometries):
            return spatial.tested(name, first, second)
        if name in temporal.RELATIONS and isinstance(first, Times) and isinstance(second, Times):
            return temporal.related(name, first, second)
        needed = "geometries" if name in spatial.TESTS else "times" if name in temporal.RELATIONS else "texts"
        raise FilterError(f"{name} takes two {needed}, not {first.kind} and {second.kind}", name)

    def _compare(self, sign: str, first: Values, second: Values) -> Truth:
        if isinstance(first, Texts) and isinstance(second, Texts):
            return self._compare_texts(sign, first, second)
        if isinstance(first, Times) and isinstance(second, Times):
            return temporal.compared(sign, first, second)
        if isinstance(first, Numbers) and isinstance(second, Numbers) and first.kind is second.kind:
            return Truth.where(np.asarray(_ORDER[sign](first.data, second.data)), first.has_value & second.has_value)
        written = f"a {first.kind} is {WRITTEN[first.kind]}"
        raise FilterError(f"{first.kind} and {second.kind} cannot be compared by {sign}; {written}", sign)

    def _compare_texts(self, sign: str, first: Texts, second: Texts) -> Truth:
        """By the order of code points."""
        if second.codes.ndim:
            if first.codes.ndim == 0:
                return self._compare_texts(_TURNED[sign], second, first)
            self._count_texts(first, second)
            one, other = (np.array([*side.categories, ""], dtype=object)[side.codes] for side in (first, second))
            return Truth.where(np.asarray(_ORDER[sign](one, other), dtype=bool), first.has_value & second.has_value)
        self._count_texts(first)
        compare, value = _ORDER[sign], second.categories[0]
        return first.of_categories([compare(text, value) for text in first.categories])

    def _among(self, value: Any, items: Any) -> Truth:
        if not isinstance(items, list) or not items:
            raise FilterError("IN takes a list of values", "in")
        first = self.value(value)
        if isinstance(first, Texts) and all(isinstance(item, str) for item in items):
            self._count_texts(first)
            listed_values = frozenset(items)
            return first.of_categories([text in listed_values for text in first.categories])
        return reduce(operator.or_, [self._compare("=", first, self.value(item)) for item in items])

    def value(self, tree: Any) -> Values:
        """Of what stands where a value must."""
        if isinstance(tree, bool):
            return Numbers(np.array(float(tree)), Kind.BOOLEAN)
        if isinstance(tree, str):
            return text(tree)
        if isinstance(tree, int | float):
            return Numbers(np.array(_finite(tree)))
        if not isinstance(tree, dict):
            raise FilterError("has something else where a value is needed", str(tree)[:40])
        if "property" in tree:
            return self._property(tree["property"])
        if "date" in tree or "timestamp" in tree:
            return temporal.literal(*temporal.moment(tree.get("date", tree.get("timestamp"))))
        if "interval" in tree:
            return self._interval(tree["interval"])
        if "type" in tree or "bbox" in tree:
            return spatial.geometry(tree, self.to_degrees)
        name, args = self._operation(tree)
        if name not in FOLDS:
            raise FilterError(f"{name} gives no value that could be compared", name)
        inner = self.value(*self._arguments(name, args, 1))
        if not isinstance(inner, Texts):
            raise FilterError(f"{name} takes a text, not {inner.kind}", name)
        self._count_texts(inner)
        return Texts(tuple(map(FOLDS[name], inner.categories)), inner.codes)

    def _property(self, name: object) -> Values:
        self._count()
        if not isinstance(name, str) or name not in self.table.kinds:
            property_name = str(name)[:80]
            suggestion = instead(property_name, "queryables", self.table.kinds)
            hint = f" (a text is written '{property_name}')" if suggestion.startswith(";") else ""
            raise FilterError(f"{property_name} is no queryable{hint}{suggestion}", property_name)
        return self.table.column(name)

    def _interval(self, ends: Any) -> Times:
        if not isinstance(ends, list) or len(ends) != 2:
            raise FilterError("has an interval without a beginning and an end", "INTERVAL")
        start, end = (self._end(*pair) for pair in zip(ends, (-math.inf, math.inf), strict=True))
        if start.start.ndim == end.end.ndim == 0 and start.start > end.end:
            raise FilterError("has an interval that ends before it begins", "INTERVAL")
        return Times(start.start, end.end)

    def _end(self, bound: Any, far: float) -> Times:
        """A beginning or an end; ".." leaves it open."""
        if bound == temporal.OPEN:
            return temporal.literal(far, far)
        times = temporal.literal(*temporal.moment(bound)) if isinstance(bound, str) else self.value(bound)
        if not isinstance(times, Times):
            raise FilterError("has an interval of something else than times", "INTERVAL")
        return times

    def _operation(self, tree: Any) -> tuple[str, list[Any]]:
        self._count()
        if not isinstance(tree, dict) or not isinstance(tree.get("op"), str) or not isinstance(tree.get("args"), list):
            raise FilterError(
                "has something else where a statement is needed, such as status = 'active'", str(tree)[:40]
            )
        name = _NAMES.get(tree["op"].lower())
        if name is None:
            operation = tree["op"][:40]
            raise FilterError(f"{operation} is not offered; offered are {', '.join(OPERATORS)}", operation)
        return name, tree["args"]

    def _arguments(self, name: str, args: list[Any], count: int) -> list[Any]:
        if len(args) != count:
            raise FilterError(f"{name} takes {count} argument{'s' if count > 1 else ''}, not {len(args)}", name)
        return args

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise FilterError(f"must have at most {MOST_PARTS} operators and properties")

    def _count_texts(self, *columns: Texts) -> None:
        self.compared_texts += sum(len(column.categories) for column in columns)
        if self.compared_texts > MOST_COMPARED_TEXTS:
            raise FilterError("compares too many texts: use fewer comparisons, or IN with a list")


def _property_in(args: list[Any]) -> str:
    """The first property of an operation's arguments, by which it is found in the filter."""
    names = [arg["property"] for arg in args if isinstance(arg, dict) and isinstance(arg.get("property"), str)]
    return names[0] if names else ""


def _finite(number: float) -> float:
    try:
        as_float = float(number)
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise FilterError("has a number that is too large", str(number)[:40])
    return as_float


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a text fits a pattern: % is any text, _ one character, a backslash before them the sign itself.

    Each piece between two % is taken where it fits first, so that the work grows with the text's length only.
    """
    signs = re.findall(r"\\.|[^\\]|\\$", pattern, re.DOTALL)
    pieces, piece = [], ""
    for sign in signs:
        if sign == "%":
            pieces.append(piece)
            piece = ""
        else:
            piece += "." if sign == "_" else re.escape(sign[-1])
    pieces.append(piece)
    first, *later_pieces = (re.compile(piece, re.DOTALL) for piece in pieces)
    if not later_pieces:
        return lambda word: first.fullmatch(word) is not None
    *middle, last = later_pieces
    # A piece has no repetition, so what it matches has one length.
    length = len(re.findall(r"\\.|[^\\]", pieces[-1], re.DOTALL))

    def fits(word: str) -> bool:
        match = first.match(word)
        for piece in middle:
            match = match and piece.search(word, match.end())
        if not match or len(word) - length < match.end():
            return False
        return last.fullmatch(word, len(word) - length) is not None

    return fits
