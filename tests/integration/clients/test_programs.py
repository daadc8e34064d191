"""GDAL, OWSLib, QGIS, schemathesis and check-geojson read everything, and find what the file holds."""

import io
import json
import os
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from directory.formats.writers.tables import FIELD_COLUMNS, as_text
from directory.store.repository import Directory
from directory.zones.schemas import Status
from tests.conftest import ROOT, required
from tests.integration.clients.conftest import HERE, ask, client

pytestmark = pytest.mark.clients

Stored = dict[str, dict[str, Any]]


def run(*command: object, **environment: str) -> str:
    """A command's output; it fails with what the command said."""
    done = subprocess.run(
        [str(part) for part in command], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
    return done.stdout


def gdal(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        required(f"GDAL's {name} (Debian's gdal-bin)")
    return str(found)


def points(features: list[Any]) -> dict[str, tuple[float, float]]:
    """Where each feature is, to the digits that the file keeps."""
    return {
        item.get("id") or item["properties"]["id"]: tuple(round(n, 6) for n in item["geometry"]["coordinates"][:2])
        for item in features
    }  # type: ignore[return-value]


def test_gdal_lists_the_collection(site: str, stored: Stored) -> None:
    assert "zones (title: Safe zones) (Point)" in run(gdal("ogrinfo"), f"OAPIF:{site}/api/v1/")
    assert f"Feature Count: {len(stored)}" in run(gdal("ogrinfo"), "-so", f"OAPIF:{site}/api/v1/", "zones")


def test_gdal_copies_the_whole_collection(site: str, stored: Stored, tmp_path: Path) -> None:
    target = tmp_path / "zones.geojson"
    run(gdal("ogr2ogr"), "-f", "GeoJSON", target, f"OAPIF:{site}/api/v1/", "zones")
    copied = json.loads(target.read_text(encoding="utf-8"))["features"]
    assert points(copied) == points(list(stored.values()))
    names = {item["properties"]["id"] if "id" in item["properties"] else item["id"]: item for item in copied}
    for zone_id, zone in stored.items():
        assert names[zone_id]["properties"]["name"] == zone["properties"]["name"]


def test_gdal_sees_every_property_as_a_column_and_may_filter_by_it(site: str, stored: Stored) -> None:
    told = run(gdal("ogrinfo"), "-so", f"OAPIF:{site}/api/v1/", "zones")
    used = {name for zone in stored.values() for name in zone["properties"]}
    assert {name for name in used if f"\n{name}: " not in told} == set()
    recorded = [zone for zone in stored.values() if zone["properties"].get("cameras_recorded") == "yes"]
    told = run(gdal("ogrinfo"), "-so", "-where", "cameras_recorded='yes'", f"OAPIF:{site}/api/v1/", "zones")
    assert f"Feature Count: {len(recorded)}" in told


def test_gdal_reads_numbers_as_integers_and_may_filter_by_them(site: str, stored: Stored) -> None:
    told = run(gdal("ogrinfo"), "-so", f"OAPIF:{site}/api/v1/", "zones")
    for name, kind in {"footage_days": "Integer", "spaces": "Integer", "confirmed_on": "Date"}.items():
        assert re.search(rf"\n{name}: {kind} \(", told), told
    long = [zone for zone in stored.values() if (zone["properties"].get("footage_days") or 0) > 30]
    told = run(gdal("ogrinfo"), "-so", "-where", "footage_days > 30", f"OAPIF:{site}/api/v1/", "zones")
    assert f"Feature Count: {len(long)}" in told and long


def test_gdal_filters_on_the_server_by_box(site: str, stored: Stored) -> None:
    inside = [
        zone for zone in stored.values()
        if -74 <= zone["geometry"]["coordinates"][0] <= -73 and 41 <= zone["geometry"]["coordinates"][1] <= 42
    ]  # fmt: skip
    told = run(gdal("ogrinfo"), "-so", "-spat", -74, 41, -73, 42, f"OAPIF:{site}/api/v1/", "zones")
    assert f"Feature Count: {len(inside)}" in told


def layers(source: Path) -> list[str]:
    """The names of a file's layers that hold zones: of KML one a state."""
    if source.suffix == ".gpx":
        return ["waypoints"]
    return re.findall(r"^\d+: (.+?)(?: \([^)]*\))?$", run(gdal("ogrinfo"), "-ro", source), re.MULTILINE)


@pytest.mark.parametrize("form", ["geojson", "csv", "kml", "gpx", "gpkg"])
def test_gdal_reads_every_download(site: str, stored: Stored, tmp_path: Path, form: str) -> None:
    source, merged, target = tmp_path / f"zones.{form}", tmp_path / "merged.gpkg", tmp_path / "read.geojson"
    answer = ask(f"{site}/downloads/zones.{form}", "*/*")
    source.write_bytes(answer.body)
    listed = ask(f"{site}/downloads/zones.{form}.sha256", "*/*").body.decode()
    assert listed.split() == [sha256(answer.body).hexdigest(), f"zones.{form}"]
    columns = ["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"] if form == "csv" else []
    for layer in layers(source):
        run(gdal("ogr2ogr"), "-f", "GPKG", "-append", "-addfields", "-nln", "zones", "-dim", "XY",
            merged, source, layer, *columns)  # fmt: skip
    run(gdal("ogr2ogr"), "-f", "GeoJSON", target, merged, "zones")
    read = json.loads(target.read_text(encoding="utf-8"))["features"]
    assert len(read) == len(stored)
    found = sorted(tuple(round(n, 6) for n in item["geometry"]["coordinates"][:2]) for item in read)
    assert found == sorted(points(list(stored.values())).values())
    if form == "gpkg":
        told = run(gdal("ogrinfo"), "-so", source, "zones")
        assert "footage_days: Integer" in told and "confirmed_on: Date" in told


@pytest.mark.parametrize(("file", "layer"), [("zones.gpkg", "zones"), ("zones.geojson", "zones"), ("ct/zones.kml", "")])
def test_gdal_and_qgis_read_a_file_where_it_lies(site: str, stored: Stored, file: str, layer: str) -> None:
    """QGIS' source type "Protocol" is GDAL's /vsicurl/ too."""
    told = run(gdal("ogrinfo"), "-ro", "-so", f"/vsicurl/{site}/downloads/{file}", *([layer] if layer else ["-al"]))
    count = len([zone for zone in stored.values() if "/" not in file or zone["properties"]["state"] == "CT"])
    assert f"Feature Count: {count}" in told


def test_owslib_reads_everything(site: str, stored: Stored) -> None:
    script = (
        "import json, sys; from owslib.ogcapi.features import Features; api = Features(sys.argv[1]); "
        "found = []; assert api.feature_collections() == ['zones']\n"
        "while True:\n"
        "    page = api.collection_items('zones', limit=200, offset=len(found)); found += page['features']\n"
        "    if len(found) >= page['numberMatched']: break\n"
        "print(json.dumps(found))"
    )
    read = json.loads(run(client("python"), "-c", script, f"{site}/api/v1/"))
    assert points(read) == points(list(stored.values()))


TYPED_IN_QGIS = {
    "footage_days": "int",
    "spaces": "int",
    "approximate": "bool",
    "confirmed_on": "QDate",
    "town": "QString",
}


def test_qgis_reads_everything_with_its_types_from_the_api_and_from_a_geopackage(
    site: str, stored: Stored, real_directory: Directory, tmp_path: Path
) -> None:
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        required("QGIS for Python (Debian's python3-qgis)")
    file = tmp_path / "zones.gpkg"
    file.write_bytes(ask(f"{site}/downloads/zones.gpkg", "*/*").body)
    told = run(python, HERE / "read_with_qgis.py", f"{site}/api/v1/", file, QT_QPA_PLATFORM="offscreen", PYTHONPATH="")
    told = json.loads(told.strip().splitlines()[-1])
    api, package = told["api"], told["file"]
    for read in (api, package):
        assert {zone_id: tuple(at) for zone_id, at in read["points"].items()} == points(list(stored.values()))
    # Before 3.44, QGIS does not ask for the schema: it takes what is null in the first ten zones for text.
    for read in (api, package) if told["version"] >= 34400 else (package,):
        assert {name: read["types"][name] for name in TYPED_IN_QGIS} == TYPED_IN_QGIS
    assert (api["types"]["spaces"], api["types"]["approximate"], api["types"]["changed_at"]) == (
        "int",
        "bool",
        "QDateTime",
    )
    cells = cells_of(real_directory)
    for name in ("town", "setting", "spaces", "approximate", "opening_hours"):
        read = {zone_id: row[name] for zone_id, row in api["rows"].items()}
        assert read == {zone_id: None if row[name] == "unknown" else row[name] for zone_id, row in cells.items()}, name
    said = {zone_id: {name: row[name] for name in FIELD_COLUMNS} for zone_id, row in package["rows"].items()}
    assert said == cells


def cells_of(directory: Directory) -> dict[str, dict[str, Any]]:
    """What the store says of each zone, as a table's cells: None where nothing is stated, lists as text."""
    return {
        zone.zone_id: {name: None if (value := getattr(zone, name)) in ("", None, [], {}, ()) else as_text(value)
                       for name in FIELD_COLUMNS}
        for zone in directory.zones if zone.status is not Status.WITHDRAWN
    }  # fmt: skip


def test_a_workbook_says_what_the_store_says(site: str, real_directory: Directory) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ask(f"{site}/downloads/zones.xlsx", "*/*").body), read_only=True)
    names, *rows = book["Zones"].iter_rows(values_only=True)
    read = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    said = {zone_id: {name: row[name] for name in FIELD_COLUMNS} for zone_id, row in read.items()}
    assert said == cells_of(real_directory)


