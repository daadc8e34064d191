"""Geocoders and export formats of other distributions: installed beside the program, found by their entry points."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, only_sqlite

pytestmark = pytest.mark.slow

MODULE = """
from directory.formats.export_formats import ExportFormat
from directory.geo import Coordinates
from directory.geocoding.providers.provider import GeocodingProvider
from directory.geocoding.results import Geocode, Precision


class TownHall(GeocodingProvider):
    name = "townhall"

    def parse(self, response):
        return [Geocode("1 Unlisted Lane, New Canaan, CT", Coordinates(*response), self.name, Precision.ADDRESS)]


class Register:
    def geocode(self, text, timeout):
        return (41.1468, -73.4948)


def geocoder(settings, rate_limiter):
    return TownHall(Register())


def write(zones, edition):
    for zone in zones:
        yield f"POINT({zone.longitude} {zone.latitude})\\n"


wkt = ExportFormat("WKT", "text/plain", write)
"""
ENTRY_POINTS = """[safezones.geocoders]
townhall = town_hall:geocoder
broken = town_hall:missing

[safezones.exports]
wkt = town_hall:wkt
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of modules that holds a distribution with a geocoder and an export format."""
    folder = tmp_path / "site-packages"
    metadata = folder / "town_hall-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "town_hall.py").write_text(MODULE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: town-hall\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder


def safezones(data: Path, modules: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment |= {"SAFEZONES_DATA_DIR": str(data), "PYTHONPATH": f"{ROOT}:{modules}"}
    return subprocess.run(
        [sys.executable, "-m", "directory", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True, text=True, check=False, cwd=data,
    )  # fmt: skip


@only_sqlite
@pytest.mark.real_zones
@pytest.mark.usefixtures("engine")
def test_an_installed_export_format_is_offered_by_name(tmp_path: Path, installed: Path) -> None:
    done = safezones(tmp_path, installed, "export", "--format", "wkt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("POINT(") and len(done.stdout.splitlines()) == 995
    assert safezones(tmp_path, tmp_path, "export", "--format", "wkt").returncode == 2, "without it there is none"


@only_sqlite
@pytest.mark.real_zones
@pytest.mark.usefixtures("engine")
def test_an_installed_geocoder_is_asked_when_it_is_set(tmp_path: Path, installed: Path) -> None:
    arguments = ("geocode", "1 Unlisted Lane, New Canaan, CT")
    done = safezones(tmp_path, installed, *arguments, SAFEZONES_GEOCODERS="townhall", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    assert "townhall" in done.stdout and "address" in done.stdout


def test_a_geocoder_that_cannot_be_loaded_is_named(tmp_path: Path, installed: Path) -> None:
    done = safezones(tmp_path, installed, "check", SAFEZONES_GEOCODERS="broken")
    assert done.returncode == 2
    assert "SAFEZONES_GEOCODERS=broken: its distribution cannot be loaded" in done.stderr
