"""Counts of a worker, gathered in memory and written together: nothing is worth a write for each search.

A worker that ends loses the counts of its last seconds.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Engine

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.queries.statistics import add_statistics
from directory.db.tables.statistics import Statistic
from directory.db.transaction import transaction
from directory.store.repository import PATIENCE

WRITE_SECONDS = 10.0


class StatisticsBuffer:
    """The counts of this worker that are not written yet."""

    def __init__(self, engine: Engine, seconds: float = WRITE_SECONDS) -> None:
        self._engine = engine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[str, str, Statistic]] = Counter()
        self._timer: threading.Timer | None = None

    def count(self, what: Iterable[tuple[str, Statistic]]) -> None:
        """One more of each (town, figure); written within ten seconds, together with what comes until then."""
        month = now().isoformat()[:7]
        with self._lock:
            self._waiting.update([(town, month, figure) for town, figure in what])
            self._write_soon()

    def _write_soon(self) -> None:
        if self._timer is None:
            # Begun by a request, so in the worker itself: Granian forks before the first one.
            self._timer = threading.Timer(self._seconds, self.write)
            self._timer.daemon = True
            self._timer.start()

    def write(self) -> None:
        """Write what waits; a database in trouble gets it ten seconds later."""
        with self._lock:
            counts, self._waiting, self._timer = self._waiting, Counter(), None
        if not counts:
            return
        try:
            with transaction(self._engine, patience_seconds=PATIENCE) as session:
                add_statistics(session, counts)
        except DatabaseError:
            with self._lock:
                self._waiting.update(counts)
                self._write_soon()
