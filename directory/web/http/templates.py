"""Jinja's environment, without features that no template of ours uses and that would slow each page."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2.runtime import Context


class PageContext(Context):
    """The context of a template that calls plain functions and macros: none asks for the context itself.

    Jinja looks at each call whether one does (`pass_context` and its like), which is a sixth of a page's time.
    """

    def call(self, function: Callable[..., Any], /, *args: Any, **values: Any) -> Any:
        """What the function makes of the arguments of a template."""
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        return function(*args, **values)


class PageEnvironment(Environment):
    """Flask's environment for templates that add nothing of their own to its globals.

    Jinja lays a `ChainMap` over the globals for each template, and walks through its 200 names in Python for each
    page and each import: half a millisecond a page.
    """

    context_class = PageContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of the environment, and `d` where somebody adds to them."""
        return {**self.globals, **d} if d else self.globals
