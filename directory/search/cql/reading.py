"""A filter's text into a tree: both encodings become that of CQL2 JSON, within limits of length and depth."""

import json
import re
from typing import Any

import cql2

from directory.search.cql.errors import FilterError

LONGEST = 4_000
"""Characters of a filter."""
DEEPEST = 8
"""Parentheses within each other: the parser's work doubles with each."""
MOST_SIGNS = 256
"""Operators and signs in text: some nest, and the parser calls itself for each."""
MOST_COMMAS = 1_000
"""In text: behind each the parser may try again."""
DEEPEST_JSON = 24

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
"""What stands in quotes, as the parser reads it: a backslash means itself, and doubled quotes are two texts."""
_SIGN = re.compile(r"[-+*/%^]|[=<>]+|\b(?:not|and|or|like|in|is|between|div)\b", re.IGNORECASE)
_COMPLAINT = re.compile(r"--> (\d+):(\d+)(?:.*?expected ([^\n]+))?", re.DOTALL)
_EXPECTED = {
    "EOI": "its end", "Expr": "an expression", "And": "AND", "Or": "OR", "Eq": "=", "NotEq": "<>", "Lt": "<",
    "LtEq": "<=", "Gt": ">", "GtEq": ">=", "IsNullPostfix": "IS NULL",
}  # fmt: skip


def read(text: str, language: str) -> Any:
    """The tree of a filter in "cql2-text" or "cql2-json". Raises FilterError."""
    if len(text) > LONGEST:
        raise FilterError(f"must have at most {LONGEST:,} characters", position=LONGEST + 1)
    return _read_json(text) if language == "cql2-json" else _read_text(text)


def _read_json(text: str) -> Any:
    if _depth(re.sub(r'"(?:[^"\\]|\\.)*"', _blank, text), "[{", "]}")[0] > DEEPEST_JSON:
        raise FilterError(f"must not nest deeper than {DEEPEST_JSON} levels")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FilterError(f"is no JSON: {error.msg}", position=error.pos + 1) from None
    except (ValueError, RecursionError):
        raise FilterError("is no JSON that can be read") from None


def _no_number(name: str) -> None:
    raise ValueError(name)


def _read_text(text: str) -> Any:
    bare = _QUOTED.sub(_blank, text)
    depth, position = _depth(bare, "(", ")")
    if depth > DEEPEST:
        raise FilterError(f"must have at most {DEEPEST} parentheses within each other", position=position)
    for number, sign in enumerate(_SIGN.finditer(bare), start=1):
        if number > MOST_SIGNS:
            raise FilterError(f"must have at most {MOST_SIGNS} operators and signs", position=sign.start() + 1)
    if bare.count(",") > MOST_COMMAS:
        raise FilterError(f"must have at most {MOST_COMMAS:,} commas")
    try:
        return cql2.parse_text(text).to_json()
    except cql2.ParseError as error:
        raise _misread(text, str(error)) from None
    except Exception as error:
        raise FilterError(f"has something that cannot be read: {error}") from None


def _blank(quoted: re.Match[str]) -> str:
    """As many blanks: what is quoted counts for nothing, and the places of the rest stay."""
    return " " * len(quoted[0])


def _depth(text: str, opening: str, closing: str) -> tuple[int, int]:
    """How deep it nests, and the character (from 1) at which it does."""
    depth = deepest = position = 0
    for number, sign in enumerate(text, start=1):
        if sign in opening:
            depth += 1
            if depth > deepest:
                deepest, position = depth, number
        elif sign in closing:
            depth -= 1
    return deepest, position


def _misread(text: str, complaint: str) -> FilterError:
    """The parser's complaint in our words."""
    match = _COMPLAINT.search(complaint)
    if not match:
        return FilterError("is no CQL2 that can be read")
    line, column = int(match[1]), int(match[2])
    position = sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column
    expected = [_EXPECTED[name] for name in re.findall(r"\w+", match[3] or "") if name in _EXPECTED]
    expectation = f"expected {', '.join(dict.fromkeys(expected))}" if expected else "this cannot be read"
    excerpt = text[position - 1 : position + 19]
    return FilterError(
        f"{expectation}, found {repr(excerpt) if excerpt else 'the end of the filter'}", position=position
    )
