"""The request at hand, its application and what is kept for it.

Flask's `request`, `g` and `current_app` find out anew at each look which are meant, in a dozen steps; whoever looks at
every request asks here, once, for the objects behind them.
"""

from typing import cast

from flask import Flask, Request
from flask.ctx import AppContext, RequestContext, _AppCtxGlobals
from flask.globals import app_ctx, request_ctx


def current_application() -> Flask:
    """The application that answers. Raises RuntimeError outside of one."""
    return _app_context().app


def current_request() -> Request:
    """The request that is answered. Raises RuntimeError outside of one."""
    context = cast(RequestContext, request_ctx._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    return context.request


def current_globals() -> _AppCtxGlobals:
    """What is kept until the request has been answered. Raises RuntimeError outside of an application."""
    return _app_context().g


def _app_context() -> AppContext:
    return cast(AppContext, app_ctx._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
