"""Whether the holder of an official domain is a department's own government, or the department itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from directory.db.tables.domains import OfficialDomain
from directory.verification.domain_ownership import why_own
from directory.verification.governments import named_in, one_government
from directory.zones.departments.agencies import duty_of, kind_of_agency
from directory.zones.departments.schemas import AgencyKind


def reason(name: str, state: str = "CT", **row: Any) -> str:
    values = {"domain": "westonct.gov", "place": "Town of Weston", "state": "CT", "source": "x", "kind": "city", **row}
    return why_own(OfficialDomain(**values), name, state, kind_of_agency(name))


SHERIFF = "Boulder County Sheriff's Office"
GOVERNMENT, ITSELF, NOT = "its government", "the agency itself", ""
DROPPED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("Weston Police Department", {}, GOVERNMENT),
        ("Weston Police Department", {"kind": ""}, GOVERNMENT),
        ("Weston Police Department", {"kind": "city - something"}, GOVERNMENT),
        ("Weston Police Department", {"kind": "special district"}, NOT),
        ("Weston Police Department", {"kind": "county"}, NOT),
        ("Weston Police Department", {"dropped_at": DROPPED}, NOT),
        ("Weston Police Department", {"state": "MA"}, NOT),
        ("Wilton Police Department", {}, NOT),
        ("Weston Police Department", {"unit": "Police Department"}, GOVERNMENT),
        ("Weston Police Department", {"unit": "Information Technology"}, GOVERNMENT),
        ("Weston Police Department", {"unit": "Library"}, NOT),
        ("Weston Police Department", {"unit": "Sheriff"}, NOT),
        ("Weston Police Department", {"place": "Weston Police Department"}, ITSELF),
        ("Weston Police Department", {"domain": "westonfire.gov"}, NOT),
        ("Weston Police Department", {"domain": "westonpolice.gov"}, GOVERNMENT),
        ("Watertown Police Department", {"place": "Town of Watertown", "domain": "watertownct.gov"}, GOVERNMENT),
        ("Connecticut State Police",
         {"place": "State of Connecticut", "unit": "State Capitol Police", "kind": "state"}, NOT),
        ("Weston Police Department", {"domain": "westonsheriff.gov"}, NOT),
        (SHERIFF, {"place": "Boulder County", "kind": "county"}, GOVERNMENT),
        (SHERIFF, {"place": "Boulder County", "kind": "county", "domain": "bouldersheriff.gov"},
         GOVERNMENT),
        (SHERIFF, {"place": "Boulder County", "kind": "county", "domain": "boulderpolice.gov"},
         NOT),
        (SHERIFF,
         {"place": "Boulder County", "kind": "county", "domain": "bouldercountyassessor.gov"}, NOT),
        (SHERIFF, {"place": "Boulder County Sheriff's Office", "kind": "county"}, ITSELF),
        (SHERIFF, {"place": "Boulder", "kind": "city"}, NOT),
        ("Connecticut State Police", {"place": "Connecticut State Police", "kind": "state"}, ITSELF),
        ("Connecticut State Police",
         {"place": "State of Connecticut", "unit": "Connecticut State Police", "kind": "state"}, ITSELF),
        ("Connecticut State Police", {"place": "State of Connecticut", "kind": "state"}, NOT),
        ("University of Hartford Police", {"place": "University of Hartford", "kind": ""}, ITSELF),
        ("University of Hartford Police", {"place": "University of Hartford Police", "kind": ""}, ITSELF),
        ("University of Hartford Police", {"place": "University of Yale", "kind": ""}, NOT),
        ("Northern Regional Police Department", {"place": "Northern Regional Police Department", "kind": ""}, ITSELF),
        ("Northern Regional Police Department", {"place": "Northern Regional", "kind": ""}, NOT),
    ],
)  # fmt: skip
def test_a_domain_proves_for_the_agency_itself_or_for_its_own_government_and_for_nobody_else(
    name: str, row: dict[str, Any], expected: str
) -> None:
    found = reason(name, **row)
    assert found.endswith(expected) and bool(found) == bool(expected)


def test_another_state_is_another_department() -> None:
    assert reason("Weston Police Department", state="MA") == ""


@pytest.mark.parametrize(
    ("name", "duty"),
    [("Boulder County Sheriffs Office", "sheriff"), ("Constable Precinct 2", "constable"),
     ("Weston Police Department", "police"), ("Police Department of Weston", "police"), ("Town of Weston", "")],
)  # fmt: skip
def test_the_name_of_an_agency_says_its_duty(name: str, duty: str) -> None:
    assert duty_of(name) == duty


@pytest.mark.parametrize(
    ("text", "level", "state", "readings"),
    [
        ("City of Aurora Ohio", AgencyKind.MUNICIPAL, "OH", [("aurora", "city", "")]),
        ("Hamilton Township", AgencyKind.MUNICIPAL, "NJ", [("hamiltontownship", "", ""), ("hamilton", "township", "")]),
        ("Hamilton Township (Atlantic County)", AgencyKind.MUNICIPAL, "NJ",
         [("hamiltontownship", "", "atlantic"), ("hamilton", "township", "atlantic")]),
        ("Oregon City", AgencyKind.MUNICIPAL, "OR", [("oregoncity", "", "")]),
        ("Boulder County", AgencyKind.COUNTY, "CO", [("boulder", "", "")]),
        ("Boulder", AgencyKind.COUNTY, "CO", []),
        ("Boulder Sheriff's Office", AgencyKind.COUNTY, "CO", [("boulder", "", "")]),
        ("City and County of Denver", AgencyKind.MUNICIPAL, "CO", [("denver", "", "")]),
        ("City and County of Denver", AgencyKind.COUNTY, "CO", [("denver", "", "")]),
        ("Louisville Metro", AgencyKind.COUNTY, "KY", []),
        ("Louisville/Jefferson County Metro Government", AgencyKind.COUNTY, "KY", [("jefferson", "", "")]),
        ("New York City", AgencyKind.MUNICIPAL, "NY", [("newyork", "", "")]),
        ("New York City", AgencyKind.COUNTY, "NY", []),
        ("Weston", AgencyKind.STATE, "CT", []),
    ],
)  # fmt: skip
def test_the_governments_that_a_name_can_mean(
    text: str, level: AgencyKind, state: str, readings: list[tuple[str, str, str]]
) -> None:
    assert [(one.name, one.form, one.county) for one in named_in(text, level, state)] == readings


@pytest.mark.parametrize(
    ("state", "holder", "own", "one"),
    [
        ("CT", "Town of Weston", "Weston Police Department", True),
        ("CT", "Town of Weston", "Wilton Police Department", False),
        ("NJ", "City of Hamilton", "Hamilton Township", False),
        ("CO", "Boulder County", "Boulder", False),
        ("NJ", "City of Bordentown", "Bordentown Police Department", True),  # beside the township of this name
        ("NJ", "Borough of Chatham", "Chatham Police Department", False),
        ("OH", "Village of Andover", "Andover Police Department", True),
        ("WI", "Village of Albany", "Albany Police Department", True),
    ],
)
def test_names_mean_one_government_only_where_name_and_form_agree(state: str, holder: str, own: str, one: bool) -> None:
    assert one_government(state, holder, own, AgencyKind.MUNICIPAL) is one
