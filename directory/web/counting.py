"""What happens for a town: which town a search or an answer is counted for."""

from collections.abc import Iterable

from directory.geocoding.answers import Geocode, Precision
from directory.records.figures import Figure
from directory.records.store import StoredZone
from directory.search.finder import FAR_M, SearchResult
from directory.text import slug
from directory.web.services import services, snapshot


def count_shown(zones: Iterable[StoredZone]) -> None:
    """An answer showed these zones: one for each of their towns."""
    for town in {zone.town_slug for zone in zones}:
        services().tally.count(town, Figure.SHOWN)


def count_search(result: SearchResult, *, bounded: bool = False) -> None:
    """A search, for the town whose zone is nearest and for a town without zones that was named.

    It is a miss where there is none to go to within 50 miles; not where the asker looked less far (`bounded`).
    """
    count_shown(seen.zone for seen in result.found)
    if result.place is None:
        return
    # The filters must not decide which town was searched: its nearest zone may lack what was asked for.
    nearest = services().finder.neighbours(result.place.coordinates, 1, excluding=lambda _zone: False)
    near = nearest[0].zone.town_slug if nearest and nearest[0].distance_m <= FAR_M else ""
    named = town_of(result.place)
    missed = result.closest_usable is None or result.closest_usable.distance_m > FAR_M
    for town in {near, "" if named in snapshot().by_town else named} - {""}:
        services().tally.count(town, Figure.SEARCHES)
        if missed and not bounded:
            services().tally.count(town, Figure.MISSES)


def town_of(place: Geocode) -> str:
    """The town that a ZIP code or a town's name means; empty for an address or a position, which tell too much."""
    if place.precision not in (Precision.PLACE, Precision.POSTAL_CODE) or not place.state:
        return ""
    return f"{place.state.lower()}/{slug(place.label.rpartition(', ')[0])}"
