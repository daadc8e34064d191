"""A town that no gazetteer has is where the directory's own zones are, and unknown where they do not tell."""

from pathlib import Path

from sqlalchemy import Engine

from directory.geo import Coordinates
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import Geocode, Precision
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_judged
from directory.store.importing.judged_file import judged_file
from directory.store.repository import StoredZone
from directory.zones.schemas import LocationSource
from tests.conftest import Import

HEADER = "department,town,state,setting,spot,latitude,longitude,status\n"
LOBBY = "Swatara Township Police Department,Swatara Township,PA,lobby,,40.260000,-76.800000,\n"
LOT = "Swatara Township Police Department,Swatara Township,PA,parking_lot,,,,\n"


def placed(engine: Engine) -> dict[tuple[str, str], StoredZone]:
    return {(zone.department, zone.setting.value): zone for zone in read_directory(engine).zones}


def test_a_row_is_roughly_where_the_town_has_a_zone_already(engine: Engine, load: Import) -> None:
    load("one.csv", HEADER + LOBBY)
    report = load("two.csv", HEADER + LOT)
    assert (report.added, report.refused) == (1, 0), report.findings
    zone = placed(engine)["Swatara Township Police Department", "parking_lot"]
    assert (zone.latitude, zone.longitude) == (40.26, -76.8)
    assert zone.location_source is LocationSource.TOWN and zone.approximate
    assert [one.rule for one in report.findings if one.severity == "warning"] == ["point_is_known"]


def test_an_address_in_another_state_places_no_row(tmp_path: Path, engine: Engine, gazetteer: Gazetteer) -> None:
    path = tmp_path / "zones.csv"
    path.write_text("department,town,state,street_address\nNosuch Police,Nosuch Village,CT,1 Main St\n")
    port_chester = Geocode(
        "1 Main St, Port Chester, NY", Coordinates(41.0, -73.66), "census", Precision.ADDRESS, state="NY"
    )
    with judged_file(path, gazetteer, "", {"1 Main St, Nosuch Village, CT": port_chester}) as file:
        report = import_judged(engine, file, gazetteer, ImportOptions())
    assert (report.added, report.refused) == (0, 1) and read_directory(engine).zones == []


def test_a_later_row_of_the_same_file_tells_too(engine: Engine, load: Import) -> None:
    report = load("zones.csv", HEADER + LOT + LOBBY)
    assert (report.added, report.refused) == (2, 0), report.findings


def test_of_two_townships_of_one_name_only_the_departments_own_zone_tells_which(engine: Engine, load: Import) -> None:
    report = load("zones.csv", HEADER + LOBBY + LOT + LOT.replace("Swatara Township Police", "Sheriff's"))
    assert (report.added, report.refused) == (2, 1)
    assert [(one.rule, one.row) for one in report.findings if one.severity == "error"] == [("point_is_known", 4)]


def test_zones_far_apart_or_withdrawn_do_not_tell(load: Import) -> None:
    far = LOBBY.replace("40.26", "41.26").replace(",lobby,", ",other,")
    report = load("zones.csv", HEADER + LOBBY + far + LOT)
    assert (report.added, report.refused) == (2, 1)
    gone = LOBBY.replace("Swatara", "Springettsbury").replace(",\n", ",withdrawn\n")
    report = load("gone.csv", HEADER + gone + LOT.replace("Swatara", "Springettsbury"))
    assert (report.added, report.refused) == (1, 1)


def test_each_row_that_is_refused_is_named_behind_a_thousand_notes(load: Import) -> None:
    noted = "Darien Police Department,Darien,CT,24 hours\n"
    faulty = "Darien Police Department,Darien,ZZ,24 hours\n" + "Nosuch Police,Nosuch Township,PA,24 hours\n"
    report = load("zones.csv", "department,town,state,hours\n" + noted * 1_200 + faulty)
    assert len(report.findings) == 1_000 and report.counts["error"] == 1_201 == report.refused
    many = load(
        "two.csv",
        "department,town,state,hours,name\n"
        + "".join(f"Darien Police Department,Darien,CT,24 hours,Zone {number}\n" for number in range(1_200))
        + faulty,
    )
    errors = [(one.row, one.field) for one in many.findings if one.severity == "error"]
    assert (errors, len(many.findings)) == ([(1202, "state"), (1203, "town")], 1_000)


def test_a_town_that_nobody_knows_stays_a_row_to_ask_about(load: Import) -> None:
    report = load("zones.csv", HEADER + LOT.replace("Swatara", "Nosuch"))
    assert (report.added, report.refused) == (0, 1)
    assert [one.field for one in report.findings if one.severity == "error"] == ["town"]
