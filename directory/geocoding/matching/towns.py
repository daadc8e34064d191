"""Match the town in an address: the last place, the text before it, and suggestions when there is none."""

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

_NAME_QUALIFIERS = frozenset((
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "n", "s", "e", "w", "ne",
    "nw", "se", "sw", "new", "old", "upper", "lower", "mount", "mt", "fort", "ft", "saint", "sainte", "port", "lake",
    "glen", "grand", "great", "little", "big", "point", "san", "santa", "los", "las", "la", "el", "le", "les",
))  # fmt: skip
"""Words that belong to the name after them: West Carrollton is not Carrollton."""
_COMPASS_POINTS = frozenset(("n", "s", "e", "w", "ne", "nw", "se", "sw"))
_STREET_TYPES = frozenset((
    "avenue", "ave", "street", "st", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd",
    "place", "pl", "parkway", "pkwy", "highway", "hwy", "route", "rte", "way", "circle", "cir", "terrace", "ter",
    "turnpike", "tpke", "square", "sq", "plaza", "plz", "trail", "trl", "pike", "row", "broadway", "rue", "chemin",
    "ch", "boul", "avenida", "calle", "carretera", "and", "at", "park", "alley", "crescent", "cres", "loop", "cove",
))  # fmt: skip

MOST_WORDS = 5
"""A longer text is no name of a shop beside a town."""


def match_town(names: PlaceNames, parsed: ParsedAddress) -> Match:
    """Match the last place in the address and the text before it."""
    if not parsed.segments:
        region = (names.gazetteer.region(parsed.region),) if parsed.region and not parsed.postal_code else ()
        return Match(region, is_complete=True, notes=parsed.notes)
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    places = names.find_places(last, parsed)
    unsplit_places = names.find_places(parsed.unsplit_last, replace(parsed, region="")) if parsed.unsplit_last else []
    if unsplit_places and (not places or unsplit_places[0].provider == EVERYDAY):
        last = parsed.unsplit_last  # "Port Washington" is not Port in the state of Washington; "West Texas" may be both
        places = [*unsplit_places, *(place for place in places if not near_any(place, unsplit_places))][:MAX_CANDIDATES]
    if places:
        return _build_match(names, places, preceding, parsed, last)
    if match := _match_after_street(names, parsed):
        return match
    if is_township(last):
        return _no_match(names, parsed)
    return (
        _match_misspelt(names, parsed)
        or _match_earlier_segment(names, parsed)
        or _match_county(names, parsed)
        or _no_match(names, parsed)
    )


def _may_be_street(text: str) -> bool:
    """Whether the text may begin with a street address: a number, a type of street, a corner."""
    words = plain(text).split()
    numbered = re.match(r"\d", text) is not None
    return numbered or "&" in text or any(word in _STREET_TYPES for word in words[1:])