def test_schemathesis_finds_no_failure_in_the_whole_contract(site: str) -> None:
    program = client("schemathesis")
    said = run(
        program, "run", f"{site}/openapi.json", "--checks", "all", "--max-examples", 40, "--seed", 1,
        SCHEMATHESIS_HOOKS="schemathesis_words", PYTHONPATH=str(HERE),
    )  # fmt: skip
    assert re.search(r"([1-9]\d{2,}) generated, \1 passed", said), said[-2000:]


def test_check_geojson_finds_nothing_in_our_features(site: str, tmp_path: Path) -> None:
    if not (ROOT / "quality" / "node_modules" / "@placemarkio" / "check-geojson").exists():
        required("@placemarkio/check-geojson (npm ci --prefix quality)")
    for number, path in enumerate(("/api/v1/collections/zones/items?limit=1000", "/api/v1/nearest?address=06840",
                                   "/downloads/zones.geojson", "/api/v1/geocode?address=06840")):  # fmt: skip
        file = tmp_path / f"{number}.geojson"
        file.write_bytes(ask(site + path, "application/geo+json").body)
        run("node", HERE / "check_geojson.mjs", file)


def test_the_contract_is_valid_openapi(site: str, tmp_path: Path) -> None:
    client("python")
    file = tmp_path / "openapi.json"
    file.write_bytes(ask(f"{site}/openapi.json", "*/*").body)
    run(client("openapi-spec-validator"), file)


