"""What a department's name tells: the kind of agency, the place whose police it is, how many agencies it names."""

import re
from functools import lru_cache

from directory.text import plain
from directory.zones.departments.schemas import AgencyKind

_UNIT = r"(?:departments?|dept|divisions?|bureau|services?|office|force|agency)"
_DUTY = r"(?:police|public safety|law enforcement|sheriffs?|constables?)"
_OFFICE_AFTER = re.compile(
    rf"(?:^| )(?:(?:{_UNIT} of )?(?:regional |metropolitan |metro )?{_DUTY}(?: {_UNIT})*(?: precinct \d+)?"
    r"|(?:pd|rcmp|opp)(?: detachment)?|detachment)$"
)
_OFFICE_BEFORE = re.compile(
    rf"^(?:(?:rcmp|opp) (?=\w)|service de police (?:intermunicipal |regional )?|regie intermunicipale de police "
    rf"|{_UNIT} of {_DUTY} |{_DUTY} {_UNIT} of )(?:de |of )?(?:la ville de |the )?"
)
_STATE_FORCE = re.compile(
    r"\b(?:state police|state patrol|state troopers?|highway patrol|ontario provincial police|surete du quebec)\b"
)
_BY_BODY = (
    (AgencyKind.CAMPUS, r"\buniversity (?:of|at)\b|\w university\b(?! (?:city|heights|hills|park|place))"
                        r"|(?<!^state) college$|school district$|\b(?:campus|isd|schools|academy|maritime)$"),
    (AgencyKind.TRIBAL, r"\btrib(?:e|es|al)\b|\w nation$|^pueblo of |\w rancheria$|\bindian community$"),
    (AgencyKind.TRANSIT, r"\btransit\b|\w rail(?:road|way)$|\w airports?(?: authority)?$|\bport authority\b"
                         r"|transportation authority$"),
)  # fmt: skip
_BY_NAME = (
    (AgencyKind.COUNTY, r"^(?:durham|halton|niagara|peel|waterloo|york) regional police|^miami dade police"),
    (AgencyKind.OTHER, r"intermunicipal|\b(?:capitol|regional) police\b|^las vegas metropolitan"),
    (AgencyKind.STATE, rf"{_STATE_FORCE.pattern}|\brcmp\b|^opp(?! (?:police|pd|division|department)\b)|\bopp$"
                       r"|^(?:guam|virgin islands) police"),
    (AgencyKind.COUNTY, r"\w (?:county|parish)\b"),
    (AgencyKind.MUNICIPAL, r"\w city sheriffs?\b"),
    (AgencyKind.COUNTY, r"\b(?:sheriffs?|constables?)\b"),
)  # fmt: skip
_FORM_BEFORE = re.compile(r"^(?:city|town|township|village|borough|municipality|county|parish) of ")
_FORM_AFTER = re.compile(r"(?<=\w) (?:charter township|township|borough|village|county|parish)$")


@lru_cache(maxsize=8192)
def kind_of_agency(name: str, corrected: str = "") -> AgencyKind:
    """The kind that a department's name tells, unless somebody corrected it. Two agencies in one name are `other`.

    A city's sheriff (Virginia has them) is municipal; posts and detachments of a state's, a province's or the federal
    police are `state`.
    """
    if corrected:
        return AgencyKind(corrected)
    if len(agencies_in(name)) > 1:
        return AgencyKind.OTHER
    for text, signs in ((body_of(name), _BY_BODY), (plain(without_brackets(name)), _BY_NAME)):
        for kind, sign in signs:
            if re.search(sign, text):
                return kind
    return AgencyKind.MUNICIPAL


def agencies_in(name: str) -> list[str]:
    """The agencies that a name names: two in "Dallas Police Department and Polk County Sheriff's Office"."""
    parts = re.split(r"\s+(?:and|&)\s+", name)
    if len(parts) > 1 and all(_OFFICE_AFTER.search(plain(part)) for part in parts):
        return parts
    return [name]


@lru_cache(maxsize=8192)
def duty_of(name: str) -> str:
    """ "sheriff", "constable" or "police"; empty where a name names no agency."""
    text = plain(name)
    for duty in ("sheriff", "constable"):
        if re.search(rf"\b{duty}s?\b", text):
            return duty
    return "police" if _OFFICE_AFTER.search(text) or _OFFICE_BEFORE.search(text) else ""


def body_of(name: str) -> str:
    """A name without the words of its office: "town of fishkill" of "Town of Fishkill Police Department".

    Of the post of a state's police it is the post: "brighton" of "Michigan State Police Brighton Post".
    """
    text = plain(without_brackets(name))
    force = _STATE_FORCE.search(text)
    if force:
        return re.sub(r" ?(?:post|barracks?|troop|station)$", "", text[force.end() :]).strip()
    text = _OFFICE_AFTER.sub("", text)
    return _OFFICE_BEFORE.sub("", text)


def place_in_name(name: str) -> str:
    """The place whose police a department is, in plain words: "hamilton" of "Hamilton Township Police Department".

    Empty for the whole of a state's police, which bear no place's name.
    """
    return _FORM_AFTER.sub("", _FORM_BEFORE.sub("", body_of(name)))


def without_brackets(name: str) -> str:
    """A name without what stands in brackets: a county, a station."""
    return " ".join(re.sub(r"\([^)]*\)", " ", name).split())
