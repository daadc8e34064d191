"""The parameters of an operation as OpenAPI 3.0 says them."""

from functools import cache
from typing import Any

from directory.web.api.parameters import FORMER, Query


@cache
def query_parameters(model: type[Query]) -> list[dict[str, Any]]:
    """The query parameters of an operation, as OpenAPI 3.0 says them."""
    schema = model.model_json_schema()
    needed = schema.get("required", [])
    parameters = []
    for name, described in schema["properties"].items():
        if described.get(FORMER):
            continue
        parameter: dict[str, Any] = {
            "name": name,
            "in": "query",
            "required": name in needed,
            "description": described.pop("description", ""),
            "style": "form",
            "explode": False,
            "schema": _plain(described),
        }
        if "examples" in described:
            parameter["example"] = described["examples"][0]
        parameters.append(parameter)
    return parameters


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without what OpenAPI 3.0 does not know; "or null" means that it may be left out."""
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    merged = {**schema, **(choices[0] if choices else {})}
    if "const" in merged:
        merged["enum"] = [merged["const"]]
    if merged.get("default") is None:
        merged.pop("default", None)
    return {name: value for name, value in merged.items() if name not in ("title", "examples", "anyOf", "const")}
