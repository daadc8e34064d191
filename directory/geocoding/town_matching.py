"""The town in an address: the place named last, what stands before it, and what is said when there is none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from directory.geocoding.answers import Geocode, Note
from directory.geocoding.everyday import PROVIDER as EVERYDAY
from directory.geocoding.match import Match
from directory.geocoding.place_names import PlaceNames, is_township
from directory.geocoding.reading import ParsedAddress, starts_with_number
from directory.text import fold, plain

_QUALIFIERS = frozenset((
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "n", "s", "e", "w", "ne",
    "nw", "se", "sw", "new", "old", "upper", "lower", "mount", "mt", "fort", "ft", "saint", "sainte", "port", "lake",
    "glen", "grand", "great", "little", "big", "point", "san", "santa", "los", "las", "la", "el", "le", "les",
))  # fmt: skip
"""Words that belong to the name behind them: West Carrollton is not Carrollton."""
_STREET_TYPES = frozenset((
    "avenue", "ave", "street", "st", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd",
    "place", "pl", "parkway", "pkwy", "highway", "hwy", "route", "rte", "way", "circle", "cir", "terrace", "ter",
    "turnpike", "tpke", "square", "sq", "plaza", "plz", "trail", "trl", "pike", "row", "broadway", "rue", "chemin",
    "ch", "boul", "avenida", "calle", "carretera", "and", "at",
))  # fmt: skip


def match_town(names: PlaceNames, parsed: ParsedAddress) -> Match:
    """The place named last in the address, and what stands before it."""
    if not parsed.segments:
        region = (names.gazetteer.region(parsed.region),) if parsed.region and not parsed.postal_code else ()
        return Match(region, whole=True, notes=parsed.notes)
    last, before = parsed.segments[-1], parsed.segments[:-1]
    found = names.named(last, parsed)
    if not found and parsed.whole_last and (found := names.named(parsed.whole_last, replace(parsed, region=""))):
        last = parsed.whole_last  # "Port Washington" is no Port in the state of Washington
    if found:
        return _with_rest(names, found, before, parsed, last)
    return (
        _after_street(names, parsed)
        or _misspelt(names, parsed)
        or _in_an_earlier_segment(names, parsed)
        or _county_alone(names, parsed)
        or _unknown(names, parsed)
    )


def may_hold_street(text: str) -> bool:
    """Whether a street address may begin the text: a number, a type of street, a corner."""
    words = plain(text).split()
    return any(char.isdigit() for char in text) or "&" in text or any(word in _STREET_TYPES for word in words[1:])


def _after_street(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "174 South Avenue New Canaan": no comma says where the town begins; the longest name that is one counts."""
    last, before = parsed.segments[-1], parsed.segments[:-1]
    if not may_hold_street(last):
        return None
    words = last.split()
    starts = [start for start in range(1, len(words)) if plain(words[start - 1]) not in _QUALIFIERS]
    for guessing in (False, True) if parsed.region else (False,):
        for start in starts:
            name = " ".join(words[start:])
            found = names.spelt_like(name, parsed) if guessing else names.named(name, parsed)
            if found:
                notes = (Note("spelling", name),) if guessing else ()
                return _with_rest(names, found, [*before, " ".join(words[:start])], parsed, name, notes)
    return None


def _misspelt(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    last, before = parsed.segments[-1], parsed.segments[:-1]
    found = names.spelt_like(last, parsed)
    return _with_rest(names, found, before, parsed, last, (Note("spelling", last),)) if found else None


def _in_an_earlier_segment(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "New Canaan, next to the library": the last segment that names a place; those behind it are not read."""
    if is_township(parsed.segments[-1]):
        return None
    for number in range(len(parsed.segments) - 2, -1, -1):
        if found := names.named(parsed.segments[number], parsed):
            unread = Note("unread_words", ", ".join(parsed.segments[number + 1 :]))
            match = _with_rest(names, found, parsed.segments[:number], parsed, parsed.segments[number], (unread,))
            return replace(match, whole=False)
    return None


def _county_alone(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """The county, when the town in it is not known."""
    found = names.named(parsed.county, parsed) if parsed.county else []
    if not found:
        return None
    unread = Note("unread_words", ", ".join(parsed.segments))
    return Match(tuple(found), whole=False, notes=(*parsed.notes, unread))


def _unknown(names: PlaceNames, parsed: ParsedAddress) -> Match:
    """Nothing, with places to offer instead; a township that is not known is said to be one."""
    last = parsed.segments[-1]
    words = last.split()
    for start in range(len(words)):
        name = " ".join(words[start:])
        if is_township(name):
            bare = re.sub(r"\b(township|twp)( of)?\b", " ", plain(name)).strip()
            note = Note("township_unknown", last)
            similar = names.gazetteer.places(bare, parsed.region)
            return Match((), whole=False, notes=(*parsed.notes, note), similar=tuple(similar))
    similar = names.gazetteer.places(last) or names.gazetteer.places_spelt_like(last, parsed.region)
    return Match((), whole=False, notes=parsed.notes, similar=tuple(similar))


def _part(names: PlaceNames, name: str, whole: Sequence[Geocode]) -> list[Geocode]:
    """ "Jamaica, Queens": the part of a city; "New York, Brooklyn" names the city first."""
    return [part for part in names.parts_named(name, whole) if part.population <= whole[0].population]


def _with_rest(
    names: PlaceNames,
    found: Sequence[Geocode],
    before: Sequence[str],
    parsed: ParsedAddress,
    name: str,
    notes: Iterable[Note] = (),
) -> Match:
    """The places with what stands before them: a finer place, a street address, or words that nobody can read."""
    rest, read = list(before), [*parsed.notes, *notes]
    if rest and not starts_with_number(rest[-1]) and (finer := _part(names, rest[-1], found)):
        found, name = finer, rest.pop()
    if parsed.county:
        in_county = [place for place in found if place.county and fold(place.county) == fold(parsed.county)]
        read += [] if in_county else [Note("unread_words", parsed.county)]
        found = in_county or found
    if found[0].provider == EVERYDAY and fold(name) != fold(found[0].label.split(",")[0]):
        read.append(Note("everyday_name", name))
    if rest:
        code = "address_unknown" if any(may_hold_street(part) for part in rest) else "unread_words"
        read.append(Note(code, ", ".join(rest)))
    return Match(tuple(found), whole=not rest, notes=tuple(read))
