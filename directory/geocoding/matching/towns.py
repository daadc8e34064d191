"""The town in an address: the place named last, what stands before it, and what is said when there is none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, starts_with_number
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import PlaceNames, is_township, near_any
from directory.geocoding.place_aliases import PROVIDER as EVERYDAY
from directory.geocoding.results import Geocode, Note
from directory.text import fold, plain

_QUALIFIERS = frozenset((
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "n", "s", "e", "w", "ne",
    "nw", "se", "sw", "new", "old", "upper", "lower", "mount", "mt", "fort", "ft", "saint", "sainte", "port", "lake",
    "glen", "grand", "great", "little", "big", "point", "san", "santa", "los", "las", "la", "el", "le", "les",
))  # fmt: skip
"""Words that belong to the name behind them: West Carrollton is not Carrollton."""
_POINTS = frozenset(("n", "s", "e", "w", "ne", "nw", "se", "sw"))
_STREET_TYPES = frozenset((
    "avenue", "ave", "street", "st", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd",
    "place", "pl", "parkway", "pkwy", "highway", "hwy", "route", "rte", "way", "circle", "cir", "terrace", "ter",
    "turnpike", "tpke", "square", "sq", "plaza", "plz", "trail", "trl", "pike", "row", "broadway", "rue", "chemin",
    "ch", "boul", "avenida", "calle", "carretera", "and", "at", "park", "alley", "crescent", "cres", "loop", "cove",
))  # fmt: skip


def match_town(names: PlaceNames, parsed: ParsedAddress) -> Match:
    """The place named last in the address, and what stands before it."""
    if not parsed.segments:
        region = (names.gazetteer.region(parsed.region),) if parsed.region and not parsed.postal_code else ()
        return Match(region, whole=True, notes=parsed.notes)
    last, before = parsed.segments[-1], parsed.segments[:-1]
    found = names.named(last, parsed)
    whole = names.named(parsed.whole_last, replace(parsed, region="")) if parsed.whole_last else []
    if whole and (not found or whole[0].provider == EVERYDAY):
        last = parsed.whole_last  # "Port Washington" is no Port in the state of Washington; "West Texas" may be both
        found = [*whole, *(place for place in found if not near_any(place, whole))][:MAX_CANDIDATES]
    if found:
        return _with_rest(names, found, before, parsed, last)
    if match := _after_street(names, parsed):
        return match
    if is_township(last):
        return _unknown(names, parsed)
    return (
        _misspelt(names, parsed)
        or _in_an_earlier_segment(names, parsed)
        or _county_alone(names, parsed)
        or _unknown(names, parsed)
    )


def _may_hold_street(text: str) -> bool:
    """Whether a street address may begin the text: a number, a type of street, a corner."""
    words = plain(text).split()
    numbered = re.match(r"\d", text) is not None
    return numbered or "&" in text or any(word in _STREET_TYPES for word in words[1:])


def _after_street(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "174 South Avenue New Canaan": no comma says where the town begins; the longest name that is one counts."""
    last, before = parsed.segments[-1], parsed.segments[:-1]
    if not _may_hold_street(last):
        return None
    words = last.split()
    starts = _starts_of_towns([plain(word) for word in words], bool(parsed.region))
    for guessing in (False, True) if parsed.region else (False,):
        for start in starts:
            name = " ".join(words[start:])
            found = names.spelt_like(name, parsed) if guessing else names.named(name, parsed)
            if found:
                notes = (Note("spelling", name),) if guessing else ()
                return _with_rest(names, found, [*before, " ".join(words[:start])], parsed, name, notes)
    return None


def _starts_of_towns(words: Sequence[str], in_region: bool) -> list[int]:
    """Where in a street address a town may begin, the longest first.

    A house number is followed by a street; a type of street alone is no town ("10 Main Street"), and the point of the
    compass behind a street belongs to it ("123 1st Ave S Seattle").
    """
    starts = []
    for start in range(2 if words[0][:1].isdigit() else 1, len(words)):
        before, name = words[start - 1], words[start:]
        after_street = start > 1 and (words[start - 2] in _STREET_TYPES or words[start - 2].isdigit())
        qualified = before in _QUALIFIERS and not (before in _POINTS and after_street)
        is_direction = name[0] in _POINTS and (before in _STREET_TYPES or before.isdigit())
        is_type = (
            len(name) == 1 and name[0] in (_STREET_TYPES | _QUALIFIERS) and not (in_region and before in _STREET_TYPES)
        )
        if not (qualified or is_direction or is_type):
            starts.append(start)
    return starts


def _misspelt(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    last, before = parsed.segments[-1], parsed.segments[:-1]
    found = names.spelt_like(last, parsed)
    return _with_rest(names, found, before, parsed, last, (Note("spelling", last),)) if found else None


def _in_an_earlier_segment(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "New Canaan, next to the library": the last segment that names a place; those behind it are not read."""
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
    alone = not (parsed.region or parsed.postal_code) and len(parsed.segments) == 1
    if alone and _may_hold_street(last) and re.search(r"[a-z]", last, re.IGNORECASE):
        return Match((), whole=False, notes=(*parsed.notes, Note("place_needed", last)))
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
    unread = []
    if parsed.tail and (finer := _part(names, parsed.tail, found)):
        found, name = finer, parsed.tail
    elif parsed.tail:
        unread.append(parsed.tail)
    if parsed.county:
        in_county = [place for place in found if place.county and fold(place.county) == fold(parsed.county)]
        unread += [] if in_county else [parsed.county]
        found = in_county or found
    read += [Note("unread_words", text) for text in unread]
    if found[0].provider == EVERYDAY and fold(name) != fold(found[0].name):
        read.append(Note("everyday_name", name))
    if rest:
        code = "address_unknown" if any(_may_hold_street(part) for part in rest) else "unread_words"
        read.append(Note(code, ", ".join(rest)))
    return Match(tuple(found), whole=not (rest or unread), notes=tuple(read))
