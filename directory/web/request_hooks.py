"""What happens before and after every view, in this order and nowhere else."""

from flask import Flask, Response
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from directory.web.accounts import permissions
from directory.web.http import languages, request_log
from directory.web.http.compression import compress, compressed
from directory.web.http.container import container, let_snapshot_go, read_own_writes
from directory.web.http.limits import rate_limits
from directory.web.http.security import characters, request_bounds, security_events
from directory.web.http.security.cross_site import refuse_other_sites
from directory.web.operations import disk_guard
from directory.web.request_context import current_application, current_globals, current_request

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Register the one function before, the one after, and what is let go at the end."""
    # Whoever switched the Referer header off may send forms, too: `refuse_other_sites` asks what scripts cannot set.
    app.config.update(COMPRESS_REGISTER=False, WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    app.before_request(before)
    app.after_request(after)
    app.teardown_appcontext(let_snapshot_go)
    csrf.init_app(app)
    compress.init_app(app)


def before() -> ResponseReturnValue | None:
    """Check the request; whatever refuses it ends it here."""
    config, http_request, request_globals = current_application().config, current_request(), current_globals()
    request_log.begin(http_request, request_globals)
    request_bounds.bound_host(http_request)
    request_bounds.bound_body(http_request)
    rate_limits.count_request(http_request)
    if http_request.method in config["WTF_CSRF_METHODS"] and config["WTF_CSRF_ENABLED"]:
        csrf.protect(apply_exemptions=True)
        if request_globals.get("csrf_valid"):  # a form that has to have a token
            refuse_other_sites()
    characters.refuse_unstorable(http_request)
    refusal = permissions.check(http_request)
    if refusal is None:
        disk_guard.refuse_when_full(http_request)
    return refusal


def after(response: Response) -> Response:
    """Complete the response."""
    http_request, request_globals, parts = current_request(), current_globals(), container()
    read_own_writes(http_request, parts)
    permissions.keep_private(http_request, response)
    if response.status_code != 206:  # a part is one of the bytes as they are kept
        response = compressed(http_request, response)
    rate_limits.add_headers(request_globals, response)
    security_events.note_refusal(http_request, response)
    languages.remember(http_request, response)
    request_log.end(http_request, request_globals, parts, response)
    return response
