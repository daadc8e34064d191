"""Texts that are a whole state, province or country, and texts that end with a country the directory does not cover."""

from dataclasses import replace

from directory.geocoding.address_parser import ParsedAddress, starts_with_number
from directory.geocoding.gazetteer import MAX_CANDIDATES
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.place_names import PlaceNames
from directory.geocoding.place_aliases import PROVIDER as EVERYDAY
from directory.geocoding.results import (
    Geocode,
    NoMatchError,
    Note,
    Precision,
)
from directory.regions import (
    Country,
    is_full_name,
    is_word_like,
    read_country,
    read_misspelt_region,
    read_region,
)

FAMOUS_POPULATION = 500_000
"""A city this large that bears its state's name is meant as often as the state."""


def whole_region(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """The state or province that is all of the text, and below it the towns of its name."""
    if len(parsed.segments) != 1 or parsed.postal_code or parsed.county:
        return None
    name = parsed.segments[0]
    if parsed.region:  # "W. Va." is no place W. in Virginia
        if not parsed.whole_last or names.named(name, parsed):
            return None
        name, parsed = parsed.whole_last, replace(parsed, region="", whole_last="")
    towns, notes = names.named(name, parsed), parsed.notes
    code = read_region(name)
    if not code and not towns and (code := read_misspelt_region(name)):
        notes = (*notes, Note("spelling", name))
    if not code or not parsed.takes(code) or (is_word_like(name) and towns):
        return None
    region = names.gazetteer.region(code)
    if not is_full_name(name):
        towns = [town for town in towns if _is_nickname(town)]
    towns = [town for town in towns if (town.state, code) != ("DC", "DC")]
    famous = [town for town in towns if town.population >= FAMOUS_POPULATION or _is_nickname(town)]
    if famous:
        notes = (*notes, Note("region_and_town", name))
    candidates = (region, *famous, *(town for town in towns if town not in famous))
    return Match(candidates[:MAX_CANDIDATES], whole=True, notes=notes, asks=bool(famous))


def _is_nickname(place: Geocode) -> bool:
    return place.provider == EVERYDAY and place.precision is Precision.PLACE


def foreign(names: PlaceNames, parsed: ParsedAddress) -> Match | None:
    """A town that bears a country's name, where the text may mean it; None when no country is concerned.

    Raises NoMatchError for a country that the directory does not cover, and for a whole one that it does.
    """
    alone = read_country(parsed.segments[0]) if len(parsed.segments) == 1 and not parsed.region else None
    if alone and not read_region(parsed.segments[0]) and not parsed.postal_code:
        if alone.covered:
            raise _refusal(alone)
        towns = names.named(parsed.segments[0], parsed)
        if towns:  # Peru is a town in Indiana
            note = Note("country_not_covered", alone.name)
            return Match(tuple(towns), whole=True, notes=(*parsed.notes, note), asks=True)
        raise _refusal(alone)
    if parsed.country is None or parsed.country.covered:
        return None
    towns = names.named(parsed.country.name, ParsedAddress(()))
    if towns and parsed.segments and starts_with_number(parsed.segments[-1]):  # "90 Hillside Ave, Jamaica": in Queens
        note = Note("address_unknown", ", ".join(parsed.segments))
        return Match(tuple(towns), whole=False, notes=(*parsed.notes, note))
    raise _refusal(parsed.country)


def refuse_foreign_end(parsed: ParsedAddress) -> None:
    """Raise NoMatchError where the last words name a country that is not covered ("Paris France")."""
    words = parsed.segments[-1].split() if parsed.segments and not parsed.region else []
    for start in range(1, len(words)):
        named = " ".join(words[start:])
        country = read_country(named)
        if country and not country.covered and not read_region(named):
            raise _refusal(country)


def _refusal(country: Country) -> NoMatchError:
    if country.covered:
        message = f"{country.name} is a whole country: type a town or a postal code."
        return NoMatchError(message, notes=(Note("whole_country", country.name),))
    message = f"The directory covers the United States and Canada, not {country.name}."
    return NoMatchError(message, notes=(Note("country_not_covered", country.name),))


def region_first(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with the region that begins it: "Connecticut, New Canaan", "Texas Austin"; None when none does."""
    if parsed.region or not parsed.segments:
        return None
    words = parsed.segments[0].split()
    for count in range(len(words), 0, -1):
        named = " ".join(words[:count])
        rest = (*([" ".join(words[count:])] if count < len(words) else []), *parsed.segments[1:])
        if rest and is_full_name(named):
            return replace(parsed, region=read_region(named), segments=rest)
    return None


def region_as_town(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with the region read as the city of its name: "350 Fifth Ave, New York"; None without a region."""
    if not parsed.region_text or not is_full_name(parsed.region_text) or not parsed.segments:
        return None
    last = (parsed.whole_last,) if parsed.whole_last else (parsed.segments[-1], parsed.region_text)
    return replace(parsed, segments=(*parsed.segments[:-1], *last), region="", region_text="", whole_last="")


def with_canada(parsed: ParsedAddress) -> ParsedAddress | None:
    """The address with "CA" read as the country: "Toronto, Ontario, CA"; None when it does not end with "CA"."""
    if parsed.region != "CA" or parsed.country is not None or parsed.postal_code[:1].isdigit() or not parsed.segments:
        return None
    words = parsed.segments[-1].split()
    without = replace(parsed, region="", region_text="", country=Country("CA", "Canada"), whole_last="")
    for start in range(len(words)):
        region = read_region(" ".join(words[start:]))
        before = (*parsed.segments[:-1], " ".join(words[:start])) if start else parsed.segments[:-1]
        if region and without.takes(region):
            return replace(without, region=region, segments=before)
    return replace(without, notes=(*without.notes, Note("ca_read_as_canada", "CA")))
