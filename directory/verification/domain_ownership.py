"""Whether the organization that holds an official domain is a department's own government, or the department itself."""

import re

from directory.db.tables.domains import OfficialDomain
from directory.text import fold, plain
from directory.verification.governments import named_in, one_government
from directory.zones.departments.agencies import body_of, duty_of, kind_of_agency, without_brackets
from directory.zones.departments.schemas import AgencyKind

OTHER_OFFICE = re.compile(
    r"animal|assess|attorney|audit|ballot|clerk|court|elect|emergency|fire|fd$|health|hhs$|housing|judge|jury|justice|librar|museum|"
    r"parks?$|recorder|school|tax|transit|treasur|utilit|visit|vot(?:e|er|ing)|water|zoo"
)
"""What the label of a domain says where another office of the same government has it for itself."""
UMBRELLA = "umbrella"
"""The type of a holder that is no government: an association for whose county or state a moderator accepted it."""
_CENTRAL = re.compile(
    r"(?:department of )?(?:administration|information technology|technology services)|it(?: department)?"
)
_LEVELS = {AgencyKind.MUNICIPAL: ("", "city"), AgencyKind.COUNTY: ("", "county", "city")}
"""The types of holders in the registry that can be a town or a county; a special district is neither."""


def is_of_the_whole(row: OfficialDomain) -> bool:
    """Whether no single office of the organization holds the domain, except its police or who runs its computers."""
    return not row.unit or bool(_CENTRAL.fullmatch(plain(row.unit)) or duty_of(row.unit))


def why_own(row: OfficialDomain, name: str, state: str, kind: AgencyKind) -> str:
    """Why the holder of a domain is the department of this name and kind, or its own government; empty where it is not.

    What may belong to somebody else is not: a name that two governments of the state bear, an office of its own.
    """
    if row.dropped_at is not None or row.state != state or row.kind == UMBRELLA or not is_of_the_whole(row):
        return ""
    duty = duty_of(row.place) or duty_of(row.unit)
    if duty not in ("", duty_of(name)):
        return ""
    if kind in _LEVELS:
        return _own_government(row, name, state, kind) if _is_government(row, kind) else ""
    if kind is AgencyKind.STATE:
        force = plain(row.unit if duty_of(row.unit) else row.place)
        own = bool(duty) and kind_of_agency(force) is kind and f"{plain(name)} ".startswith(f"{force} ")
        return f"“{row.unit or row.place}” is the agency itself" if own else ""
    own = fold(name) == fold(row.place) or (kind is not AgencyKind.OTHER and _same_body(row.place, name, kind))
    return f"“{row.place}” is the agency itself" if own else ""


def _is_government(row: OfficialDomain, kind: AgencyKind) -> bool:
    return row.kind.partition(" -")[0] in _LEVELS[kind] and not (
        duty_of(row.place) and kind_of_agency(row.place) is not kind
    )


def _own_government(row: OfficialDomain, name: str, state: str, kind: AgencyKind) -> str:
    if not one_government(state, row.place, name, kind) or _of_another_office(row, name, kind):
        return ""
    return f"“{row.place}” is the agency itself" if duty_of(row.place) else f"“{row.place}” is its government"


def _of_another_office(row: OfficialDomain, name: str, kind: AgencyKind) -> bool:
    """Whether the domain's label names another office besides the place: ocalafire.gov, bouldercountyassessor.gov."""
    label = fold(row.domain.partition(".")[0])
    for government in named_in(name, kind, row.state):
        label = label.replace(government.name, " ")
    if duty_of(name) == "sheriff":
        return bool(OTHER_OFFICE.search(label) or re.search(r"police", label))
    return bool(OTHER_OFFICE.search(label) or re.search(r"sheriff|constable", label))


def _same_body(place: str, name: str, kind: AgencyKind) -> bool:
    bodies = fold(body_of(place)), fold(body_of(name))
    return bodies[0] == bodies[1] != "" and kind_of_agency(f"{without_brackets(place)} Police") is kind
