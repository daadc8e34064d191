"""Townships, counties and Canadian municipalities that the gazetteer lacks, to place rows of files that name them.

Searches do not read them: a township that the gazetteer lacks is said to be unknown there (docs/gazetteer.md).
"""

import lzma
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from directory.geo import Coordinates
from directory.regions import NAMES, REGIONS
from directory.text import fold
from directory.zones.duplicates.towns import bare_town
from directory.zones.namesakes import namesakes

MUNICIPALITIES = NAMES / "municipalities.tsv.xz"
_FORM = re.compile(
    r"\b(township|twp|borough|boro|town|village|city|municipality|plantation|county|comt[eé]|mrc)\b", re.I
)
_FORMS = {"twp": "township", "boro": "borough", "comte": "county", "comté": "county", "mrc": "county"}
_COUNTY = re.compile(r"([\w.' -]+?) (?:county|parish)\b", re.I)
_BARE = frozenset(("NJ", "PA", "NY", "CT", "MA", "ME", "NH", "RI", "VT"))
"""States whose townships and towns go by their bare names. Elsewhere a hamlet may bear the name of a far township."""
_RURAL = ("township", "town")
_BRACKETS = re.compile(r"\([^()]*\)")


class Municipality(NamedTuple):
    """A municipality (`KnownPlace`) with its form, such as "township", and its county as it is compared."""

    label: str
    state: str
    form: str
    county: str
    coordinates: Coordinates


@lru_cache(maxsize=1)
def _lines() -> str:
    """The list as one text, which takes a tenth of the memory of its rows: a line for each name, by state and key."""
    with lzma.open(MUNICIPALITIES, "rt", encoding="utf-8") as file:
        return f"\n{file.read()}"


def _named(state: str, key: str) -> Iterator[Municipality]:
    """The municipalities of a state whose folded name is `key`."""
    lines, start = _lines(), f"\n{state}\t{key}\t"
    at = lines.find(start)
    while at >= 0:
        end = lines.index("\n", at + 1)
        label, form, county, latitude, longitude = lines[at + len(start) : end].split("\t")
        yield Municipality(label, state, form, county, Coordinates(float(latitude), float(longitude)))
        at = lines.find(start, end)


def form_of(name: str, state: str) -> str:
    """What a name says that its town is ("township", "city"); empty where it does not."""
    form = _FORM.search(name) if bare_town(name, state) != name else None
    return _FORMS.get(form[0].lower(), form[0].lower()) if form else ""


@lru_cache(maxsize=1024)
def municipalities(name: str, state: str, beside: str = "") -> tuple[Municipality, ...]:
    """The one municipality of a name in a state; none where several bear it and nothing tells which.

    Its form ("Township") tells, and its county, in the name or in the department `beside` it: "Springfield Township
    Police (Montgomery County)".
    """
    whole = list(_named(state, fold(name)))
    if len(whole) == 1 and whole[0].form == "county":
        return (whole[0],)
    text = _BRACKETS.sub("", name).strip()
    bare, word = bare_town(text, state), form_of(text, state)
    needs_form = not word and REGIONS[state].country == "US" and state not in _BARE
    if needs_form and re.match(rf"{re.escape(bare)} (?:charter )?(?:township|twp)\b", beside, re.I):
        word, needs_form = "township", False
    key = (state, fold(bare))
    found = [one for one in _named(*key) if word in ("", "city", one.form)]
    if needs_form:
        found = [one for one in found if one.form not in _RURAL]
    counties = {county for other, county in namesakes().get(key, ()) if word in ("", "city", other)}
    counties |= {one.county for one in found}
    texts = [fold(match[1]) for match in _COUNTY.finditer(f"{name}; {beside}")]
    told = {county for county in counties if county and any(text.endswith(county) for text in texts)} or counties
    return tuple(one for one in found if one.county in told)[:1] if len(told) == 1 else ()
