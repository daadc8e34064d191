"""The gazetteer that an operator builds from the public files: townships, counties' towns, Canadian municipalities."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from directory.cli import main
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.factory import build_chain
from directory.geocoding.results import NoMatchError
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits

SUBDIVISIONS = """USPS\tGEOID\tANSICODE\tNAME\tFUNCSTAT\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG
OH\t3906116616\t01086218\tColerain township\tA\t1\t1\t1\t1\t39.2547\t-84.6023
OH\t3901316623\t01086219\tColerain township\tA\t1\t1\t1\t1\t40.1188\t-80.8277
PA\t4206922872\t01214925\tElmhurst township\tA\t1\t1\t1\t1\t41.3737\t-75.5443
PA\t4209144976\t01216371\tLower Merion township\tA\t1\t1\t1\t1\t40.0282\t-75.2807
TN\t4700190001\t01000001\tDistrict 4\tN\t1\t1\t1\t1\t36.1\t-84.1
CO\t0800190002\t01000002\tAurora CCD\tS\t1\t1\t1\t1\t39.7\t-104.8
OH\t3906199999\t01000003\tNowhere township\tA\t1\t1\t1\t1\tnorth\t-84.6
"""
COUNTIES = """USPS|GEOID|ANSICODE|NAME|ALAND|INTPTLAT|INTPTLONG
OH|39061|01074043|Hamilton County|1|39.1970|-84.5440
OH|39013|01074019|Belmont County|1|40.0179|-80.9676
PA|42069|01209183|Lackawanna County|1|41.4403|-75.6095
"""
PLACES = (
    "USPS\tGEOID\tNAME\tLSAD\tFUNCSTAT\tINTPTLAT\tINTPTLONG\nPA\t4223016\tElm Grove Heights CDP\t57\tS\t41.0\t-75.9\n"
)
CANADA = """province,kind,name,type,official,also,lat,lon
ON,region,Wellington,County,County of Wellington,Wellington County,43.8441,-80.5595
"""

CANADIAN_NAMES = """CGNDB ID,Geographical Name,Generic Term,Generic Category,Latitude,Longitude,Province - Territory
FAAAA,Elmwood Corners,Village,Populated Place,44.24,-81.04,Ontario
FBBBB,Elmwood Pond,Lake,Water Feature,44.25,-81.05,Ontario
"""

Command = Callable[..., Result]


@pytest.fixture
def database_kind() -> str:
    """The gazetteer is a file, whatever the database is."""
    return "sqlite"


@pytest.fixture
def safezones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("SAFEZONES_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SAFEZONES_GEOCODERS", "")
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def build_result(safezones: Command, tmp_path: Path) -> Result:
    subdivisions = tmp_path / "cousubs.txt"
    subdivisions.write_text(SUBDIVISIONS)
    with zipfile.ZipFile(tmp_path / "counties.zip", "w") as archive:
        archive.writestr("counties.txt", COUNTIES)
    (tmp_path / "places.txt.gz").write_bytes(gzip.compress(PLACES.encode()))
    (tmp_path / "canada.csv").write_text(CANADA)
    return safezones(
        "gazetteer", "build", "--census-subdivisions", subdivisions, "--census-counties", tmp_path / "counties.zip",
        "--census-places", tmp_path / "places.txt.gz", "--canada", tmp_path / "canada.csv",
    )  # fmt: skip


@pytest.fixture
def open_chain(engine: Engine, tmp_path: Path) -> Callable[[], GeocodingChain]:
    settings = Settings(data_dir=tmp_path / "data", geocoders=())
    return lambda: build_chain(settings, StoredAnswers(engine, SigningKeys.of("secret")), StoredRateLimits(engine))


@pytest.fixture
def chain(build_result: Result, open_chain: Callable[[], GeocodingChain]) -> GeocodingChain:
    return open_chain()


def test_a_township_is_unknown_and_said_to_be_until_the_file_is_built_in(
    open_chain: Callable[[], GeocodingChain],
) -> None:
    with pytest.raises(NoMatchError) as refusal:
        open_chain().locate("Lower Merion Township, PA")
    assert [note.code for note in refusal.value.notes] == ["township_unknown"]


def test_official_files_are_read_as_they_are_published(build_result: Result, chain: GeocodingChain) -> None:
    assert build_result.exit_code == 0, build_result.output
    assert "cousubs.txt: 4 places added" in build_result.output
    assert "cousubs.txt, line 8: left out, latitude: “north” is not a number" in build_result.output
    for text in ("Lower Merion, PA", "Lower Merion Township, PA", "lower merion twp pa"):
        assert [place.label for place in chain.locate(text).candidates] == ["Lower Merion Township, PA"]
    elmhurst = chain.locate("12 Main St Elmhurst Township PA")
    assert [place.label for place in elmhurst.candidates] == ["Elmhurst Township, PA"] and elmhurst.partial
    assert chain.locate("Elm Grove Heights, PA").place is not None
    assert [place.label for place in chain.locate("Wellington County, ON").candidates] == ["Wellington County, ON"]


def test_townships_of_one_name_are_a_choice_with_their_counties(build_result: Result, chain: GeocodingChain) -> None:
    candidates = chain.locate("Colerain Township, OH").candidates
    assert {place.county for place in candidates} == {"Hamilton County", "Belmont County"}
    narrowed = chain.locate("Colerain Township, Hamilton County, OH")
    assert narrowed.place is not None and narrowed.place.county == "Hamilton County"


def test_a_file_that_is_something_else_changes_nothing(
    build_result: Result, safezones: Command, tmp_path: Path, chain: GeocodingChain
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    result = safezones("gazetteer", "build", "--census-places", wrong)
    assert result.exit_code == 2 and "no column for state, name, latitude, longitude" in result.output
    assert chain.locate("Lower Merion, PA").place is not None


def test_a_damaged_one_is_left_aside_and_one_can_go_back(
    build_result: Result, safezones: Command, open_chain: Callable[[], GeocodingChain], tmp_path: Path
) -> None:
    (tmp_path / "data" / "gazetteer.sqlite").write_bytes(b"garbage" * 1000)
    assert open_chain().locate("06840").place is not None
    assert safezones("gazetteer", "remove").exit_code == 0
    assert safezones("gazetteer", "remove").exit_code == 2


def test_the_list_of_canadian_names_gives_its_populated_places(
    safezones: Command, open_chain: Callable[[], GeocodingChain], tmp_path: Path
) -> None:
    (tmp_path / "names.csv").write_text(CANADIAN_NAMES)
    assert "names.csv: 1 places added" in safezones("gazetteer", "build", "--canada", tmp_path / "names.csv").output
    assert open_chain().locate("Elmwood Corners, Ontario").place is not None


def test_no_file_is_no_build(safezones: Command) -> None:
    result = safezones("gazetteer", "build")
    assert result.exit_code == 2 and "name at least one file" in result.output
