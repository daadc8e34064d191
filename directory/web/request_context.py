"""The request at hand, its application and what is kept for it.

Flask's `request`, `g` and `current_app` find out anew at each look which are meant, in a dozen steps; whoever looks at
every request asks here, once, for the objects behind them. Outside of a request or an application each raises
RuntimeError.
"""

from collections.abc import Callable

from flask import Flask, Request
from flask.ctx import AppContext, RequestContext, _AppCtxGlobals
from flask.globals import app_ctx, request_ctx

_app_context: Callable[[], AppContext] = app_ctx._get_current_object  # type: ignore[attr-defined]  # noqa: SLF001
_request_context: Callable[[], RequestContext] = request_ctx._get_current_object  # type: ignore[attr-defined]  # noqa: SLF001


def current_application() -> Flask:
    """The application that answers."""
    return _app_context().app


def current_request() -> Request:
    """The request that is answered."""
    return _request_context().request


def current_globals() -> _AppCtxGlobals:
    """What is kept until the request has been answered."""
    return _app_context().g
