"""Column names: what clerks call our fields."""

from collections.abc import Callable
from functools import lru_cache

from directory.text import plain
from directory.zones.parsers import PARSERS
from directory.zones.schemas import FIELDS

FieldFor = Callable[[str], str | None]
"""From a column's name to the field that it means, or None."""

_FIELDS = {plain(name.replace("_", " ")): name for name in PARSERS} | {
    plain(synonym): name for name, field in FIELDS.items() for synonym in field.synonyms.split(",") if synonym
}


@lru_cache(maxsize=1024)
def field_for(header: str) -> str | None:
    """The field that a column name means, or None when it means none of ours."""
    return _FIELDS.get(plain(header.replace("_", " ")))
