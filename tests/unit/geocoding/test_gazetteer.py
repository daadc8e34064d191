"""The offline gazetteer: what people type becomes the right place, or a choice, never a guess."""

import contextlib
import lzma
import sqlite3
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.geocoding.address_parser import clean, read_address
from directory.geocoding.gazetteer import CHECKSUM, COMPRESSED, SCHEMA, Gazetteer, richer_gazetteer
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.matcher import Matcher
from directory.geocoding.matching.place_names import NO_NAMES
from directory.geocoding.position_parser import read_point
from directory.geocoding.results import BadAddressError, NoMatchError, Precision


def match(gazetteer: Gazetteer, text: str) -> Match:
    return Matcher(gazetteer, NO_NAMES).match(clean(text))


def only(gazetteer: Gazetteer, text: str) -> str:
    candidates = match(gazetteer, text).candidates
    assert len(candidates) == 1, [place.label for place in candidates]
    return candidates[0].label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("06840", "New Canaan, CT 06840"),
        ("06840-1234", "New Canaan, CT 06840"),
        ("06840 New Canaan", "New Canaan, CT 06840"),
        ("M5V 2T6", "Downtown Toronto, ON M5V"),
        ("NEW CANAAN, CT, US", "New Canaan, CT"),
        ("New Canaan, CT", "New Canaan, CT"),
        ("new canaan connecticut", "New Canaan, CT"),
        ("NEW CANAAN CT USA", "New Canaan, CT"),
        ("New Cannan, CT", "New Canaan, CT"),
        ("Nwe Canaan, CT", "New Canaan, CT"),
        ("St. Louis, MO", "St. Louis, MO"),
        ("Saint Louis, Missouri", "St. Louis, MO"),
        ("Ft. Worth, TX", "Fort Worth, TX"),
        ("Fort Worth TX", "Fort Worth, TX"),
        ("E. Hartford, Conn.", "East Hartford, CT"),
        ("N Little Rock AR", "North Little Rock, AR"),
        ("Montreal, QC", "Montréal, QC"),
        ("québec city, québec", "Québec City, QC"),
        ("Bayamón, PR", "Bayamón, PR"),
        ("Bayamon PR", "Bayamón, PR"),
        ("Georgetown, MA", "Georgetown, MA"),
        ("LaBelle, FL", "Labelle, FL"),
        ("Washington, DC", "Washington, DC"),
        ("Washington D.C.", "Washington, DC"),
        ("NYC", "New York, NY"),
        ("K1A 0B1", "K1A"),
        ("Hendry County, FL", "Hendry County, FL"),
        ("Town of New Canaan, CT", "New Canaan, CT"),
    ],
)
def test_a_place_is_found_however_it_is_written(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert label.lower() in only(gazetteer, text).lower()


def test_guam_is_known_by_its_villages(gazetteer: Gazetteer) -> None:
    result = match(gazetteer, "Barrigada, GU")
    assert distance_m(result.candidates[0].coordinates, Coordinates(13.47, 144.80)) < 5_000


def test_springfield_gives_five_to_choose_from_in_different_states(gazetteer: Gazetteer) -> None:
    candidates = match(gazetteer, "Springfield").candidates
    assert len(candidates) == 5
    assert len({place.state for place in candidates}) >= 4
    assert all(place.county for place in candidates)


@pytest.mark.parametrize("text", ["Nome, AK", "Cordova, AK", "Cody, WY", "Drumheller, AB", "Dawson City, Yukon"])
def test_a_town_with_a_wide_postal_area_is_no_choice_between_the_two(gazetteer: Gazetteer, text: str) -> None:
    candidates = match(gazetteer, text).candidates
    assert len(candidates) == 1 and candidates[0].precision is Precision.PLACE


def test_a_street_address_falls_back_to_its_town_and_says_so(gazetteer: Gazetteer) -> None:
    for text in ("174 South Avenue, New Canaan, CT", "174 South Avenue New Canaan CT"):
        result = match(gazetteer, text)
        assert [place.label for place in result.candidates] == ["New Canaan, CT"]
        assert not result.is_complete
        assert result.candidates[0].precision is Precision.PLACE


def test_the_postal_code_of_an_address_is_better_than_its_town(gazetteer: Gazetteer) -> None:
    result = match(gazetteer, "174 South Avenue, New Canaan, CT 06840")
    assert result.candidates[0].precision is Precision.POSTAL_CODE


def test_a_postal_code_of_another_state_is_a_question_not_a_guess(gazetteer: Gazetteer) -> None:
    candidates = match(gazetteer, "New Canaan, CT 90210").candidates
    assert {place.state for place in candidates} == {"CT", "CA"}


def test_a_rural_canadian_area_says_less_than_the_town_in_it(gazetteer: Gazetteer) -> None:
    candidates = match(gazetteer, "Hearst, ON P0L 1N0").candidates
    assert [place.precision for place in candidates] == [Precision.PLACE] and candidates[0].label == "Hearst, ON"


def test_part_of_a_longer_name_is_not_that_name(gazetteer: Gazetteer) -> None:
    labels = [place.label for place in match(gazetteer, "300 E Central Avenue, West Carrollton, OH").candidates]
    assert "Carrollton, OH" not in labels


def test_nonsense_matches_nothing(gazetteer: Gazetteer) -> None:
    assert match(gazetteer, "qqqq zzzz").candidates == ()
    assert match(gazetteer, "00000").candidates == ()


def test_suggestions_begin_with_what_was_typed_the_largest_first(gazetteer: Gazetteer) -> None:
    assert gazetteer.suggest("new york ci")[:2] == ["New York, NY", "New York City, NY"]
    assert gazetteer.suggest("ohi")[0] == "Ohio"
    assert gazetteer.suggest("W. Va.")[0] == "West Virginia"
    assert "Philadelphia, PA" in gazetteer.suggest("philly")
    assert gazetteer.suggest("0684")[0].endswith("06840")
    assert gazetteer.suggest("x") == []


def test_a_damaged_copy_is_unpacked_again(tmp_path: Path) -> None:
    Gazetteer.open_packaged(tmp_path)
    copy = next(tmp_path.glob("gazetteer-*.sqlite"))
    copy.write_bytes(b"garbage" * 1000)
    assert Gazetteer.open_packaged(tmp_path).postal_code("06840") is not None


def test_a_copy_that_is_damaged_or_removed_while_it_is_used_is_unpacked_again(tmp_path: Path) -> None:
    gazetteer = Gazetteer.open_packaged(tmp_path)
    assert gazetteer.postal_code("06840") is not None
    copy = next(tmp_path.glob("gazetteer-*.sqlite"))
    with copy.open("r+b") as file:
        file.write(b"garbage!" * 400_000)
    assert in_another_thread(gazetteer.postal_code, "06840") is not None
    copy.unlink()
    assert in_another_thread(gazetteer.postal_code, "06883") is not None


def test_a_richer_gazetteer_is_opened_once_until_it_is_built_anew(tmp_path: Path) -> None:
    write_richer(tmp_path, "06840")
    gazetteer = Gazetteer.open_best(tmp_path, tmp_path)
    assert gazetteer.postal_code("06840") is not None
    assert Gazetteer.open_best(tmp_path, tmp_path) is gazetteer
    write_richer(tmp_path, "06883")
    again = Gazetteer.open_best(tmp_path, tmp_path)
    assert again.postal_code("06883") is not None and again.postal_code("06840") is None


def write_richer(folder: Path, code: str) -> None:
    """A gazetteer of one postal code, put in the place of the one before as the builder does."""
    draft = folder / "draft.sqlite"
    with contextlib.closing(sqlite3.connect(draft)) as database, database:
        database.executescript(f"{SCHEMA} CREATE TABLE built_from (checksum TEXT); PRAGMA user_version = 1;")
        database.execute("INSERT INTO built_from VALUES (?)", [CHECKSUM.read_text().strip()])
        database.execute("INSERT INTO postal VALUES (?, 'US', 'CT', 'Here', 411000, -734000)", [code])
    draft.replace(richer_gazetteer(folder))


def in_another_thread(function: Callable[[str], Any], argument: str) -> Any:
    """The answer over a connection of its own, which is opened now."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, argument).result()


def test_the_checksum_is_that_of_the_packed_gazetteer() -> None:
    assert f"{zlib.crc32(lzma.decompress(COMPRESSED.read_bytes())):08x}" == CHECKSUM.read_text().strip()


def test_states_near_a_point_are_those_around_it(gazetteer: Gazetteer) -> None:
    assert "CT" in gazetteer.states_near(Coordinates(41.1468, -73.4948))
    assert gazetteer.states_near(Coordinates(0, 0)) == set()


@pytest.mark.parametrize(
    ("text", "latitude"),
    [("41.1412, -73.4907", 41.1412), ("(41.1412 -73.4907)", 41.1412), ("41.1412° N, 73.4907° W", 41.1412)],
)
def test_coordinates_are_taken_as_such(text: str, latitude: float) -> None:
    point = read_point(text)
    assert point is not None and (point.latitude, point.longitude) == (latitude, -73.4907)


def test_coordinates_out_of_range_are_refused() -> None:
    position = read_point("141.14, -173.49")
    assert position is not None
    with pytest.raises(BadAddressError):
        _ = position.point


@pytest.mark.parametrize("text", ["", "   ", "\x00\x1b", "a" * 10_000])
def test_empty_and_endless_text_is_no_address(text: str) -> None:
    with pytest.raises(BadAddressError):
        clean(text)


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(gazetteer: Gazetteer, text: str) -> None:
    try:
        text = clean(text)
        read_point(text)
    except BadAddressError:
        return
    reading = read_address(text)
    assert all(segment.strip() for segment in reading.segments)
    with contextlib.suppress(BadAddressError, NoMatchError):
        match(gazetteer, text)


def test_nearest_states_of_many_points_are_among_those_near_each(gazetteer: Gazetteer) -> None:
    points = [
        Coordinates(41.15, -73.5),
        Coordinates(36.58, -82.19),
        Coordinates(30.0, -50.0),
        Coordinates(45.42, -75.7),
    ]
    nearest = gazetteer.nearest_states(points)
    assert (nearest[0], nearest[2], nearest[3]) == ("CT", "", "ON")
    assert all(state in gazetteer.states_near(point) for state, point in zip(nearest, points, strict=True) if state)
    assert gazetteer.nearest_states([]) == []
