"""Streets, towns and departments that are one however they are written, and others that are not."""

import csv
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.text import plain
from directory.zones.duplicates.departments import department_key, may_be_same, same_department
from directory.zones.duplicates.streets import (
    StreetAddress,
    may_be_same_number,
    read_street,
    same_address,
    street_key,
)
from directory.zones.duplicates.towns import town_key
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "duplicates"


def cases(name: str) -> list[Any]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [pytest.param(row, id=f"{row['one']} {'is' if row['same'] == 'yes' else 'is not'} {row['other']}")
            for row in rows]  # fmt: skip


@pytest.mark.parametrize("row", cases("departments"))
def test_a_department_is_recognized_by_whose_police_it_is(row: dict[str, str]) -> None:
    one, other = (department_key(row[name], row["state"]) for name in ("one", "other"))
    assert same_department(one, other) is same_department(other, one) is (row["same"] == "yes"), (one, other)
    assert row["same"] == "no" or may_be_same(row["one"], row["other"])


@pytest.mark.parametrize("row", cases("streets"))
def test_an_address_is_recognized_by_number_and_street(row: dict[str, str]) -> None:
    one, other = read_street(row["one"]), read_street(row["other"])
    assert same_address(one, other) is same_address(other, one) is (row["same"] == "yes"), (one, other)


@pytest.mark.parametrize("row", cases("towns"))
def test_a_town_is_recognized_by_its_name_alone(row: dict[str, str]) -> None:
    one, other = (town_key(row[name], row["state"]) for name in ("one", "other"))
    assert (one == other) is (row["same"] == "yes"), (one, other)


@pytest.mark.parametrize(
    ("name", "town"), [("Police Department", "New Canaan"), ("NCPD", "New Canaan"), ("PD", "Darien")]
)
def test_a_name_without_a_place_is_that_of_the_zones_town(name: str, town: str) -> None:
    for written in (town, f"Town of {town}", f"{town}, CT"):
        assert department_key(name, "CT", written) == department_key(f"{town} Police Department", "CT")


def test_a_street_has_one_key_for_every_spelling() -> None:
    assert street_key("174 South Ave., Suite 2") == street_key("174 south avenue") == "174 south avenue"
    assert street_key("") == ""


NUMBERS = st.integers(1, 99_999).map(str)
NAMES = st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True)
SUFFIXES = st.sampled_from(
    [("Street", "St."), ("Avenue", "Ave"), ("Road", "Rd"), ("Boulevard", "Blvd."), ("Lane", "Ln")]
)
DIRECTIONS = st.sampled_from([("", ""), ("North ", "N. "), ("Southwest ", "SW "), ("East ", "E ")])
UNITS = st.sampled_from(["", ", Suite 200", " # 4", ", 2nd Floor", " Unit B", " (lobby)", ", rear"])


@given(NUMBERS, NAMES, SUFFIXES, DIRECTIONS, UNITS, st.booleans())
def test_every_abbreviation_unit_and_case_of_an_address_is_the_same_address(
    number: str, name: str, suffix: tuple[str, str], direction: tuple[str, str], unit: str, loud: bool
) -> None:
    long = f"{number} {direction[0]}{name} {suffix[0]}"
    short = f"{number} {direction[1]}{name} {suffix[1]}{unit}"
    assert street_key(long) == street_key(short.upper() if loud else short)


@given(NUMBERS, NUMBERS, NAMES, SUFFIXES)
def test_another_number_is_another_address(one: str, other: str, name: str, suffix: tuple[str, str]) -> None:
    pair = read_street(f"{one} {name} {suffix[0]}"), read_street(f"{other} {name} {suffix[1]}")
    assert same_address(*pair) is (one == other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_a_key_and_the_quick_look_hides_no_address(one: str, other: str) -> None:
    streets = read_street(one), read_street(other)
    assert all(isinstance(street, StreetAddress) for street in streets)
    if re.match(r"\d", one.strip()) and same_address(*streets):
        assert may_be_same_number(one.strip(), other.strip())


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_compare_alike_from_both_sides(one: str, other: str) -> None:
    keys = department_key(one, "QC"), department_key(other, "QC")
    assert same_department(keys[0], keys[0])
    assert same_department(*keys) is same_department(*reversed(keys))
    assert town_key(one, "QC") == town_key(town_key(one, "QC"), "QC") or len(plain(one).split()) > 1


PLACES = st.lists(st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True), min_size=1, max_size=3).map(" ".join)


@given(PLACES, st.sampled_from(["{} PD", "{} Police", "City of {} Police Dept.", "{} Division of Police", "{} P.D."]))
def test_every_place_has_one_police_however_it_is_called(place: str, pattern: str) -> None:
    whole = f"{place} Police Department"
    if not re.search(r"\b(?:Univ|Metro|Fort|Township|County)", place):
        assert same_department(department_key(pattern.format(place), "OH"), department_key(whole, "OH"))
        assert not same_department(department_key(f"{place} County Sheriff", "OH"), department_key(whole, "OH"))
