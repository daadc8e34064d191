"""What happens for a town: which town a search or an answer is counted for."""

from collections.abc import Iterable, Sequence

from directory.db.tables.statistics import Statistic
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.results import Geocode, Precision
from directory.search.results import FAR_M, SearchResult
from directory.search.snapshots.snapshot import Snapshot
from directory.statistics.buffer import StatisticsBuffer
from directory.store.repository import StoredZone
from directory.zones.keys import town_slug

Counts = Sequence[tuple[str, Statistic]]
"""What is to be counted: towns, and what happened for them."""
OWN = (Gazetteer.name, "directory")
"""Who names towns as we do: our gazetteer and the directory itself."""
# A member of an enum is found in several times the steps of a name.
_SHOWN = Statistic.SHOWN
_FOUND = (Statistic.SEARCHES,)
_MISSED = (Statistic.SEARCHES, Statistic.MISSES)


def count_shown(statistics_buffer: StatisticsBuffer, zones: Iterable[StoredZone]) -> None:
    """An answer showed these zones: one for each of their towns."""
    statistics_buffer.count(_shown_counts({zone.town_slug for zone in zones}))


def _shown_counts(towns: set[str]) -> list[tuple[str, Statistic]]:
    return [(town, _SHOWN) for town in towns]


def counts_of(now: Snapshot, result: SearchResult, *, bounded: bool = False) -> Counts:
    """What a search counts for: for the town whose zone is nearest and for a town without zones that was named.

    It is a miss where there is none to go to within 50 miles; not where the asker looked less far (`bounded`).
    """
    what = _shown_counts({hit.zone_status.zone.town_slug for hit in result.hits})
    if result.place is not None:
        # The filters must not decide which town was searched: its nearest zone may lack what was asked for.
        nearest = result.closest_shown
        near = nearest.zone.town_slug if nearest and nearest.distance_m <= FAR_M else ""
        searched_town = town_of(result.place)
        missed = result.closest_usable is None or result.closest_usable.distance_m > FAR_M
        figures = _MISSED if missed and not bounded else _FOUND
        towns = {near, "" if searched_town in now.by_town else searched_town} - {""}
        what += [(town, figure) for town in towns for figure in figures]
    return what


def town_of(place: Geocode) -> str:
    """The town that a ZIP code or a town's name means; empty for an address or a position, which tell too much.

    What online geocoders call a place may be a house with a name.
    """
    if place.provider not in OWN or place.precision not in (Precision.PLACE, Precision.POSTAL_CODE) or not place.state:
        return ""
    return town_slug(place.label.rpartition(", ")[0], place.state)
