"""Records as a snapshot holds them by the thousand: what nobody stated lies in the class, not in each record."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import JSON, Column, ColumnElement, Dialect, Float, Text, cast, type_coerce
from sqlalchemy.types import NullType

Record = TypeVar("Record", bound=BaseModel)
Reader = Callable[[Any], Any]
_NEVER = object()


class Slim(Generic[Record]):
    """Makes records of a model out of a table's rows, which the rules judged on their way in.

    What pydantic's `model_construct` does, without its look at each of fifty fields, with one set of field names for
    all records, and without what is unstated, which for most zones is most: a third of the time and half the memory.

    The rows come as the driver gives them (`selected`): SQLAlchemy would convert every value of every row.
    """

    def __init__(self, model: type[Record], columns: Sequence[Column[Any]]) -> None:
        """`columns` are those of the table that the record has too."""
        self._model = model
        self._names = set(model.model_fields)
        self._columns = tuple(columns)
        unstated = {
            name: field.get_default(call_default_factory=True)
            for name, field in model.model_fields.items()
            if not field.is_required()
        }
        for name, value in unstated.items():
            setattr(model, name, value)  # read where a record says nothing itself
        self._unstated = [unstated.get(column.name, _NEVER) for column in columns]
        self._readers: dict[str, list[Reader | None]] = {}

    @property
    def selected(self) -> list[ColumnElement[Any]]:
        """The columns to select, without SQLAlchemy's conversions; what JSON holds as its text."""
        return [
            cast(column, Text) if isinstance(column.type, JSON) else type_coerce(column, NullType())
            for column in self._columns
        ]

    def record(self, values: Sequence[Any], dialect: Dialect, texts: dict[str, str], **more: Any) -> Record:
        """A record of a row's values, and `more` that its table does not have.

        `texts` are those met so far: most occur many times ("Mo-Fr 08:00-17:00"), and each is kept once.
        """
        facts = {}
        readers = self._readers.get(dialect.name) or self._readers_for(dialect)
        for column, value, unstated, read in zip(self._columns, values, self._unstated, readers, strict=True):
            known = value if read is None or value is None else read(value)
            if known != unstated:
                facts[column.name] = texts.setdefault(known, known) if type(known) is str else known
        facts.update(more)
        made = self._model.__new__(self._model)
        for name, part in (("__dict__", facts), ("__pydantic_fields_set__", self._names),
                           ("__pydantic_extra__", None), ("__pydantic_private__", None)):  # fmt: skip
            object.__setattr__(made, name, part)
        return made

    def _readers_for(self, dialect: Dialect) -> list[Reader | None]:
        """What turns the driver's values into ours, column by column."""
        made = self._readers[dialect.name] = [_reader(column, dialect) for column in self._columns]
        return made


def _reader(column: Column[Any], dialect: Dialect) -> Reader | None:
    if isinstance(column.type, JSON):
        return json.loads
    if isinstance(column.type, Float):
        return None  # every driver gives floats
    return column.type.dialect_impl(dialect).result_processor(dialect, None)
