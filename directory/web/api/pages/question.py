"""What people may ask a resource, as the fields of a form: made from the parameters of its operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.web.api.parameter_schemas import query_parameters
from directory.web.api.parameters import Query


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter as a field. `options` are all that it can be; where there are none, it is typed."""

    name: str
    description: str
    required: bool
    value: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The form of an operation: its `name`, the fields, and the parameters that go with them unseen."""

    name: str
    fields: tuple[FormField, ...]
    hidden_fields: Mapping[str, str]


def question_of(name: str, field_names: Sequence[str], model: type[Query], args: Mapping[str, str]) -> Question:
    """The form of an operation of this name and these parameters, of which those `field_names` are fields, filled in.

    What `args` have besides goes into hidden fields; not the place in the list, which belongs to another question.
    """
    described = {parameter["name"]: parameter for parameter in query_parameters(model)}
    fields = tuple(
        FormField(
            field, described[field]["description"], described[field]["required"], value := args.get(field, ""),
            _options(described[field]["schema"], value),
        )
        for field in field_names
    )  # fmt: skip
    hidden_fields = {name: value for name, value in args.items() if name not in (*field_names, "f", "offset")}
    return Question(name, fields, hidden_fields)


def _options(schema: Mapping[str, object], value: str) -> tuple[str, ...]:
    """The values that a parameter can have, and what was given, such as several of them, lest it be lost."""
    items = schema.get("items")
    offered = ["true"] if schema.get("type") == "boolean" else schema.get("enum")
    if isinstance(items, dict):
        offered = items.get("enum")
    if not isinstance(offered, list):
        return ()
    return tuple(dict.fromkeys([*map(str, offered), *filter(None, [value])]))
