"""The chain asks a real Nominatim."""

from pathlib import Path

import pytest

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geo import Coordinates, distance_m
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.factory import build_chain
from directory.geocoding.results import Precision
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits

pytestmark = pytest.mark.nominatim
STATION = Coordinates(41.141153, -73.490730)


@pytest.fixture
def chain(nominatim_url: str, tmp_path: Path) -> GeocodingChain:
    engine = open_database(f"sqlite:///{tmp_path / 'answers.sqlite'}")
    migrate(engine)
    settings = Settings(
        data_dir=tmp_path,
        geocoders=("nominatim",),
        nominatim_url=nominatim_url,
        nominatim_interval=0,
        geocoding_seconds=10,
    )
    return build_chain(settings, StoredAnswers(engine, SigningKeys.of("secret")), StoredRateLimits(engine))


def test_a_house_is_found_as_an_address(chain: GeocodingChain) -> None:
    place = chain.locate("174 South Avenue, New Canaan, CT").place
    assert place is not None
    assert (place.provider, place.precision) == ("nominatim", Precision.ADDRESS)
    assert distance_m(place.coordinates, STATION) < 5
    assert (place.country, place.state) == ("US", "CT")


def test_a_street_without_the_house_is_a_street(chain: GeocodingChain) -> None:
    place = chain.locate("South Avenue, New Canaan, CT").place
    assert place is not None
    assert (place.provider, place.precision) == ("nominatim", Precision.STREET)


def test_an_address_it_does_not_know_falls_back_to_the_town(chain: GeocodingChain) -> None:
    answer = chain.locate("12 Nonesuch Boulevard, New Canaan, CT")
    assert answer.partial and not answer.degraded
    assert answer.place is not None and answer.place.provider == "gazetteer"


@pytest.mark.parametrize("words", ["06840", "New Canaan, CT"])
def test_places_of_the_gazetteer_do_not_bother_it(chain: GeocodingChain, words: str) -> None:
    place = chain.locate(words).place
    assert place is not None and place.provider == "gazetteer"
