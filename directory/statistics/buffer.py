"""Counts of a worker, gathered in memory and written together: nothing is worth a write for each search.

A worker that ends loses the counts of its last seconds; what is counted in the last seconds of a month may be written
under the next.
"""

import threading
from collections import Counter, deque
from collections.abc import Sequence

from sqlalchemy import Engine

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.queries.statistics import add_statistics
from directory.db.tables.statistics import Statistic
from directory.db.transaction import PATIENCE_OF_SEARCHES, transaction

WRITE_SECONDS = 10.0
MOST_NOTED = 1_000
"""How many answers are noted before they are added up: a thousand at once take less time than one after the other."""


class StatisticsBuffer:
    """The counts of this worker that are not written yet."""

    def __init__(self, engine: Engine, seconds: float = WRITE_SECONDS) -> None:
        self._engine = engine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._noted: deque[Sequence[tuple[str, Statistic]]] = deque()
        self._waiting: Counter[tuple[str, str, Statistic]] = Counter()
        self._timer: threading.Timer | None = None

    def count(self, what: Sequence[tuple[str, Statistic]]) -> None:
        """One more of each (town, figure); written within ten seconds, together with what comes until then.

        `what` is read later: nobody may change it.
        """
        self._noted.append(what)
        if self._timer is None or len(self._noted) >= MOST_NOTED:
            with self._lock:
                self._add_up()
                self._write_soon()

    def forget(self) -> None:
        """Let go of what was noted: nobody asked for it."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            self._noted.clear()
            self._waiting.clear()

    def _add_up(self) -> None:
        noted = [self._noted.popleft() for _ in range(len(self._noted))]  # others may note meanwhile
        month = now().isoformat()[:7]
        self._waiting.update([(town, month, figure) for what in noted for town, figure in what])

    def _write_soon(self) -> None:
        if self._timer is None:
            # Begun by a request, so in the worker itself: Granian forks before the first one.
            self._timer = threading.Timer(self._seconds, self.write)
            self._timer.daemon = True
            self._timer.start()

    def write(self) -> None:
        """Write what waits; a database in trouble gets it ten seconds later."""
        with self._lock:
            self._timer = None  # first: whoever notes something after this begins a new one
            self._add_up()
            counts, self._waiting = self._waiting, Counter()
        if not counts:
            return
        try:
            with transaction(self._engine, patience_seconds=PATIENCE_OF_SEARCHES) as session:
                add_statistics(session, counts)
        except DatabaseError:
            with self._lock:
                self._waiting.update(counts)
                self._write_soon()
