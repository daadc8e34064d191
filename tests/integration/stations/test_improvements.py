"""A list of stations places agencies, fills telephones and names moved buildings; better evidence stays."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from directory.cli import main
from directory.store.directory_reader import read_directory
from directory.store.repository import StoredZone
from directory.zones.evidence.department_evidence import department_evidence_of
from tests.support.site import Site, words_of

HEADQUARTERS = ("PROSPECT POLICE DEPARTMENT", "8 CENTER ST", "PROSPECT", "41.5050", "-72.9800", "203-268-4111")
COLUMNS = ("name", "address", "city", "telephone", "latitude", "longitude", "state", "val_date")


class Lists:
    """A site, files of zones for it, and lists of stations."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self._folder = site, folder

    def run(self, *arguments: str | Path) -> Result:
        done = CliRunner().invoke(main, list(map(str, arguments)), env=self.site.environment)
        assert done.exit_code == 0, done.output + done.stderr
        return done

    def zones(self, *rows: dict[str, str]) -> None:
        """Import zones of Prospect's police, of which only the town is known."""
        stated = {"department": "Prospect PD", "town": "Prospect", "state": "CT", "setting": "lobby"}
        self._import([stated | row for row in rows], "zones.csv")

    def _import(self, rows: list[dict[str, str]], name: str) -> None:
        text = io.StringIO()
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = csv.DictWriter(text, names)
        table.writeheader()
        table.writerows(rows)
        path = self._folder / name
        path.write_text(text.getvalue())
        self.run("import", path)

    def stations(self, *stations: tuple[str, ...]) -> None:
        """Take a list of 2018: name, address, town, latitude, longitude, telephone."""
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(COLUMNS)
        for name, address, town, latitude, longitude, phone in stations:
            table.writerow((name, address, town, phone, latitude, longitude, "CT", "2018-10-23"))
        path = self._folder / "stations.csv"
        path.write_text(text.getvalue())
        self.run("stations", path, "--source", "Federal list")

    def improve(self, *options: str) -> str:
        return self.run("stations", "--improve", *options).stdout

    def zone(self) -> StoredZone:
        """The newest zone of Prospect."""
        zones = [zone for zone in read_directory(self.site.engine).zones if zone.town == "Prospect"]
        return max(zones, key=lambda zone: zone.added_at)


@pytest.fixture
def lists(site: Site, tmp_path: Path) -> Lists:
    return Lists(site, tmp_path)


def test_a_zone_of_which_only_the_town_is_known_is_placed_at_its_departments_building(lists: Lists) -> None:
    lists.zones({"name": "Lobby"})
    before = lists.zone()
    assert before.location_source == "town"
    lists.stations(HEADQUARTERS)
    output = lists.improve("--dry-run")
    old = f"{before.latitude:.5f}, {before.longitude:.5f} (town)"
    assert f"{before.zone_id}\tposition\t{old} → 41.50500, -72.98000 (agency)" in output
    assert "would change" in output and lists.zone() == before
    lists.improve()
    after = lists.zone()
    assert (after.latitude, after.longitude, after.location_source) == (41.505, -72.98, "agency") and after.approximate
    assert {"name": "Federal list", "kind": "list", "date": "2018"} in [*after.sources, {
        "name": after.source_name, "kind": after.source_kind, "date": after.source_date}]  # fmt: skip
    assert "0 values changed" in lists.improve() and lists.zone() == after


def test_a_department_without_a_telephone_gets_the_lists_with_its_source_and_year(lists: Lists) -> None:
    lists.zones({"name": "Lobby"})
    lists.stations(HEADQUARTERS)
    department = read_directory(lists.site.engine).departments["ct/prospect-pd"]
    assert department.phone == ""
    lists.improve()
    department = read_directory(lists.site.engine).departments["ct/prospect-pd"]
    source = department_evidence_of(department)["phone"]
    assert department.phone == "203-268-4111"
    assert (source.name, source.kind, source.date) == ("Federal list", "list", "2018")
    lists.stations((*HEADQUARTERS[:5], "203-555-0100"))
    lists.improve()
    assert read_directory(lists.site.engine).departments["ct/prospect-pd"].phone == "203-268-4111", "what stands stays"


@pytest.mark.parametrize(
    "zone",
    [
        {"name": "Lobby", "street_address": "15 Center Road"},
        {"name": "Lobby", "spot_note": "North precinct"},
        {"name": "Lobby", "latitude": "41.5020", "longitude": "-72.9790", "location_source": "address"},
    ],
    ids=["another address", "a branch", "an exact point"],
)
def test_a_zone_that_is_known_better_or_elsewhere_stays_where_it_is(lists: Lists, zone: dict[str, str]) -> None:
    lists.zones(zone)
    before = lists.zone()
    lists.stations(HEADQUARTERS)
    lists.improve()
    after = lists.zone()
    assert (after.latitude, after.longitude, after.location_source) == (
        before.latitude, before.longitude, before.location_source,
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        ("PROSPECT PD", "1 FAR ST", "PROSPECT", "41.5300", "-73.0200", "203-555-0100"),
        ("TOWN OF PROSPECT POLICE DEPT.", "2 FAR ST", "PROSPECT", "41.4800", "-73.0200", "203-555-0101"),
    ],
)
def test_a_department_with_two_buildings_in_the_list_is_left_alone(lists: Lists, other: tuple[str, ...]) -> None:
    lists.zones({"name": "Lobby"})
    before = lists.zone()
    lists.stations(HEADQUARTERS, other)
    assert "0 values changed; 0 buildings" in lists.improve() and lists.zone() == before


def test_a_namesake_in_another_part_of_the_state_is_not_the_department(lists: Lists) -> None:
    lists.zones({"name": "Lobby"})
    lists.stations((*HEADQUARTERS[:3], "41.9000", "-72.0000", HEADQUARTERS[5]))
    assert "0 values changed; 0 buildings" in lists.improve()


def test_a_building_that_may_have_moved_is_a_case_once_with_both_places(lists: Lists) -> None:
    lists.zones({"name": "Lobby"})
    lists.stations(HEADQUARTERS)
    lists.improve()
    moved = ("PROSPECT POLICE DEPARTMENT", "1 NEW ST", "PROSPECT", "41.5150", "-72.9800", "203-268-4111")
    lists.stations(moved)
    assert "1 buildings may have moved" in lists.improve("--dry-run")
    assert lists.site.rows("SELECT count(*) FROM data_case WHERE kind = 'station_moved'")[0][0] == 0
    assert "1 of them news" in lists.improve() and "0 of them news" in lists.improve()
    assert lists.zone().latitude == 41.505, "a moderator decides"
    words = words_of(lists.site.staff().get("/review/data"))
    assert "The station may have moved" in words and "is at 1 New St, Prospect (41.51500, -72.98000)." in words
    assert (
        "Federal list, 2018: Prospect Police Department is at 1 New St" in words
        and "The zone is shown 1111 m away, at 41.50500, -72.98000." in words
    )
    lists.stations(HEADQUARTERS)
    lists.improve()
    states = lists.site.rows("SELECT state, details FROM data_case WHERE kind = 'station_moved'")
    assert [(state, json.loads(details)["address"]) for state, details in states] == [("settled", "1 New St, Prospect")]


def test_without_a_list_there_is_nothing_to_take(site: Site) -> None:
    done = CliRunner().invoke(main, ["stations", "--improve"], env=site.environment)
    assert done.exit_code == 2 and "no list of stations is in use" in done.stderr
