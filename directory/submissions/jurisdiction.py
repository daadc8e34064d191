"""Which towns a department polices: what its name says, its county, or what a moderator noted."""

from directory.records.accounts import DepartmentTown
from directory.records.database import Session
from directory.records.places import Places
from directory.records.store import department_by_slug
from directory.submissions.agencies import AgencyKind, kind_of, place_in_name
from directory.text import fold


def polices(session: Session, places: Places, department: str, town: str) -> bool:
    """Whether the department with this slug is the police of the town with that slug.

    A town's own department polices the town whose name it bears; a county's every town of the county; a state's every
    town of the state. A moderator can note further towns. A zone in a town says nothing about it.
    """
    if session.get(DepartmentTown, (department, town)) is not None:
        return True
    state, _, name = department.partition("/")
    town_state, _, town_name = town.partition("/")
    if state != town_state:
        return False
    known = department_by_slug(session, department)
    words = known.name if known else name.replace("-", " ")
    kind = kind_of(words, known.kind if known else "")
    own = fold(place_in_name(words))
    if kind is AgencyKind.MUNICIPAL:
        return own == fold(town_name.replace("-", " "))
    if kind is AgencyKind.COUNTY:
        found = places.places(town_name.replace("-", " "), state.upper())
        return any(fold(getattr(place, "county", "").removesuffix(" County")) in own for place in found)
    return kind is AgencyKind.STATE


def is_own_police(session: Session, places: Places, department: str, town: str) -> bool:
    """Whether the department speaks for the town itself: as its municipal police, or because a moderator noted it.

    A county's sheriff and a state's police serve a town, but its page and contact are not theirs.
    """
    if session.get(DepartmentTown, (department, town)) is not None:
        return True
    known = department_by_slug(session, department)
    words = known.name if known else department.partition("/")[2].replace("-", " ")
    kind = kind_of(words, known.kind if known else "")
    return kind is AgencyKind.MUNICIPAL and polices(session, places, department, town)
