"""What happens before and after every view, in this order and nowhere else."""

from flask import Flask, Response, current_app, g
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_wtf import CSRFProtect

from directory.web.accounts import permissions
from directory.web.http import (
    languages,
    request_log,
)
from directory.web.http.container import let_snapshot_go, read_own_writes
from directory.web.http.limits import rate_limits
from directory.web.http.security import (
    security_events,
    security_headers,
)
from directory.web.http.security.cross_site import refuse_other_sites
from directory.web.operations import disk_guard
from directory.web.query import characters

csrf = CSRFProtect()
compress = Compress()


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
    request_log.begin()
    security_headers.bound_host()
    security_headers.bound_body()
    rate_limits.count_request()
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect(apply_exemptions=True)
        if g.get("csrf_valid"):  # a form that has to have a token
            refuse_other_sites()
    characters.refuse_unstorable()
    refusal = permissions.check()
    if refusal is None:
        disk_guard.refuse_when_full()
    return refusal


def after(response: Response) -> Response:
    """Complete the response."""
    read_own_writes()
    permissions.keep_private(response)
    if response.status_code != 206:  # a part is one of the bytes as they are kept
        response = compress.after_request(response)
    rate_limits.add_headers(response)
    security_events.note_refusal(response)
    languages.remember(response)
    request_log.end(response)
    return response
