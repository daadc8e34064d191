"""Programs in files and in the database."""

import json
from pathlib import Path
from typing import Any

import pytest

from directory.geocoding.gazetteer import Gazetteer
from directory.moderation.data_quality.data_cases import open_cases
from directory.store.audit import check
from directory.store.directory_reader import read_directory
from directory.store.export import export
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.import_report import ImportReport
from directory.store.importing.importer import import_file
from directory.store.repository import StoredZone
from tests.support.site import Site, words_of

PROGRAM = {
    "program_id": "ct-weston-police", "department": "Weston Police Department", "state": "CT", "country": "US",
    "name": "Trade Spots", "opening_hours": "24/7", "lighting": "yes", "source_url": "https://news.example/spots",
    "source_kind": "news", "source_date": "2016-05",
}  # fmt: skip


def spot(number: int, **properties: Any) -> dict[str, Any]:
    stated = {"department": "Weston Police Department", "town": "Weston", "state": "CT", "country": "US",
              "street_address": f"{number} Main Street", "setting": "lobby", "location_source": "address",
              "program": "ct-weston-police"}  # fmt: skip
    point = {"type": "Point", "coordinates": [-73.38, 41.2 + number / 1000]}
    return {"type": "Feature", "id": f"ct-weston-{number}", "geometry": point, "properties": {**stated, **properties}}


class Files:
    """Files of a program and its sites, taken in one after the other."""

    def __init__(self, site: Site, gazetteer: Gazetteer, folder: Path) -> None:
        self.site, self.gazetteer, self._folder = site, gazetteer, folder

    def take(self, features: list[dict[str, Any]], *programs: dict[str, Any], **members: Any) -> ImportReport:
        path = self._folder / "spots.geojson"
        path.write_text(
            json.dumps({"type": "FeatureCollection", **members, "programs": programs, "features": features})
        )
        return import_file(self.site.engine, path, self.gazetteer, ImportOptions())

    def zones(self) -> dict[str, StoredZone]:
        zones = read_directory(self.site.engine).zones
        return {zone.zone_id: zone for zone in zones if zone.zone_id.startswith("ct-weston-")}


@pytest.fixture
def files(site: Site, gazetteer: Gazetteer, tmp_path: Path) -> Files:
    return Files(site, gazetteer, tmp_path)


def test_sites_show_what_their_program_says_and_what_they_say_themselves(files: Files) -> None:
    report = files.take([spot(1), spot(2, opening_hours="Mo-Fr 08:00-17:00")], PROGRAM)
    assert (report.added, report.refused) == (2, 0)
    first, second = files.zones().values()
    assert (first.name, first.opening_hours, first.lighting) == ("Trade Spots", "24/7", "yes")
    assert (second.opening_hours, second.lighting) == ("Mo-Fr 08:00-17:00", "yes")


def test_a_newer_program_changes_all_sites_and_an_older_one_of_less_worth_none(files: Files) -> None:
    files.take([spot(1), spot(2)], PROGRAM)
    before = read_directory(files.site.engine)
    files.take([], PROGRAM | {"lighting": "no", "source_date": "2020-01-01", "source_kind": "official"})
    assert [zone.lighting for zone in files.zones().values()] == ["no", "no"]
    changed = read_directory(files.site.engine, before)
    assert changed == read_directory(files.site.engine), "also for who has read before"
    files.take([], PROGRAM | {"lighting": "yes"})
    assert [zone.lighting for zone in files.zones().values()] == ["no", "no"]


def test_what_is_not_taken_of_a_program_is_one_case_which_a_moderator_takes_over_for_all_sites(files: Files) -> None:
    files.take([spot(1), spot(2)], PROGRAM | {"lighting": "no", "source_date": "2020-01-01", "source_kind": "official"})
    about = {"name": "Weston Police Department", "state": "CT", "phone": "203-555-0100"}
    assert [files.take([], PROGRAM, departments=[about]).cases for _ in range(2)] == [1, 0], "asked once"
    moderator = files.site.staff()
    page = words_of(moderator.get("/review/data"))
    assert "Trade Spots" in page and "Lit at night" in page and "news.example, May 2016" in page
    (case,) = open_cases(files.site.context)
    assert moderator.post(f"/review/data/{case.id}", data={"decision": "take"}).status_code == 302
    assert [zone.lighting for zone in files.zones().values()] == ["yes", "yes"]
    assert not open_cases(files.site.context)


