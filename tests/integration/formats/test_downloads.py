"""The files of the directory as people and programs open them: everything that is stored, typed, with its page."""

import hashlib
import io
import re
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio.raw
import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.formats.edition import LICENCE
from directory.formats.export_formats import export_formats
from directory.geocoding.gazetteer import Gazetteer
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.web.http.limits.rate_limits import limiter
from tests.support.site import Site

KML = "{http://www.opengis.net/kml/2.2}"
CT = "/downloads/ct/zones"
PAGE = "http://localhost/zones/"


def features(client: FlaskClient) -> dict[str, dict]:
    """What the canonical form of Connecticut's file says of each zone."""
    return {item["id"]: item["properties"] for item in client.get(f"{CT}.geojson").json["features"]}


def test_every_row_and_feature_has_the_page_of_its_zone(client: FlaskClient) -> None:
    stored = features(client)
    assert all(facts["url"] == PAGE + zone_id for zone_id, facts in stored.items())
    for form in ("csv", "kml", "gpx"):
        text = client.get(f"{CT}.{form}").get_data(as_text=True)
        assert all(PAGE + zone_id in text for zone_id in stored), form


def test_a_workbook_has_typed_columns_a_frozen_header_filters_and_a_sheet_that_explains_it(client: FlaskClient) -> None:
    stored = features(client)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{CT}.xlsx").data))
    sheet = book["Zones"]
    names, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    told = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    assert told.keys() == stored.keys() and sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(names)).coordinate.rstrip('1')}{len(stored) + 1}"
    for zone_id, facts in stored.items():
        for name in ("department", "town", "opening_hours", "footage_days", "url"):
            assert told[zone_id][name] == facts.get(name), (zone_id, name)
    assert all(isinstance(row["latitude"], float) for row in told.values())
    about = [row[0] for row in book["About"].iter_rows(values_only=True)]
    assert "Licence" in about and set(names) <= set(about)


def test_a_geopackage_has_typed_columns_and_says_its_licence(client: FlaskClient, tmp_path: Path) -> None:
    stored = features(client)
    path = tmp_path / "zones.gpkg"
    path.write_bytes(client.get(f"{CT}.gpkg").data)
    meta, _ids, points, columns = pyogrio.raw.read(path)
    types = dict(zip(meta["fields"], meta["dtypes"], strict=True))
    assert (types["footage_days"], types["latitude"], types["confirmed_on"]) == ("int32", "float64", "datetime64[D]")
    assert len(points) == len(stored) and set(columns[list(meta["fields"]).index("zone_id")]) == stored.keys()
    assert LICENCE in str(pyogrio.read_info(path)) and str(pyogrio.read_info(path)["crs"]) == "EPSG:4326"


def test_a_globe_shows_folders_a_state_and_names_places_not_programs(client: FlaskClient) -> None:
    with zipfile.ZipFile(io.BytesIO(client.get("/downloads/zones.kmz").data)) as archive:
        document = ElementTree.fromstring(archive.read("doc.kml"))
    folders = [folder.findtext(f"{KML}name") for folder in document.iter(f"{KML}Folder")]
    assert "Connecticut" in folders and "Ontario" in folders and len(folders) == len(set(folders))
    names = [mark.findtext(f"{KML}name") or "" for mark in document.iter(f"{KML}Placemark")]
    assert "Darien Police Department · parking lot" in names and "Safe Exchange Zone" not in names
    assert {"New York City Police Department, Bronx · 40th Precinct", "Laredo Police Department · City Hall"} <= set(
        names
    )
    for folder in document.iter(f"{KML}Folder"):
        marks = [mark.findtext(f"{KML}name") for mark in folder.iter(f"{KML}Placemark")]
        assert len(marks) == len(set(marks)), "and tells every one from its neighbours"
    balloons = {mark.get("id"): mark.findtext(f"{KML}description") or "" for mark in document.iter(f"{KML}Placemark")}
    darien = balloons["ct-darien-parking-lot"]
    assert f'<a href="{PAGE}ct-darien-parking-lot">' in darien and "Hours: 24/7" in darien
    assert re.search(r'<p>Source: <a href="https://[^"]+">[^<]+</a></p>', darien)
    assert "<p>Hours: not stated</p>" in "".join(balloons.values())
    assert LICENCE in (document.findtext(f"{KML}Document/{KML}description") or "")


