"""Match texts that are a state, province or country; reject countries that are not covered."""

import re
from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, starts_with_number
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import PlaceNames
from directory.geocoding.matching.towns import may_be_street
from directory.geocoding.place_aliases import PROVIDER as EVERYDAY
from directory.geocoding.place_aliases import place_aliases
from directory.geocoding.results import Geocode, NoMatchError, Note, Precision
from directory.regions import Country, is_full_name, is_word_like, read_country, read_misspelt_region, read_region
from directory.text import plain

_DIRECTION = re.compile(
    r"(?:(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?|central|upstate)(?: central)?"
)
TOWN_BEFORE_REGION_POPULATION = 10_000
"""A town this large comes before the region in its name: West New York, but not East Texas, a hamlet."""
FAMOUS_CITY_POPULATION = 500_000
"""A city this large with its state's name is meant as often as the state."""


def match_region(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """Match a text that is a state or province, followed by the towns of its name."""
    if len(parsed.segments) != 1 or parsed.postal_code or parsed.county:
        return None
    name = parsed.segments[0]
    if match := _match_part_of_region(names, parsed):
        return match
    if parsed.region:  # "W. Va." is no place W. in Virginia
        if not parsed.unsplit_last or names.find_places(name, parsed):
            return None
        name, parsed = parsed.unsplit_last, replace(parsed, region="", unsplit_last="")
    towns, notes = names.find_places(name, parsed), parsed.notes
    code = read_region(name)
    if not code and not towns and (code := read_misspelt_region(name)):
        notes = (*notes, Note("spelling", name))
    if not code or not parsed.allows_region(code) or (is_word_like(name) and towns):
        return None
    region = names.gazetteer.region(code)
    if not is_full_name(name):
        towns = [town for town in towns if _is_nickname(town)]
    towns = [town for town in towns if (town.state, code) != ("DC", "DC")]
    famous = [town for town in towns if _is_famous(town)]
    if famous:
        notes = (*notes, Note("region_and_town", name))
    candidates = (region, *famous, *(town for town in towns if town not in famous))
    return Match(candidates[:MAX_CANDIDATES], is_complete=True, notes=notes, needs_confirmation=bool(famous))


def _match_part_of_region(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """Match "East Texas", "Central Florida": the region, then hamlets of this name; None when a town is meant."""
    if not parsed.unsplit_last or not is_full_name(parsed.region_text):
        return None
    direction = parsed.segments[0]
    towns = names.find_places(parsed.unsplit_last, replace(parsed, region=""))
    is_town = any(town.population >= TOWN_BEFORE_REGION_POPULATION or town.provider != "gazetteer" for town in towns)
    if is_town or read_region(parsed.unsplit_last) or not _DIRECTION.fullmatch(plain(direction)):
        return None
    hamlets = (*towns, *names.find_places(direction, parsed))
    candidates = (names.gazetteer.region(parsed.region), *hamlets)
    return Match(candidates[:MAX_CANDIDATES], is_complete=True, notes=(*parsed.notes, Note("filler", direction)))


def _is_famous(town: Geocode) -> bool:
    return town.population >= FAMOUS_CITY_POPULATION or _is_nickname(town)


def _is_nickname(place: Geocode) -> bool:
    return place.provider == EVERYDAY and place.precision is Precision.PLACE


def match_foreign_country(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """Match a town with a country's name when the text may mean it; None when the text names no country.

    Raises NoMatchError for a country that is not covered, and for a covered country without a place.
    """
    alone = read_country(parsed.segments[0]) if len(parsed.segments) == 1 and not parsed.region else None
    if alone and not read_region(parsed.segments[0]) and not parsed.postal_code:
        if alone.covered:
            raise _country_error(alone)
        towns = names.find_places(parsed.segments[0], parsed)
        if towns:  # Peru is a town in Indiana
            note = Note("country_not_covered", alone.name)
            return Match(tuple(towns), is_complete=True, notes=(*parsed.notes, note), needs_confirmation=True)
        raise _country_error(alone)
    if parsed.country is None or parsed.country.covered:
        return None
    towns = names.find_places(parsed.country.name, ParsedAddress(()))
    if towns and parsed.segments and starts_with_number(parsed.segments[-1]):  # "90 Hillside Ave, Jamaica": in Queens
        note = Note("address_unknown", ", ".join(parsed.segments))
        return Match(tuple(towns), is_complete=False, notes=(*parsed.notes, note))
    raise _country_error(parsed.country)


def refuse_foreign_end(parsed: ParsedAddress) -> None:
    """Raise NoMatchError when the last words name a country that is not covered ("Paris France")."""
    words = parsed.segments[-1].split() if parsed.segments and not parsed.region else []
    for start in range(1, len(words)):
        name = " ".join(words[start:])
        country = read_country(name)
        if country and not country.covered and not read_region(name):
            raise _country_error(country)


def _country_error(country: Country) -> NoMatchError:
    if country.covered:
        message = f"{country.name} is a whole country: type a town or a postal code."
        return NoMatchError(message, notes=(Note("whole_country", country.name),))
    message = f"The directory covers the United States and Canada, not {country.name}."
    return NoMatchError(message, notes=(Note("country_not_covered", country.name),))


def region_first(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with a region at its start: "Connecticut, New Canaan", "Texas Austin"; None without one."""
    if parsed.region or not parsed.segments:
        return None
    words = parsed.segments[0].split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        segments = (*([" ".join(words[count:])] if count < len(words) else []), *parsed.segments[1:])
        if segments and is_full_name(name):
            return replace(parsed, region=read_region(name), segments=segments)
    return None


def region_as_town(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with the region read as the city of its name: "350 Fifth Ave, New York"; None without a region.

    "Washington DC" is a form of the region and an everyday name of the city.
    """
    text = parsed.region_text
    if not text or not parsed.segments or not (is_full_name(text) or place_aliases(text, parsed.region)):
        return None
    last = (parsed.unsplit_last,) if parsed.unsplit_last else (parsed.segments[-1], parsed.region_text)
    return replace(parsed, segments=(*parsed.segments[:-1], *last), region="", region_text="", unsplit_last="")


def only_meant(names: PlaceNames, parsed: ParsedAddress, match: Match, as_town: Match) -> Match:
    """The match of an address with its region read as a town, when it may be meant; else `match`, with suggestions.

    A nickname, a famous city, or a town in the typed region may be meant behind a street: "Clarington, Ontario" is not
    in California. Behind other words the region may be meant too.
    """
    if any(note.code == "township_unknown" for note in match.notes):
        return match
    towns = as_town.candidates
    in_region = [town for town in towns if town.state == parsed.region and town.precision is Precision.PLACE]
    meant = [town for town in towns if town in in_region or _is_famous(town)]
    if all(may_be_street(segment) for segment in parsed.segments):
        is_street_alone = len(parsed.segments) == 1 and not match.similar
        return as_town if meant else replace(match, similar=towns) if is_street_alone else match
    if match.similar or not meant:
        return match
    candidates = (names.gazetteer.region(parsed.region), *meant)
    notes = (*as_town.notes, Note("region_and_town", parsed.region_text))
    return replace(as_town, candidates=candidates[:MAX_CANDIDATES], notes=notes, needs_confirmation=True)


def region_typed_twice(parsed: ParsedAddress) -> ParsedAddress | None:
    """ "Washington, Washington", "Texas, TX": the address with its region once; None for other addresses."""
    if len(parsed.segments) != 1 or parsed.postal_code or read_region(parsed.segments[0]) != parsed.region:
        return None
    return replace(parsed, region="", region_text="", unsplit_last="") if is_full_name(parsed.segments[0]) else None


def with_canada(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with "CA" read as the country: "Toronto, Ontario, CA"; None when it does not end with "CA"."""
    if parsed.region != "CA" or parsed.country is not None or parsed.postal_code[:1].isdigit() or not parsed.segments:
        return None
    words = parsed.segments[-1].split()
    as_country = replace(parsed, region="", region_text="", country=Country("CA", "Canada"), unsplit_last="")
    for start in range(len(words)):
        region = read_region(" ".join(words[start:]))
        before = (*parsed.segments[:-1], " ".join(words[:start])) if start else parsed.segments[:-1]
        if region and as_country.allows_region(region):
            return replace(as_country, region=region, segments=before)
    return replace(as_country, notes=(*as_country.notes, Note("ca_read_as_canada", "CA")))