def test_a_case_about_a_program_ends_when_the_file_says_the_same(files: Files) -> None:
    official = PROGRAM | {"lighting": "no", "source_date": "2020-01-01", "source_kind": "official"}
    files.take([spot(1)], official)
    assert files.take([], PROGRAM).cases == 1
    files.take([], PROGRAM | {"lighting": "no"})
    assert not open_cases(files.site.context)


def test_the_same_program_again_changes_nothing(files: Files) -> None:
    files.take([spot(1)], PROGRAM)
    revision = read_directory(files.site.engine).revision
    report = files.take([spot(1)], PROGRAM)
    assert (report.changed, report.unchanged) == (0, 1)
    assert read_directory(files.site.engine).revision == revision


def test_a_site_names_a_program_of_its_own_department_or_none(files: Files) -> None:
    report = files.take(
        [spot(1, department="Wilton Police Department", town="Wilton"), spot(2, program="nobodys")], PROGRAM
    )
    assert (report.added, report.refused) == (2, 0)
    assert [(one.row, one.field, one.value) for one in report.findings if one.rule == "program_is_the_departments"] == [
        (1, "program", "ct-weston-police"), (2, "program", "nobodys")
    ]  # fmt: skip
    assert [(zone.program, zone.lighting) for zone in files.zones().values()] == [("", "unknown")] * 2


def test_a_program_stays_its_departments(files: Files) -> None:
    files.take([spot(1)], PROGRAM)
    report = files.take([], PROGRAM | {"department": "Wilton Police Department", "lighting": "no"})
    assert [one.rule for one in report.findings] == ["program_is_the_departments"]
    assert files.zones()["ct-weston-1"].lighting == "yes"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("Trade Spots", "programs[1]"),
        ({**PROGRAM, "program_id": "Not an id"}, "programs[1].program_id"),
        ({**PROGRAM, "opening_hours": "whenever"}, "programs[1].opening_hours"),
        ({name: value for name, value in PROGRAM.items() if name != "department"}, "programs[1].department"),
    ],
)
def test_a_program_that_does_not_read_is_named_and_its_sites_go_in(files: Files, entry: Any, field: str) -> None:
    report = files.take([spot(1, program="")], entry)
    assert (report.added, report.refused) == (1, 1)
    assert [one.field for one in report.findings if one.severity == "error"] == [field]


def test_what_a_program_says_stands_once_in_the_file_that_is_written(files: Files, tmp_path: Path) -> None:
    files.take([spot(1), spot(2, lighting="no")], PROGRAM)
    path = tmp_path / "out.geojson"
    with path.open("wb") as file:
        export(files.site.engine, "geojson", file)
    written = json.loads(path.read_text())
    assert PROGRAM in written["programs"]
    facts = {one["id"]: one["properties"].get("lighting") for one in written["features"]}
    assert (facts["ct-weston-1"], facts["ct-weston-2"]) == (None, "no")
    report = import_file(files.site.engine, path, files.gazetteer, ImportOptions())
    assert (report.added, report.changed, report.refused) == (0, 0, 0)
    again = tmp_path / "again.geojson"
    with again.open("wb") as file:
        export(files.site.engine, "geojson", file)
    assert again.read_bytes() == path.read_bytes()
    table = tmp_path / "out.csv"
    with table.open("wb") as file:
        export(files.site.engine, "csv", file)
    assert sum("Trade Spots" in line for line in table.read_text().splitlines()) == 2, "a table has no programs"
    report = import_file(files.site.engine, table, files.gazetteer, ImportOptions())
    assert (report.added, report.changed, report.refused) == (0, 0, 0), "a site does not say what its program says"


def test_the_check_names_a_site_whose_program_is_gone(files: Files) -> None:
    files.take([spot(1)], PROGRAM)
    assert [one.rule for _, one in check(files.site.engine, files.gazetteer)[1]] == []
    with files.site.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM program WHERE program_id = 'ct-weston-police'")
    found = check(files.site.engine, files.gazetteer)[1]
    assert [(zone_id, one.rule, one.value) for zone_id, one in found] == [
        ("ct-weston-1", "program_is_the_departments", "ct-weston-police")
    ]