def test_excel_reads_csv_as_utf_8_and_programs_may_leave_the_mark_out(client: FlaskClient) -> None:
    assert client.get(f"{CT}.csv").data.startswith(b"\xef\xbb\xbfzone_id,")
    assert client.get(f"{CT}.csv?bom=0").data.startswith(b"zone_id,")


@pytest.mark.parametrize("form", sorted(export_formats()))
def test_a_checksum_is_that_of_the_file_and_names_it_as_its_address_does(
    client: FlaskClient, tmp_path: Path, form: str
) -> None:
    content = client.get(f"{CT}.{form}").data
    assert client.get(f"{CT}.{form}").data == content, "the same content gives the same bytes"
    (tmp_path / f"zones.{form}").write_bytes(content)
    told = client.get(f"{CT}.{form}.sha256").text
    assert told.split()[0] == hashlib.sha256(content).hexdigest()
    done = subprocess.run(["sha256sum", "-c"], input=told, text=True, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_checksum_of_the_page_names_the_file_as_browsers_save_it(client: FlaskClient, tmp_path: Path) -> None:
    (listed,) = re.findall(r'href="(/downloads/zones.csv.sha256[^"]*)"', client.get("/downloads").text)
    file = client.get("/downloads/zones.csv")
    (saved_as,) = re.findall(r'filename="([^"]+)"', file.headers["Content-Disposition"])
    (tmp_path / saved_as).write_bytes(file.data)
    told = client.get(listed).text
    done = subprocess.run(["sha256sum", "-c"], input=told, text=True, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_misspelled_filter_does_not_give_the_whole_file(client: FlaskClient) -> None:
    answer = client.get("/downloads/zones.csv?sate=ct")
    assert answer.status_code == 400 and "Did you mean state?" in answer.text


def test_whatever_host_is_named_the_file_its_tag_and_its_checksum_belong_together(client: FlaskClient) -> None:
    path = "/downloads/ct/darien/zones.kml"
    for host in ("localhost", "a.example", "b.example", "a.example"):
        answer = client.get(path, headers={"Host": host})
        assert f"http://{host}/zones/" in answer.text
        again = client.get(path, headers={"Host": host, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        told = client.get(f"{path}.sha256", headers={"Host": host}).text
        assert told.split()[0] == hashlib.sha256(answer.data).hexdigest()
        part = client.get(path, headers={"Host": host, "Range": "bytes=3-8"})
        assert (part.status_code, part.data) == (206, answer.data[3:9]), "whoever asked first under another name"
    longest = f"{'a' * 50}." * 5 + "a" * 45
    assert [client.get(path, headers={"Host": f"{longest}{more}"}).status_code for more in ("", "aaaaa")] == [200, 400]


def test_programs_that_compare_days_take_a_file_again_when_it_changed(client: FlaskClient) -> None:
    """As `wget -N` and `curl -z` ask; what is usable changes with the clock, so that no day says it."""
    client.environ_base["REMOTE_ADDR"] = "198.18.0.1"  # the limit of files counts by address
    for path in (f"{CT}.csv", "/downloads/zones.csv?cameras=yes"):
        changed = client.get(path).headers["Last-Modified"]
        assert client.get(path, headers={"If-Modified-Since": changed}).status_code == 304
        assert client.get(path, headers={"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}).status_code == 200
        other_tag = {"If-Modified-Since": changed, "If-None-Match": '"other"'}
        assert client.get(path, headers=other_tag).status_code == 200
    usable = f"{CT}.csv?usable=true"
    first = client.get(usable)
    assert "Last-Modified" not in first.headers
    clock.run_ahead(timedelta(minutes=1))
    try:
        later = client.get(usable, headers={"If-None-Match": first.headers["ETag"]})
    finally:
        clock.run_ahead(timedelta(0))
    assert later.status_code == 200


def test_a_part_of_a_file_is_the_part_of_the_whole(client: FlaskClient) -> None:
    """As GDAL and QGIS read files over HTTP (RFC 9110, 14)."""
    path = f"{CT}.gpkg"
    whole = client.get(path)
    size = len(whole.data)
    assert (whole.headers["Accept-Ranges"], whole.content_length) == ("bytes", size)
    assert client.head(path).content_length == size
    for given, start, stop in (
        ("0-15", 0, 16),
        ("100-", 100, size),
        ("-7", size - 7, size),
        (f"5-{size * 2}", 5, size),
        (f"-{size * 2}", 0, size),
    ):
        part = client.get(path, headers={"Range": f"bytes={given}", "Accept-Encoding": "gzip, br"})
        assert (part.status_code, part.content_length, part.data) == (206, stop - start, whole.data[start:stop]), given
        assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.headers["ETag"] == whole.headers["ETag"] and "Content-Encoding" not in part.headers
    beyond = client.get(path, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert client.head(path, headers={"Range": "bytes=0-15"}).content_length == size, "parts are for GET"
    for headers in (
        {"Range": "lines=1-2"},
        {"Range": "bytes=0-1,5-6"},
        {"Range": "bytes=0-1", "If-Range": whole.headers["ETag"]},
    ):
        assert client.get(path, headers=headers).data == whole.data
    text = client.get("/downloads/ct/zones.geojson", headers={"Range": "bytes=0-30", "Accept-Encoding": "gzip"})
    assert text.data == client.get("/downloads/ct/zones.geojson").data[:31]
    filtered = client.get(f"{path}?cameras=yes", headers={"Range": "bytes=0-15"})
    assert filtered.status_code == 200 and len(filtered.data) > 16, "what is kept nowhere is answered whole"


def test_parts_are_cheap_and_writing_a_file_is_not(client: FlaskClient) -> None:
    part = {"Range": "bytes=0-15"}
    client.get(f"{CT}.csv")
    limiter.enabled = True
    limiter.reset()
    try:
        assert {client.get(f"{CT}.csv", headers=part).status_code for _ in range(100)} == {206}
        told = client.get(f"{CT}.csv", headers=part).headers
        assert (told["RateLimit-Limit"], told["RateLimit-Remaining"]) == ("600", "499")
        assert client.get(f"{CT}.csv").status_code == 200
        statuses = [client.get(f"{CT}.csv?cameras=yes", headers=part).status_code for _ in range(70)]
        assert statuses[-1] == 429
    finally:
        limiter.enabled = False
        limiter.reset()


def test_files_are_limited_for_an_address_all_together(client: FlaskClient) -> None:
    limiter.enabled = True
    limiter.reset()
    try:
        paths = ["/downloads/ct/darien/zones.csv", "/downloads/ct/zones.csv.sha256"] * 31
        statuses = [client.get(path).status_code for path in paths]
        assert statuses == [200] * 60 + [429] * 2
    finally:
        limiter.enabled = False
        limiter.reset()


def test_files_that_start_a_process_are_limited_below_the_others(client: FlaskClient) -> None:
    darien = "/downloads/ct/darien/zones"
    written = f"{darien}.gpkg?usable=false&state=ct"  # what is filtered is kept nowhere
    etag = client.get(written).headers["ETag"]
    limiter.enabled = True
    limiter.reset()
    try:
        same = [client.get(written, headers={"If-None-Match": etag}).status_code for _ in range(12)]
        statuses = [client.get(written).status_code for _ in range(12)]
        assert same == [304] * 12 and statuses == [200] * 10 + [429] * 2
        assert client.get(f"{darien}.csv").status_code == 200
    finally:
        limiter.enabled = False
        limiter.reset()


@pytest.mark.parametrize("form", ["geojson", "csv", "xlsx", "gpkg", "kml", "kmz"])
def test_a_file_of_ours_changes_nothing_when_it_comes_back(
    site: Site, gazetteer: Gazetteer, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"zones.{form}"
    path.write_bytes(site.visitor().get(f"{CT}.{form}").data)
    report = import_file(site.engine, path, gazetteer, ImportOptions())
    assert (report.added, report.changed, report.refused) == (0, 0, 0), report.changes[:8]
    assert not [one for one in report.findings if one.field in ("url", "source_url")]
