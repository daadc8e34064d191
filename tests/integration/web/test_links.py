"""Names of pages and templates in the sources exist; templates are used, and their lines fit a screen."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes

from directory.web.presenters.results import zone_cards
from tests.conftest import ROOT
from tests.support.site import WESTON, Site

PYTHON = sorted((ROOT / "directory").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def texts_in_python() -> Iterator[tuple[str, str]]:
    """Place and text of every string constant."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def texts_in_templates(app: Flask) -> Iterator[tuple[str, str]]:
    """Place and text of every string constant."""
    for path in TEMPLATES:
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        for node in tree.find_all(nodes.Const):
            if isinstance(node.value, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def called_endpoints(app: Flask) -> Iterator[tuple[str, str]]:
    """Place and text of every constant in the first argument of a call of url_for, both of `… if … else …`."""
    for path in TEMPLATES:
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
                for name in _constants(call.args[0]):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", name
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "url_for":
                for argument in ast.walk(node.args[0]):
                    if isinstance(argument, ast.Constant):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", str(argument.value)


def _constants(node: nodes.Expr) -> Iterator[str]:
    if isinstance(node, nodes.Const):
        yield str(node.value)
    for constant in node.find_all(nodes.Const):
        yield str(constant.value)


def test_every_page_that_url_for_is_asked_for_exists(app: Flask) -> None:
    calls = list(called_endpoints(app))
    assert len(calls) > 100, "the calls are found"
    assert [call for call in calls if call[1] not in app.view_functions] == []


def test_every_text_that_looks_like_the_name_of_a_page_is_one(app: Flask) -> None:
    """Names are also kept in tables: of rights, of limits, of events."""
    looks_like_one = re.compile(rf"({'|'.join(app.blueprints)})\.(?!js$)[a-z_]+")
    texts = [*texts_in_python(), *texts_in_templates(app)]
    unknown = [text for text in texts if looks_like_one.fullmatch(text[1]) and text[1] not in app.view_functions]
    assert unknown == []


def test_every_template_is_used_and_every_used_one_exists(app: Flask) -> None:
    texts = [text for _place, text in [*texts_in_python(), *texts_in_templates(app)]]
    used = {text for text in texts if re.fullmatch(r"[a-z_/]+\.html", text)}
    assert used == {path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES}


Macro = tuple[str, str]
"""The name of a template, and of a macro in it."""


def macros_called_in_a_template(own: str, tree: nodes.Template) -> Iterator[Macro]:
    """The macros that a template calls: of its own, of those that it imports, and by `fragment('name', …)`."""
    aliases = {node.target: _text(node.template) for node in tree.find_all(nodes.Import)}
    named = {str(name): _text(node.template) for node in tree.find_all(nodes.FromImport) for name in node.names}
    for name in _names(tree):
        yield named.get(name, own), name
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name in aliases:
            yield aliases[node.node.name], node.attr
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "fragment":
            yield "_fragments.html", _text(call.args[0])


def macros_called_from_python() -> Iterator[Macro]:
    """`macro("template", "name")`, and in `zone_cards.py`, which has one template, `_part("name", …)` and the like."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [str(value.value) for value in node.args[:2] if isinstance(value, ast.Constant)]
                if node.func.id == "macro" and len(texts) == 2:
                    yield texts[0], texts[1]
                if node.func.id in ("_part", "prepared") and path.samefile(zone_cards.__file__):
                    yield zone_cards.TEMPLATE, texts[0]


def _names(tree: nodes.Template) -> set[str]:
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def _text(node: nodes.Expr) -> str:
    assert isinstance(node, nodes.Const), "templates and macros are named by constants"
    return str(node.value)


def test_every_import_of_a_template_is_used_and_every_macro_called(app: Flask) -> None:
    idle, macros, called = [], set(), set(macros_called_from_python())
    for path in TEMPLATES:
        own = path.relative_to(ROOT / "templates").as_posix()
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        imported = {node.target for node in tree.find_all(nodes.Import)}
        imported |= {str(name) for node in tree.find_all(nodes.FromImport) for name in node.names}
        idle += [(own, name) for name in imported - _names(tree)]
        macros |= {(own, node.name) for node in tree.find_all(nodes.Macro)}
        called |= set(macros_called_in_a_template(own, tree))
    assert idle == []
    assert macros - called == set()


def test_no_line_of_a_template_is_longer_than_140_characters() -> None:
    lines = [(path.name, line) for path in TEMPLATES for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if len(line[1]) > 140] == []


@pytest.mark.parametrize(("query", "page"), [("", "/zones/new"), ("?then=sheet", "/sheet")])
def test_a_draft_that_was_begun_goes_on_with_a_zone_or_with_a_spreadsheet(site: Site, query: str, page: str) -> None:
    visitor = site.visitor()
    begun = visitor.post(f"/submit{query}", data=WESTON)
    assert begun.status_code == 302
    assert begun.headers["Location"].endswith(page)
    assert visitor.get(begun.headers["Location"]).status_code == 200
