"""The house: imports point down, documents tell the truth, compressed files are in step."""

import ast
import gzip
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import brotli
import pytest

from directory.settings import Settings
from tests.conftest import ROOT

PACKAGE = ROOT / "directory"
FLOORS = {
    "text": -2, "xml_writer": -2, "regions": -1, "hours": 0, "geo": 0, "settings": 0, "clock": 0, "logs": 0,
    "mailbox": 0, "__init__": 0,
    "records": 1, "geocoding": 1,
    "search": 2, "maps": 2, "mail": 2, "posters": 2,
    "submissions": 3,
    "web": 4,
    "app": 5, "commands": 6, "cli": 7, "__main__": 8,
}  # fmt: skip
OF_ONE_ROOM = {
    "flask": {"web", "app"}, "folium": {"maps"}, "branca": {"maps"}, "geopy": {"geocoding"}, "pyproj": {"geo"},
    "opening_hours": {"hours"}, "openpyxl": {"records"}, "alembic": {"records"}, "smtplib": {"mail"},
    "PIL": {"submissions"}, "pyotp": {"submissions"}, "webauthn": {"submissions"}, "dns": {"submissions"},
    "flask_login": {"web"}, "fontTools": {"posters"}, "fpdf": {"posters"},
}  # fmt: skip


def imports() -> Iterator[tuple[Path, str, str]]:
    """(file, its room, the module it imports)."""
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, room, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path, room, node.module


def test_imports_point_down_the_house_and_never_up() -> None:
    for path, room, module in imports():
        if module.startswith("directory."):
            target = module.split(".")[1]
            allowed = target == room or FLOORS[target] < FLOORS[room]
            assert allowed, f"{path.relative_to(ROOT)} imports {module}"


def test_each_library_lives_in_its_room() -> None:
    for path, room, module in imports():
        rooms = OF_ONE_ROOM.get(module.split(".")[0])
        assert rooms is None or room in rooms, f"{path.relative_to(ROOT)} imports {module}"


def test_sql_is_written_in_records_only() -> None:
    for path, room, module in imports():
        if module.split(".")[0] in ("sqlmodel", "alembic") or module in ("sqlalchemy.orm",):
            assert room == "records", f"{path.relative_to(ROOT)} imports {module}"


def test_nothing_of_a_zone_reaches_folium() -> None:
    text = (PACKAGE / "maps" / "frame.py").read_text(encoding="utf-8")
    assert not re.search(r"folium\.(Popup|Tooltip|Marker|GeoJson|Icon|Html|CircleMarker)\b", text)
    assert "directory.records" not in text and "directory.search" not in text


def test_no_template_switches_escaping_off() -> None:
    for path in (ROOT / "templates").rglob("*"):
        assert not re.search(r"\|\s*safe\b|autoescape false", path.read_text(encoding="utf-8")), path.name


STATIC = PACKAGE / "static"


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.br")), ids=lambda path: path.name)
def test_compressed_static_files_hold_the_same_as_the_plain_ones(path: Path) -> None:
    plain = path.with_suffix("").read_bytes()
    assert brotli.decompress(path.read_bytes()) == plain, "run `make assets`"
    assert gzip.decompress(path.with_suffix(".gz").read_bytes()) == plain, "run `make assets`"


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


def test_every_documented_field_exists_and_every_field_is_documented() -> None:
    from directory.records.geojson import COLUMNS

    text = (ROOT / "docs" / "data-format.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == set(COLUMNS)


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} → {target}"
