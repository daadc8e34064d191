"""The contract: the operations as an OpenAPI 3.0 document, and the same as a page that needs nothing from elsewhere."""

from functools import cache
from typing import Any

from flask import Blueprint, Response, render_template, request

from directory import __version__
from directory.formats.edition import LICENCE
from directory.search.zone_features import dumped
from directory.web.api import (
    department_zones,
    lookups,
    meeting,
)
from directory.web.api.features import (
    items,
    ogc_features,
    zone_schemas,
)
from directory.web.api.operations import CSV, HTML, USUAL, Operation
from directory.web.api.parameters import FORMER, HIGHEST_LIMIT, Query
from directory.web.api.schemas import PROBLEM
from directory.web.http.container import container
from directory.web.http.error_handling import problem_documents
from directory.web.http.urls import public_address

blueprint = Blueprint("api", __name__)

OPERATIONS = [
    *lookups.api.operations,
    *meeting.api.operations,
    *ogc_features.api.operations,
    *zone_schemas.api.operations,
    *items.api.operations,
    *department_zones.api.operations,
]
SECURITY_SCHEME = "departmentToken"
RATE_HEADERS = {
    name: {"description": words, "schema": {"type": "integer"}}
    for name, words in (
        ("RateLimit-Limit", "how many requests a minute are answered"),
        ("RateLimit-Remaining", "how many are left"),
        ("RateLimit-Reset", "in how many seconds they are renewed"),
    )
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The contract."""
    text = dumped(document(public_address(), container().settings.contact))
    response = Response(text, content_type=ogc_features.OPENAPI)
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/docs")
def docs() -> str:
    """The contract for people."""
    return render_template(
        "api/docs.html", operations=OPERATIONS, parameters=query_parameters, kinds=problem_documents.KINDS.values(),
        highest=HIGHEST_LIMIT, per_minute=container().settings.api_per_minute, site=public_address(),
        problems_of=lambda operation: [problem_documents.KINDS[name] for name in (*USUAL, *operation.problems)],
    )  # fmt: skip


def document(site: str, contact: str = "") -> dict[str, Any]:
    """The OpenAPI document of the site at this address."""
    reach = {"email": contact} if "@" in contact else {"url": contact} if contact else {}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": ogc_features.TITLE,
            "description": f"{ogc_features.WHAT} What nobody stated is null, and means unknown, never no. No key is "
            "needed, but for what a department sends.",
            "version": __version__,
            "license": {"name": "ODC-BY 1.0 (data)", "url": LICENCE},
            **({"contact": reach} if reach else {}),
        },
        "servers": [{"url": f"{site}/api/v1"}],
        "tags": [
            {"name": ogc_features.TAG, "description": "OGC API - Features, Part 1"},
            {"name": lookups.TAG, "description": "Questions of our own"},
            {"name": department_zones.TAG, "description": "What departments send"},
        ],
        "paths": {operation.path: {operation.method.lower(): _described(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": {"problem": PROBLEM},
            "responses": {kind.name: _problem(kind) for kind in problem_documents.KINDS.values()},
            "headers": RATE_HEADERS,
            "securitySchemes": {SECURITY_SCHEME: {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    answers = {"200": _answer(operation, operation.answer)}
    if operation.accepted:
        answers["202"] = _answer(operation, operation.accepted)
    for status, kinds in _by_status((*USUAL, *operation.problems)).items():
        answers[str(status)] = (
            {"$ref": f"#/components/responses/{kinds[0].name}"} if len(kinds) == 1 else _problem(*kinds)
        )
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*path_parameters(operation), *query_parameters(operation.query)],
        **({"security": [{SECURITY_SCHEME: []}]} if operation.token else {}),
        **({"requestBody": _body(operation)} if operation.body else {}),
        "responses": dict(sorted(answers.items())),
    }


def _answer(operation: Operation, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS},
        "content": {kind: _content(operation, kind) for kind in operation.media_types},
    }


def _body(operation: Operation) -> dict[str, Any]:
    return {"required": True, "content": {kind: {"schema": operation.body} for kind in operation.body_types}}


def _content(operation: Operation, kind: str) -> dict[str, Any]:
    return {"schema": {"type": "string"} if kind in (HTML, CSV) else operation.schema}


def _by_status(names: tuple[str, ...]) -> dict[int, list[problem_documents.ProblemType]]:
    kinds: dict[int, list[problem_documents.ProblemType]] = {}
    for kind in (problem_documents.KINDS[name] for name in names):
        kinds.setdefault(kind.status, []).append(kind)
    return kinds


def _problem(*kinds: problem_documents.ProblemType) -> dict[str, Any]:
    return {
        "description": "; ".join(kind.title for kind in kinds),
        "content": {
            problem_documents.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}},
            problem_documents.PAGE: {"schema": {"type": "string"}},
        },
    }


def path_parameters(operation: Operation) -> list[dict[str, Any]]:
    """The parameters inside an operation's path."""
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in operation.path_parameters.items()
    ]


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
