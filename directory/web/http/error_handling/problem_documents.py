"""What goes wrong in the API, as problem documents (RFC 9457) of a few stable types, and as pages for browsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from directory.errors import DirectoryError
from directory.search.zone_features import dumped
from directory.text import translatable
from directory.web.http.languages import language_code
from directory.web.query.parameters import BadParameter

MEDIA_TYPE = "application/problem+json"
PAGE = "text/html"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its name in the type's address, its status, its title.

    `challenge` is the header WWW-Authenticate of a 401.
    """

    name: str
    status: int
    title: str
    challenge: str = ""


KINDS = {
    kind.name: kind
    for kind in (
        ProblemType("bad-parameters", 400, translatable("Parameters cannot be used as given")),
        ProblemType("forbidden", 401, translatable("This is not public")),
        ProblemType("token-needed", 401, translatable("The token is missing, unknown or revoked"), challenge="Bearer"),
        ProblemType("not-your-department", 403, translatable("The token does not allow this")),
        ProblemType("not-found", 404, translatable("There is nothing at this address")),
        ProblemType("no-match", 404, translatable("Nobody knows this address")),
        ProblemType("method-not-allowed", 405, translatable("This address does not take the method")),
        ProblemType("not-acceptable", 406, translatable("None of the media types asked for is offered")),
        ProblemType("several-places", 409, translatable("Several places fit this address")),
        ProblemType("conflict", 409, translatable("Somebody else changed the same at this moment")),
        ProblemType("request-too-large", 413, translatable("The request is too large")),
        ProblemType("unsupported-media-type", 415, translatable("The body is of another media type")),
        ProblemType("unusable-list", 422, translatable("The list cannot be taken")),
        ProblemType("too-many-requests", 429, translatable("Too many requests")),
        ProblemType("unexpected", 500, translatable("Something failed on our side")),
        ProblemType("not-offered", 501, translatable("This format is not offered")),
        ProblemType("service-down", 503, translatable("A service we depend on does not answer")),
    )
}
"""Every kind there is; the contract and /docs list them."""

OF_STATUS = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 413: "request-too-large",
             429: "too-many-requests", 503: "service-down"}  # fmt: skip


DETAILS = {
    404: "The landing page /api/v1/ and /docs list what there is.",
    405: "The header Allow names the methods that it takes.",
    429: "Wait until RateLimit-Reset, or take the directory as a file from /downloads.",
}
"""What to do, where it can be said in general."""


class ApiError(DirectoryError):
    """Ends a request with a problem document."""

    def __init__(self, kind: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.kind = KINDS[kind]
        self.detail = detail
        self.members = members


def bad_parameters(problems: Sequence[BadParameter], **members: Any) -> ApiError:
    """The problem of parameters that cannot be used: `errors` says of each why, so that `detail` need not."""
    names = ", ".join(dict.fromkeys(item.name for item in problems))
    errors = [{"name": item.name, "value": item.value, "allowed": item.allowed} for item in problems]
    return ApiError("bad-parameters", f"Not usable: {names}. See errors for what is allowed.", errors=errors, **members)


def document(kind: ProblemType, detail: str, status: int = 0, **members: Any) -> Response:
    """A problem document; a page where that is what was asked for."""
    body = {
        "type": _type_url(kind.name),
        "title": str(kind.title),
        "status": status or kind.status,
        "detail": detail,
        **members,
    }
    if _wants_page():
        response = Response(render_template("api/problem.html", kind=kind, problem=body), mimetype=PAGE)
        response.headers["Content-Language"] = language_code()
        response.headers["Vary"] = "Accept, Accept-Language"
    else:
        response = Response(dumped(body), mimetype=MEDIA_TYPE)
        response.headers["Vary"] = "Accept"
    response.status_code = status or kind.status
    response.headers["Cache-Control"] = "no-store"
    if kind.challenge:
        response.headers["WWW-Authenticate"] = kind.challenge
    return response


def _wants_page() -> bool:
    """Whether the parameter `f`, or else the Accept header, asks for a page before JSON."""
    form = request.args.get("f")
    if form in ("html", "json", "geojson", "csv"):
        return form == "html"
    accepted = request.accept_mimetypes
    return accepted.best_match((MEDIA_TYPE, "application/json", "application/geo+json", PAGE)) == PAGE


def _type_url(name: str) -> str:
    return url_for("api.docs", _external=True, _anchor=f"problem-{name}")


def of(problem: ApiError) -> Response:
    """The document of a raised Problem."""
    return document(problem.kind, problem.detail, **problem.members)


def of_parameters(problems: Sequence[BadParameter]) -> Response:
    """Every parameter that cannot be used, with what was given and what is allowed."""
    return of(bad_parameters(problems))


def of_http(error: HTTPException) -> Response:
    """An HTTP error as a problem document with the headers that belong to it."""
    status = error.code or 500
    kind = KINDS[OF_STATUS.get(status, "bad-parameters" if status < 500 else "unexpected")]
    response = document(kind, DETAILS.get(status, kind.title), status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
