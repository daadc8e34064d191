"""The geocoding chain: who is asked, what is remembered, and three refusals that are told apart."""

import json
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from directory.db.transaction import BUSY_SECONDS
from directory.geocoding.chain import GeocodingChain
from directory.geocoding.factory import UnknownGeocoderError, build_chain
from directory.geocoding.results import BadAddressError, GeocoderUnavailableError, NoMatchError, Precision
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store import geocoder_answers
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from tests.support.loopback import Serve

ADDRESS = "174 South Avenue, New Canaan, CT"
UNPLACED = "174 South Avenue, Nowhereville Springs, CT"
Build = Callable[..., GeocodingChain]


def census(latitude: float = 41.1411, longitude: float = -73.4907) -> bytes:
    """What the Census geocoder answers for one matched address."""
    match = {
        "matchedAddress": "174 SOUTH AVE, NEW CANAAN, CT, 06840",
        "coordinates": {"x": longitude, "y": latitude},
        "addressComponents": {"state": "CT", "zip": "06840", "city": "NEW CANAAN"},
    }
    return json.dumps({"result": {"addressMatches": [match]}}).encode()


NO_MATCH = json.dumps({"result": {"addressMatches": []}}).encode()


@pytest.fixture
def build(engine: Engine, tmp_path: Path) -> Build:
    def chain(census_url: str = "", **values: object) -> GeocodingChain:
        options: dict[str, Any] = {"geocoders": ("census",) if census_url else (), **values}
        settings = Settings(data_dir=tmp_path, census_url=census_url or "http://127.0.0.1:9", **options)
        return build_chain(settings, StoredAnswers(engine, SigningKeys.of("secret")), StoredRateLimits(engine))

    return chain


def test_a_house_number_is_answered_by_the_census_geocoder(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (200, census(), 0))
    place = build(server.url).locate(ADDRESS).place
    assert place is not None
    assert (place.provider, place.precision) == ("census", Precision.ADDRESS)
    assert place.coordinates.latitude == 41.1411
    assert "SafeZoneDirectory" in server.agents[0], "the request says who asks"


def test_a_hit_is_asked_for_once(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (200, census(), 0))
    for _ in range(3):
        build(server.url).locate(ADDRESS)
    assert len(server.asked) == 1


def test_a_miss_is_remembered_and_falls_back_to_the_town(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (200, NO_MATCH, 0))
    chain = build(server.url)
    for _ in range(2):
        result = chain.locate(ADDRESS)
        assert result.partial and not result.degraded
        assert result.place is not None and result.place.precision is Precision.PLACE
    assert len(server.asked) == 1


