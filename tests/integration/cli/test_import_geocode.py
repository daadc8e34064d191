"""`safezones import --geocode`: rows without coordinates get the point of their address, and say how exact it is."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from directory.db.engine import open_database
from directory.store.directory_reader import read_directory
from directory.store.repository import StoredZone
from directory.zones.schemas import LocationSource
from tests.integration.cli.test_cli import safezones
from tests.integration.geocoding.test_chain import NO_MATCH, census
from tests.support.loopback import Loopback, Serve

HEADER = "department,town,state,address,latitude,longitude\n"
FOUND = "New Canaan Police Department,New Canaan,CT,174 South Avenue,,\n"
PLACED = "Darien Police Department,Darien,CT,25 Hecker Avenue,41.0696,-73.4795\n"
UNKNOWN = "Weston Police Department,Weston,CT,9999 Nowhere Road,,\n"


def answer(path: str) -> tuple[int, bytes, float]:
    """The Census geocoder knows South Avenue alone."""
    address = parse_qs(urlsplit(path).query).get("address", [""])[0]
    return 200, census() if "SOUTH" in address.upper() else NO_MATCH, 0


@pytest.fixture
def service(loopback: Serve) -> Loopback:
    return loopback(answer)


def imported(folder: Path, service: Loopback, *rows: str, options: tuple[str, ...] = ("--geocode",)) -> tuple[str, str]:
    """The command's two outputs after a file of these rows."""
    (folder / "zones.csv").write_text(HEADER + "".join(rows))
    done = safezones(folder, "import", "zones.csv", *options, SAFEZONES_GEOCODERS="census",
                     SAFEZONES_CENSUS_URL=service.url)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def zones(folder: Path) -> dict[str, StoredZone]:
    engine: Engine = open_database(f"sqlite:///{folder / 'directory.sqlite'}")
    try:
        return {zone.town: zone for zone in read_directory(engine).zones}
    finally:
        engine.dispose()


def test_an_address_that_is_found_is_the_point_and_says_by_whom(tmp_path: Path, service: Loopback) -> None:
    told, progress = imported(tmp_path, service, FOUND, PLACED, UNKNOWN)
    assert "found by its house number, by census" in told.lower()
    assert "1 of 2 addresses found; 0 without an answer, 0 not looked up" in progress
    after = zones(tmp_path)
    assert after["New Canaan"].location_source is LocationSource.ADDRESS and not after["New Canaan"].approximate
    assert (after["New Canaan"].latitude, after["New Canaan"].longitude) == (41.1411, -73.4907)
    assert after["Weston"].location_source is LocationSource.TOWN and after["Weston"].approximate
    assert after["Darien"].latitude == 41.0696


def test_without_the_option_nobody_is_asked(tmp_path: Path, service: Loopback) -> None:
    imported(tmp_path, service, FOUND, options=())
    assert zones(tmp_path)["New Canaan"].location_source is LocationSource.TOWN
    assert service.asked == []


def test_the_same_file_again_asks_nobody_a_second_time(tmp_path: Path, service: Loopback) -> None:
    imported(tmp_path, service, FOUND)
    asked = len(service.asked)
    told, _ = imported(tmp_path, service, FOUND)
    assert "unchanged 1" in told and len(service.asked) == asked


def test_a_service_that_is_down_is_left_alone_after_three_rows_and_the_file_goes_in(
    tmp_path: Path, loopback: Serve
) -> None:
    down = loopback(lambda _path: (503, b"", 0))
    rows = [f"Weston Police Department,Weston,CT,{number} Norfield Road,,\n" for number in range(1, 6)]
    _, progress = imported(tmp_path, down, *rows)
    assert "0 of 3 addresses found; 3 without an answer, 2 not looked up" in progress
    assert zones(tmp_path)["Weston"].location_source is LocationSource.TOWN


def test_an_address_in_a_town_that_nobody_knows_places_its_row(tmp_path: Path, service: Loopback) -> None:
    imported(tmp_path, service, FOUND.replace(",New Canaan,CT", ",Nosuch Township,CT"))
    zone = zones(tmp_path)["Nosuch Township"]
    assert (zone.latitude, zone.location_source) == (41.1411, LocationSource.ADDRESS)
