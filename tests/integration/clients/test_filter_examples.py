"""The published examples of CQL2, asked of the API and of GDAL's SQLite and SpatiaLite on the same zones.

tests/cases/cql2/published_examples.tsv has one row an example: of OGC's repository ogcapi-features
(cql2/standard/schema/examples; the names are those of its files), of pygeoapi's documentation (cql2.rst) and of
ldproxy's demonstration. Each is rewritten with our queryables and values that are found in them; beside it stands
what it means in SQL, or nothing where it is of a class that we do not claim.
"""

import csv
import json
import re
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import cql2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.settings import Settings
from directory.web.http.container import KEY
from tests.conftest import ROOT, Built
from tests.integration.clients.test_programs import gdal, run

pytestmark = pytest.mark.clients

with (ROOT / "tests" / "cases" / "cql2" / "published_examples.tsv").open(encoding="utf-8", newline="") as file:
    EXAMPLES = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
OFFERED = [example for example in EXAMPLES if example["sql"]]
ITEMS = "/api/v1/collections/zones/items"
CONFIRMED = ("", "2005-01-10", "2010-02-10", "2012-06-05", "2015-01-01", "2020-07-04")
CHANGED = ("2010-02-10T05:29:20", "2012-08-10T05:30:00", "2021-01-01T00:00:00", "2024-04-29T12:00:00")
"""The days and times (UTC) of the zones, one after the other: those that the examples are about."""


@pytest.fixture
def visitor(own_settings: Settings, build_app: Built) -> FlaskClient:
    """A visitor of the real zones, which were confirmed and changed on different days."""
    app = build_app(own_settings)
    with app.extensions[KEY].engine.begin() as connection:
        zones = connection.execute(text("SELECT zone_id FROM zone ORDER BY zone_id")).scalars().all()
        days = list(product(CONFIRMED, CHANGED))
        connection.execute(
            text("UPDATE zone SET confirmed_on = :day, changed_at = :at WHERE zone_id = :zone_id"),
            [{"zone_id": zone_id, "day": days[number % len(days)][0],
              "at": datetime.fromisoformat(days[number % len(days)][1]).isoformat(" ", "microseconds")}
             for number, zone_id in enumerate(zones)],
        )  # fmt: skip
    app.extensions[KEY].snapshot_cache.invalidate()
    return app.test_client()


def ask(visitor: FlaskClient, filter_text: str, language: str) -> Any:
    query = {"limit": 1000, "properties": "name", "filter": filter_text, "filter-lang": language}
    return visitor.get(ITEMS, query_string=query).json


def test_every_published_example_finds_what_gdal_finds(visitor: FlaskClient, tmp_path: Path) -> None:
    source = tmp_path / "zones.geojson"
    source.write_bytes(visitor.get(ITEMS, query_string={"limit": 1000}).data)
    columns = ", ".join(f"({example['sql']}) AS c{number}" for number, example in enumerate(OFFERED))
    zones = "SELECT *, confirmed_on || 'T00:00:00Z' AS starts_at, changed_at AS ends_at FROM zones"
    table = tmp_path / "found.csv"
    run(gdal("ogr2ogr"), "-f", "CSV", table, source, "-nln", "zones", "-dialect", "SQLite",
        "-sql", f"SELECT id, {columns} FROM ({zones})")  # fmt: skip
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 987
    wrong, found_something = {}, set()
    for number, example in enumerate(OFFERED):
        expected = {row["id"] for row in rows if row[f"c{number}"] == "1"}
        written = example["filter"]
        as_json = written if written.startswith("{") else json.dumps(cql2.parse_text(written).to_json())
        for language, filter_text in (("cql2-text", written), ("cql2-json", as_json)):
            if language == "cql2-text" and written == as_json:
                continue
            answer = ask(visitor, filter_text, language)
            found = {feature["id"] for feature in answer.get("features", ())}
            if "features" not in answer or found != expected:
                wrong[example["example"], language] = answer.get("errors") or (len(found), len(expected))
            found_something |= {example["example"]} if found else set()
    assert not wrong
    assert len(found_something) > 80, "most examples tell zones apart"


def test_an_example_of_a_class_that_is_not_claimed_is_told_what_is_offered(visitor: FlaskClient) -> None:
    for example in EXAMPLES:
        if not example["sql"]:
            language = "cql2-json" if example["filter"].startswith("{") else "cql2-text"
            answer = ask(visitor, example["filter"], language)
            assert answer.get("status") == 400, example["example"]
            assert re.search(r" is not offered; offered are |takes 3 arguments, not 2", answer["errors"][0]["allowed"])
