"""The contract: the operations as an OpenAPI 3.0 document, and the same as a page that needs nothing from elsewhere."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from directory import __version__
from directory.formats.edition import LICENCE
from directory.search.zone_features import dumped
from directory.web.api import department_zones
from directory.web.api.features import (
    items,
    ogc_features,
    zone_schemas,
)
from directory.web.api.lookups import geocode, lookup_answers, meeting, nearest, towns
from directory.web.api.operations import CSV, HTML, USUAL, Operation
from directory.web.api.parameter_schemas import query_parameters
from directory.web.api.parameters import HIGHEST_LIMIT
from directory.web.api.schemas import PROBLEM
from directory.web.http.container import container
from directory.web.http.error_handling import problem_documents
from directory.web.http.urls import public_address

blueprint = Blueprint("api", __name__)

OPERATIONS = [
    *nearest.api.operations,
    *geocode.api.operations,
    *towns.api.operations,
    *meeting.api.operations,
    *ogc_features.api.operations,
    *zone_schemas.api.operations,
    *items.api.operations,
    *department_zones.api.operations,
]
SECURITY_SCHEME = "departmentToken"
RATE_HEADERS = {
    name: {"description": description, "schema": {"type": "integer"}}
    for name, description in (
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


@blueprint.get("/docs/<name>")
def ask(name: str) -> ResponseReturnValue:
    """Where the form of a resource leads: to its page, without the fields that were left empty."""
    path = next((operation.path for operation in OPERATIONS if operation.name == name and operation.form_fields), None)
    if path is None:
        abort(404)
    filled_fields = {field: value for field, value in request.args.items() if value.strip()}
    response = redirect(f"/api/v1{path}?{urlencode(filled_fields | {'f': 'html'})}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


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
            {"name": lookup_answers.TAG, "description": "Questions of our own"},
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
    responses = {"200": _answer(operation, operation.answer)}
    if operation.accepted:
        responses["202"] = _answer(operation, operation.accepted)
    for status, kinds in _by_status((*USUAL, *operation.problems)).items():
        responses[str(status)] = (
            {"$ref": f"#/components/responses/{kinds[0].name}"} if len(kinds) == 1 else _problem(*kinds)
        )
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*path_parameters(operation), *query_parameters(operation.query)],
        **({"security": [{SECURITY_SCHEME: []}]} if operation.token else {}),
        **({"requestBody": _body(operation)} if operation.body else {}),
        "responses": dict(sorted(responses.items())),
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
