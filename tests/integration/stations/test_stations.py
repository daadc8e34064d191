"""An operator's list of police stations: taken in as it is published, shown as places to ask, never as zones."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.settings import Settings
from directory.stations.parsing import normalize_capitals, year_in
from directory.stations.repository import FILE_NAME
from directory.web.api.contract import document
from tests.conftest import Built
from tests.integration.cli.test_cli import safezones
from tests.support.site import Site, words_of

HIFLD = (
    "X,Y,OBJECTID,ID,NAME,ADDRESS,CITY,STATE,ZIP,ZIP4,TELEPHONE,TYPE,STATUS,POPULATION,COUNTY,COUNTYFIPS,COUNTRY,"
    "LATITUDE,LONGITUDE,NAICS_CODE,NAICS_DESC,SOURCE,SOURCEDATE,VAL_METHOD,VAL_DATE,WEBSITE\n"
)
"""The columns as HIFLD publishes Local Law Enforcement Locations."""
NEAR_MILES_CITY = "/api/v1/nearest?lat=46.41&lon=-105.84"


def official(name: str, latitude: object = 46.4083, longitude: object = -105.8406, **cells: str) -> str:
    """A row of HIFLD's file; X and Y are meters of a web map, as in some of its exports."""
    cells = {"status": "OPEN", "telephone": "(406) 555-0100", "val_date": "2018/10/23 00:00:00+00", **cells}
    return (
        f"-11781000.2,5846000.7,1,10001,{name},1 MAIN ST NW,MILES CITY,MT,59301,NOT AVAILABLE,{cells['telephone']},"
        f"LOCAL POLICE DEPARTMENT,{cells['status']},-999,CUSTER,30017,USA,{latitude},{longitude},922120,POLICE,"
        f"https://example.gov/police,2013/01/25 00:00:00+00,IMAGERY,{cells['val_date']},NOT AVAILABLE\n"
    )


