"""Files of every format that mean much work or reach for other files: refused, with bounded memory and time."""

import io
import json
import os
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from directory.formats.recognition import open_source
from directory.formats.source import BadFileError, Limits
from directory.submissions.uploads.spreadsheet import LIMITS
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from tests.integration.attacks.files.test_uploads import peak_below
from tests.support.department_files import (
    FACTS,
    content_xml,
    features,
    html_xls,
    kml,
    with_gdal,
    zipped,
    zipped_shapefile,
)

pytestmark = pytest.mark.slow

HEADER = "".join(f"<cell><text:p>{name}</text:p></cell>" for name in FACTS)
GOOD = "".join(f"<cell><text:p>{value}</text:p></cell>" for value in FACTS.values())
LAUGHS = '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
MANY = 700_000


def ods(*rows: str, before: str = "") -> bytes:
    noise = os.urandom(60_000)  # so that as a whole it unpacks to no more than others do
    return zipped({"content.xml": content_xml([HEADER, *rows], before), "Pictures/a.png": noise})


def repeated(what: str, times: int, value: str) -> str:
    return f'<cell table:number-{what}-repeated="{times}"><text:p>{value}</text:p></cell>'


DIGITS = "9" * 5_000


def wide(properties: dict[str, object]) -> bytes:
    feature = {"type": "Feature", "geometry": None, "properties": properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


REFUSED: dict[str, Callable[[], bytes]] = {
    "a cell of ODS that stands in every column": lambda: ods(repeated("columns", 16_384, "x")),
    "a cell of ODS that stands in a million columns": lambda: ods(repeated("columns", 1_000_000_000, "x")),
    "a long text of ODS in two hundred columns": lambda: ods(repeated("columns", 200, "x" * 30_000)),
    "a million empty cells of ODS": lambda: ods("<cell/>" * MANY),
    "entities of ODS": lambda: zipped({"content.xml": content_xml([HEADER]).replace("<office", LAUGHS + "<office", 1)}),
    "a gigabyte of KMZ": lambda: zipped({"doc.kml": kml(" " * 200_000_000)}),
    "entities of KML": lambda: kml("").replace("<kml", LAUGHS + "<kml", 1).encode(),
    "a text of KML": lambda: kml(f"<Placemark><description>{'x' * 4_000_001}</description></Placemark>").encode(),
    "an attribute of KML": lambda: kml(f'<Placemark id="{"x" * 1_100_000}"/>').encode(),
    "a tag of HTML without an end": lambda: html_xls() + b"<table " + b"x" * 1_000_000,
    "a comment of HTML without an end": lambda: html_xls() + b"<!--" * 400_000,
    "a feature of a hundred thousand properties": lambda: wide({f"x{number}": 1 for number in range(100_000)}),
    "the same, within another": lambda: wide({"contact": {f"x{number}": 1 for number in range(100_000)}}),
    "a wide table": lambda: b"<table><tr>" + b"<td>town</td><td>state</td>" * 101 + b"</tr></table>",
    "a thousand tables": lambda: b"<html>" + b"<table><tr><td>x</td></tr></table>" * 1_000 + b"</html>",
    "a deep feature of ArcGIS": lambda: b'{"spatialReference":{},"features":[' + b"[" * 100_000,
    "a deep feature of a sequence": lambda: b'\x1e{"type":' + b"[" * 1_000_000,
    "a coordinate of hundreds of digits in a GeoJSON sequence": lambda: (
        f'\x1e{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{DIGITS[:400]},41]}},"properties":{{}}}}\n'
    ).encode(),
    "a number of thousands of digits in GeoJSON": lambda: f'{{"type":"FeatureCollection","x":{DIGITS}'.encode(),
    "the same behind its type": lambda: f'{{"x":{DIGITS},"type":"FeatureCollection","features":[]}}'.encode(),
    "the same in a feature of ArcGIS": lambda: f'{{"fields":[{DIGITS}],"geometryType":""}}'.encode(),
    "the same in a sequence": lambda: f'\x1e{{"type":"Feature","geometry":null,"id":{DIGITS}}}\n'.encode(),
    "wide features of ArcGIS": lambda: json.dumps({"geometryType": "", "fields": [{"name": "a"}] * 201}).encode(),
}  # fmt: skip


def read(folder: Path, content: bytes, limits: Limits = LIMITS) -> list[dict[str, object]]:
    path = folder / "file"
    path.write_bytes(content)
    with open_source(path, limits) as source:
        return [row.values for row in source.rows]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_means_much_work_is_refused(tmp_path: Path, name: str) -> None:
    content = REFUSED[name]()
    with peak_below(60_000_000), pytest.raises(BadFileError):
        read(tmp_path, content)


def test_rows_that_repeat_themselves_are_counted_by_what_they_say(tmp_path: Path) -> None:
    row = f'</table:table-row><table:table-row table:number-rows-repeated="16000000">{GOOD}'
    with peak_below(30_000_000), pytest.raises(BadFileError, match="4,000,000 characters"):
        read(tmp_path, ods(row))


def test_nothing_of_a_file_stays_in_memory_when_it_was_read(tmp_path: Path) -> None:
    """What names and words mean is remembered, but for long ones: each file could have others."""
    read(tmp_path, wide({"department": "PD"}))
    tracemalloc.start()
    try:
        for number in range(30):
            read(tmp_path, wide({f"{number} {'x' * 200_000}": 1}))
            read(tmp_path, wide({f"{number} {other} {'x' * 1_000}": 1 for other in range(190)}))
            for other in range(10):
                with suppress(FieldError):
                    PARSERS["setting"](f"lot {'lobby ' * 1_500} {'1' * (number * 10 + other)} lot")
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 4_000_000  # of eleven million characters; other threads may allocate meanwhile


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    whole = zipped_shapefile(tmp_path / "made", place="../../../etc/")
    assert any(name.startswith("../") for name in zipfile.ZipFile(io.BytesIO(whole)).namelist())
    before = sorted(path.name for path in tmp_path.iterdir())
    assert len(read(tmp_path, whole)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "file"])


