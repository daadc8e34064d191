"""Departments as they are compared: by whose police they are, however the name is written."""

import re
from functools import lru_cache
from typing import NamedTuple

from directory.regions import REGIONS, read_region
from directory.text import fold, plain
from directory.zones.departments.agencies import agencies_in, body_of, duty_of, kind_of_agency, without_brackets
from directory.zones.departments.schemas import AgencyKind
from directory.zones.duplicates.towns import bare_town, town_key

_FORMS = r"charter township|township|twp|town|city|village|borough|boro|municipality|county|parish"
_FORM_BEFORE = re.compile(
    rf"^(?:the )?(?:(?:regional municipality|metropolitan government|district)|({_FORMS})) of (?=\w)"
    r"|^(?:metro|metropolitan) (?=\w)|^mrc (?:des?|du|de la|de l) (?=\w)"
)
_FORM_AFTER = re.compile(r"(?<=\w) (charter township|township|twp|borough|boro|village|county|parish)$")
_FORM_BEHIND = re.compile(rf",\s*(?:the )?({_FORMS}) of\b", re.IGNORECASE)
_SAME_FORM = {"charter township": "township", "twp": "township", "boro": "borough", "parish": "county"}
_BRACKETS = re.compile(r"\(([^)]*)\)")
_OF_FRENCH = re.compile(r"\bd['’]\s*", re.IGNORECASE)
_WRITTEN_OUT = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^the ", ""),
        (r"\bcity and county of ", "city of "),
        (r"\bp ?d$", "police department"),
        (r"\b(?:s o|so)$", "sheriffs office"),
        (r"\b(?:d p s|dps)$", "department of public safety"),
        (r"\bsheriff s\b", "sheriffs"),
        (r"\b(?:depart?ment|dpt|dep)\b", "department"),
        (r"\bco (?=sheriff|police|constable|office)", "county "),
        (r"(?<=\w) office of the sheriff$", " sheriff"),
        (r"^(?:office of the )?sheriffs? (?:of|for) (.+)$", r"\1 sheriff"),
        (r"^office of the sheriff (.+)$", r"\1 sheriff"),
        (r"\b(?:royal canadian mounted police|gendarmerie royale du canada|grc)\b", "rcmp"),
        (r"\bontario provincial police\b", "opp"),
        (r"^(?:sq|quebec provincial police)\b", "surete du quebec"),
        (r"^(?:service de la police|police municipale|police) (?=de )", "service de police "),
        (r"^(service de police de) l ?agglomeration de ", r"\1 "),
        (r"\bindependent school district\b", "isd"),
        (r"^u of ", "university of "),
        (r"\buniv\b", "university"),
        (r"\b(police|rcmp|department|sheriffs?|office) (?:main )?(?:station|headquarters|hq|substation)$", r"\1"),
    )
)
_PRECINCT = re.compile(r" (?:\d+(?:st|nd|rd|th) (?:precinct|district|pct)|(?:precinct|district|pct) \d+)\b")
_FORCE = re.compile(r"\b(rcmp|opp|surete du quebec|state police|state patrol|state troopers?|highway patrol)\b")
_ACRONYMS = {
    ("CA", "lapd"): "los angeles police", ("CA", "lasd"): "los angeles county sheriff",
    ("CA", "sfpd"): "san francisco police", ("DC", "mpd"): "washington police", ("DC", "mpdc"): "washington police",
    ("NC", "cmpd"): "charlotte police", ("NV", "lvmpd"): "las vegas metropolitan police",
    ("NY", "nypd"): "new york police", ("QC", "spvg"): "gatineau police", ("QC", "spvm"): "montreal police",
    ("QC", "spvq"): "quebec police", ("TN", "mnpd"): "nashville police",
}  # fmt: skip
_OTHER_NAMES = {
    ("DC", ""): "washington", ("DC", "districtofcolumbia"): "washington", ("NC", "charlottemecklenburg"): "charlotte",
    ("QC", "quebeccity"): "quebec",
}  # fmt: skip
_TOWNS_ALONE = frozenset({"CT", "MA", "ME", "NH", "RI"})
"""States whose towns share their name with no city or village beside them."""
_BARE = frozenset({"police", "police department", "department of public safety", "police dept", "police service"})

_GENERIC = frozenset({
    "police", "department", "dept", "pd", "division", "of", "the", "public", "safety", "service", "services", "city",
    "town", "township", "village", "borough", "county", "metro", "metropolitan", "sheriff", "sheriffs", "office", "de",
    "la", "ville",
})  # fmt: skip


class DepartmentKey(NamedTuple):
    """Whose police a department is.

    `group` is the kind of agency with its force or duty, `place` the folded name of the place or body. `form` (city,
    township, county) and `qualifier` (a county or station in brackets) are empty where the name is silent.
    """

    group: str
    place: str
    form: str = ""
    qualifier: str = ""


