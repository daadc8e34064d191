"""Which towns a department polices: what its name says, its county, or what a moderator noted."""

import re

from directory.clock import today
from directory.db.log import Author
from directory.db.tables.domains import DepartmentTown
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.regions import REGIONS
from directory.store.repository import department_by_slug
from directory.store.writer import DirectoryWriter
from directory.text import fold, plain
from directory.verification.governments import named_in
from directory.zones.departments.agencies import agencies_in, body_of, kind_of_agency, place_in_name
from directory.zones.departments.schemas import AgencyKind
from directory.zones.evidence.department_evidence import values_with_evidence
from directory.zones.evidence.sources import Source
from directory.zones.keys import name_in_slug, slug_parts
from directory.zones.place_lookup import PlaceLookup
from directory.zones.schemas import SourceKind

_INDEPENDENT = {("MD", "baltimore"), ("MO", "saintlouis"), ("VA", "fairfax"), ("VA", "franklin"), ("VA", "richmond"),
                ("VA", "roanoke")}  # fmt: skip
"""Cities outside of every county that bear the name of one."""
_SERVES = {("ON", "peel"): {"brampton", "mississauga"}, ("VA", "yorkpoquoson"): {"york", "poquoson"}}
"""Police whose names do not say their towns or counties one by one."""


def polices(session: Session, places: PlaceLookup, department: str, town: str) -> bool:
    """Whether the department with this slug is the police of the town with that slug.

    A town's own department polices the town whose name it bears; a county's every town of the county; a state's every
    town of the state, but its post or detachment only the town it is named after. A moderator can note further towns.
    A zone in a town says nothing about it.
    """
    if session.get(DepartmentTown, (department, town)) is not None:
        return True
    state, (town_state, town_name) = slug_parts(department)[0], slug_parts(town)
    if state != town_state:
        return False
    record = department_by_slug(session, department)
    department_name = record.name if record else name_in_slug(department)
    corrected = record.kind if record else ""
    agencies = agencies_in(department_name)
    return any(
        _polices(
            places, agency, kind_of_agency(agency, corrected if len(agencies) == 1 else ""), state.upper(), town_name
        )
        for agency in agencies
    )


def correct_kind(session: Session, places: PlaceLookup, slug: str, kind: str, by: Author) -> bool:
    """Correct the kind that a department's name tells; empty takes the correction back. False for no department.

    Raises ValueError for no kind.
    """
    department = department_by_slug(session, slug)
    if department is None:
        return False
    writer = DirectoryWriter(session, places, by)
    corrected = {"kind": AgencyKind(kind).value if kind else ""}
    moderator = Source("", "", SourceKind.MODERATOR, today().isoformat())
    writer.owners.describe(LogKind.DEPARTMENT, department, values_with_evidence(department, moderator, corrected))
    writer.flush()
    return True


def _polices(places: PlaceLookup, agency: str, kind: AgencyKind, state: str, town: str) -> bool:
    town = name_in_slug(town)
    if kind is AgencyKind.MUNICIPAL:
        return _is_town(agency, town, state)
    if kind is AgencyKind.COUNTY:
        return _in_county(places, agency, state, town)
    if kind is AgencyKind.STATE:
        place = place_in_name(agency)
        if not place or place == plain(REGIONS[state].name):
            return True
        station = re.search(r"\(([^)]*)\)", agency)
        return fold(town) in {fold(place), fold(body_of(agency)), fold(station[1]) if station else ""}
    return kind is AgencyKind.OTHER and "/" in agency and fold(town) in map(fold, map(place_in_name, agency.split("/")))


def _is_town(agency: str, town: str, state: str) -> bool:
    return any(
        one.name == other.name and (not one.form or not other.form or one.form == other.form)
        for one in named_in(agency, AgencyKind.MUNICIPAL, state)
        for other in named_in(town, AgencyKind.MUNICIPAL, state)
    )


def counties_of(places: PlaceLookup, town: str, state: str) -> set[str]:
    """The counties, as `county_key` has them, in which the state's places of that name lie."""
    counties = {getattr(place, "county", "") for place in places.places(town, state)} - {""}
    return set(map(county_key, counties))


def county_key(county: str) -> str:
    """A county's name as it is compared: folded, without "County"."""
    return fold(re.sub(r" (?:County|Parish)$", "", county.strip()))


def _in_county(places: PlaceLookup, agency: str, state: str, town: str) -> bool:
    """Whether every place of the town's name lies in the agency's county."""
    own = {county.name for county in named_in(agency, AgencyKind.COUNTY, state)}
    own |= _SERVES.get((state, fold(place_in_name(agency))), set())
    if fold(town) in own and (state, fold(town)) in _INDEPENDENT:
        return False
    counties = counties_of(places, town, state)
    return (bool(counties) and counties <= own) or fold(town) in _SERVES.get(
        (state, fold(place_in_name(agency))), set()
    )


def is_own_police(session: Session, places: PlaceLookup, department: str, town: str) -> bool:
    """Whether the department speaks for the town itself: as its municipal police, or because a moderator noted it.

    A county's sheriff and a state's police serve a town, but its page and contact are not theirs.
    """
    if session.get(DepartmentTown, (department, town)) is not None:
        return True
    record = department_by_slug(session, department)
    department_name = record.name if record else name_in_slug(department)
    kind = kind_of_agency(department_name, record.kind if record else "")
    return kind is AgencyKind.MUNICIPAL and polices(session, places, department, town)
