"""Match postal codes and check them against the town typed with them."""

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

MIN_REACH_M = 5_000
REACH_M_PER_SQRT_POPULATION = 30
"""A city of a million extends 30 km from its middle, where its postal codes have other names."""
COUNTY_REACH_M = 80_000
CITY_TO_PART_RATIO = 20
"""A city has at least this many times the population of a named part of it."""


def match_leading_code(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """Match the ZIP of "06840 New Canaan" or "6840 New Canaan" when the words after it lie there; else None."""
    match = re.fullmatch(r"(\d{3,5})(?:[ ,]+(\D+))?", ", ".join(parsed.segments))
    if match is None or parsed.postal_code or (parsed.region and match[2] is None):
        return None
    if len(match[1]) == 3 and not match[2]:
        return None  # 911 is no ZIP
    postal = names.gazetteer.postal_code(match[1].zfill(5))
    if postal is None or not parsed.allows_region(postal.state):
        return None
    if match[2] and not near_any(postal, names.find_places(match[2], replace(parsed, region=postal.state))):
        return None
    notes = (Note("zip_zero_restored", match[1]),) if len(match[1]) < 5 else ()
    segments = tuple(part.strip() for part in match[2].split(",")) if match[2] else ()
    remaining = replace(parsed, segments=segments, postal_code=match[1].zfill(5), notes=(*parsed.notes, *notes))
    return add_postal_code(names, remaining, match_town(names, remaining))


def add_postal_code(names: PlaceNames, parsed: ParsedAddress, town: Match) -> Match:
    """Combine the postal code and the town into one match, or into candidates to confirm."""
    if not parsed.postal_code:
        return town
    postal = names.gazetteer.postal_code(parsed.postal_code)
    if postal is None:
        note = Note("unknown_postal_code", parsed.postal_code)
        return replace(town, is_complete=not parsed.segments, notes=(*town.notes, note))
    is_other_state = bool(postal.state) and not parsed.allows_region(postal.state)
    if not town.candidates:
        return _match_code_only(names, postal, parsed, town, is_other_state)
    if is_other_state:  # one of the two is mistyped
        note = Note("zip_and_town_disagree", parsed.postal_code, _nearest(town.candidates, postal))
        candidates = (*town.candidates[: MAX_CANDIDATES - 1], postal)
        return replace(town, candidates=candidates, notes=(*town.notes, note), needs_confirmation=True)
    if _is_rural_canadian(parsed.postal_code):
        return town  # such an area is as large as a country; the town is more precise
    notes = town.notes
    if not any(_belongs_to_town(names, postal, candidate) for candidate in town.candidates):
        notes = (*notes, Note("zip_and_town_disagree", parsed.postal_code, _nearest(town.candidates, postal)))
    return Match((postal,), is_complete=town.is_complete, notes=notes)


def _nearest(places: Sequence[Geocode], postal: Geocode) -> Geocode:
    return min(places, key=lambda place: distance_m(place.coordinates, postal.coordinates))


def _match_code_only(
    names: PlaceNames, postal: Geocode, parsed: ParsedAddress, town: Match, is_other_state: bool
) -> Match:
    """Match the code when no town matched; the rest of the text is in a note."""
    notes, candidates = town.notes, [postal]
    if is_other_state:
        region = names.gazetteer.region(parsed.region) if parsed.region else None
        notes = (*notes, Note("zip_and_town_disagree", parsed.postal_code, region))
        candidates += [region] if region else []
    unmatched = [segment for segment in parsed.segments if segment not in {note.text for note in notes}]
    if unmatched:
        code = "address_unknown" if parsed.has_house_number else "unread_words"
        notes = (*notes, Note(code, ", ".join(unmatched)))
    return Match(tuple(candidates), is_complete=not parsed.segments, notes=notes, needs_confirmation=is_other_state)


def _is_rural_canadian(code: str) -> bool:
    return code[0].isalpha() and code[1] == "0"


def _belongs_to_town(names: PlaceNames, postal: Geocode, town: Geocode) -> bool:
    """Whether a postal code may belong to the town: it has its name, or lies within the reach of a town of its size.

    A code with the name of another town belongs to that one, unless it is a small part of this town.
    """
    if fold(postal.name) == fold(town.name):
        return True
    is_part = any(fold(alias.city) == fold(town.name) for alias in place_aliases(postal.name, town.state))
    namesakes = [] if is_part else names.gazetteer.places(postal.name, postal.state)
    if any(namesake.population * CITY_TO_PART_RATIO > town.population for namesake in namesakes if namesake.population):
        return False
    reach_m = max(MIN_REACH_M, REACH_M_PER_SQRT_POPULATION * math.sqrt(town.population))
    if town.precision is Precision.COUNTY:
        reach_m = COUNTY_REACH_M
    return distance_m(postal.coordinates, town.coordinates) < reach_m
