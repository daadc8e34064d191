"""Importing: idempotent, all or nothing, and what a file says against what stands."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from directory.db.errors import DatabaseError
from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind
from directory.db.tables.log import LogEntry
from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from directory.store.repository import changes_of, version_of
from tests.conftest import ROOT, Import, only_postgresql
from tests.support.database_templates import ZONES
from tests.support.imports import DARIEN, HEADER, POINT, ROW, collection, exported, feature


def test_the_real_zones_survive_import_and_export_byte_for_byte(engine: Engine, load: Import) -> None:
    report = load(ZONES)
    assert report.refused == 0
    assert exported(engine) == ZONES.read_text(encoding="utf-8")


def test_importing_again_changes_nothing(engine: Engine, load: Import) -> None:
    first = load(ZONES)
    before = version_of(engine)[0]
    again = load(ZONES)
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert version_of(engine)[0] == before


@pytest.mark.parametrize("form", ["csv", "kml"])
def test_export_and_import_of_other_forms_give_the_same_directory(engine: Engine, load: Import, form: str) -> None:
    load(ZONES)
    before = exported(engine)
    report = load(f"again.{form}", exported(engine, form))
    assert (report.added, report.changed, report.refused) == (0, 0, 0)
    assert exported(engine) == before


def test_the_log_meets_the_owners_of_a_zone_before_it_and_keeps_only_what_the_file_states(
    engine: Engine, load: Import
) -> None:
    load("a.csv", HEADER + DARIEN)
    with Session(engine) as session:
        entries = session.exec(select(LogEntry).order_by(LogEntry.id)).all()  # type: ignore[arg-type]
    assert [entry.kind for entry in entries] == ["department", "town", "zone"]
    stated = entries[-1].after
    assert stated is not None
    assert stated["opening_hours"] == "24/7"
    assert "cameras" not in stated


def test_a_changed_row_is_changed_and_logged_with_before_and_after(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + ROW)
    report = load("a.csv", HEADER + ROW.replace("M-F 8-5", "24/7"))
    assert (report.added, report.changed) == (0, 1)
    with Session(engine) as session:
        change = session.exec(select(LogEntry).where(LogEntry.action == "changed")).one()
    assert change.before is not None and change.before["opening_hours"] == "Mo-Fr 08:00-17:00"
    assert change.after is not None and change.after["opening_hours"] == "24/7"
    assert "a.csv" in change.reason


def test_a_table_with_few_columns_leaves_the_rest_alone(engine: Engine, load: Import) -> None:
    full = {
        "setting": "lobby",
        "spot_note": "lobby",
        "opening_hours": "24/7",
        "cameras": "yes",
        "confirmed_on": "2026-01-01",
    }
    load("a.geojson", collection(feature(POINT, **full)))
    report = load(
        "b.csv", "department,town,state,setting,spot_note\nNew Canaan Police Department,New Canaan,CT,lobby,lobby\n"
    )
    assert (report.changed, report.unchanged) == (0, 1)
    assert read_directory(engine).zones[0].confirmed_on == "2026-01-01"


def test_a_mailing_town_the_file_does_not_list_is_added_once(engine: Engine, load: Import) -> None:
    towns = [{"name": "New Canaan", "state": "CT", "country": "US", "other_names": ["Old Canaan"]}]
    text = json.dumps(
        {"type": "FeatureCollection", "towns": towns, "features": [feature(POINT, mailing_town="Norwalk")]}
    )
    load("a.geojson", text)
    before = version_of(engine)[0]
    load("a.geojson", text)
    assert version_of(engine)[0] == before
    with Session(engine) as session:
        logged = {(change.kind, change.action) for change in session.exec(select(LogEntry))}
    assert {("town", "added"), ("department", "added"), ("zone", "added"), ("town", "changed")} <= logged


def test_our_own_names_win_over_everyday_ones(engine: Engine, load: Import) -> None:
    load(
        "a.geojson",
        collection(feature(POINT, name="Real", title="Wrong", street_address="174 South Avenue", address="")),
    )
    zone = read_directory(engine).zones[0]
    assert (zone.name, zone.street_address) == ("Real", "174 South Avenue")


def test_an_area_that_is_no_polygon_is_refused(load: Import) -> None:
    item = feature(POINT) | {"area": {"type": "GeometryCollection", "geometries": [POINT]}}
    assert load("a.geojson", collection(item)).refused == 1


def test_a_dry_run_reports_and_changes_nothing(engine: Engine, load: Import) -> None:
    assert load("a.csv", HEADER + ROW, dry_run=True).added == 1
    assert read_directory(engine).zones == []


def test_a_dry_run_names_every_zone_that_would_come_and_every_field_that_would_change(load: Import) -> None:
    rows = [f"{ROW.split(',', 1)[0]},New Canaan,CT,{number} South Avenue,06840,\n" for number in range(1, 1_101)]
    assert len(load("a.csv", HEADER + "".join(rows), dry_run=True).changes) == 1_100
    load("a.csv", HEADER + "".join(rows))
    changed = load("a.csv", HEADER + "".join(row.replace(",06840,", ",06840,24/7") for row in rows), dry_run=True)
    assert {field for _zone_id, field, _old, _new in changed.changes} >= {"opening_hours"}
    assert len({zone_id for zone_id, *_ in changed.changes}) == 1_100 and changed.more_changes == 0


@only_postgresql
def test_a_dry_run_says_what_the_database_would_refuse_of_what_is_sent_last(engine: Engine, load: Import) -> None:
    with engine.begin() as connection:
        connection.execute(text(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$"
        ))  # fmt: skip
        connection.execute(text("CREATE TRIGGER refuse BEFORE INSERT ON zone EXECUTE FUNCTION refuse()"))
    for dry_run in (True, False):
        with pytest.raises(DatabaseError, match="refused"):
            load("a.csv", HEADER + ROW, dry_run=dry_run)


def test_one_bad_row_never_stops_the_others(engine: Engine, load: Import) -> None:
    report = load("a.csv", HEADER + ROW + "Nobody,Nowhere,ZZ,,,\n" + DARIEN)
    assert (report.added, report.refused) == (2, 1)
    assert {finding.row for finding in report.findings if finding.severity == "error"} == {3}


def test_the_same_spot_twice_is_named_with_the_row_it_repeats(load: Import) -> None:
    report = load("a.csv", HEADER + ROW + ROW.replace("174 South Avenue", "174 south ave.").replace("ave.", "Avenue"))
    finding = next(f for f in report.findings if f.rule == "row_is_no_duplicate")
    assert (finding.row, finding.reason) == (3, "repeats row 2")


def test_running_numbers_of_two_files_never_name_one_zone(engine: Engine, load: Import) -> None:
    rows = ("Weston Police,Weston,CT,56 Norfield Road,06883,", "Darien Police,Darien,CT,25 Hecker Avenue,06820,")
    for name in ("ID", "zone_id", "feature id"):
        reports = [load(f"{number}.csv", f"{name},{HEADER}1,{row}\n") for number, row in enumerate(rows)]
        assert [report.changed for report in reports] == [0, 0], name
    assert {zone.zone_id for zone in read_directory(engine).zones} == {"ct-weston-zone", "ct-darien-zone"}


def test_a_zone_that_has_a_number_for_its_id_is_found_by_it(engine: Engine, load: Import) -> None:
    load("a.csv", f"zone_id,{HEADER}lobby,Weston Police,Weston,CT,56 Norfield Road,06883,\n")
    with transaction(engine) as session:
        session.execute(text("UPDATE zone SET zone_id = '4821'"))
    moved = "Weston Police Department,Weston,CT,60 Norfield Road,06883,"
    report = load("b.csv", f"zone_id,{HEADER}4821,{moved}\n4822,Darien Police,Darien,CT,25 Hecker Avenue,06820,\n")
    assert (report.added, report.changed) == (1, 1)
    assert {zone.zone_id for zone in read_directory(engine).zones} == {"4821", "ct-darien-zone"}


def test_a_dataset_moves_its_own_zone_also_by_an_id_of_digits(engine: Engine, load: Import) -> None:
    weston, darien = (
        "Weston Police,Weston,CT,56 Norfield Road,06883,",
        "Darien Police,Darien,CT,25 Hecker Avenue,06820,",
    )
    load("a.csv", f"zone_id,{HEADER}lobby,{weston}\n", dataset="lots")
    with transaction(engine) as session:
        session.execute(text("UPDATE zone SET zone_id = '4821'"))
    assert load("b.csv", f"zone_id,{HEADER}4821,{darien}\n", dataset="lots").changed == 1
    assert [(zone.zone_id, zone.town) for zone in read_directory(engine).zones] == [("4821", "Darien")]


def test_an_id_of_a_zone_elsewhere_refuses_its_row_unless_its_own_dataset_says_so(load: Import) -> None:
    name = f"zone_id,{HEADER}"
    load("a.csv", f"{name}lobby,Weston Police,Weston,CT,56 Norfield Road,06883,\n", dataset="weston")
    theirs = f"{name}lobby,Darien Police,Darien,CT,25 Hecker Avenue,06820,\n"
    report = load("b.csv", theirs, dataset="darien")
    assert (report.changed, report.refused) == (0, 1)
    (error,) = [one for one in report.findings if one.severity == "error"]
    assert str(error.reason) == "is the id of a zone of Weston Police, Weston"
    assert load("c.csv", theirs, dataset="weston").changed == 1
    corrected = theirs.replace("Darien Police", "Noroton Police")
    assert load("d.csv", corrected).changed == 1, "a name alone may be corrected"


def test_a_new_id_for_a_known_spot_is_let_in_with_a_warning(load: Import) -> None:
    load("a.csv", HEADER + ROW)
    report = load("b.csv", "zone_id," + HEADER + "another-id," + ROW)
    assert report.added == 1
    warning = next(f for f in report.findings if f.rule == "spot_is_no_duplicate")
    assert "same spot as ct-new-canaan-zone" in warning.reason


@pytest.mark.parametrize("hours", ["8-5", "business hours", "N/A", "Mo-Fr 25:00-26:00"])
def test_a_value_that_cannot_be_read_takes_nothing_from_what_stands(engine: Engine, load: Import, hours: str) -> None:
    header = "department,town,state,street_address,phone,spaces,opening_hours\n"
    load("a.csv", header + "PD,Weston,CT,1 Main St,203-222-2600,4,M-F 8am-5pm\n")
    before = read_directory(engine).zones
    report = load("a.csv", header + f"PD,Weston,CT,1 Main St,the desk,N/A,{hours}\n")
    assert (report.unchanged, report.refused) == (1, 0), report.findings
    assert read_directory(engine).zones == before
    assert (before[0].phone, before[0].spaces, before[0].opening_hours) == ("203-222-2600", 4, "Mo-Fr 08:00-17:00")


def test_a_new_point_in_a_column_of_several_fields_is_taken(engine: Engine, load: Import) -> None:
    header = "department,town,state,street_address,coordinates,cameras\n"
    load("a.csv", header + 'PD,Weston,CT,1 Main St,"41.2009, -73.3807",yes\n')
    assert load("a.csv", header + 'PD,Weston,CT,1 Main St,"41.21003, -73.39004",24h\n').changed == 1
    (zone,) = read_directory(engine).zones
    assert (zone.latitude, zone.longitude, zone.cameras_around_the_clock) == (41.21003, -73.39004, "yes")
    assert load("a.csv", header + "PD,Weston,CT,1 Main St,N/A,N/A\n").unchanged == 1
    assert read_directory(engine).zones == [zone]


def test_an_import_that_is_killed_leaves_the_old_state(tmp_path: Path, load: Import, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("the killed process writes to this test's SQLite file")
    load("a.csv", HEADER + ROW)
    before = exported(engine)
    many = [feature(POINT, spot_note=f"bay {number}") for number in range(4_000)]
    path = tmp_path / "many.geojson"
    path.write_text(collection(*many))
    command = [sys.executable, "-m", "directory", "import", str(path)]
    environment = {"SAFEZONES_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    for seconds in (1.2, 1.6, 2.0):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert exported(engine) in (before, exported(engine)) and len(read_directory(engine).zones) in (1, 4_001)
    assert len(json.loads(exported(engine))["features"]) in (1, 4_001)


def test_a_department_that_is_written_otherwise_is_the_known_one(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + DARIEN)
    report = load("b.csv", HEADER + "Town of Darien Police Dept.,Darien,CT,1 Post Road,06820,24/7\n")
    directory = read_directory(engine)
    assert list(directory.departments) == ["ct/darien-police-department"] and report.cases == 0
    assert {zone.department for zone in directory.zones} == {"Darien Police Department"}
    assert any(finding.rule == "department_converted" for finding in report.findings)


def test_a_department_that_may_be_a_known_one_is_new_and_a_case_once(engine: Engine, load: Import) -> None:
    load("a.csv", HEADER + "Hamilton Police Department,Hamilton,OH,1 Main St,45011,24/7\n")
    township = HEADER + "Hamilton Township Police,Hamilton Township,OH,2 High St,45039,24/7\n"
    assert [load("b.csv", township).cases for _ in range(2)] == [1, 0]
    assert len(read_directory(engine).departments) == 2
    with transaction(engine, writes=False) as session:
        [case] = session.exec(select(DataCase)).all()
    slugs = ("oh/hamilton-township-police", "oh/hamilton-police-department")
    assert (case.kind, case.department, case.subject) == (DataCaseKind.DUPLICATE, *slugs)


def test_two_rows_of_a_batch_that_mean_one_stored_zone_change_it_one_after_the_other(
    engine: Engine, load: Import
) -> None:
    load("a.csv", HEADER + ROW)
    zone_id = read_directory(engine).zones[0].zone_id
    columns = "Zone id," + HEADER.replace("Hours", "Phone,Spaces")
    spot = ROW.removesuffix("M-F 8-5\n")
    report = load("b.csv", f"{columns},{spot}203-594-3500,\n{zone_id},{spot}203-594-3500,4\n")
    assert (report.added, report.changed, report.refused) == (0, 2, 0)
    (zone,) = read_directory(engine).zones
    assert (zone.phone, zone.spaces, zone.opening_hours) == ("203-594-3500", 4, "Mo-Fr 08:00-17:00")
    with transaction(engine, writes=False) as session:
        last, first, *_ = changes_of(session, zone_id)
    assert last.before is not None and first.after is not None
    assert "spaces" not in first.after
    assert last.before == first.after


IN_FILE = """Department,City,State,Address,Setting,Hours
Darien PD,Darien,CT,25 Hecker Ave,lobby,24/7
Darien Police Department,Darien,CT,25 Hecker Avenue,lobby,M-F 8-4
Darien Police Department,Darien,CT,25 Hecker Avenue,parking lot,24/7
Darien PD,Darien,CT,35 Hecker Ave,lobby,24/7
"""


def test_rows_of_one_file_that_say_the_same_otherwise_are_a_question_and_no_second_department(
    engine: Engine, load: Import
) -> None:
    report = load("county.csv", IN_FILE)
    assert (report.added, report.cases) == (4, 1), report.findings
    warnings = [(one.row, one.reason) for one in report.findings if one.rule == "spot_is_no_duplicate"]
    assert warnings == [(3, "is probably the same spot as ct-darien-lobby")]
    assert {zone.department for zone in read_directory(engine).zones} == {"Darien PD"}
    again = load("county.csv", IN_FILE)
    assert (again.added, again.changed, again.cases) == (0, 0, 0)


def test_a_dataset_tells_its_own_zones_apart(load: Import) -> None:
    assert load("county.csv", IN_FILE, dataset="county").cases == 0


def test_an_older_release_than_was_taken_in_is_told(load: Import) -> None:
    def released(day: str) -> list[tuple[str, str]]:
        report = load("county.geojson", collection(feature(POINT), dataset="county", released=day))
        return [(one.value, one.reason) for one in report.findings if one.rule == "release_is_newer"]

    assert released("2026-04-01") == []
    assert released("2026-04-01") == []
    assert released("2025-04-01") == [
        ("2025-04-01", "is older than the release 2026-04-01, which was taken in before"),
    ]
