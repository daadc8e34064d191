"""What happens for a town, counted by month: how often, never who. Counts gather in memory before they are written.

A worker that is killed loses the counts of its last seconds; nothing is worth a write for each search.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Engine

from directory.clock import now
from directory.geocoding.answers import Geocode, Precision
from directory.records.database import DatabaseProblem, transaction
from directory.records.figures import Figure, add_figures
from directory.records.store import PATIENCE, StoredZone
from directory.search.finder import FAR_M, SearchResult
from directory.text import slug
from directory.web.services import services

WRITE_SECONDS = 10.0


class Tally:
    """The counts of this worker that are not written yet."""

    def __init__(self, engine: Engine, seconds: float = WRITE_SECONDS) -> None:
        self._engine = engine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[str, str, Figure]] = Counter()
        self._timer: threading.Timer | None = None

    def count(self, town: str, figure: Figure) -> None:
        """One more; it is written within ten seconds, together with what comes until then."""
        with self._lock:
            self._waiting[town, f"{now():%Y-%m}", figure] += 1
            if self._timer is None:
                # Begun by a request, so in the worker itself: Granian forks before the first one.
                self._timer = threading.Timer(self._seconds, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what waits; a database in trouble gets it the next time."""
        with self._lock:
            counts, self._waiting, self._timer = self._waiting, Counter(), None
        if not counts:
            return
        try:
            with transaction(self._engine, patience_seconds=PATIENCE) as session:
                add_figures(session, counts)
        except DatabaseProblem:
            with self._lock:
                self._waiting.update(counts)


def count_shown(zones: Iterable[StoredZone]) -> None:
    """An answer showed these zones: one for each of their towns."""
    for town in {zone.town_slug for zone in zones}:
        services().tally.count(town, Figure.SHOWN)


def count_search(result: SearchResult) -> None:
    """A search, for the town whose zone is nearest; a miss where there is none to go to within 50 miles."""
    count_shown(seen.zone for seen in result.found)
    near = result.found[0].zone.town_slug if result.found and result.found[0].distance_m <= FAR_M else ""
    town = near or town_of(result.place)
    if not town:
        return
    services().tally.count(town, Figure.SEARCHES)
    if result.closest_usable is None or result.closest_usable.distance_m > FAR_M:
        services().tally.count(town, Figure.MISSES)


def town_of(place: Geocode | None) -> str:
    """The town that a ZIP code or a town's name means; empty for an address or a position, which tell too much."""
    if place is None or place.precision not in (Precision.PLACE, Precision.POSTAL_CODE) or not place.state:
        return ""
    return f"{place.state.lower()}/{slug(place.label.rpartition(', ')[0])}"