def stations_of(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"{NEAR_MILES_CITY}&stations=true{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["stations"]


def names_of(client: FlaskClient) -> list[str]:
    return [item["properties"]["name"] for item in stations_of(client)["features"]]


@pytest.fixture
def site_with_stations(site: Site, tmp_path: Path) -> Site:
    """A site with two stations near Miles City, Montana, which has no zone within 50 miles."""
    rows = HIFLD + official("EXAMPLETON POLICE DEPARTMENT") + official("FARTHER SHERIFF'S OFFICE", 46.9, -105.8)
    import_list(site.settings.data_dir, tmp_path / "list.csv", rows)
    return site


def import_list(folder: Path, path: Path, content: str | bytes, *options: str) -> Any:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    completed = safezones(folder, "stations", path, *options)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed


def test_the_official_form_is_taken_with_source_and_year_and_without_its_placeholders(site_with_stations: Site) -> None:
    first, second = stations_of(site_with_stations.visitor())["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-105.8406, 46.4083]}
    distance = first["properties"].pop("distance_m")
    assert 100 < distance < 300 and second["properties"]["distance_m"] > 50_000
    assert first["properties"] == {
        "name": "Exampleton Police Department", "type": "local police department", "address": "1 Main St NW",
        "town": "Miles City", "state": "MT", "postal_code": "59301", "telephone": "406-555-0100", "website": None,
        "source": "HIFLD Open, U.S. Department of Homeland Security", "year": 2018,
        "note": "not a safe zone: ask first",
    }  # fmt: skip


def test_the_api_gives_stations_only_when_asked_and_bounds_them(site_with_stations: Site) -> None:
    client = site_with_stations.visitor()
    assert "stations" not in client.get(NEAR_MILES_CITY).json
    assert "stations" not in client.get(f"{NEAR_MILES_CITY}&stations=false").json
    features = stations_of(client)
    assert features["type"] == "FeatureCollection" and features["note"] == "not a safe zone: ask first"
    assert len(stations_of(client, "&limit=1")["features"]) == 1
    assert len(stations_of(client, "&within_m=1000")["features"]) == 1
    assert stations_of(client, "&within_m=1")["features"] == []
    assert client.get("/api/v1/nearest?address=59301&stations=1").json["stations"]["features"]


def test_without_a_list_the_api_says_that_it_does_not_know_and_pages_do_without(site: Site) -> None:
    assert stations_of(site.visitor()) is None
    page = words_of(site.visitor().get("/search?q=59301"))
    assert "Police stations near there, in your map app" in page and "ask first" not in page
    assert "Police stations near here" not in site.visitor().get("/search?q=06840").text


def test_the_contract_describes_what_is_answered(site_with_stations: Site) -> None:
    nearest = document("http://x")["paths"]["/nearest"]["get"]
    assert "stations" in {parameter["name"] for parameter in nearest["parameters"]}
    schema = nearest["responses"]["200"]["content"]["application/geo+json"]["schema"]["properties"]
    assert schema["stations"]["nullable"] and schema["nothing_near"]["type"] == "boolean"
    described = schema["stations"]["properties"]["features"]["items"]["properties"]["properties"]["properties"]
    assert set(stations_of(site_with_stations.visitor())["features"][0]["properties"]) == set(described)


WITHOUT_ZONES = ["/search?q=59301", "/embed?near=59301", "/towns/mt/miles-city", "/embed/mt/miles-city"]


@pytest.mark.parametrize("path", WITHOUT_ZONES)
def test_pages_of_places_without_a_zone_show_the_stations_as_no_zones(site_with_stations: Site, path: str) -> None:
    page = words_of(site_with_stations.visitor().get(path))
    assert "within 50 miles" in page
    assert "Exampleton Police Department" in page and "406-555-0100" in page
    assert page.count("Not a safe zone: ask first") == 2
    assert page.count("Listed by HIFLD Open, U.S. Department of Homeland Security, 2018.") == 2
    assert "Closest place to meet" not in page


def test_where_a_zone_is_near_stations_wait_behind_a_link(site_with_stations: Site, tmp_path: Path) -> None:
    import_list(site_with_stations.settings.data_dir, tmp_path / "b.csv", "name,lat,lon\nRedding Police,41.30,-73.38\n")
    client = site_with_stations.visitor()
    page = client.get("/search?q=Weston,+CT&units=km")
    assert "Redding Police" not in page.text and "units=km&amp;stations=1#stations" in page.text
    assert "Redding Police" in client.get("/search?q=Weston,+CT&stations=1").text


def test_a_station_that_has_a_zone_is_not_called_no_zone(site: Site, tmp_path: Path) -> None:
    rows = (
        "name,city,state,lat,lon\n"
        "DARIEN POLICE DEPARTMENT,DARIEN,CT,41.10,-73.50\n"  # the list's point is some kilometers off
        "Another name at the same site,Darien,CT,41.0700,-73.4790\n"
        "Redding Police,Redding,CT,41.30,-73.38\n"
    )
    import_list(site.settings.data_dir, tmp_path / "list.csv", rows)
    client = site.visitor()
    zone = client.get("/api/v1/collections/zones/items/ct-darien-parking-lot").json
    longitude, latitude = zone["geometry"]["coordinates"]
    assert abs(latitude - 41.07) < 0.002 and abs(longitude + 73.479) < 0.002
    features = client.get(f"/api/v1/nearest?lat={latitude}&lon={longitude}&stations=true").json["stations"]["features"]
    assert [item["properties"]["name"] for item in features] == ["Redding Police"]


FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-105.8406, 46.4083]},
    "properties": {"NAME": "EXAMPLETON PD", "STATE": "MT", "STATUS": "OPEN", "VAL_DATE": 1540252800000},
}
FORMS: dict[str, str | bytes] = {
    "semicolons.csv": "Agency;Phone;Latitude;Longitude;Year\nExampleton PD;406-555-0100;46.4083;-105.8406;2018\n",
    "latin.csv": "name,city,lat,lng,source date\nExampleton PD,Québec,46.4083,-105.8406,10/23/2018\n".encode("cp1252"),
    "xy.csv": "NAME,X,Y,date\nEXAMPLETON PD,-105.8406,46.4083,2018-10-23\n",
    "list.geojson": json.dumps({"type": "FeatureCollection", "features": [FEATURE]}),
    "list.csv.gz": gzip.compress((HIFLD + official("EXAMPLETON PD")).encode()),
    "list.geojson.gz": gzip.compress(json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode()),
}


