"""Municipalities that the gazetteer lacks place the rows that name them; one of several namesakes is never guessed."""

import pytest

from directory.zones.municipalities import municipalities
from directory.zones.validation.row_validation import RawRow, validate
from tests.support.validation import SmallGazetteer


@pytest.mark.parametrize(
    ("town", "state", "department", "county"),
    [
        ("Hampden Township", "PA", "", "cumberland"),
        ("Springettsbury Twp", "PA", "", "york"),
        ("South Brunswick", "NJ", "", "middlesex"),
        ("Township of South Brunswick", "NJ", "", "middlesex"),
        ("Springfield Township", "PA", "Springfield Township Police Department (Montgomery County)", "montgomery"),
        ("Springfield Township (Montgomery County)", "PA", "", "montgomery"),
        ("Washington Township", "NJ", "Washington Township Gloucester County PD", "gloucester"),
        ("Val-Joli", "QC", "Sûreté du Québec", "levalsaintfrancois"),
        ("Wellington County", "ON", "OPP", ""),
        ("Haut-Saint-François", "QC", "Sûreté du Québec", ""),
    ],
)
def test_a_municipality_is_found_by_name_form_and_county(town: str, state: str, department: str, county: str) -> None:
    assert [one.county for one in municipalities(town, state, department)] == [county]


@pytest.mark.parametrize(
    ("town", "state", "department"),
    [
        ("Springfield Township", "PA", "Springfield Township Police"),  # in six counties
        ("Washington Township", "NJ", "Washington Township Police, Nowhere County"),
        ("Grey Bruce", "ON", "OPP Grey Bruce Detachment"),
        ("Hampden Borough", "PA", ""),
    ],
)
def test_of_several_namesakes_none_is_guessed(town: str, state: str, department: str) -> None:
    assert not municipalities(town, state, department)


def test_a_name_alone_is_no_far_township_where_townships_go_by_their_form() -> None:
    assert not municipalities("Bruno", "KS")
    assert municipalities("Bruno Township", "KS") == municipalities("Bruno", "KS", "Bruno Township Police") != ()


def test_a_row_of_such_a_town_goes_in_as_approximate() -> None:
    values = {"department": "Hampden Township Police", "town": "Hampden Township", "state": "PA"}
    record = validate(RawRow(2, values), SmallGazetteer()).record
    assert record is not None and (record.location_source, record.approximate) == ("town", True)
    assert (record.latitude, record.longitude) == (40.26, -76.981)
