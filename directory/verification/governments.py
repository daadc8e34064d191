"""Which government a name means: its level, its form where the name says it, and whether others bear the name, too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from directory.regions import REGIONS
from directory.text import fold, plain
from directory.zones.departments.agencies import body_of, duty_of
from directory.zones.departments.schemas import AgencyKind
from directory.zones.namesakes import namesakes

_FORMS = {
    "city": "city", "ville": "city", "town": "town", "township": "township", "charter township": "township",
    "twp": "township", "village": "village", "incorporated village": "village", "borough": "borough",
    "boro": "borough",
}  # fmt: skip
_FORM = "|".join(sorted(_FORMS, key=len, reverse=True))
_FORM_BEFORE = re.compile(rf"^(?:the )?(?:({_FORM})|municipality|corporation) (?:of|de) (?=\w)")
_FORM_AFTER = re.compile(rf"(?<=\w) ({_FORM})$")
_COUNTY = re.compile(r"^(?:the )?(?:county|parish) of (.+)$|^(.+) (?:county|parish)$|^(.+)$")
_COUNTY_NAMED = re.compile(r"(?:\bin\b|,|-)\s*([A-Z][\w. ]*?) County\b|\(([A-Z][\w. ]*?)(?: County)?\)")
_GOVERNING = re.compile(
    r"(?: (?:board of(?: county)? (?:commissioners?|supervisors)|board of trustees|bocc|"
    r"(?<=county |parish )commission|fiscal court|commissioners court|"
    r"police jury|government|govt|corporation|municipal corporation|"
    r"(?:office of )?(?:information (?:and )?)?(?:technology|information systems)(?: department| office| services)?|"
    r"information services))+$"
)
_MERGED = {
    "AK": "Anchorage;Juneau;Sitka;Wrangell", "CA": "San Francisco", "CO": "Broomfield;Denver",
    "FL": "Jacksonville/Duval",
    "GA": "Athens/Clarke;Augusta/Richmond;Columbus/Muscogee;Cusseta/Chattahoochee;Macon/Bibb", "HI": "Honolulu",
    "IN": "Indianapolis/Marion", "KS": "Kansas City/Wyandotte", "KY": "Lexington/Fayette;Louisville/Jefferson",
    "LA": "Baton Rouge/East Baton Rouge;Houma/Terrebonne;Lafayette;New Orleans/Orleans",
    "MT": "Anaconda/Deer Lodge;Butte/Silver Bow", "NV": "Carson City", "PA": "Philadelphia",
    "TN": "Hartsville/Trousdale;Lynchburg/Moore;Nashville/Davidson",
}  # fmt: skip
"""Cities that are one government with their county: city, or city/county where their names differ."""
_OF_MERGED = {"city", "county", "parish", "metro", "metropolitan", "government", "consolidated", "unified", "urban",
              "of", "and", "the"}  # fmt: skip
_EQUAL_TOWNSHIPS = {"CT", "MA", "ME", "NH", "NJ", "NY", "PA", "RI", "VT"}
"""States whose towns or townships are governments like any city, with police of their own."""
_LESSER_TOWNS = {"WI": {"town"}}
"""States whose towns are what others call townships."""
_OTHER_NAMES = {
    ("DC", ""): (AgencyKind.MUNICIPAL, "washington"),
    ("DC", "districtofcolumbia"): (AgencyKind.MUNICIPAL, "washington"),
    ("NY", "newyorkcity"): (AgencyKind.MUNICIPAL, "newyork"),
    ("NC", "charlottemecklenburg"): (AgencyKind.MUNICIPAL, "charlotte"),
}  # fmt: skip
"""Police and governments whose names do not say by themselves whose they are."""


@dataclass(frozen=True, slots=True)
class Government:
    """A government as a name names it: `name` is folded; `form` and `county` are empty where the name is silent.

    `form` is city, town, township, village or borough.
    """

    level: AgencyKind
    name: str
    form: str = ""
    county: str = ""


@lru_cache(maxsize=8192)
def named_in(text: str, level: AgencyKind, state: str) -> tuple[Government, ...]:
    """Every way to read the name of a town, a county or its police at this level, without the words of an office."""
    return tuple(_readings(text, level, state))


def _readings(text: str, level: AgencyKind, state: str) -> Iterator[Government]:
    body = _without_state(_GOVERNING.sub("", body_of(text)), state)
    county = ""
    county_match = _COUNTY_NAMED.search(text)
    if county_match and level is AgencyKind.MUNICIPAL:
        county = fold(county_match[1] or county_match[2])
        body = re.sub(rf" (?:in )?{plain(county_match[0])}$", "", body)
    other = _OTHER_NAMES.get((state, fold(body)))
    if other:
        if other[0] is level:
            yield Government(*other)
        return
    merged = _merged(body, state, level) if level in (AgencyKind.MUNICIPAL, AgencyKind.COUNTY) else ""
    if merged:
        yield Government(level, merged)
    elif level is AgencyKind.COUNTY:
        match = _COUNTY.match(body)
        if match and (match[1] or match[2] or duty_of(text)):  # "Boulder" alone is the city
            yield Government(level, fold(match[1] or match[2] or match[3]))
    elif level is AgencyKind.MUNICIPAL and body:
        before = _FORM_BEFORE.match(body)
        after = _FORM_AFTER.search(body)
        if before:
            yield Government(level, fold(body[before.end() :]), _FORMS.get(before[1] or "", ""), county)
            return
        yield Government(level, fold(body), "", county)
        if after and plain(REGIONS[state].name) != body[: after.start()]:  # Oregon City is no "City of Oregon"
            yield Government(level, fold(body[: after.start()]), _FORMS[after[1]], county)


def one_government(state: str, holder: str, own: str, level: AgencyKind) -> bool:
    """Whether two names certainly mean one government of this level: not where either may mean another one there."""
    pairs = [
        (one, other) for one in named_in(holder, level, state) for other in named_in(own, level, state)
        if one.name == other.name and _compatible(one.form, other.form) and _compatible(one.county, other.county)
    ]  # fmt: skip
    return bool(pairs) and all(_same(state, one, other) for one, other in pairs)


def _compatible(one: str, other: str) -> bool:
    return not one or not other or one == other


def _same(state: str, one: Government, other: Government) -> bool:
    alike = namesakes().get((state, one.name)) if one.level is AgencyKind.MUNICIPAL else None
    if not alike:
        return True
    governments = tuple(Government(AgencyKind.MUNICIPAL, one.name, form, county) for form, county in alike)
    namesake = _namesake(state, one, governments)
    return namesake is not None and namesake == _namesake(state, other, governments)


def _namesake(state: str, government: Government, alike: tuple[Government, ...]) -> Government | None:
    """The one of several namesakes that a name means: of the form and the county it says.

    A name that says no form means the city; or the village, borough or town, where only townships share its name and
    townships are no equals of theirs.
    """
    compatible = [
        one for one in alike if _compatible(government.form, one.form) and _compatible(government.county, one.county)
    ]
    for leading in ({"city"}, {"city", "village", "borough", "town"} - _LESSER_TOWNS.get(state, set())):
        if len(leading) > 1 and state in _EQUAL_TOWNSHIPS:
            break
        first = [one for one in compatible if one.form in leading]
        compatible = first or compatible
    return compatible[0] if len(compatible) == 1 else None


def _merged(body: str, state: str, level: AgencyKind) -> str:
    """City or county, folded, of a consolidated government whose name has no other words than theirs.

    It is the county's only where its name says so.
    """
    words = set(body.split())
    for entry in _MERGED.get(state, "").split(";"):
        city, _, county = entry.partition("/")
        own, whole = set(plain(city).split()), set(plain(f"{city} {county}").split())
        if city and own <= words <= whole | _OF_MERGED:
            if level is AgencyKind.MUNICIPAL:
                return fold(city)
            return fold(county or city) if words & ({"county", "parish"} | whole - own) else ""
    return ""


def _without_state(body: str, state: str) -> str:
    """A name without the state's own name or code, and the country, after it: "City of Aurora Ohio"."""
    name = plain(REGIONS[state].name)
    return re.sub(rf"(?<=\w)(?<! of)(?: (?:{name}|{state.lower()}))?(?: (?:usa|us))?$", "", body)
