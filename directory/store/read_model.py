"""Read models: plain immutable objects with the fields of a record, many of which are held in memory at once."""

from dataclasses import field, fields, make_dataclass
from typing import Any, NoReturn, get_args, get_origin

from pydantic import BaseModel


class FrozenDict(dict[str, Any]):
    """A dictionary that cannot be changed; equal to a plain one, and written as JSON like one."""

    def _refuse(self, *_args: Any, **_values: Any) -> NoReturn:
        raise TypeError("a stored value cannot be changed")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        """Of its items, which are frozen too."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type["FrozenDict"], tuple[dict[str, Any]]]:
        """Copy and pickle it whole, not item by item."""
        return FrozenDict, (dict(self),)


_EMPTY = FrozenDict()
"""Shared, for most zones have one."""


def frozen(value: Any) -> Any:
    """A JSON value that cannot be changed: lists become tuples, objects become FrozenDict."""
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return FrozenDict((name, frozen(item)) for name, item in value.items()) if value else _EMPTY
    return value


def read_model(record: type[BaseModel]) -> type:
    """A frozen slotted dataclass with the fields of `record` and their defaults. It freezes what it is given."""
    nested = [name for name, info in record.model_fields.items() if get_origin(info.annotation)]

    def freeze(self: Any) -> None:
        for name in nested:
            object.__setattr__(self, name, frozen(getattr(self, name)))

    columns = []
    for name, info in record.model_fields.items():
        kind: Any = info.annotation
        if get_origin(kind) is list:
            kind = tuple.__class_getitem__((*get_args(kind), ...))
        default = {} if info.is_required() else {"default": frozen(info.get_default(call_default_factory=True))}
        columns.append((name, kind, field(**default)))
    return make_dataclass(f"{record.__name__}Fields", columns, namespace={"__post_init__": freeze},
                          frozen=True, slots=True, kw_only=True)  # fmt: skip


def non_default_values(value: Any) -> dict[str, Any]:
    """The fields of a read model that differ from their defaults."""
    values = ((one, getattr(value, one.name)) for one in fields(value))
    return {one.name: content for one, content in values if content != one.default}