def test_every_download_keeps_to_the_json_schema(site: str) -> None:
    script = (
        "import json, sys, urllib.request as web; from jsonschema import Draft202012Validator as Schema; "
        "read = lambda path: json.load(web.urlopen(sys.argv[1] + path)); "
        "schema = read('/downloads/zones.schema.json'); Schema.check_schema(schema); "
        "Schema(schema).validate(read('/downloads/zones.geojson')); "
        "Schema(schema).validate(read('/downloads/ct/new-canaan/zones.geojson'))"
    )
    run(client("python"), "-c", script, site)


@pytest.mark.parametrize("query", ["", "?languages=en,es&paper=a4"])
def test_a_phone_reads_the_code_of_a_printed_poster(site: str, tmp_path: Path, query: str) -> None:
    for program, package in (("pdftoppm", "poppler-utils"), ("zbarimg", "zbar-tools")):
        if shutil.which(program) is None:
            required(f"{program} (Debian's {package})")
    file = tmp_path / "poster.pdf"
    file.write_bytes(ask(f"{site}/zones/ct-darien-parking-lot/poster.pdf{query}", "*/*").body)
    run("pdftoppm", "-r", 100, "-png", file, tmp_path / "poster")
    picture = next(tmp_path.glob("poster*.png"))
    assert f"{site}/q/ct-darien-parking-lot" in run("zbarimg", "--quiet", "--raw", picture)
    assert "25 Hecker Ave" in run("pdftotext", file, "-")
