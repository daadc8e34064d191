"""What kind of agency a department is, and the government whose police it is, as its name tells."""

import re
from enum import StrEnum

from directory.text import plain


class AgencyKind(StrEnum):
    """Whose police a department is."""

    MUNICIPAL = "municipal"
    COUNTY = "county"
    STATE = "state"
    CAMPUS = "campus"
    TRIBAL = "tribal"
    TRANSIT = "transit"
    OTHER = "other"


_SIGNS = (
    (AgencyKind.CAMPUS, r"university|college|campus|school|isd|academy|maritime"),
    (AgencyKind.TRIBAL, r"tribal|tribe|nation|pueblo|first nation|rancheria"),
    (AgencyKind.TRANSIT, r"transit|railroad|railway|airport|port authority|metro transit|bart"),
    (AgencyKind.STATE, r"state police|state patrol|state troopers?|highway patrol|capitol police|rcmp|opp|"
                       r"surete du quebec|department of public safety of the state"),
    (AgencyKind.COUNTY, r"county|parish|sheriffs?|constable"),
)  # fmt: skip
_OFFICE = re.compile(
    r"\b(?:police|division|department|dept|bureau|services?|office|of|public safety|detachment|rcmp|opp|"
    r"service de police|de la ville de|de|city|town|township|village|borough|municipality|the|pd)\b"
)


def kind_of(name: str, corrected: str = "") -> AgencyKind:
    """The kind that a department's name tells, unless somebody corrected it."""
    if corrected:
        return AgencyKind(corrected)
    words = plain(name)
    for kind, signs in _SIGNS:
        if re.search(rf"\b(?:{signs})\b", words):
            return kind
    return AgencyKind.MUNICIPAL


def place_in_name(name: str) -> str:
    """The place whose police a department is: "Darien" of "Darien Police Department"."""
    return " ".join(_OFFICE.sub(" ", plain(name)).split())
