"""Where no zone is near: the police stations around a place, of the operator's list and in the reader's map app."""

from collections.abc import Sequence

from directory.geo import Coordinates
from directory.search.geography.crossings import Crossing
from directory.search.results import FAR_M, SearchHit, SearchResult
from directory.search.zone_status import age_of
from directory.stations.index import StationHit
from directory.web.http.container import container, snapshot
from directory.web.i18n.translate import _
from directory.web.presenters.distances import reach_words
from directory.zones.freshness import Age

SHOWN = 5
"""How many stations a page shows."""


def stations_near(point: Coordinates) -> tuple[StationHit, ...]:
    """The nearest stations that are no safe zones; none where the operator added no list."""
    return container().stations.nearest(point, SHOWN, snapshot(), within_m=FAR_M) or ()


def stations_credit() -> str:
    """Whom the operator's list of stations is from; empty where there is none."""
    return container().stations.credit


def station_source(hit: StationHit) -> str:
    """Who says so, and of which year."""
    station = hit.station
    if station.year is None:
        return _("Listed by %(source)s, undated.", source=station.source)
    return _("Listed by %(source)s, %(date)s.", source=station.source, date=str(station.year))


def station_address(hit: StationHit) -> str:
    """Street and town in one line."""
    station = hit.station
    region = " ".join(part for part in (station.state, station.postal_code) if part)
    return ", ".join(part for part in (station.address, station.town, region) if part)


def nothing_near_words(result: SearchResult, units: str) -> str:
    """That there is nothing near, no more than is true: the filters, or a zone that is closed, may be the reason."""
    if result.filters.any:
        return _("None that fits within %(distance)s that we know of", distance=reach_words(result.near_m, units))
    if any(hit.crosses is Crossing.BORDER and hit.distance_m <= result.near_m for hit in result.passed_over):
        distance = reach_words(result.near_m, units)
        return _("No safe zone within %(distance)s in your own country that we know of", distance=distance)
    return _no_zone_words(result.closest_shown, result.near_m, units)


def far_words(hits: Sequence[SearchHit], units: str) -> str:
    """The same where nothing was searched, of zones in order of distance; empty where one can be gone to near there."""
    if any(hit.usable and hit.distance_m <= FAR_M for hit in hits):
        return ""
    return _no_zone_words(hits[0] if hits else None, FAR_M, units)


def _no_zone_words(nearest: SearchHit | None, reach_m: float, units: str) -> str:
    distance = reach_words(reach_m, units)
    if nearest and nearest.distance_m <= reach_m:
        return _("None within %(distance)s that can be relied on now", distance=distance)
    return _("No safe zone within %(distance)s that we know of", distance=distance)


def leaves_out_faded(result: SearchResult) -> bool:
    """Whether a zone near there is left out because nobody has confirmed it for over a year."""
    nearest = result.closest_shown
    if nearest is None or nearest.distance_m > result.near_m or result.filters.faded:
        return False
    return age_of(nearest.zone) is Age.FADED