@pytest.mark.parametrize("name", FORMS)
def test_any_csv_or_geojson_with_the_facts_is_taken_compressed_or_not(site: Site, tmp_path: Path, name: str) -> None:
    import_list(site.settings.data_dir, tmp_path / name, FORMS[name])
    (station,) = stations_of(site.visitor())["features"]
    assert station["properties"]["name"] == "Exampleton PD" and station["properties"]["year"] == 2018
    assert station["geometry"]["coordinates"] == [-105.8406, 46.4083]
    assert station["properties"]["source"] in (name, "HIFLD Open, U.S. Department of Homeland Security")


def test_a_source_is_the_operators_word_the_rows_own_or_the_file(site: Site, tmp_path: Path) -> None:
    rows = (
        "name,lat,lon,source\nA,46.40,-105.84,https://www.example.gov/police\n"
        "B,46.41,-105.84,The Gazette\nC,46.42,-105.84,\n"
    )
    import_list(site.settings.data_dir, tmp_path / "list.csv", rows)
    client = site.visitor()
    sources = {item["properties"]["name"]: item["properties"]["source"] for item in stations_of(client)["features"]}
    assert sources == {"A": "example.gov", "B": "The Gazette", "C": "list.csv"}
    import_list(site.settings.data_dir, tmp_path / "list.csv", rows, "--source", "State Police")
    assert {item["properties"]["source"] for item in stations_of(client)["features"]} == {"State Police"}
    page = words_of(client.get("/search?q=59301"))
    assert "Listed by State Police, undated." in page


def test_a_report_names_every_refused_row_with_field_value_reason_and_fix(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        HIFLD
        + official("GOOD PD")
        + official("")
        + official("SWAPPED PD", -105.8406, 46.4083)
        + official("IN FRANCE PD", 48.85, 2.35)
        + official("OLD PD", status="CLOSED")
        + official("GOOD PD")
        + official("NO PHONE PD", 46.5, telephone="call the mayor", val_date="soon")
    )
    completed = safezones(tmp_path, "stations", path, "--report", tmp_path / "out.json")
    assert completed.returncode == 1
    assert "taken 2, refused 4, closed 1" in completed.stdout
    assert "row 4, latitude: “-105.8406”: lies outside -90…90." in completed.stdout
    report = json.loads((tmp_path / "out.json").read_text())
    assert (report["taken"], report["refused"], report["closed"]) == (2, 4, 1)
    findings = {(item["row"], item["field"]): item for item in report["findings"] if item["severity"] != "note"}
    assert set(findings) == {
        (3, "name"), (4, "latitude"), (5, "latitude, longitude"), (7, "name"), (8, "phone"), (8, "val_date"),
    }  # fmt: skip
    assert findings[8, "phone"]["severity"] == "warning" and findings[8, "phone"]["value"] == "call the mayor"
    assert all(item["reason"] and item["fix"] for item in findings.values())