def test_a_shapefile_that_unpacks_to_a_giant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="unpacks to far more"):
        read(tmp_path, zipped({"a.shp": b"\0" * 60_000_000, "a.dbf": b"\0"}))


def test_gdal_sees_no_other_file_of_an_archive(tmp_path: Path) -> None:
    """A virtual format that names another file, an index and a style lie beside the shapefile."""
    (tmp_path / "made").mkdir()
    whole = io.BytesIO(zipped_shapefile(tmp_path / "made", place=""))
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("safe_zones.vrt", "<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
        archive.writestr("safe_zones.shp.xml", "<x/>")
    assert len(read(tmp_path, whole.getvalue())) == 2


@pytest.mark.parametrize("length", [200, 2_000, 50_000])
def test_a_geopackage_that_is_cut_off_is_damaged(tmp_path: Path, length: int) -> None:
    with_gdal(tmp_path / "a.gpkg", "GPKG")
    content = (tmp_path / "a.gpkg").read_bytes()
    with pytest.raises(BadFileError):
        read(tmp_path, content[:length])


VIEWS = {
    "nothing but itself": "SELECT 1 AS fid, 'PD' AS department, 'Weston' AS town",
    "another file": "SELECT 1 AS fid, * FROM secret",
    "an endless loop": "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS fid, '' AS town FROM n",
    "a giant text": "SELECT 1 AS fid, replace(hex(zeroblob(300000000)), '0', 'xx') AS department, 'Weston' AS town",
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_geopackage_reaches_nothing_outside_of_it(tmp_path: Path, name: str) -> None:
    """A layer that is a view, which SQLite computes while it is read."""
    with_gdal(tmp_path / "a.gpkg", "GPKG")
    (tmp_path / "secret.csv").write_text("department,town\nSecret,Weston\n")
    schema = {
        "secret": ("table", f"CREATE VIRTUAL TABLE secret USING VirtualOGR('{tmp_path / 'secret.csv'}')"),
        "zones_view": ("view", f"CREATE VIEW zones_view AS {VIEWS[name]}"),
    }
    connection = sqlite3.connect(tmp_path / "a.gpkg")
    connection.execute("PRAGMA writable_schema = ON")
    rows = [(kind, table_name, table_name, sql) for table_name, (kind, sql) in schema.items()]
    connection.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, 0, ?)", rows)
    connection.execute("DELETE FROM gpkg_contents")
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('zones_view', 'attributes', 'z')"
    connection.execute(contents)
    connection.commit()
    connection.close()
    with peak_below(40_000_000):
        try:
            answers = read(tmp_path, (tmp_path / "a.gpkg").read_bytes(), replace(LIMITS, seconds=4))
        except BadFileError:
            answers = []
    assert [answer["department"] for answer in answers] == (["PD"] if name == "nothing but itself" else [])


def test_the_process_that_reads_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEZONES_SECRET_KEY", "not for GDAL")
    (tmp_path / "made").mkdir()
    (tmp_path / "file").write_bytes(zipped_shapefile(tmp_path / "made", rows=[FACTS] * 3_000))  # more than a pipe holds
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    with open_source(tmp_path / "file", LIMITS) as source:
        next(iter(source.rows))
        (child,) = children.read_text().split()
        environment = Path(f"/proc/{child}/environ").read_text()
    assert "SAFEZONES" not in environment and "trusted_schema=OFF" in environment
    assert not Path(f"/proc/{child}").exists(), "it has ended with the reading"


def test_a_good_file_stays_below_the_limits(tmp_path: Path) -> None:
    lines = "\n".join(features() * 400)
    with peak_below(30_000_000):
        assert len(read(tmp_path, lines.encode())) == 800
