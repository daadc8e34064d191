"""Errors as pages: what happened, what is lost (nothing), what to do."""

import secrets
import traceback
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, Forbidden, HTTPException

from directory.db.errors import DatabaseError
from directory.submissions.quotas import DraftsFullError
from directory.web.http.container import NoAddressError
from directory.web.http.error_handling import problem_documents
from directory.web.http.error_handling.suggested_pages import suggested_pages
from directory.web.http.security.cross_site import OtherSiteError, opened_at, same_page_here
from directory.web.http.security.security_events import note
from directory.web.http.urls import for_machines, public_address
from directory.web.query.parameters import BadParametersError

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register a page for every error."""
    app.register_error_handler(problem_documents.ApiError, problem_documents.of)
    app.register_error_handler(BadParametersError, _bad_parameters)
    app.register_error_handler(DraftsFullError, _drafts_full)
    app.register_error_handler(DatabaseError, _database_problem)
    app.register_error_handler(NoAddressError, _no_address)
    app.register_error_handler(OtherSiteError, _other_site)
    app.register_error_handler(BadHost, _bad_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


KINDS = {404: "not_found", 429: "too_many", 405: "method", 413: "too_large", 403: "forbidden", 401: "sign_in"}
Page = tuple[str, int, dict[str, str]]


def error_page(kind: str, status: int, headers: dict[str, str] | None = None, **values: Any) -> Page:
    """The page of one kind of error, with its status and headers."""
    return render_template("error.html", kind=kind, status=status, **values), status, headers or {}


def _bad_parameters(error: BadParametersError) -> ResponseReturnValue:
    if for_machines(request.path):
        return problem_documents.of_parameters(error.problems)
    # The page's links repeat what was typed.
    kept_by_none = {"Cache-Control": "private, no-store"}
    return error_page("parameters", 400, kept_by_none, problems=error.problems, words=request.args.get("q", "")[:200])


def _drafts_full(_error: DraftsFullError) -> ResponseReturnValue:
    log.error("drafts are full", route=request.endpoint)
    return error_page("drafts_full", 503)


def _bad_host(_error: BadHost) -> Response:
    """Without a host no link of a page can be made."""
    return Response("The Host header names no host.\n", 400, mimetype="text/plain")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, CSRFError) and (opened := opened_at()):
        return _other_address(opened, status)
    if isinstance(error, CSRFError):
        note("csrf")
    if for_machines(request.path):
        return problem_documents.of_http(error)
    kind = KINDS.get(status, "form" if status < 500 else "failed")
    suggestions = suggested_pages(request.path) if status == 404 else []
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return error_page(kind, status, headers, suggestions=suggestions, reference="")


def _other_address(opened: str, status: int) -> ResponseReturnValue:
    note("other_address", opened_at=opened[:100], site=public_address())
    return error_page("other_address", status, opened=opened, here=same_page_here())


def _other_site(_error: OtherSiteError) -> ResponseReturnValue:
    if opened := opened_at():
        return _other_address(opened, 403)
    if for_machines(request.path):
        return problem_documents.of_http(Forbidden())
    return error_page("other_site", 403)


def _no_address(_error: NoAddressError) -> ResponseReturnValue:
    log.error("no address", route=request.endpoint, remedy="set SAFEZONES_BASE_URL to the site's public address")
    return error_page("no_address", 503)


def _database_problem(error: DatabaseError) -> ResponseReturnValue:
    log.error("database", problem=str(error), route=request.endpoint)
    if for_machines(request.path):
        return problem_documents.document(
            problem_documents.KINDS["service-down"], "The database does not answer. Try again in a minute."
        )
    return error_page("database", 503)


def _unexpected(error: Exception) -> ResponseReturnValue:
    reference = g.get("request_id") or secrets.token_hex(4)
    # The path and the lines of code only: a query, a message or a local variable may hold an address.
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected", reference=reference, route=request.endpoint, error=type(error).__name__, where=where[-8:])
    if for_machines(request.path):
        detail = f"We noted it under {reference}. Nothing was changed; try again later."
        return problem_documents.document(problem_documents.KINDS["unexpected"], detail, reference=reference)
    return error_page("failed", 500, reference=reference)
