"""Column names: what clerks call our fields."""

from collections.abc import Callable
from functools import lru_cache

from directory.text import plain
from directory.zones.composites import SYNONYMS
from directory.zones.parsers import PARSERS
from directory.zones.schemas import FIELDS

FieldFor = Callable[[str], str | None]
"""From a column's name to the field, or the several fields at once, that it means, or None."""

SHAPEFILE_NAME = 10
"""Letters of a column's name that a shapefile keeps."""

_SYNONYMS = {name: field.synonyms for name, field in FIELDS.items()} | SYNONYMS
_FIELDS = {plain(name.replace("_", " ")): name for name in (*PARSERS, *SYNONYMS)} | {
    plain(synonym): name for name, synonyms in _SYNONYMS.items() for synonym in synonyms.split(",") if synonym
}


@lru_cache(maxsize=1024)
def field_for(header: str) -> str | None:
    """The field that a column name means, or None when it means none of ours."""
    return _FIELDS.get(plain(header.replace("_", " ")))


@lru_cache(maxsize=1024)
def field_for_cut_name(header: str) -> str | None:
    """The field that a column's name of ten letters means, as a shapefile keeps them of longer ones."""
    start = plain(header.replace("_", " "))
    fields = {
        field
        for name, field in _FIELDS.items()
        if len(name) > SHAPEFILE_NAME and name[:SHAPEFILE_NAME].strip() == start
    }
    return fields.pop() if len(header) == SHAPEFILE_NAME and len(fields) == 1 else None
