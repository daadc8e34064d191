"""Files as they come: messy spreadsheets, broken files and hostile texts are read, or refused in words."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from directory.formats.source import BadFileError
from directory.store.directory_reader import read_directory
from tests.conftest import ROOT, Import
from tests.support.imports import BAYS, HEADER, POINT, ROW, collection, exported, feature, workbook

SPREADSHEETS = {
    "byte-order mark": ("\ufeff" + HEADER + ROW).encode(),
    "semicolons": (HEADER + ROW).replace(",", ";").encode(),
    "tabs": (HEADER + ROW).replace(",", "\t").encode(),
    "windows-1252": (HEADER + ROW.replace("174 South Avenue", "174 “South” Avenue é")).encode("cp1252"),
    "utf-16": (HEADER + ROW).encode("utf-16"),
    "trailing blank rows": (HEADER + ROW + ",,,,,\n\n,,,,,\n").encode(),
    "semicolons, a comma inside, a blank row": b"department;town;state;spot\r\nPD;New Canaan;CT;lot, front\r\n\r\n",
    "tabs and a row with too many cells": (HEADER + ROW).replace(",", "\t").encode().rstrip() + b"\tx\ty\n",
    "a title above the header": ("Our safe zones,,,,,\n,,,,,\n" + HEADER + ROW).encode(),
    "windows line ends": (HEADER + ROW).replace("\n", "\r\n").encode(),
    "other column names": ("Agency,Municipality,Province,Street Address,ZIP Code,Hours of Operation\n" + ROW).encode(),
}


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_real_spreadsheets_are_read(load: Import, kind: str) -> None:
    report = load("zones.dat", SPREADSHEETS[kind])
    assert (report.format, report.added, report.refused) == ("CSV", 1, 0), report.findings


def test_an_unquoted_comma_shifts_no_cells_into_a_row_whose_last_one_is_empty(load: Import) -> None:
    rows = (
        'PD,New Canaan,CT,"174 South Avenue, rear",06840,\n',
        "PD,New Canaan,CT,176 South Avenue, rear,06840,\n",
        "PD, New Canaan, CT, 178 South Avenue, 06840, 24/7,\n",
    )
    report = load("zones.csv", HEADER + "".join(rows))
    assert (report.added, report.refused) == (2, 1), report.findings
    (error,) = [one for one in report.findings if one.severity == "error"]
    assert (error.row, error.rule) == (3, "cells_fit_columns")


def test_the_last_row_of_a_file_tells_how_the_first_one_writes_its_date(engine: Engine, load: Import) -> None:
    lines = [f"PD,New Canaan,CT,{number} Main Street," for number in range(1, 602)]
    table = "\n".join(["department,town,state,address,announced_on", lines[0] + "1/5/2024", *lines[1:]])
    report = load("zones.csv", f"{table}25/12/2023\n")
    dates = {zone.street_address: zone.announced_on for zone in read_directory(engine).zones}
    assert (dates["1 Main Street"], dates["601 Main Street"]) == ("2024-05-01", "2023-12-25"), report.findings[:5]


def test_a_messy_table_goes_in_without_a_row_retyped(engine: Engine, load: Import) -> None:
    report = load(ROOT / "tests/cases/messy-table.csv")
    assert (report.added, report.refused) == (3, 1), report.findings
    refused = next(finding for finding in report.findings if finding.severity == "error")
    assert (refused.row, refused.rule) == (5, "cells_fit_columns") and "14 cells for 13 columns" in refused.reason
    zones = {zone.spot_note: zone for zone in read_directory(engine).zones}
    first, second, third = zones["by the flagpole"], zones["rear"], zones[""]
    assert (first.postal_code, first.phone, first.setting) == ("06883", "203-222-2600 ext. 4", "lobby_and_lot")
    assert (first.cameras, first.cameras_around_the_clock, first.lighting) == ("yes", "yes", "unknown")
    assert first.source_url == "https://www.westonct.gov"
    assert (first.latitude, first.longitude) == (41.2009, -73.3807)
    assert (second.department, second.street_address) == ("Weston Police", "56 Norfield Road")
    assert (second.phone, second.cameras, second.setting) == ("203-222-2600 ext. 4", "unknown", "parking_lot")
    assert (third.town, third.state, third.postal_code, third.street_address) == (
        "Bethel", "CT", "06801", "49 Plumtrees Road",
    )  # fmt: skip
    assert (third.phone, third.source_url, third.cameras, third.latitude) == ("203-744-7900", "", "no", 41.3712)


def test_words_that_point_above_point_to_the_row_just_above(engine: Engine, load: Import) -> None:
    header = "department,town,state,street_address,phone\n"
    rows = ("PD,Weston,CT,1 Main St,203-222-2600", "PD,Weston,CT,2 Main St,", "PD,Weston,CT,3 Main St,same as above")
    load("a.csv", header + "\n".join(rows))
    assert {zone.street_address: zone.phone for zone in read_directory(engine).zones} == {
        "1 Main St": "203-222-2600", "2 Main St": "", "3 Main St": "",
    }  # fmt: skip


def test_nothing_is_repeated_from_a_row_that_is_refused(engine: Engine, load: Import) -> None:
    header = "department,town,state,street_address,phone\n"
    load("a.csv", header + "PD,Weston,CT,1 Main St, Rear,203-222-2600\nPD,Weston,CT,2 Main St,ditto\n")
    assert [(zone.street_address, zone.phone) for zone in read_directory(engine).zones] == [("2 Main St", "")]


def test_places_and_contacts_inside_other_properties_are_read_and_nothing_else(engine: Engine, load: Import) -> None:
    nested = {
        "name": "Bays",
        "department": "Weston Police",
        "contact": {"name": "Sergeant", "phone": "203-222-2600"},
        "address": {"street": "56 Norfield Road", "city": "Weston", "state": "CT"},
        "updated": {"status": "gone", "date": "2020"},
        "fax": {"phone": "203-222-2699"},
        "photo": {"url": "https://example.org/photo.jpg"},
        "hours": {"open": "8"},
    }
    point = {"type": "Point", "coordinates": [-73.3807, 41.2009]}
    feature = {"type": "Feature", "geometry": point, "properties": nested}
    report = load("a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert report.refused == 0, report.findings
    (zone,) = read_directory(engine).zones
    assert (zone.name, zone.town, zone.street_address) == ("Bays", "Weston", "56 Norfield Road")
    assert (zone.phone, zone.status, zone.source_url, zone.opening_hours) == ("203-222-2600", "active", "", "")


def test_a_workbook_with_a_merged_title_is_read_whatever_it_is_called(engine: Engine, load: Import) -> None:
    rows: list[list[object]] = [
        ["Safe zones of the county"],
        ["Department", "City", "State", "Zip", "Hours", "Colour"],
        ["New Canaan Police Department", "New Canaan", "CT", 6840, "24 hrs", "blue"],
        [None] * 6,
    ]
    report = load("zones.csv", workbook(rows))
    assert (report.format, report.added) == ("XLSX", 1)
    assert report.columns["Zip"] == "postal_code"
    assert any(f.rule == "columns_are_known" and f.value == "Colour" for f in report.findings)
    assert read_directory(engine).zones[0].postal_code == "06840"


@pytest.mark.parametrize(
    ("department", "field"),
    [
        ({"name": "PD", "state": "CT", "country": "US", "web_page": "javascript:alert(1)"}, "departments[1].web_page"),
        ({"name": "PD", "state": "CT", "country": "US", "phone": "911"}, "departments[1].phone"),
        ({"name": "PD", "state": "Nowhere", "country": "US"}, "departments[1].state"),
        ({"state": "CT", "country": "US"}, "departments[1].name"),
        ({"name": "PD", "state": "CT", "country": "US", "history": [{"from": "once"}]}, "departments[1].history.from"),
        ({"name": "PD", "state": "CT", "country": "US", "channels": "many"}, "departments[1].channels"),
        ("PD", "departments[1]"),
    ],
)
def test_faulty_details_of_a_department_are_named_and_kept_out(load: Import, department: object, field: str) -> None:
    text = json.dumps({"type": "FeatureCollection", "departments": [department], "features": [feature(POINT)]})
    report = load("zones.geojson", text)
    assert (report.added, report.refused) == (1, 1)
    assert field in {finding.field for finding in report.findings}


def test_of_two_columns_for_one_fact_our_own_name_counts(engine: Engine, load: Import) -> None:
    header = "department,town,state,Location,street_address\n"
    report = load("a.csv", header + "PD,New Canaan,CT,behind the library,174 South Avenue\n")
    assert read_directory(engine).zones[0].street_address == "174 South Avenue"
    assert any(f.value == "Location" and "another street_address" in f.reason for f in report.findings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (collection(feature(POINT), feature(POINT))[:-40], "cut off after feature"),
        ('{"type": "Topology", "objects": {}}', "Topology"),
        ('{"type": "Point", "coordinates": [1, 2]}', "Point"),
        ("[1, 2, 3]", "no JSON object"),
        (collection(feature({"type": "Point", "coordinates": [1, 2]})).replace("[1, 2]", "[NaN, 2]"), "not valid JSON"),
        (collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "EPSG::3857"),
        (
            '{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:2263"}}}',
            "EPSG:2263",
        ),
        ("", "empty"),
        ("PK\x03\x04 not a zip", "damaged"),
        ("\x00\x01\x02\x03 binary", "neither"),
        ("just some words\nand more\n", "column names"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_imported(engine: Engine, load: Import, content: str, words: str) -> None:
    with pytest.raises(BadFileError, match=words):
        load("zones.geojson", content)
    assert read_directory(engine).zones == []


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]}, "nested"),
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "no geometry a zone can have"),
        ({"type": "Polygon", "coordinates": [[*BAYS[0][:-1], [-73.4, 41.1]]]}, "not closed"),
        ({"type": "Point", "coordinates": [-8180000, 5036000]}, "projected"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "no numbers"),
        ({"type": "Point", "coordinates": [[1, 2]]}, "not one position"),
        ("here", "no geometry"),
    ],
)
def test_a_broken_geometry_is_named_with_its_row(load: Import, geometry: object, words: str) -> None:
    report = load("zones.geojson", collection(feature(POINT), feature(geometry, name="Second")))
    assert (report.added, report.refused) == (1, 1)
    finding = next(f for f in report.findings if f.severity == "error")
    assert finding.row == 2 and words in finding.reason


def test_a_height_is_ignored_and_bays_are_kept(engine: Engine, load: Import) -> None:
    geometry = {"type": "Point", "coordinates": [-73.4907, 41.1412, 100]}
    load(
        "zones.geojson", collection(feature(geometry), feature({"type": "Polygon", "coordinates": BAYS}, setting="lot"))
    )
    zones = read_directory(engine).zones
    assert {zone.setting: zone.area is not None for zone in zones} == {"unknown": False, "parking_lot": True}
    text = exported(engine)
    load("again.geojson", text)
    assert exported(engine) == text


def test_an_empty_geometry_is_unknown_and_an_outline_of_a_county_is_no_spot(engine: Engine, load: Import) -> None:
    county = [[[-74, 41], [-73, 41], [-73, 42], [-74, 42], [-74, 41]]]
    report = load(
        "zones.geojson",
        collection(
            feature({"type": "MultiPoint", "coordinates": [[-73.4907, 41.1412]]}, spot_note="one point"),
            feature({"type": "Point", "coordinates": []}, spot_note="no point"),
            feature({"type": "Polygon", "coordinates": county}, spot_note="county"),
        ),
    )
    assert (report.added, report.refused) == (3, 0), report.findings
    levels = {zone.spot_note: (zone.location_source, zone.area) for zone in read_directory(engine).zones}
    assert levels == {"one point": ("surveyed", None), "no point": ("town", None), "county": ("town", None)}
    assert [one.row for one in report.findings if one.rule == "area_is_a_spot"] == [3]


@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_rows_behind_an_open_quotation_mark_are_named_and_no_address(load: Import, sign: str) -> None:
    rows = [
        "Department,Town,State,Address,Hours",
        'Darien PD,Darien,CT,"25 Hecker Ave,24/7',
        "Wilton PD,Wilton,CT,,24/7",
    ]
    report = load("zones.csv", "\n".join(rows).replace(",", sign) + "\n")
    assert (report.added, report.refused) == (0, 1)
    (error,) = [one for one in report.findings if one.severity == "error"]
    assert (error.rule, error.row) == ("quotes_are_closed", 2) and "2 lines of the file" in error.reason


def test_a_row_that_an_open_quotation_mark_swallowed_in_part_is_named_too(load: Import) -> None:
    rows = [
        "Department,Town,State,Address,Hours",
        'Darien PD,Darien,CT,"25 Hecker Ave,x',
        'Wilton PD,Wilton,CT,"240 Danbury Rd",y',
    ]
    report = load("zones.csv", "\n".join(rows) + "\n")
    assert (report.added, report.refused) == (0, 1), report.findings


def test_hours_of_several_lines_with_more_commas_than_columns_are_no_rows(engine: Engine, load: Import) -> None:
    hours = "Lobby:\nMon, Tue, Wed, Thu, Fri 8-5"
    report = load("zones.csv", f'Department,Town,State,Hours\nPD,New Canaan,CT,"{hours}"\n')
    assert (report.added, report.refused) == (1, 0), report.findings


def test_a_note_of_several_lines_with_commas_is_a_note(engine: Engine, load: Import) -> None:
    note = "Bring ID, please.\nNo weapons, drugs, or cash"
    report = load("zones.csv", f'Department,Town,State,Address,Where\nPD,New Canaan,CT,174 South Ave,"{note}"\n')
    assert (report.added, report.refused) == (1, 0), report.findings
    assert read_directory(engine).zones[0].spot_note == note


def test_no_cell_of_a_tables_head_reaches_down_into_its_body(engine: Engine, load: Import) -> None:
    head = "<tr><th rowspan=9>Agency</th><th>City</th><th>State</th></tr>"
    body = "<tr><td>Darien PD</td><td>Darien</td><td>CT</td></tr>"
    load("zones.html", f"<table><thead>{head}</thead><tbody>{body}</tbody></table>")
    assert [(zone.department, zone.town) for zone in read_directory(engine).zones] == [("Darien PD", "Darien")]


def test_a_table_on_its_side_is_called_so(load: Import) -> None:
    with pytest.raises(BadFileError, match="below one another, in the first column"):
        load("zones.csv", "Field,Zone 1\nDepartment,Darien PD\nTown,Darien\nState,CT\nHours,24/7\n")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_imported_or_refused_in_words(tmp_path: Path, load: Import, content: bytes) -> None:
    try:
        load("any.dat", content, dry_run=True)
    except BadFileError as error:
        assert error.reason and error.fix


HOSTILE = ["{{7*7}}", "{%", "${window.P=1}", "</script><script>window.P=1</script>", "=1+1", "'; DROP TABLE zone; --"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_goes_through_file_and_store_unchanged(engine: Engine, load: Import, words: str) -> None:
    load("zones.geojson", collection(feature(POINT, name=words, spot_note=words)))
    zone = read_directory(engine).zones[0]
    assert (zone.name, zone.spot_note) == (words, words)
    cell = exported(engine, "csv").splitlines()[1]
    assert not any(part.startswith("=") for part in cell.split(","))
