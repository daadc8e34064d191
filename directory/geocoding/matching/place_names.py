"""Looking a name up: in the gazetteer, among the everyday names, and in what the directory itself knows."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from directory.geo import distance_m
from directory.geocoding.address_parser import ParsedAddress
from directory.geocoding.gazetteer import MAX_CANDIDATES, Gazetteer, are_apart
from directory.geocoding.matching.match import Match
from directory.geocoding.place_aliases import PlaceAlias, place_aliases
from directory.geocoding.results import Geocode, Precision
from directory.regions import read_region
from directory.text import fold, plain

SAME_TOWN_M = 40_000
"""Two towns of one name in one state nearer than this are one."""
CLEAR_WINNER_POPULATION = 10_000
CLEAR_WINNER_RATIO = 10
KNOWN_TOWN_POPULATION = 50_000
"""Long Island in New York comes before Long Island in Kansas; a town this large comes before an area of its name."""
_PREFIXES = re.compile(r"(?:the )?(?:city|town|village|borough|municipality|ville|cite|ciudad) (?:of|de|du) (.+)")
_SUFFIX = re.compile(r"(.+) (?:town|city|village|borough)")
_TOWNSHIP = re.compile(r"(?:.+ (?:township|twp)|(?:township|twp) of .+)")
_COUNTY_WORDS = ("County", "Parish", "Borough", "Region")


class NameSource(Protocol):
    """What the directory itself knows by name."""

    def towns(self, name: str, region: str = "", /) -> Sequence[Geocode]:
        """Its towns of a name, where their zones are."""

    def exact(self, parsed: ParsedAddress, /) -> Match | None:
        """The departments, zones or street addresses that the whole text names."""


class _NoNames:
    """No names of the directory's own, for whoever has no directory at hand."""

    def towns(self, _name: str, _region: str = "") -> Sequence[Geocode]:
        return ()

    def exact(self, _parsed: ParsedAddress) -> None:
        return None


NO_NAMES: NameSource = _NoNames()


class PlaceNames:
    """The places of a name, within the region and country that were typed."""

    def __init__(self, gazetteer: Gazetteer, own: NameSource) -> None:
        self.gazetteer = gazetteer
        self._own = own

    def named(self, name: str, parsed: ParsedAddress) -> list[Geocode]:
        """The places of exactly this name within the region and country that were typed, best first."""
        region, names = parsed.region, _forms(name, bool(parsed.region))
        everyday = place_aliases(name, region)
        towns = self._towns(names, region)
        nicknames = [meaning.place for meaning in everyday if meaning.place and not meaning.is_part]
        parts = [meaning.place for meaning in everyday if meaning.place and meaning.city]
        areas = [meaning.place for meaning in everyday if meaning.place and meaning.kind == "area"]
        if region and towns:
            ordered = towns  # an exact place in the state that was typed comes before everyday names
        elif any(town.population >= KNOWN_TOWN_POPULATION for town in towns):
            ordered = [*self._several_regions(everyday), *nicknames, *towns, *parts, *areas]
        else:
            ordered = [*self._several_regions(everyday), *nicknames, *areas, *towns, *parts]
            ordered += [] if region else self._municipal_region(name, region)
        return _distinct(place for place in ordered or self._county(name, region) if parsed.takes(place.state))

    def parts_named(self, name: str, whole: Sequence[Geocode]) -> list[Geocode]:
        """The places of this name within the reach of one of `whole`: the Jamaica of "Jamaica, Queens"."""
        found: list[Geocode] = []
        for region in dict.fromkeys(place.state for place in whole):
            everyday = [meaning.place for meaning in place_aliases(name, region) if meaning.place]
            found += [*self._towns(_forms(name, bool(region)), region), *everyday]
        return _distinct(place for place in found if near_any(place, whole))

    def _towns(self, names: Sequence[str], region: str) -> list[Geocode]:
        """The directory's own towns and the gazetteer's; where both know one, the gazetteer's point is its middle."""
        known = next((found for form in names if (found := self.gazetteer.places(form, region))), ())
        own = []
        for form in names:
            for place in self._own.towns(form, region):
                by_other_name = fold(place.name) != fold(form)
                same = [other for other in known if other.state == place.state]
                if not near_any(place, same) and not (by_other_name and known):
                    own.append(place)
        return [*own, *known]

    def _several_regions(self, everyday: Sequence[PlaceAlias]) -> list[Geocode]:
        """ "New England": the states it consists of."""
        return [
            self.gazetteer.region(code) for meaning in everyday if meaning.place is None for code in meaning.regions
        ]

    def _county(self, name: str, region: str) -> list[Geocode]:
        """ "Miami-Dade": a county whose name was typed without the word."""
        found = [place for word in _COUNTY_WORDS for place in self.gazetteer.places(f"{name} {word}", region)]
        return [place for place in found if place.precision is Precision.COUNTY] or self._municipal_region(name, region)

    def _municipal_region(self, name: str, region: str) -> list[Geocode]:
        """ "Peel": a regional municipality of Ontario."""
        return [meaning.place for meaning in place_aliases(f"{name} Region", region) if meaning.place]

    def spelt_like(self, name: str, parsed: ParsedAddress) -> list[Geocode]:
        """Places one letter away: of the region that was typed, or one that is by far the largest."""
        if any(char.isdigit() for char in name) or is_township(name) or read_region(name):
            return []
        found = [place for place in self.gazetteer.places_spelt_like(name, parsed.region) if parsed.takes(place.state)]
        if parsed.region or not found:
            return found
        first, others = found[0], found[1:]
        second = max((place.population for place in others), default=0)
        clear = first.population >= max(CLEAR_WINNER_POPULATION, CLEAR_WINNER_RATIO * second)
        return [first] if clear else []


def _forms(name: str, in_region: bool) -> list[str]:
    """Ways to look a town up: as it is, without "Town of", without a final "City" where the state is known.

    "Township" is never dropped, and a county stays one: Mexico City is not Mexico, Missouri.
    """
    words = plain(name)
    if match := re.fullmatch(r"(?:township|twp) of (.+)", words):
        return [name, f"{match[1]} township"]
    if match := re.fullmatch(r"county of (.+)", words):
        return [f"{match[1]} county"]
    if match := _PREFIXES.fullmatch(words):
        return [name, match[1]]
    match = _SUFFIX.fullmatch(words) if in_region else None
    return [name, match[1]] if match else [name]


def is_township(name: str) -> bool:
    """Whether a name says that it is a township: that word is never dropped."""
    return _TOWNSHIP.fullmatch(plain(name)) is not None


def near_any(place: Geocode, others: Iterable[Geocode]) -> bool:
    """Whether a place lies within the reach of a town of one of the others."""
    return any(distance_m(place.coordinates, other.coordinates) < SAME_TOWN_M for other in others)


def _distinct(places: Iterable[Geocode]) -> list[Geocode]:
    """One of each neighbourhood, in order; townships of different counties are not one."""
    chosen: list[Geocode] = []
    for place in places:
        if all(are_apart(place, other) for other in chosen):
            chosen.append(place)
    regions = [place for place in chosen if place.precision is Precision.REGION]  # "New England" is six states
    return chosen[: max(MAX_CANDIDATES, len(regions))]
