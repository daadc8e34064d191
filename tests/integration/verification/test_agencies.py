"""What a department's name tells: kind, place, and the towns it polices; and which government a name means."""

from typing import Any

import pytest
from sqlmodel import Session

from directory.clock import now
from directory.db.tables.domains import DepartmentTown
from directory.db.transaction import transaction
from directory.geocoding.gazetteer import Gazetteer
from directory.verification.governments import one_government
from directory.verification.jurisdiction import polices
from directory.zones.departments.agencies import agencies_in, kind_of_agency, place_in_name
from directory.zones.departments.schemas import AgencyKind
from tests.support.site import Site

MUNICIPAL, COUNTY, STATE, CAMPUS = AgencyKind.MUNICIPAL, AgencyKind.COUNTY, AgencyKind.STATE, AgencyKind.CAMPUS
TRIBAL, TRANSIT, OTHER = AgencyKind.TRIBAL, AgencyKind.TRANSIT, AgencyKind.OTHER

HARD = [
    ("Darien Police Department", MUNICIPAL, "darien"),
    ("City of Tonawanda Police Department", MUNICIPAL, "tonawanda"),
    ("Village of Phoenix Police Department", MUNICIPAL, "phoenix"),
    ("Hamilton Township Police Department (Atlantic County)", MUNICIPAL, "hamilton"),
    ("Clearfield Borough", MUNICIPAL, "clearfield"),
    ("Southlake Department of Public Safety", MUNICIPAL, "southlake"),
    ("Columbus Division of Police", MUNICIPAL, "columbus"),
    ("Dublin Police Services", MUNICIPAL, "dublin"),
    ("Louisville Metro Police Department", MUNICIPAL, "louisville"),
    ("Whitestown Metropolitan Police Department", MUNICIPAL, "whitestown"),
    ("Town and Country Police Department", MUNICIPAL, "town and country"),
    ("Service de police de la Ville de Gatineau", MUNICIPAL, "gatineau"),
    ("Kingston Police", MUNICIPAL, "kingston"),
    ("Richmond City Sheriff's Office", MUNICIPAL, "richmond city"),
    ("Opp Police Department", MUNICIPAL, "opp"),
    ("Pueblo Police Department", MUNICIPAL, "pueblo"),
    ("University City Police Department", MUNICIPAL, "university city"),
    ("University Park Police Department", MUNICIPAL, "university park"),
    ("College Station Police Department", MUNICIPAL, "college station"),
    ("State College Police Department", MUNICIPAL, "state college"),
    ("Boulder County Sheriff's Office", COUNTY, "boulder"),
    ("Broward Sheriff's Office", COUNTY, "broward"),
    ("York-Poquoson Sheriff's Office", COUNTY, "york poquoson"),
    ("Charles City County Sheriff's Office", COUNTY, "charles city"),
    ("Caddo Parish Sheriff's Office", COUNTY, "caddo"),
    ("Smith County Constable Precinct 2", COUNTY, "smith"),
    ("Los Angeles County Sheriff's Department (Santa Clarita Valley Station)", COUNTY, "los angeles"),
    ("Henry County Police Department", COUNTY, "henry"),
    ("Miami-Dade Police Department", COUNTY, "miami dade"),
    ("Peel Regional Police", COUNTY, "peel"),
    ("Michigan State Police Brighton Post", STATE, "brighton"),
    ("Bonnyville RCMP", STATE, "bonnyville"),
    ("OPP Upper Ottawa Valley Detachment", STATE, "upper ottawa valley"),
    ("OPP Essex County Detachment (Tecumseh)", STATE, "essex"),
    ("Sûreté du Québec", STATE, ""),
    ("Guam Police Department", STATE, "guam"),
    ("University of Rochester Department of Public Safety", CAMPUS, "university of rochester"),
    ("Cleveland State University Police Department", CAMPUS, "cleveland state university"),
    ("University of Nebraska-Lincoln Police Department", CAMPUS, "university of nebraska lincoln"),
    ("Cal Maritime Police Department", CAMPUS, "cal maritime"),
    ("Navajo Nation Police Department", TRIBAL, "navajo nation"),
    ("Bay Area Rapid Transit Police Department", TRANSIT, "bay area rapid transit"),
    ("West Virginia Capitol Police", OTHER, "west virginia capitol"),
    ("Northern Regional Police Department", OTHER, "northern"),
    ("Régie intermunicipale de police Richelieu-Saint-Laurent", OTHER, "richelieu saint laurent"),
    ("Las Vegas Metropolitan Police Department", OTHER, "las vegas"),
]


@pytest.mark.parametrize(("name", "kind", "place"), HARD)
def test_the_name_says_kind_and_place(name: str, kind: AgencyKind, place: str) -> None:
    assert (kind_of_agency(name), place_in_name(name)) == (kind, place)


def test_two_agencies_in_one_name_are_seen() -> None:
    both = "Brownwood Police Department and Brown County Sheriff's Office"
    assert agencies_in(both) == ["Brownwood Police Department", "Brown County Sheriff's Office"]
    assert kind_of_agency(both) is OTHER
    assert agencies_in("Town and Country Police Department") == ["Town and Country Police Department"]


def test_a_correction_outranks_the_name() -> None:
    assert kind_of_agency("Reservoir Police Department", "other") is OTHER


