"""Whether the database takes a write, and its schema: asked by monitors, looked up at most every few seconds."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from directory.db.errors import DatabaseError
from directory.db.schema import schema_version
from directory.store.repository import probe_write

EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 1.0
"""How long a probe waits for its turn to write."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a probe found: the schema of the database, and why it takes no write, empty when it does."""

    schema: str | None
    problem: str


class WriteProbe:
    """Keeps the last result for a few seconds; requests that come during a probe wait for it."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._result: ProbeResult | None = None
        self._at = 0.0

    def result(self) -> ProbeResult:
        """What the last probe found, or a new one."""
        with self._lock:
            if self._result is None or self._clock() - self._at >= EVERY_SECONDS:
                self._result = self._probe()
                self._at = self._clock()
            return self._result

    def _probe(self) -> ProbeResult:
        schema = None
        try:
            schema = schema_version(self._engine)
            probe_write(self._engine, PATIENCE_SECONDS)
        except DatabaseError as problem:
            return ProbeResult(schema, str(problem))
        return ProbeResult(schema, "")
