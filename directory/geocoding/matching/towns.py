"""Match the town in an address: the last place, the text before it, and suggestions when there is none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, is_box, starts_with_number
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import LARGE_TOWN_POPULATION, PlaceNames, is_township, near_any
from directory.geocoding.place_aliases import PROVIDER as EVERYDAY
from directory.geocoding.results import Geocode, Note, Precision
from directory.text import fold, plain

_NAME_QUALIFIERS = frozenset((
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "n", "s", "e", "w", "ne",
    "nw", "se", "sw", "new", "old", "upper", "lower", "mount", "mt", "fort", "ft", "saint", "sainte", "port", "lake",
    "glen", "grand", "great", "little", "big", "point", "san", "santa", "los", "las", "la", "el", "le", "les",
))  # fmt: skip
"""Words that belong to the name after them: West Carrollton is not Carrollton."""
_COMPASS_POINTS = frozenset(("n", "s", "e", "w", "ne", "nw", "se", "sw"))
_COMPASS_WORDS = frozenset((
    "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
))  # fmt: skip
_STREET_TYPES = frozenset((
    "avenue", "ave", "street", "st", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd",
    "place", "pl", "parkway", "pkwy", "highway", "hwy", "route", "rte", "way", "circle", "cir", "terrace", "ter",
    "turnpike", "tpke", "square", "sq", "plaza", "plz", "trail", "trl", "pike", "row", "broadway", "rue", "chemin",
    "ch", "boul", "avenida", "calle", "carretera", "and", "at", "park", "alley", "crescent", "cres", "loop", "cove",
))  # fmt: skip

MOST_ELSEWHERE = 3
"""Towns of other states in a question whether the state or the name was mistyped."""
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
        last = parsed.unsplit_last  # "Port Washington" is not Port in the state of Washington
        places = [*unsplit_places, *(place for place in places if not near_any(place, unsplit_places))][:MAX_CANDIDATES]
    if places:
        return _build_match(names, places, preceding, parsed, last)
    if match := _match_neighbours(names, parsed) or _match_after_street(names, parsed):
        return match
    if is_township(last):
        return _no_match(names, parsed)
    return (
        _match_misspelt(names, parsed)
        or _match_earlier_segment(names, parsed)
        or _match_county(names, parsed)
        or _no_match(names, parsed)
    )


def _match_neighbours(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "Minneapolis-St. Paul", "St Louis/St Charles": match two towns near each other, as a choice."""
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    for sign in ("/", "-", "–"):
        first, found, second = last.partition(sign)
        if found and plain(first) and plain(second):
            ones, others = (names.find_places(name, parsed) for name in (first, second))
            for one in ones:
                if places := [other for other in others if other.state == one.state and near_any(other, [one])]:
                    return _build_match(names, [one, places[0]], preceding, parsed, last)
    return None


def may_be_street(text: str) -> bool:
    """Whether the text may begin with a street address: a number, a type of street, a corner."""
    words = plain(text).split()
    numbered = re.match(r"\d", text) is not None
    return numbered or "&" in text or any(word in _STREET_TYPES for word in words[1:])


def _match_after_street(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """ "174 South Avenue New Canaan": match the longest town name after a street without a comma."""
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    if not may_be_street(last):
        return None
    words = last.split()
    plain_words = [plain(word) for word in words]
    starts, behind_compass = _town_starts(plain_words, bool(parsed.region)), _after_compass_words(plain_words)
    for start in sorted({*starts, *behind_compass}):
        name = " ".join(words[start:])
        if places := names.find_places(name, parsed):
            match = _build_match(names, places, [*preceding, " ".join(words[:start])], parsed, name)
            # A small town of the longer name may be missing in the gazetteer: West Carrollton is not Carrollton.
            asks = start in behind_compass and _population(names, places[0]) < LARGE_TOWN_POPULATION
            return replace(match, needs_confirmation=asks)
    for start in starts if parsed.region else ():
        name = " ".join(words[start:])
        alike, asks = _spelt_like(names, name, parsed)
        if alike:
            before, notes = [*preceding, " ".join(words[:start])], (Note("spelling", name),)
            return replace(_build_match(names, alike, before, parsed, name, notes), needs_confirmation=asks)
    return None


def _after_compass_words(words: Sequence[str]) -> list[int]:
    """ "1 King Street West Toronto": where a town may begin when the word before it belongs to the street."""
    return [
        start
        for start in range(3, len(words))
        if words[start - 1] in _COMPASS_WORDS
        and words[start - 2] in _STREET_TYPES
        and words[start] not in _STREET_TYPES
    ]


def _town_starts(words: Sequence[str], in_region: bool) -> list[int]:
    """The positions at which a town may begin in a street address, the longest name first.

    A house number precedes a street. A type of street alone is no town ("10 Main Street"). A compass point after a
    street belongs to it ("123 1st Ave S Seattle").
    """
    starts = []
    for start in range(2 if words[0][:1].isdigit() else 1, len(words)):
        before, name = words[start - 1], words[start:]
        joined, _, end = before.rpartition(" ")  # "Minneapolis-St. Paul"
        is_saint = bool(joined) and end in ("st", "ste")
        after_street = start > 1 and (words[start - 2] in _STREET_TYPES or words[start - 2].isdigit())
        qualified = is_saint or (before in _NAME_QUALIFIERS and not (before in _COMPASS_POINTS and after_street))
        is_direction = name[0] in _COMPASS_POINTS and (before in _STREET_TYPES or before.isdigit())
        is_type = len(name) == 1 and name[0] in (_STREET_TYPES | _NAME_QUALIFIERS)
        if not (qualified or is_direction or (is_type and not (in_region and before in _STREET_TYPES))):
            starts.append(start)
    return starts


def _match_misspelt(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    last, preceding = parsed.segments[-1], parsed.segments[:-1]
    places, asks = _spelt_like(names, last, parsed)
    if not places:
        return None
    match = _build_match(names, places, preceding, parsed, last, (Note("spelling", last),))
    return replace(match, needs_confirmation=asks)


def _spelt_like(names: PlaceNames, name: str, parsed: ParsedAddress) -> tuple[list[Geocode], bool]:
    """The places spelt like a name, and whether to ask: "Boston, CT" may be a wrong letter or a wrong state."""
    alike = names.find_spelt_like(name, parsed)
    elsewhere = [place for place in names.gazetteer.places(name) if alike and place.precision is Precision.PLACE]
    if not elsewhere:
        return alike, False
    places = (elsewhere[:MOST_ELSEWHERE], alike[: MAX_CANDIDATES - MOST_ELSEWHERE])
    first, second = places if elsewhere[0].population > alike[0].population else reversed(places)
    return [*first, *second], True


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
    if alone and (may_be_street(last) or is_box(last)) and re.search(r"[a-z]", last, re.IGNORECASE):
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
    most = _population(names, containers[0])
    return [part for part in names.find_parts(name, containers) if part.population <= most]


def _population(names: PlaceNames, place: Geocode) -> int:
    """The population of a place; of an everyday name the gazetteer knows it."""
    namesakes = names.gazetteer.places(place.name, place.state) if place.provider == EVERYDAY else ()
    return place.population or max((town.population for town in namesakes if near_any(town, [place])), default=0)


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
        code = "address_unknown" if any(may_be_street(part) for part in unmatched) else "unread_words"
        all_notes.append(Note(code, ", ".join(unmatched)))
    return Match(tuple(places), is_complete=not (unmatched or unread), notes=tuple(all_notes))
