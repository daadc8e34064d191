"""Check for monitors whether the database accepts writes, at most every few seconds."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from directory.db.errors import DatabaseError
from directory.db.schema import schema_version
from directory.store.repository import probe_write

INTERVAL_SECONDS = 5.0
LOCK_TIMEOUT_SECONDS = 1.0
"""How long a probe waits for the lock to write."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of a probe: the schema version, and why writes fail (empty when they succeed)."""

    schema: str | None
    problem: str


class WriteProbe:
    """Caches the last result for a few seconds; requests during a probe wait for it."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._result: ProbeResult | None = None
        self._probed_at = 0.0

    def result(self) -> ProbeResult:
        """The cached result, or that of a new probe."""
        with self._lock:
            if self._result is None or self._clock() - self._probed_at >= INTERVAL_SECONDS:
                self._result = self._probe()
                self._probed_at = self._clock()
            return self._result

    def _probe(self) -> ProbeResult:
        schema = None
        try:
            schema = schema_version(self._engine)
            probe_write(self._engine, LOCK_TIMEOUT_SECONDS)
        except DatabaseError as error:
            return ProbeResult(schema, str(error))
        return ProbeResult(schema, "")