BROKEN: dict[str, bytes] = {
    "an empty file": b"",
    "no columns": b"hello\nworld\n",
    "only bad rows": b"name,lat,lon\nA,here,there\nB,,\n",
    "a cut gzip": gzip.compress((HIFLD + official("EXAMPLETON PD") * 50).encode())[:-20],
    "a cut GeoJSON": json.dumps({"type": "FeatureCollection", "features": [FEATURE, FEATURE]}).encode()[:-40],
    "projected GeoJSON": json.dumps(
        {"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": [FEATURE]}
    ).encode(),
    "mostly bad rows": b"name,lat,lon\nA,46.4,-105.8\nB,,\nC,,\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_file_changes_nothing(site_with_stations: Site, tmp_path: Path, kind: str) -> None:
    before = names_of(site_with_stations.visitor())
    folder = site_with_stations.settings.data_dir
    path = tmp_path / "bad"
    path.write_bytes(BROKEN[kind])
    completed = safezones(folder, "stations", path)
    assert completed.returncode == 2 and completed.stderr.startswith("safezones: "), completed.stderr
    assert (
        names_of(site_with_stations.visitor()) == before == ["Exampleton Police Department", "Farther Sheriff's Office"]
    )
    assert [file.name for file in folder.glob("*stations*")] == [FILE_NAME], "nothing half written stays behind"


def test_a_missing_file_and_a_file_beside_remove_are_refused_with_a_sentence(
    site_with_stations: Site, tmp_path: Path
) -> None:
    completed = safezones(site_with_stations.settings.data_dir, "stations", tmp_path / "none.csv")
    assert completed.returncode == 2 and "none.csv cannot be opened" in completed.stderr
    completed = safezones(site_with_stations.settings.data_dir, "stations", tmp_path / "none.csv", "--remove")
    assert completed.returncode == 2 and names_of(site_with_stations.visitor())


def test_most_rows_bad_can_be_taken_all_the_same(site_with_stations: Site, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BROKEN["mostly bad rows"])
    assert safezones(site_with_stations.settings.data_dir, "stations", path, "--yes").returncode == 1
    assert names_of(site_with_stations.visitor()) == ["A"]


def test_a_replaced_or_removed_list_is_noticed_by_every_running_site(
    own_settings: Settings, build_app: Built, tmp_path: Path
) -> None:
    clients = [build_app(own_settings).test_client() for _ in range(2)]
    folder, path = own_settings.data_dir, tmp_path / "list.csv"
    for name in ("First", "Second"):
        import_list(folder, path, f"name,lat,lon\n{name} PD,46.4,-105.8\n")
        for client in clients:
            assert names_of(client) == [f"{name} PD"]
            page = client.get("/search?q=59301").text
            assert f"{name} PD" in page and page.count("ask first") == 1
    assert "1 stations are in use, from list.csv (list.csv)" in safezones(folder, "stations").stdout
    assert "was removed" in safezones(folder, "stations", "--remove").stdout
    for client in clients:
        assert stations_of(client) is None and "ask first" not in client.get("/search?q=59301").text
    assert "There was no list" in safezones(folder, "stations", "--remove").stdout
    assert "No list of stations" in safezones(folder, "stations").stdout


def test_a_damaged_list_costs_the_stations_and_nothing_else(site_with_stations: Site) -> None:
    (site_with_stations.settings.data_dir / FILE_NAME).write_bytes(b"garbage" * 1_000)
    client = site_with_stations.visitor()
    assert stations_of(client) is None
    page = client.get("/search?q=59301")
    assert page.status_code == 200 and "ask first" not in page.text
    assert client.get(NEAR_MILES_CITY).json["features"]


def test_what_a_list_says_is_text_wherever_it_is_shown(site: Site, tmp_path: Path) -> None:
    hostile = "<script>window.P=1</script>{{7*7}}"
    rows = f'name,address,lat,lon,website,source\n"{hostile}","{hostile}",46.4,-105.8,javascript:alert(1),"{hostile}"\n'
    import_list(site.settings.data_dir, tmp_path / "list.csv", rows)
    page = site.visitor().get("/search?q=59301").text
    assert "<script>window" not in page and "javascript:" not in page
    assert page.count("&lt;script&gt;window.P=1&lt;/script&gt;{{7*7}}") == 3


@pytest.mark.parametrize(
    ("text", "year"),
    [("2018/10/23 00:00:00+00", 2018), ("2018-10-23T00:00:00.000Z", 2018), ("10/23/2018 12:00:00 AM", 2018),
     ("2018", 2018), ("2018.0", 2018), ("1540252800000", 2018), ("soon", None), ("20181", None), ("", None)],
)  # fmt: skip
def test_a_year_is_read_from_dates_as_lists_write_them(text: str, year: int | None) -> None:
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ST. MARY'S SHERIFF'S OFFICE", "St. Mary's Sheriff's Office"), ("1 O'BRIEN ST NW", "1 O'Brien St NW"),
     ("TOWN OF NEW-HAVEN PD", "Town of New-Haven PD"), ("101 1ST AVENUE", "101 1st Avenue"),
     ("McAllen Police", "McAllen Police"), ("RCMP", "RCMP")],
)  # fmt: skip
def test_capitals_only_are_calmed_and_mixed_words_left_alone(text: str, expected: str) -> None:
    assert normalize_capitals(text) == expected
