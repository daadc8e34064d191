"""Values that are lists or objects, as text: in cells, forms and comparisons."""

from collections.abc import Iterable, Mapping
from typing import Any

from directory.zones import closures
from directory.zones.evidence import sources


def lines_of(value: Iterable[Any] | Mapping[str, Any]) -> list[str]:
    """The items of a list, or the members of an object, one a line; what nobody knows becomes text nobody reads."""
    if isinstance(value, Mapping):
        return [f"{name}: {item}" for name, item in value.items()]
    return [_line(item) for item in value]


def _line(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    if set(item) <= set(closures.MEMBERS):
        return closures.to_text(item)
    return sources.to_text(item) if set(item) <= set(sources.MEMBERS) else str(item)
