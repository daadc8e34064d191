"""Values in a filter that no row can have: those that a property's enumeration does not name.

The standard has them evaluated (OGC 21-065r2, /conf/basic-cql2/comparison compares every text with 'foo'), so that they
are no error. But whoever misspells one finds nothing, and should be told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from directory.search.cql.evaluation import FOLDS, like
from directory.text import instead

UNSTATED = ("", "unknown", "null", "none")
"""Words for what nobody stated, which is no value."""


@dataclass(frozen=True, slots=True)
class ImpossibleValue:
    """A value or a pattern, the property with which it is compared, and what that can be."""

    name: str
    value: str
    allowed: tuple[str, ...]

    @property
    def detail(self) -> str:
        """The same as a sentence."""
        suggestion = instead(self.value, "its values", self.allowed)
        unstated = f" What nobody stated is found by {self.name} IS NULL." if self.value.lower() in UNSTATED else ""
        return f"{self.value[:80] or 'Nothing'} is no value of {self.name}{suggestion}.{unstated}"


MOST = 20
"""Values that are named: each of a list of hundreds may be misspelled."""


def impossible_values(tree: Any, vocabularies: Mapping[str, Sequence[str]]) -> list[ImpossibleValue]:
    """The first ones of a filter that can be used, in its order; `vocabularies` are the enumerations."""
    return list(islice(dict.fromkeys(_impossible_in(tree, vocabularies)), MOST))


def _impossible_in(tree: Any, vocabularies: Mapping[str, Sequence[str]]) -> Iterator[ImpossibleValue]:
    if not isinstance(tree, dict) or "args" not in tree:
        return
    name, args = tree["op"].lower(), tree["args"]
    if name not in ("=", "<>", "in", "like"):
        for arg in args:
            yield from _impossible_in(arg, vocabularies)
        return
    folded = [_folded(arg) for arg in args]
    properties = [(arg["property"], fold) for arg, fold in folded if isinstance(arg, dict) and "property" in arg]
    values = [fold(text) for arg, fold in folded for text in (arg if isinstance(arg, list) else [arg])
             if isinstance(text, str)]  # fmt: skip
    for property_name, fold in properties:
        if allowed := tuple(map(fold, vocabularies.get(property_name, ()))):
            fits = [like(value) if name == "like" else value.__eq__ for value in values]
            for value, matches in zip(values, fits, strict=True):
                if not any(map(matches, allowed)):
                    yield ImpossibleValue(property_name, value, allowed)


def _folded(tree: Any) -> tuple[Any, Callable[[str], str]]:
    """What stands inside CASEI and ACCENTI, and what these make of a text."""
    if isinstance(tree, dict) and str(tree.get("op", "")).lower() in FOLDS:
        inner, fold = _folded(tree["args"][0])
        outer = FOLDS[tree["op"].lower()]
        return inner, lambda text: outer(fold(text))
    return tree, lambda text: text
