"""Rules of the code base: no zone in folium, no unescaped template, documents that tell the truth."""

import ast
import gzip
import importlib
import json
import pkgutil
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
from click import ClickException

import directory
from directory.errors import DirectoryError
from directory.settings import Settings
from scripts.compress_static import minified
from tests.conftest import ROOT

PACKAGE = ROOT / "directory"


def test_nothing_of_a_zone_reaches_folium() -> None:
    scripts = {name: (PACKAGE / "maps" / name).read_text(encoding="utf-8") for name in ("map_script.py", "zone_map.py")}
    for text in scripts.values():
        assert not re.search(r"folium\.(Popup|Tooltip|Marker|GeoJson|Icon|Html|CircleMarker)\b", text)
    assert not re.search(r"directory\.(zones|search)", scripts["map_script.py"])


def test_no_template_switches_escaping_off() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape false", path.read_text(encoding="utf-8")), path.name


def test_html_is_called_safe_where_it_is_made_of_templates_pictures_and_messages_of_ours_only() -> None:
    modules = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))
    }
    assert modules == {"web/presenters/fragments.py", "web/presenters/map_pictures.py", "web/i18n/translate.py"}


SHARED_NAMES = {"Kind", "Meta", "RateLimiter", "Source"}
"""Words of two subjects: CQL2 and fields, every form, what comes in and goes out, files and facts."""


def test_a_class_has_a_name_of_its_own() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    names = Counter(
        node.name
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} - SHARED_NAMES == set()


STATIC = PACKAGE / "static"


TEXTS = [path for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".svg", ".json", ".geojson")]


@pytest.mark.parametrize(
    "path", [path for path in sorted(TEXTS) if path.stat().st_size > 500], ids=lambda path: path.name
)
def test_static_files_stand_compressed_beside_the_plain_ones(path: Path) -> None:
    plain = minified(path, path.read_bytes())
    assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == plain, "run `make test`"
    assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == plain, "run `make test`"


def test_vendored_files_are_those_of_the_manifest_with_a_licence_each() -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest:
        content = (STATIC / "vendor" / entry["file"]).read_bytes()
        assert sha256(content).hexdigest() == entry["sha256"], entry["file"]
        assert entry["licence"]
    listed = {entry["file"] for entry in manifest} | {"manifest.json"}
    assert {path.name for path in (STATIC / "vendor").iterdir() if path.suffix not in (".br", ".gz")} == listed


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`SAFEZONES_{name.upper()}`" in text, name


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} → {target}"


def test_every_error_of_ours_has_the_common_base_and_says_so_in_its_name() -> None:
    for module in pkgutil.walk_packages(directory.__path__, "directory."):
        if ".migrations" in module.name or module.name == "directory.__main__":
            continue
        for name, found in vars(importlib.import_module(module.name)).items():
            ours = isinstance(found, type) and issubclass(found, Exception) and found.__module__ == module.name
            assert not ours or issubclass(found, (DirectoryError, ClickException)), found
            assert not ours or name.endswith("Error"), found
