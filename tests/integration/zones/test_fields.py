"""A field is defined once: an entry that is added to a copy of the package shows wherever fields do."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from directory.settings import Settings
from tests.conftest import ROOT

ENTRIES = """
    change_table: Annotated[TriState, Field(Kind.TRI_STATE, "a table to change diapers", translatable("Changing table"),
        "diaper table, changing station", form=WHAT, queryable=True)] = _choice(TriState.UNKNOWN)
    entrance: Annotated[str, Field(Kind.TEXT, "which door is used", translatable("Entrance to use"), "door, which door",
        limit=60, form=WHAT)] = ""
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None


def upgrade():
    op.add_column("zone", sa.Column("change_table", sa.String(24), nullable=False, server_default="unknown"))
    op.add_column("zone", sa.Column("entrance", sa.String(), nullable=False, server_default=""))
"""
VISIT = """
import json, re, sys
from pathlib import Path

from directory.app import create_app
from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.gazetteer import Gazetteer
from directory.settings import Settings
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from scripts.document_fields import DOCUMENT, documented

folder = Path(sys.argv[1])
settings = Settings(data_dir=folder, geocoders=())
engine = open_database(settings.database)
migrate(engine)
report = import_file(engine, folder / "zones.csv", Gazetteer.open_packaged(folder), ImportOptions())
app = create_app(settings)
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
get = lambda path: client.get(path).text
(item,) = client.get("/api/v1/collections/zones/items?change_table=yes").json["features"]
draft = client.post("/submit", data={"department": "Weston Police Department", "region": "CT", "town": "Weston",
                                     "email": "clerk@westonct.gov"}).headers["Location"]
form = get(draft)
sent = client.post(draft, data={"setting": "lobby", "street_address": "56 Norfield Road", "town": "Weston",
                                "change_table": "no", "entrance": "the west door"})
print(json.dumps({
    "refused": report.refused, "item": item["properties"], "page": get(f"/zones/{item['id']}"), "form": form,
    "preview": get(re.search(r'/submit/[^"]+/preview', get(sent.headers["Location"]))[0]),
    "openapi": get("/openapi.json"), "schema": get("/downloads/zones.schema.json"), "csv": get("/downloads/zones.csv"),
    "geojson": get("/downloads/zones.geojson"), "document": documented(DOCUMENT.read_text(encoding="utf-8")),
}))
"""


@pytest.fixture(scope="module")
def seen(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the site shows, which has two entries and a migration more."""
    copy, folder = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("data")
    for name in ("directory", "templates", "data", "docs", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    schemas = copy / "directory" / "zones" / "schemas.py"
    text = schemas.read_text(encoding="utf-8")
    assert text.count("\n    @property\n    def coordinates") == 1
    text = text.replace("\n    @property\n    def coordinates", f"{ENTRIES}\n    @property\n    def coordinates")
    schemas.write_text(text, encoding="utf-8")
    versions = copy / "directory" / "db" / "migrations" / "versions"
    newest = max(path.name[:4] for path in versions.glob("0*.py"))
    (versions / "9999_fields.py").write_text(MIGRATION.format(newest=newest), encoding="utf-8")
    for path in real_settings.data_dir.glob("gazetteer*"):
        (folder / path.name).symlink_to(path)
    (folder / "zones.csv").write_text(
        "Agency,City,St,Address,Changing Station,Which Door\n"
        "Darien Police Department,Darien,CT,25 Hecker Avenue,yes,the east door\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-c", VISIT, str(folder)], cwd=copy, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    parts: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return parts


def test_a_column_of_an_everyday_name_is_imported_and_answered_by_the_api(seen: dict[str, Any]) -> None:
    assert not seen["refused"]
    assert seen["item"]["change_table"] == "yes" and seen["item"]["entrance"] == "the east door"


@pytest.mark.parametrize("part", ["schema", "openapi", "document"])
def test_the_contracts_describe_it(seen: dict[str, Any], part: str) -> None:
    assert "change_table" in seen[part] and "a table to change diapers" in seen[part]
    assert "entrance" in seen[part] and "which door is used" in seen[part]


@pytest.mark.parametrize("part", ["csv", "geojson"])
def test_files_carry_it(seen: dict[str, Any], part: str) -> None:
    assert "change_table" in seen[part] and "the east door" in seen[part]


def test_the_list_of_facts_shows_it(seen: dict[str, Any]) -> None:
    assert '<li class="tick-yes">Changing table</li>' in seen["page"]
    assert "Entrance to use: the east door</li>" in seen["page"]


def test_the_form_asks_for_it_and_the_preview_shows_the_answer(seen: dict[str, Any]) -> None:
    assert (
        'name="change_table" type="radio" value="yes"' in seen["form"] and 'name="entrance" type="text"' in seen["form"]
    )
    assert '<li class="tick-no">Changing table: No</li>' in seen["preview"]
    assert "Entrance to use: the west door</li>" in seen["preview"]


def test_the_tables_in_the_document_are_those_of_the_entries() -> None:
    from scripts.document_fields import DOCUMENT, documented

    text = DOCUMENT.read_text(encoding="utf-8")
    assert documented(text) == text
