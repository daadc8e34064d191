"""Names that are resolved only when a page is made: endpoints of links, and templates."""

import re

from flask import Flask

from tests.conftest import ROOT

TEMPLATES = ROOT / "templates"
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for folder in (TEMPLATES, ROOT / "directory")
    for path in folder.rglob("*")
    if path.suffix in (".html", ".py")
}


def test_every_link_in_code_and_templates_names_an_endpoint(app: Flask) -> None:
    named = {
        (endpoint, path.name)
        for path, text in SOURCES.items()
        for endpoint in re.findall(r"url_for\(\s*['\"]([\w.]+)['\"]", text)
    }
    assert len(named) > 100
    assert [(endpoint, name) for endpoint, name in named if endpoint not in app.view_functions] == []


def test_every_template_is_used_and_every_used_template_exists() -> None:
    files = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert files == {name for text in SOURCES.values() for name in re.findall(r"['\"]([\w/]+\.html)['\"]", text)}
