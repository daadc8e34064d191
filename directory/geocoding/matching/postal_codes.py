"""Postal codes in a text, held against the town that was typed with them."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from directory.geo import distance_m
from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import PlaceNames, near_any
from directory.geocoding.matching.towns import match_town
from directory.geocoding.place_aliases import place_aliases
from directory.geocoding.results import Geocode, Note, Precision
from directory.text import fold

LEAST_REACH_M = 5_000
REACH_M_PER_ROOT_OF_POPULATION = 30
"""A city of a million reaches 30 km from its middle: its postal codes bear other names there."""
REACH_OF_A_COUNTY_M = 80_000
LEAST_RATIO = 20
"""A city is this many times as large as a part of it that has a name in the gazetteer."""


def leading_code(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """The ZIP of "06840 New Canaan" or "6840 New Canaan", where the words behind it lie there; else a house number."""
    match = re.fullmatch(r"(\d{3,5})(?:[ ,]+(\D+))?", ", ".join(parsed.segments))
    if match is None or parsed.postal_code or (parsed.region and match[2] is None):
        return None
    if len(match[1]) == 3 and not match[2]:
        return None  # 911 is no ZIP
    postal = names.gazetteer.postal_code(match[1].zfill(5))
    if postal is None or not parsed.takes(postal.state):
        return None
    if match[2] and not near_any(postal, names.named(match[2], replace(parsed, region=postal.state))):
        return None
    notes = (Note("zip_zero_restored", match[1]),) if len(match[1]) < 5 else ()
    segments = tuple(part.strip() for part in match[2].split(",")) if match[2] else ()
    rest = replace(parsed, segments=segments, postal_code=match[1].zfill(5), notes=(*parsed.notes, *notes))
    return with_postal_code(names, rest, match_town(names, rest))


def with_postal_code(names: PlaceNames, parsed: ParsedAddress, town: Match) -> Match:
    """The postal code and the town as one answer, or as a question."""
    if not parsed.postal_code:
        return town
    postal = names.gazetteer.postal_code(parsed.postal_code)
    if postal is None:
        note = Note("unknown_postal_code", parsed.postal_code)
        return replace(town, whole=not parsed.segments, notes=(*town.notes, note))
    other_state = bool(postal.state) and not parsed.takes(postal.state)
    if not town.candidates:
        return _code_alone(names, postal, parsed, town, other_state)
    if other_state:  # somebody mistyped, so ask
        note = Note("zip_and_town_disagree", parsed.postal_code, _nearest(town.candidates, postal))
        candidates = (*town.candidates[: MAX_CANDIDATES - 1], postal)
        return replace(town, candidates=candidates, notes=(*town.notes, note), asks=True)
    if _is_rural_canadian(parsed.postal_code):
        return town  # such an area is as large as a country; the town in it says more
    notes = town.notes
    if not any(_agree(names, postal, candidate) for candidate in town.candidates):
        notes = (*notes, Note("zip_and_town_disagree", parsed.postal_code, _nearest(town.candidates, postal)))
    return Match((postal,), whole=town.whole, notes=notes)


def _nearest(places: Sequence[Geocode], postal: Geocode) -> Geocode:
    return min(places, key=lambda place: distance_m(place.coordinates, postal.coordinates))


def _code_alone(names: PlaceNames, postal: Geocode, parsed: ParsedAddress, town: Match, other_state: bool) -> Match:
    """The code, when no town was read; what was typed with it is named."""
    notes, candidates = town.notes, [postal]
    if other_state:
        region = names.gazetteer.region(parsed.region) if parsed.region else None
        notes = (*notes, Note("zip_and_town_disagree", parsed.postal_code, region))
        candidates += [region] if region else []
    rest = [segment for segment in parsed.segments if segment not in {note.text for note in notes}]
    if rest:
        code = "address_unknown" if parsed.has_house_number else "unread_words"
        notes = (*notes, Note(code, ", ".join(rest)))
    return Match(tuple(candidates), whole=not parsed.segments, notes=notes, asks=other_state)


def _is_rural_canadian(code: str) -> bool:
    return code[0].isalpha() and code[1] == "0"


def _agree(names: PlaceNames, postal: Geocode, town: Geocode) -> bool:
    """Whether a postal code may be the town's: it bears its name, or lies within the reach of a town of its size.

    A code that bears the name of another town, which is no small part of this one, is that town's.
    """
    if fold(postal.name) == fold(town.name):
        return True
    is_part = any(fold(meaning.city) == fold(town.name) for meaning in place_aliases(postal.name, town.state))
    others = [] if is_part else names.gazetteer.places(postal.name, postal.state)
    if any(other.population * LEAST_RATIO > town.population for other in others if other.population):
        return False
    reach_m = max(LEAST_REACH_M, REACH_M_PER_ROOT_OF_POPULATION * math.sqrt(town.population))
    if town.precision is Precision.COUNTY:
        reach_m = REACH_OF_A_COUNTY_M
    return distance_m(postal.coordinates, town.coordinates) < reach_m
