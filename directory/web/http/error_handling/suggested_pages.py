"""What somebody meant by an address that leads nowhere: a town, zone or state that is spelled otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from directory.geocoding.results import Geocode
from directory.regions import REGIONS, read_misspelt_region, read_region
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredTown, StoredZone
from directory.web.http.container import container, snapshot
from directory.zones.keys import name_in_slug, slug_parts

MOST_SUGGESTED = 5
LONGEST_NAME = 80
"""Characters of a path that are read: no name of a place is longer."""


@dataclass(frozen=True, slots=True)
class SuggestedPage:
    """A page that somebody may have meant: what it is about, its address, and the zone that it is of."""

    name: str
    address: str
    zone: StoredZone | None = None


def suggested_pages(path: str) -> list[SuggestedPage]:
    """Pages that a path which leads nowhere may mean, likeliest first: "/towns/ct/new-cannan", "/zones/ct-darien-lot".

    At most MOST_SUGGESTED; of two pages about the same, the one that needs no search.
    """
    parts = [part[:LONGEST_NAME] for part in path.lower().split("/") if part]
    pages_by_name: dict[str, SuggestedPage] = {}
    for page in _pages(parts) if parts else ():
        pages_by_name.setdefault(page.name, page)
    return list(pages_by_name.values())[:MOST_SUGGESTED]


def _pages(parts: list[str]) -> Iterator[SuggestedPage]:
    kind, last = parts[0], name_in_slug(parts[-1])
    if kind in ("zones", "q") and len(parts) > 1:
        yield from _around_zone(name_in_slug(parts[1]).split())
    if kind == "towns" and len(parts) == 2 and (code := read_misspelt_region(last)):
        yield SuggestedPage(REGIONS[code].name, url_for("places.state", state=code.lower()))
    code = _region(parts[1]) if kind == "towns" and len(parts) > 2 else ""
    yield from map(_of_town, _towns(snapshot(), last, code))
    yield from map(_of_place, _places(last, code))


def _region(part: str) -> str:
    name = name_in_slug(part)
    return read_region(name) or read_misspelt_region(name)


def _around_zone(parts: list[str]) -> Iterator[SuggestedPage]:
    """The zones and the town that the beginning of a zone's identifier names: "ct-new-canaan-loby"."""
    now, code = snapshot(), read_region(parts[0]) if parts else ""
    for count in range(len(parts), 1, -1):
        for town in _towns(now, " ".join(parts[1:count]), code):
            for zone in now.by_town.get(town.slug, [])[: MOST_SUGGESTED - 1]:
                yield SuggestedPage(zone.zone_id, url_for("places.zone", zone_id=zone.zone_id), zone)
            yield _of_town(town)


def _towns(now: Snapshot, name: str, code: str) -> list[StoredTown]:
    """Towns of the directory of that name in a state, else those spelled almost so."""
    town = now.town_named(name, code)
    return [town] if town else now.towns_spelt_like(name, code)


def _of_town(town: StoredTown) -> SuggestedPage:
    state, name = slug_parts(town.slug)
    return SuggestedPage(town.town_and_state, url_for("places.town", state=state, town=name))


def _places(name: str, code: str) -> tuple[Geocode, ...]:
    """Places that the gazetteer knows by that name, else by almost that name: in the state first, then anywhere."""
    gazetteer = container().gazetteer
    for state in dict.fromkeys((code, "")):
        places = gazetteer.places(name, state) or gazetteer.places_spelt_like(name, state)
        if places:
            return tuple(places)
    return ()


def _of_place(place: Geocode) -> SuggestedPage:
    return SuggestedPage(place.label, url_for("searching.search", q=place.label))
