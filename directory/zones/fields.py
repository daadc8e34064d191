"""What the directory knows of a field: the entry from which every list of fields follows.

An entry is one attribute of a record in `schemas.py`: its type, its default, and a `Field` between them. Parsers, names
of columns, JSON Schema, API, form, labels, list of facts and the tables of docs/data-format.md come from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel


class Kind(StrEnum):
    """What a value is: its parser, its JSON Schema, its control on a form and its words follow."""

    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    TRI_STATE = "tri_state"
    BOOLEAN = "boolean"
    COUNT = "count"
    DEGREES = "degrees"
    AREA = "area"
    HOURS = "hours"
    PARTIAL_DATE = "partial_date"
    PAST_DATE = "past_date"
    CLOSURES = "closures"
    PHONE = "phone"
    URL = "url"
    SOURCES = "sources"
    EVIDENCE = "evidence"
    STATE = "state"
    COUNTRY = "country"
    POSTAL_CODE = "postal_code"
    ZONE_ID = "zone_id"
    PHOTO = "photo"
    AGENCY_KIND = "agency_kind"
    CHANNELS = "channels"
    HISTORY = "history"


class FormGroup(StrEnum):
    """Where a field is asked on the zone form.

    `WHAT`: under “What is there”, as the list of facts on the zone's page shows it. `MORE`: at the end. `PLACED`: where
    the template has it, or in spreadsheets only.
    """

    PLACED = "placed"
    WHAT = "what"
    MORE = "more"


PLACED, WHAT, MORE = FormGroup


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `name` and `type` are those of the attribute.

    `description` says in JSON Schema, API and data-format.md what it holds. `label` is its name on pages; `question`
    its name on the form where that is another, and `hint` what stands above the control (all three translatable).
    `synonyms` are everyday names of its column, with commas between them.

    `limit` is the longest text, or the highest count. `form` is None where no department is asked. `queryable`: the API
    takes an exact value as a filter. `always`: every zone has it. `is_property`: files have it among the properties
    of a Feature.
    """

    kind: Kind
    description: str
    label: str
    synonyms: str = ""
    limit: int = 0
    form: FormGroup | None = None
    question: str = ""
    hint: str = ""
    queryable: bool = False
    always: bool = False
    is_property: bool = True
    name: str = ""
    type: Any = str


def fields_of(model: type[BaseModel], first: Sequence[str] = ()) -> dict[str, Field]:
    """The entries of a record by name, in its order, `first` before all others."""
    names = [*first, *(name for name in model.model_fields if name not in first)]
    return {name: _entry(name, model) for name in names}


def _entry(name: str, model: type[BaseModel]) -> Field:
    attribute = model.model_fields[name]
    (entry,) = (part for part in attribute.metadata if isinstance(part, Field))
    return replace(entry, name=name, type=attribute.annotation)


def no_items() -> list[Any]:
    """An empty list. Pydantic reads a factory's signature at each use, and that of `list` takes a millisecond."""
    return []


def no_members() -> dict[str, Any]:
    """An empty object, likewise."""
    return {}
