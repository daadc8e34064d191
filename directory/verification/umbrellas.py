"""Umbrella senders: whose address is a county's or a state's own, and for which departments they may send."""

import re
from dataclasses import dataclass

from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import Session
from directory.regions import REGIONS
from directory.store.repository import department_by_slug
from directory.text import fold, plain
from directory.verification.domain_ownership import OTHER_OFFICE, UMBRELLA, is_of_the_whole
from directory.verification.governments import named_in
from directory.verification.jurisdiction import counties_of, county_key
from directory.zones.departments.agencies import duty_of, kind_of_agency, place_in_name
from directory.zones.departments.owner import Owner
from directory.zones.departments.schemas import AgencyKind
from directory.zones.keys import department_slug
from directory.zones.place_lookup import PlaceLookup

_DISPATCH = re.compile(
    r"(?<=county|parish) (?:emergency|e ?911|911|(?:central )?dispatch|(?:\w+ )?communications)\b.*$"
)
"""The office of a county that speaks for all its police."""


@dataclass(frozen=True, slots=True)
class Umbrella:
    """A county or state for whose departments somebody may send; `county` as `county_key` has it, empty for a state."""

    name: str
    state: str
    county: str = ""


def umbrella_of(session: Session, domain: str) -> Umbrella | None:
    """The county or state for which an address at this domain may send; None for any other domain.

    A county's by its name in the list of official domains, a state's by its own or its police's name, and an
    association's because a moderator accepted it. Another office's domain is not: an assessor's, a school's.
    """
    row = session.get(OfficialDomain, domain)
    if row is None or row.dropped_at is not None:
        return None
    if row.kind == UMBRELLA:
        return Umbrella(row.place, row.state, county_key(row.unit))
    if not is_of_the_whole(row):
        return None
    county = _county(row)
    if county:
        return Umbrella(row.place, row.state, county)
    return Umbrella(row.place, row.state) if _is_state(row) else None


def _county(row: OfficialDomain) -> str:
    """The county that a row's organization is, or empty."""
    counties = {one.name for one in named_in(_DISPATCH.sub("", plain(row.place)), AgencyKind.COUNTY, row.state)}
    if row.kind not in ("", "county") or len(counties) != 1:
        return ""
    county = counties.pop()
    label = _label(row).replace(county, " ").replace("emergency", " ")
    return "" if OTHER_OFFICE.search(label) else county


def _is_state(row: OfficialDomain) -> bool:
    """Whether a row's organization is the state itself or its police."""
    if row.kind not in ("", "state", "state or territory"):
        return False
    state = plain(REGIONS[row.state].name)
    if duty_of(row.place) == "police":
        return kind_of_agency(row.place) is AgencyKind.STATE or place_in_name(row.place) == state
    return _label(row) in {fold(state), row.state.lower()} and state in plain(row.place)


def _label(row: OfficialDomain) -> str:
    return fold(row.domain.partition(".")[0])


def covers(places: PlaceLookup, umbrella: Umbrella, department: str, state: str, kind: str = "") -> bool:
    """Whether a department is in the county or state; `kind` corrects the kind that its name tells.

    In a county are its own police and those of the towns of which every place of that name in the state lies there.
    """
    if state != umbrella.state or not umbrella.county:
        return state == umbrella.state
    agency = kind_of_agency(department, kind)
    if agency is AgencyKind.COUNTY:
        return umbrella.county in {one.name for one in named_in(department, agency, state)}
    return agency is AgencyKind.MUNICIPAL and counties_of(places, place_in_name(department), state) == {umbrella.county}


def may_send_for(session: Session, places: PlaceLookup, domain: str, owner: Owner) -> bool:
    """Whether an address at this domain may send for a department, as the directory knows both."""
    umbrella = umbrella_of(session, domain)
    record = department_by_slug(session, department_slug(owner.department, owner.state))
    name, kind = (record.name, record.kind) if record else (owner.department, "")
    return umbrella is not None and covers(places, umbrella, name, owner.state, kind)
