"""Look up a name in the gazetteer, among the aliases, and in the directory."""

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
"""Two towns of one name in one state nearer than this are the same."""
CLEAR_WINNER_POPULATION = 10_000
CLEAR_WINNER_RATIO = 10
LARGE_TOWN_POPULATION = 50_000
"""Long Island in New York comes before Long Island in Kansas; a town this large comes before an area of its name."""
_PREFIXES = re.compile(r"(?:the )?(?:city|town|village|borough|municipality|ville|cite|ciudad) (?:of|de|du) (.+)")
_SUFFIX = re.compile(r"(.+) (?:town|city|village|borough)")
_TOWNSHIP = re.compile(r"(?:.+ (?:township|twp)|(?:township|twp) of .+)")
_COUNTY_WORDS = ("County", "Parish", "Borough", "Region")


class NameSource(Protocol):
    """The names in the directory."""

    def towns(self, name: str, region: str = "", /) -> Sequence[Geocode]:
        """Its towns of a name, at the place of their zones."""

    def exact(self, parsed: ParsedAddress, /) -> Match | None:
        """The departments, zones or street addresses that the complete text names."""


class _EmptyNameSource:
    """No names, for use without a directory."""

    def towns(self, _name: str, _region: str = "") -> Sequence[Geocode]:
        return ()

    def exact(self, _parsed: ParsedAddress) -> None:
        return None


NO_NAMES: NameSource = _EmptyNameSource()


class PlaceNames:
    """Looks up places by name within the typed region and country."""

    def __init__(self, gazetteer: Gazetteer, directory_names: NameSource) -> None:
        self.gazetteer = gazetteer
        self._directory_names = directory_names

    def find_places(self, name: str, parsed: ParsedAddress) -> list[Geocode]:
        """The places of exactly this name within the typed region and country, best first."""
        region, names = parsed.region, _name_forms(name, bool(parsed.region))
        aliases = place_aliases(name, region)
        towns = self._towns(names, region)
        nicknames = [alias.place for alias in aliases if alias.place and not alias.is_part]
        parts = [alias.place for alias in aliases if alias.place and alias.city]
        areas = [alias.place for alias in aliases if alias.place and alias.kind == "area"]
        if region and towns:
            ordered = towns  # an exact place in the typed state comes before aliases
        elif any(town.population >= LARGE_TOWN_POPULATION for town in towns):
            ordered = [*self._several_regions(aliases), *nicknames, *towns, *parts, *areas]
        else:
            ordered = [*self._several_regions(aliases), *nicknames, *areas, *towns, *parts]
            ordered += [] if region else self._municipal_region(name, region)
        return _drop_neighbours(
            place for place in ordered or self._county(name, region) if parsed.allows_region(place.state)
        )

    def find_parts(self, name: str, containers: Sequence[Geocode]) -> list[Geocode]:
        """The places of this name near one of `containers`: the Jamaica of "Jamaica, Queens"."""
        places: list[Geocode] = []
        for region in dict.fromkeys(place.state for place in containers):
            aliases = [alias.place for alias in place_aliases(name, region) if alias.place]
            places += [*self._towns(_name_forms(name, bool(region)), region), *aliases]
        return _drop_neighbours(place for place in places if near_any(place, containers))

    def _towns(self, names: Sequence[str], region: str) -> list[Geocode]:
        """The towns of the directory and the gazetteer; for one in both, the gazetteer's point is used."""
        gazetteer_towns = next((towns for form in names if (towns := self.gazetteer.places(form, region))), ())
        directory_towns = []
        for form in names:
            for place in self._directory_names.towns(form, region):
                has_other_name = fold(place.name) != fold(form)
                in_state = [town for town in gazetteer_towns if town.state == place.state]
                if not near_any(place, in_state) and not (has_other_name and gazetteer_towns):
                    directory_towns.append(place)
        return [*directory_towns, *gazetteer_towns]

    def _several_regions(self, aliases: Sequence[PlaceAlias]) -> list[Geocode]:
        """ "New England": its states."""
        return [self.gazetteer.region(code) for alias in aliases if alias.place is None for code in alias.regions]

    def _county(self, name: str, region: str) -> list[Geocode]:
        """ "Miami-Dade": a county typed without the word "County"."""
        places = [place for word in _COUNTY_WORDS for place in self.gazetteer.places(f"{name} {word}", region)]
        counties = [place for place in places if place.precision is Precision.COUNTY]
        return counties or self._municipal_region(name, region)

    def _municipal_region(self, name: str, region: str) -> list[Geocode]:
        """ "Peel": a regional municipality of Ontario."""
        return [alias.place for alias in place_aliases(f"{name} Region", region) if alias.place]

    def find_spelt_like(self, name: str, parsed: ParsedAddress) -> list[Geocode]:
        """Places one letter away: those in the typed region, or one town that is by far the largest."""
        if any(char.isdigit() for char in name) or is_township(name) or read_region(name):
            return []
        spelt_like = self.gazetteer.places_spelt_like(name, parsed.region)
        places = [place for place in spelt_like if parsed.allows_region(place.state)]
        if parsed.region or not places:
            return places
        first, others = places[0], places[1:]
        second = max((place.population for place in others), default=0)
        is_clear_winner = first.population >= max(CLEAR_WINNER_POPULATION, CLEAR_WINNER_RATIO * second)
        return [first] if is_clear_winner and first.precision is Precision.PLACE else []


def _name_forms(name: str, in_region: bool) -> list[str]:
    """Forms of a town's name: as typed, without "Town of", without a final "City" when the state is known.

    "Pt" is read as Point and as Port. "Township" and "County" are never dropped. Mexico City is not Mexico, Missouri.
    """
    plain_name = plain(name)
    if match := re.fullmatch(r"(?:township|twp) of (.+)", plain_name):
        return [name, f"{match[1]} township"]
    if match := re.fullmatch(r"county of (.+)", plain_name):
        return [f"{match[1]} county"]
    if match := _PREFIXES.fullmatch(plain_name):
        return [name, match[1]]
    if plain_name.startswith("pt "):  # Pt Pleasant is a point, Pt St Lucie a port
        return [name, f"port {plain_name[3:]}"]
    match = _SUFFIX.fullmatch(plain_name) if in_region else None
    return [name, match[1]] if match else [name]


def is_township(name: str) -> bool:
    """Whether a name contains "township": that word is never dropped."""
    return _TOWNSHIP.fullmatch(plain(name)) is not None


def near_any(place: Geocode, others: Iterable[Geocode]) -> bool:
    """Whether a place lies within SAME_TOWN_M of one of the others."""
    return any(distance_m(place.coordinates, other.coordinates) < SAME_TOWN_M for other in others)


def _drop_neighbours(places: Iterable[Geocode]) -> list[Geocode]:
    """Keep the first of places near each other; townships of different counties are different places."""
    distinct: list[Geocode] = []
    for place in places:
        if all(are_apart(place, other) for other in distinct):
            distinct.append(place)
    regions = [place for place in distinct if place.precision is Precision.REGION]  # "New England" is six states
    return distinct[: max(MAX_CANDIDATES, len(regions))]