def test_a_miss_is_asked_for_again_on_the_next_day_and_a_hit_is_not(
    build: Build, loopback: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss, hit = loopback(lambda _path: (200, NO_MATCH, 0)), loopback(lambda _path: (200, census(), 0))
    for day, asked in ((4, (1, 1)), (5, (2, 1))):
        noon = datetime(2026, 3, day, 12, tzinfo=UTC)
        monkeypatch.setattr(geocoder_answers, "now", lambda noon=noon: noon)
        build(miss.url).locate(ADDRESS)
        build(hit.url).locate(f"1{ADDRESS}")
        assert (len(miss.asked), len(hit.asked)) == asked


@pytest.mark.parametrize("status, body", [(500, b""), (429, b"slow down"), (200, b"<html>garbage"), (200, b"[1, 2]")])
def test_an_outage_is_never_remembered_and_the_town_is_marked_as_second_best(
    build: Build, loopback: Serve, status: int, body: bytes
) -> None:
    server = loopback(lambda _path: (status, body, 0))
    chain = build(server.url)
    for _ in range(2):
        result = chain.locate(ADDRESS)
        assert result.degraded and result.partial
    assert len(server.asked) == 2


def test_a_hung_service_costs_no_more_than_the_deadline(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (200, census(), 120))
    chain = build(server.url, geocoding_seconds=0.5)
    started_at = time.monotonic()
    assert chain.locate(ADDRESS).degraded
    assert time.monotonic() - started_at < 30, "a quarter of what the service takes"


def test_a_service_that_fails_three_times_is_left_alone(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (500, b"", 0))
    chain = build(server.url)
    for number in range(6):
        chain.locate(f"{number} South Avenue, New Canaan, CT")
    assert len(server.asked) == 3


def test_no_match_outage_and_bad_input_are_three_answers(build: Build, loopback: Serve) -> None:
    knows_nothing = loopback(lambda _path: (200, NO_MATCH, 0))
    broken = loopback(lambda _path: (500, b"", 0))
    with pytest.raises(NoMatchError):
        build(knows_nothing.url).locate(UNPLACED)
    with pytest.raises(GeocoderUnavailableError):
        build(broken.url).locate(UNPLACED.replace("174", "175"))
    with pytest.raises(BadAddressError):
        build(broken.url).locate("  ")


def test_a_town_that_our_own_tables_do_not_know_is_unknown_though_the_services_are_silent(
    build: Build, loopback: Serve
) -> None:
    broken = loopback(lambda _path: (500, b"", 0))
    chain = build(geocoders=("nominatim",), nominatim_url=broken.url, nominatim_interval=0)
    for words in ("Foobarville, CT", "Foobarville", "the mall"):
        with pytest.raises(NoMatchError) as refusal:
            chain.locate(words)
        assert refusal.value.degraded
    with pytest.raises(GeocoderUnavailableError):
        chain.locate("12 Foo Street, Foobarville, CT")


@pytest.mark.parametrize("number", ["0684", "068401", "99"])
def test_a_number_that_is_no_postal_code_is_bad_input_and_no_service_is_asked(
    build: Build, loopback: Serve, number: str
) -> None:
    server = loopback(lambda _path: (500, b"", 0))
    with pytest.raises(BadAddressError) as refusal:
        build(server.url).locate(number)
    assert [note.code for note in refusal.value.notes] == ["zip_digits"] and not server.asked


def test_a_silent_service_does_not_hide_what_was_read(build: Build, loopback: Serve) -> None:
    broken = loopback(lambda _path: (500, b"", 0))
    chain = build(geocoders=("nominatim",), nominatim_url=broken.url, nominatim_interval=0)
    with pytest.raises(GeocoderUnavailableError) as refusal:
        chain.locate("Colerain Township, OH")
    assert [note.code for note in refusal.value.notes] == ["township_unknown"]


def test_an_answer_in_another_part_of_the_world_is_not_believed(build: Build, loopback: Serve) -> None:
    for latitude, longitude in ((-33.9, 151.2), (-73.4907, 41.1411)):
        answer_there = (200, census(latitude, longitude), 0)
        server = loopback(lambda _path, there=answer_there: there)  # type: ignore[misc]
        result = build(server.url).locate(f"{abs(int(latitude))} South Avenue, New Canaan, CT")
        assert result.place is not None and result.place.provider == "gazetteer"


def test_a_locked_database_costs_a_search_only_its_memory(
    build: Build, loopback: Serve, engine: Engine, tmp_path: Path
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite locks the whole database for one writer")
    server = loopback(lambda _path: (200, census(), 0))
    chain = build(server.url)
    holder = sqlite3.connect(tmp_path / "directory.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    started_at = time.monotonic()
    assert chain.locate(ADDRESS).place is not None
    assert time.monotonic() - started_at < BUSY_SECONDS, "what others wait for a lock"
    holder.execute("ROLLBACK")
    holder.close()


def test_postal_codes_and_towns_ask_nobody(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (500, b"", 0))
    chain = build(server.url)
    for text in ("06840", "New Canaan, CT", "Springfield", "K1A 0B1", "41.14, -73.49"):
        chain.locate(text)
    assert server.asked == []


def test_canadian_addresses_do_not_bother_the_us_census(build: Build, loopback: Serve) -> None:
    server = loopback(lambda _path: (200, census(), 0))
    build(server.url).locate("111 Wellington Street, Ottawa, ON")
    assert server.asked == []


def nominatim(path: str) -> tuple[int, bytes, float]:
    """A Nominatim that knows one house and one street."""
    place = {"lat": "41.1412", "lon": "-73.4907", "display_name": "South Avenue, New Canaan", "addresstype": "road",
             "address": {"road": "South Avenue", "ISO3166-2-lvl4": "US-CT", "country_code": "us"}}  # fmt: skip
    if "174" in path:
        place["address"]["house_number"] = "174"  # type: ignore[index]
    return 200, json.dumps([place]).encode(), 0


def test_nominatim_never_claims_more_than_it_found(build: Build, loopback: Serve) -> None:
    server = loopback(nominatim)
    chain = build(geocoders=("nominatim",), nominatim_url=server.url, nominatim_interval=0)
    house, street = chain.locate(ADDRESS).place, chain.locate("South Avenue, New Canaan, CT").place
    assert house is not None and house.precision is Precision.ADDRESS
    assert street is not None and street.precision is Precision.STREET
    assert "countrycodes=us%2Cca" in server.asked[0]


def test_nominatim_gets_one_request_a_second_from_all_workers_together(build: Build, loopback: Serve) -> None:
    server = loopback(nominatim)
    workers = [
        build(geocoders=("nominatim",), nominatim_url=server.url, nominatim_interval=0.4, geocoding_seconds=9)
        for _ in range(2)
    ]
    started_at = time.monotonic()
    for number in range(4):
        workers[number % 2].locate(f"{number} South Avenue, New Canaan, CT")
    assert len(server.asked) == 4
    assert time.monotonic() - started_at >= 3 * 0.4


def test_an_unknown_provider_is_named_at_the_start(build: Build) -> None:
    with pytest.raises(UnknownGeocoderError, match="nosuch"):
        build(geocoders=("nosuch",))
    with pytest.raises(UnknownGeocoderError, match="api_key"):
        build(geocoders=("opencage",))


def test_a_keyed_provider_works_by_configuration(build: Build) -> None:
    chain = build(geocoders=("opencage",), geocoder_options={"opencage": {"api_key": "k", "domain": "127.0.0.1:9"}})
    result = chain.locate(ADDRESS)
    assert result.degraded, "nobody listens there, so it is silent, and the town answers"