@pytest.mark.parametrize(
    ("department", "town", "expected"),
    [
        ("ct/darien-police-department", "ct/darien", True),
        ("ct/darien-police-department", "ct/weston", False),
        ("ct/darien-police-department", "ga/darien", False),
        ("nj/hamilton-township-police-department-atlantic-county", "nj/hamilton-township", True),
        ("ut/logan-city-police-department", "ut/logan", True),
        ("ia/sioux-city-police-department", "ia/sioux-city", True),
        ("fl/port-st-lucie-police-department", "fl/port-saint-lucie", True),
        ("co/boulder-county-sheriffs-office", "co/boulder", True),
        ("co/boulder-county-sheriffs-office", "co/denver", False),
        ("va/fairfax-county-police-department", "va/chantilly", True),
        ("va/fairfax-county-police-department", "va/fairfax", False),
        ("va/city-of-fairfax-police-department", "va/fairfax", True),
        ("va/richmond-city-sheriffs-office", "va/richmond", True),
        ("va/york-poquoson-sheriffs-office", "va/yorktown", True),
        ("va/york-poquoson-sheriffs-office", "va/poquoson", True),
        ("mi/michigan-state-police-brighton-post", "mi/brighton", True),
        ("mi/michigan-state-police-brighton-post", "mi/detroit", False),
        ("qc/surete-du-quebec", "qc/saguenay", True),
        ("on/opp-bracebridge-detachment", "on/bracebridge", True),
        ("on/opp-bracebridge-detachment", "on/ottawa", False),
        ("on/peel-regional-police", "on/brampton", True),
        ("ny/university-of-rochester-department-of-public-safety", "ny/rochester", False),
        ("wv/west-virginia-capitol-police", "wv/charleston", False),
        ("tx/brownwood-police-department-and-brown-county-sheriffs-office", "tx/brownwood", True),
        ("tx/brownwood-police-department-and-brown-county-sheriffs-office", "tx/dallas", False),
    ],
)
def test_a_department_polices_the_towns_that_its_name_says(
    site: Site, gazetteer: Gazetteer, department: str, town: str, expected: bool
) -> None:
    with transaction(site.engine, writes=False) as session:
        assert polices(session, gazetteer, department, town) is expected


def test_a_moderator_can_note_a_further_town(site: Site, gazetteer: Gazetteer) -> None:
    town: Any = {"department": "ct/darien-police-department", "town": "ct/weston", "evidence": "contract",
                 "at": now(), "noted_by": "moderator@example.org"}  # fmt: skip
    with transaction(site.engine) as session:
        session.add(DepartmentTown(**town))
    with Session(site.engine) as session:
        assert polices(session, gazetteer, "ct/darien-police-department", "ct/weston")


@pytest.mark.parametrize(
    ("state", "holder", "own", "level", "expected"),
    [
        ("WI", "City of Milton, Wisconsin", "Milton Police Department", MUNICIPAL, True),
        ("WI", "Town of Milton", "Milton Police Department", MUNICIPAL, False),
        ("WI", "Village of Mount Pleasant", "Mount Pleasant Police Department", MUNICIPAL, True),
        ("NY", "VILLAGE OF FISHKILL", "Town of Fishkill Police Department", MUNICIPAL, False),
        ("NY", "Town of Southampton", "Southampton Police Department", MUNICIPAL, False),
        ("NJ", "Township of Hamilton", "Hamilton Township Police Department (Atlantic County)", MUNICIPAL, False),
        ("NJ", "Township of Hamilton (Atlantic)", "Hamilton Township Police Department (Atlantic County)",
         MUNICIPAL, True),
        ("NJ", "Township of Franklin", "Franklin Township Police Department", MUNICIPAL, False),
        ("PA", "Upper Providence Township", "Upper Providence Township Police Department", MUNICIPAL, False),
        ("TX", "City of Reno", "Reno Police Department", MUNICIPAL, False),
        ("IN", "Portage Township-Porter County", "Portage Police Department", MUNICIPAL, False),
        ("KY", "Louisville Jefferson County Metro Government", "Louisville Metro Police Department", MUNICIPAL, True),
        ("KY", "City of Audubon Park", "Louisville Metro Police Department", MUNICIPAL, False),
        ("TN", "Metropolitan Government of Nashville and Davidson County", "Metropolitan Nashville Police Department",
         MUNICIPAL, True),
        ("TN", "Metropolitan Government of Nashville and Davidson County", "Davidson County Sheriff's Office",
         COUNTY, True),
        ("GA", "City of Augusta", "Richmond County Sheriff's Office", COUNTY, False),
        ("UT", "City of Logan", "Logan City Police Department", MUNICIPAL, True),
        ("CA", "City of Daly City", "Daly City Police Department", MUNICIPAL, True),
        ("NY", "City of New York", "New York City Police Department", MUNICIPAL, True),
        ("MI", "36th District Court", "Detroit Police Department", MUNICIPAL, False),
        ("CO", "County of Boulder", "Boulder County Sheriff's Office", COUNTY, True),
        ("AL", "Montgomery County Probate Court", "Montgomery County Sheriff's Office", COUNTY, False),
    ],
)  # fmt: skip
def test_two_names_mean_one_government_only_where_they_can_mean_no_other(
    state: str, holder: str, own: str, level: AgencyKind, expected: bool
) -> None:
    assert one_government(state, holder, own, level) is expected