def _match_after_street(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "174 South Avenue New Canaan": match the longest town name after a street without a comma."""
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    if not _may_be_street(last):
        return None
    words = last.split()
    starts = _town_starts([plain(word) for word in words], bool(parsed.region))
    for is_guess in (False, True) if parsed.region else (False,):
        for start in starts:
            name = " ".join(words[start:])
            places = names.find_spelt_like(name, parsed) if is_guess else names.find_places(name, parsed)
            if places:
                notes = (Note("spelling", name),) if is_guess else ()
                return _build_match(names, places, [*preceding, " ".join(words[:start])], parsed, name, notes)
    return None


def _town_starts(words: Sequence[str], in_region: bool) -> list[int]:
    """The positions at which a town may begin in a street address, the longest name first.

    A house number precedes a street. A type of street alone is no town ("10 Main Street"). A compass point after a
    street belongs to it ("123 1st Ave S Seattle").
    """
    starts = []
    for start in range(2 if words[0][:1].isdigit() else 1, len(words)):
        before, name = words[start - 1], words[start:]
        after_street = start > 1 and (words[start - 2] in _STREET_TYPES or words[start - 2].isdigit())
        qualified = before in _NAME_QUALIFIERS and not (before in _COMPASS_POINTS and after_street)
        is_direction = name[0] in _COMPASS_POINTS and (before in _STREET_TYPES or before.isdigit())
        is_type = len(name) == 1 and name[0] in (_STREET_TYPES | _NAME_QUALIFIERS)
        if not (qualified or is_direction or (is_type and not (in_region and before in _STREET_TYPES))):
            starts.append(start)
    return starts


def _match_misspelt(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    places = names.find_spelt_like(last, parsed)
    return _build_match(names, places, preceding, parsed, last, (Note("spelling", last),)) if places else None


def _match_earlier_segment(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "New Canaan, next to the library": match the last segment that names a place; those after it are unread."""
    for number in range(len(parsed.segments) - 2, -1, -1):
        if places := names.find_places(parsed.segments[number], parsed):
            unread = Note("unread_words", ", ".join(parsed.segments[number + 1 :]))
            match = _build_match(names, places, parsed.segments[:number], parsed, parsed.segments[number], (unread,))
            return replace(match, is_complete=False)
    return None


def _match_county(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """Match the county when its town is unknown."""
    places = names.find_places(parsed.county, parsed) if parsed.county else []
    if not places:
        return None
    unread = Note("unread_words", ", ".join(parsed.segments))
    return Match(tuple(places), is_complete=False, notes=(*parsed.notes, unread))


def _no_match(names: PlaceNames, parsed: ParsedAddress) -> Match:
    """No candidates, with similar places to suggest; an unknown township gets a note."""
    last = parsed.segments[-1]
    words = last.split()
    for start in range(len(words)):
        name = " ".join(words[start:])
        if is_township(name):
            bare = re.sub(r"\b(township|twp)( of)?\b", " ", plain(name)).strip()
            note = Note("township_unknown", last)
            similar = names.gazetteer.places(bare, parsed.region)
            return Match((), is_complete=False, notes=(*parsed.notes, note), similar=tuple(similar))
    alone = not (parsed.region or parsed.postal_code) and len(parsed.segments) == 1
    if alone and _may_be_street(last) and re.search(r"[a-z]", last, re.IGNORECASE):
        return Match((), is_complete=False, notes=(*parsed.notes, Note("place_needed", last)))
    return Match((), is_complete=False, notes=parsed.notes, similar=_similar_places(names, last, parsed.region))


def _similar_places(names: PlaceNames, text: str, region: str) -> tuple[Geocode, ...]:
    """What to offer in place of an unknown town: spelt alike in the typed state, then of this name in other states."""
    gazetteer = names.gazetteer
    elsewhere = gazetteer.places(text)
    if region or not elsewhere:
        alike = (
            gazetteer.places_spelt_like(text, region)
            or _beside_other_words(names, text.split(), region)
            or gazetteer.places_spelt_roughly_like(text, region)
        )
        return (*alike, *elsewhere)[:MAX_CANDIDATES]
    return elsewhere


def _beside_other_words(names: PlaceNames, words: Sequence[str], region: str) -> tuple[Geocode, ...]:
    """ "Norwalk Walmart", "Stamfrod mall": the towns that the first or the last words name or nearly name."""
    if not 2 <= len(words) <= MOST_WORDS:
        return ()
    runs = [" ".join(run) for cut in range(1, len(words)) for run in (words[:cut], words[cut:])]
    lookups = (names.gazetteer.places, names.gazetteer.places_spelt_like)
    places = {(place.label, place.county): place for run in runs for lookup in lookups for place in lookup(run, region)}
    return tuple(sorted(places.values(), key=lambda place: -place.population)[:MAX_CANDIDATES])


def _parts_of(names: PlaceNames, name: str, containers: Sequence[Geocode]) -> list[Geocode]:
    """ "Jamaica, Queens": the parts of a city with this name, not larger than the city."""
    return [part for part in names.find_parts(name, containers) if part.population <= containers[0].population]


def _build_match(
    names: PlaceNames,
    places: Sequence[Geocode],
    preceding: Sequence[str],
    parsed: ParsedAddress,
    name: str,
    notes: Iterable[Note] = (),
) -> Match:
    """Match places with the text before them: a part of them, a street address, or unread words."""
    unmatched, all_notes = list(preceding), [*parsed.notes, *notes]
    if unmatched and not starts_with_number(unmatched[-1]) and (parts := _parts_of(names, unmatched[-1], places)):
        places, name = parts, unmatched.pop()
    unread = []
    if parsed.trailing_text and (parts := _parts_of(names, parsed.trailing_text, places)):
        places, name = parts, parsed.trailing_text
    elif parsed.trailing_text:
        unread.append(parsed.trailing_text)
    if parsed.county:
        in_county = [place for place in places if place.county and fold(place.county) == fold(parsed.county)]
        unread += [] if in_county else [parsed.county]
        places = in_county or places
    all_notes += [Note("unread_words", text) for text in unread]
    if places[0].provider == EVERYDAY and fold(name) != fold(places[0].name):
        all_notes.append(Note("everyday_name", name))
    if unmatched:
        code = "address_unknown" if any(_may_be_street(part) for part in unmatched) else "unread_words"
        all_notes.append(Note(code, ", ".join(unmatched)))
    return Match(tuple(places), is_complete=not (unmatched or unread), notes=tuple(all_notes))
