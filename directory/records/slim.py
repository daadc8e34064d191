"""Records as a snapshot holds them by the thousand: what nobody stated lies in the class, not in each record."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

Record = TypeVar("Record", bound=BaseModel)
_NEVER = object()


class Slim(Generic[Record]):
    """Makes records of a model out of a table's rows, which the rules judged on their way in.

    What pydantic's `model_construct` does, without its look at each of fifty fields, with one set of field names for
    all records, and without what is unstated, which for most zones is most: a third of the time and half the memory.
    """

    def __init__(self, model: type[Record], columns: Sequence[str]) -> None:
        """`columns` are the names of a row's values, in their order."""
        self._model = model
        self._names = set(model.model_fields)
        self.columns = tuple(columns)
        unstated = {
            name: field.get_default(call_default_factory=True)
            for name, field in model.model_fields.items()
            if not field.is_required()
        }
        for name, value in unstated.items():
            setattr(model, name, value)  # read where a record says nothing itself
        self._unstated = [unstated.get(name, _NEVER) for name in columns]

    def record(self, values: Iterable[Any], texts: dict[str, str], **more: Any) -> Record:
        """A record of a row's values, and `more` that its table does not have.

        `texts` are those met so far: most occur many times ("Mo-Fr 08:00-17:00"), and each is kept once.
        """
        facts = {
            name: texts.setdefault(value, value) if type(value) is str else value
            for name, value, unstated in zip(self.columns, values, self._unstated, strict=True)
            if value != unstated
        }
        facts.update(more)
        made = self._model.__new__(self._model)
        for name, value in (("__dict__", facts), ("__pydantic_fields_set__", self._names),
                            ("__pydantic_extra__", None), ("__pydantic_private__", None)):  # fmt: skip
            object.__setattr__(made, name, value)
        return made
