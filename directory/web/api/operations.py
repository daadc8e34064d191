"""How an operation of the API is declared: its route, its parameters and its entry in the contract in one place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, wraps
from hashlib import blake2b
from typing import Any

from flask import Blueprint, Request, Response
from werkzeug.http import quote_etag

from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import dumped
from directory.web.api.pages.question import question_of
from directory.web.api.pages.resource_pages import resource_page
from directory.web.api.parameters import Query, read
from directory.web.api.request_url import RequestUrl
from directory.web.http.container import snapshot
from directory.web.http.error_handling.problem_documents import ApiError
from directory.web.http.headers import headers_of
from directory.web.request_context import current_globals, current_request

JSON, GEOJSON, HTML, CSV = "application/json", "application/geo+json", "text/html", "text/csv"
SCHEMA = "application/schema+json"
SHARED, PRIVATE = "public, no-cache", "private, no-store"
FORMATS = {"json": JSON, "geojson": GEOJSON, "html": HTML, "csv": CSV}
LONGEST_HEADER = 4_000
"""Characters of a Link header: proxies refuse long ones, and the links stand in the body too."""
USUAL = ("bad-parameters", "not-acceptable", "too-many-requests", "service-down")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API as the contract describes it; `path` in OpenAPI's form.

    `accepted` describes the answer 202 where there is one, `body` the request's. `token`: one is needed. `asked` names
    the parameters that the form on its page has; `page` is the template of a page that can do without an answer: a
    browser that asks nothing yet is shown it.
    """

    path: str
    name: str
    tag: str
    summary: str
    query: type[Query]
    media_types: tuple[str, ...]
    answer: str
    schema: dict[str, Any]
    problems: tuple[str, ...] = ()
    path_parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    accepted: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    body_types: tuple[str, ...] = ()
    token: bool = False
    form_fields: tuple[str, ...] = ()
    page: str = ""

    @property
    def method(self) -> str:
        """The method of its requests: what has a body replaces something."""
        return "PUT" if self.body else "GET"


class Api:
    """Declares operations on a blueprint and remembers them for the contract."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.operations: list[Operation] = []

    def get(self, operation: Operation) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Route a view that is given its parameters, read and checked, as its first argument."""
        self.operations.append(operation)
        question = (
            partial(question_of, operation.name, operation.form_fields, operation.query)
            if operation.form_fields
            else None
        )

        def declare(view: Callable[..., Response]) -> Callable[..., Response]:
            @wraps(view)
            def answer(**values: str) -> Response:
                http_request = current_request()
                if question:
                    current_globals().question = question
                if operation.page and _asks_nothing(http_request):
                    return resource_page(operation.page, [], private=True)
                return view(read(operation.query, http_request.args), **values)

            rule = operation.path.replace("{", "<").replace("}", ">")
            self.blueprint.add_url_rule(rule, operation.name, answer, methods=[operation.method])
            return answer

        return declare

    put = get
    """The same for an operation with a body: `Operation.method` says which it is."""


def _asks_nothing(http_request: Request) -> bool:
    """Whether a browser opens the address alone, in whatever language."""
    return (
        not http_request.args.keys() - {"lang"}
        and http_request.accept_mimetypes.best_match((JSON, GEOJSON, HTML)) == HTML
    )


@dataclass(frozen=True, slots=True)
class Built:
    """An answer's body, and the links that stand in its header too."""

    body: bytes
    links: Sequence[Mapping[str, str]] = ()


def media_type_for(offered: tuple[str, ...], form: str | None) -> str:
    """The media type to answer in: the `f` parameter's, or the best that the Accept header likes.

    Who likes JSON likes a schema in it, too. Raises ApiError.
    """
    if form:
        return offered[0] if form == "json" and JSON not in offered else FORMATS[form]
    liked = current_request().accept_mimetypes
    if not liked:
        return offered[0]
    best = liked.best_match(offered)
    if best is None and SCHEMA in offered and liked.accept_json:
        return SCHEMA
    if best is None:
        raise ApiError("not-acceptable", f"Offered here: {', '.join(offered)}.", offered=list(offered))
    return best


def cached(build: Callable[[Snapshot], Built], media_type: str, here: RequestUrl, minute: str = "") -> Response:
    """An answer that only depends on the directory and the address: 304 when the asker has it already.

    `minute` is for an answer that depends on the clock. The tag is weak: compressed and plain answers mean the same.
    """
    now = snapshot()
    tag = entity_tag(now, here, media_type + minute)
    headers = headers_of(("ETag", quote_etag(tag, weak=True)), ("Cache-Control", SHARED), ("Vary", "Accept"))
    if current_request().if_none_match.contains_weak(tag):
        return Response(status=304, headers=headers)
    built = build(now)
    if header := link_header(built.links):
        headers.add("Link", header)
    return Response(built.body, mimetype=media_type, headers=headers)


def entity_tag(now: Snapshot, here: RequestUrl, form: str) -> str:
    """A name for an answer, made of the directory's version, the address and the `form`: known before it is built."""
    return f"{now.version}-{blake2b((here.address() + form).encode(), digest_size=6).hexdigest()}"


def private(value: Any, media_type: str) -> Response:
    """An answer to where somebody is or wants to go: no cache keeps it."""
    body = value if isinstance(value, bytes) else dumped(value)
    return Response(body, mimetype=media_type, headers=headers_of(("Cache-Control", PRIVATE)))


def link(rel: str, href: str, media_type: str = JSON, title: str = "") -> dict[str, str]:
    """A link of a landing page, a collection or an answer."""
    members = {"rel": rel, "type": media_type, "href": href}
    if title:
        members["title"] = title
    return members


def both_forms(here: RequestUrl, kind: str) -> list[dict[str, str]]:
    """A resource that is JSON or a page: itself, and its other form."""
    other, form = (HTML, "html") if kind == JSON else (JSON, "json")
    return [link("self", here.address(), kind), link("alternate", here.in_form(form), other)]


def around(here: RequestUrl, kind: str, matched: int, offset: int, limit: int) -> list[dict[str, str]]:
    """Links to the pages of a list after and before this one."""
    links = []
    if offset + limit < matched:
        links.append(link("next", here.address(limit=limit, offset=offset + limit), kind))
    if offset:
        links.append(link("prev", here.address(limit=limit, offset=max(0, offset - limit)), kind))
    return links


def link_header(links: Sequence[Mapping[str, str]]) -> str:
    """Links as a header (RFC 8288), as far as there is room."""
    parts: list[str] = []
    room = LONGEST_HEADER
    for each in links:
        part = f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"'
        if len(part) < room:
            parts.append(part)
            room -= len(part)
    return ", ".join(parts)