@lru_cache(maxsize=8192)
def department_key(name: str, state: str, town: str = "") -> DepartmentKey:
    """The meaning of a department's name; `town` is that of its zone, for names like "Police Department" and "NCPD"."""
    if len(agencies := agencies_in(name)) > 1:
        parts = [department_key(agency, state) for agency in agencies]
        return DepartmentKey("several", "&".join(sorted(f"{part.group} {part.place}" for part in parts)))
    behind = _FORM_BEHIND.search(name)
    text = _written_out(name, state, town)
    brackets = _BRACKETS.search(name)
    qualifier = fold(re.sub(r" (?:county|station)$", "", plain(brackets[1]))) if brackets else ""
    kind, duty = kind_of_agency(text), duty_of(text)
    if duty == "constable":
        number = re.search(r"\b(?:precinct|pct) (\d+)", text)
        return DepartmentKey(f"constable {number[1] if number else ''}", *_place(_PRECINCT.sub("", text), state))
    if kind is AgencyKind.STATE:
        force = _FORCE.search(text)
        if force is None:
            return DepartmentKey("state police", fold(body_of(text)))
        place, _ = _place(re.sub(r" detachment$", "", _FORCE.sub("", body_of(text)).strip()), state)
        return DepartmentKey(f"state {force[1]}", place)
    if kind in (AgencyKind.CAMPUS, AgencyKind.TRIBAL, AgencyKind.TRANSIT):
        return DepartmentKey(kind.value, fold(body_of(text)))
    place, form = _place(text, state)
    form = form or (_form(behind[1]) if behind else "")
    if duty == "sheriff":
        # A city's sheriff (Virginia) and the county's are two offices, and names that say neither may be either.
        if place.endswith("city") and kind is AgencyKind.MUNICIPAL:
            place, form = place.removesuffix("city"), "city"
        return DepartmentKey("sheriff", place, form, qualifier)
    return DepartmentKey(f"{kind.value} police", place, "" if kind is AgencyKind.COUNTY else form, qualifier)


def same_department(one: DepartmentKey, other: DepartmentKey) -> bool:
    """Whether two names mean one department: what both say of it is equal."""
    return one[:2] == other[:2] and all(not a or not b or a == b for a, b in zip(one[2:], other[2:], strict=True))


def certainly_same(one: DepartmentKey, other: DepartmentKey, state: str, town: str) -> bool:
    """Whether two names of a state's departments mean one where `town` is that of its zone.

    A name that is silent of the form means the city; a town only where no other government bears its name.
    """
    if one == other:
        return True
    forms = {one.form, other.form}
    same_body = one[:2] == other[:2] and one.qualifier == other.qualifier and fold(town) == one.place
    return same_body and (forms == {"", "city"} or (forms == {"", "town"} and state in _TOWNS_ALONE))


def may_be_same(one: str, other: str) -> bool:
    """Whether two names share a word that says whose police they are: a quick look before `same_department`."""
    words, body = _own_words(one)
    other_words, other_body = _own_words(other)
    return not words.isdisjoint(other_words) or body in other_body or other_body in body


@lru_cache(maxsize=8192)
def _own_words(name: str) -> tuple[frozenset[str], str]:
    """The words of a name that few others have, and these in one; none of an acronym, which may be anybody’s."""
    words = plain(name).split()
    own = [word for word in words if word not in _GENERIC] if len(words) > 1 else []
    return frozenset(own), "".join(own)


def _written_out(name: str, state: str, town: str) -> str:
    """The name in plain words without abbreviations, brackets and the state."""
    text = _OF_FRENCH.sub("de ", _FORM_BEHIND.sub("", without_brackets(name)))
    head, comma, region = text.rpartition(",")
    if comma and read_region(region.strip()) == state:
        text = head
    plain_name = plain(text)
    plain_name = _ACRONYMS.get((state, plain_name.replace(" ", "")), plain_name)
    for pattern, replacement in _WRITTEN_OUT:
        plain_name = pattern.sub(replacement, plain_name)
    if duty_of(plain_name) != "constable":
        plain_name = _PRECINCT.sub("", plain_name)
    own = plain(bare_town(town, state))
    if own and (plain_name in _BARE or plain_name == f"{''.join(word[0] for word in own.split())}pd"):
        return f"{own} police"
    return plain_name


def _place(text: str, state: str) -> tuple[str, str]:
    """The place in a name, folded, and its form."""
    body = body_of(text)
    if state in REGIONS:
        body = re.sub(rf"(?<=\w)(?<! of)(?<!new) (?:{plain(REGIONS[state].name)}|{state.lower()})$", "", body)
    if other := _OTHER_NAMES.get((state, fold(body))):
        return other, ""
    before, after = _FORM_BEFORE.match(body), None
    if before:
        body = body[before.end() :]
    else:
        after = _FORM_AFTER.search(body)
        body = body[: after.start()] if after else body
    form = (before[1] if before else after[1] if after else "") or ""
    return town_key(body, state), _form(form)


def _form(form_text: str) -> str:
    return _SAME_FORM.get(form_text.lower(), form_text.lower()) if form_text.lower() != "municipality" else ""
