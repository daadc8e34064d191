"""Holds the newest snapshot for every request, also while the database does not answer."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.schema import require_usable_schema
from directory.db.sqlite_file import GONE, source_of
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.directory_reader import read_directory
from directory.store.repository import Directory, version_of

log = structlog.get_logger()

CHECK_SECONDS = 0.2
"""How often a worker looks whether the directory has changed."""
OLD_SECONDS = 0.7
"""How long requests go on with the old directory while the new one is read; then they wait for it."""
LOOK_SECONDS = 0.5
"""How long a request waits for another that is looking."""
TROUBLE_SECONDS = 1.0
"""How often a database in trouble is tried again."""
WORTH_FREEZING = 5_000
"""How many new zones make so many objects that a full collection, which looks at all of them, would hold up every
request for a tenth of a second again and again. Frozen they are left alone, and still freed when nothing refers to
them. Whatever is frozen with them (a request's context) stays for ever if it is part of a cycle."""
LONGEST_WAIT_SECONDS = 10.0
"""How long a request waits for a directory that is being read; a huge one may take longer, then the old one answers."""


@contextmanager
def _undisturbed_by_the_collector() -> Iterator[None]:
    """Make many lasting objects without having them searched for cycles meanwhile."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _trouble_of_any_kind() -> Iterator[None]:
    """Raise DatabaseError, whatever it is: the last directory answers, and the next try reads everything."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("directory not read")
        raise DatabaseError(f"The directory cannot be read ({type(error).__name__}).") from error


@dataclass(frozen=True, slots=True)
class EarlierSnapshot:
    """A snapshot that somebody else has read, to go on from."""

    snapshot: Snapshot
    source: tuple[int, int] | None = None
    """The SQLite file that it was read from, as `source_of` names it; None: whichever its database was copied to."""


class SnapshotCache:
    """Hands out the newest snapshot; a change made anywhere is seen within a second.

    The revision, which the database's triggers raise, tells that there is a newer one.

    A new directory is read in a thread beside the requests, which go on with the old one for a moment. When the
    database is in trouble the last snapshot answers for as long as it takes, and no request waits for the database.
    """

    def __init__(
        self,
        engine: Engine,
        snapshot_file: SnapshotFile | None = None,
        clock: Callable[[], float] = time.monotonic,
        earlier: EarlierSnapshot | None = None,
    ) -> None:
        """`earlier` was read before from the same database or one it was copied from: only changes since are read."""
        self._engine = engine
        self._snapshot_file = snapshot_file
        self._clock = clock
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._checked_at = float("-inf")
        self._newest_at = float("-inf")
        self._source = source_of(engine)
        may_be_same = earlier is not None and (self._source == GONE or earlier.source in (None, self._source))
        self._earlier = earlier.snapshot if earlier and may_be_same else None
        self._written = self._writes_read = 0
        """How often this worker wrote, and which of these times are in the snapshot."""
        self._read_through = threading.Event()  # not set while a directory is being read beside the requests
        self._read_through.set()
        self._later: threading.Timer | None = None
        self.trouble: DatabaseError | None = None
        self.trouble_since: datetime | None = None

    def current(self) -> Snapshot:
        """The newest snapshot. Raises DatabaseError only when there never was one."""
        if self._snapshot is None:
            return self._first()
        at = self._clock()
        self._refresh_when_due(at)
        if self._is_old(at):
            self._read_through.wait(LONGEST_WAIT_SECONDS)
            if self._is_old(at):  # what was read had begun too early; what begins now has not
                self._refresh_when_due(self._clock())
                self._read_through.wait(LONGEST_WAIT_SECONDS)
        return self._snapshot

    def invalidate(self) -> None:
        """The next request must see what was just written: it looks, and waits for it."""
        self._written += 1
        self._checked_at = float("-inf")

    def leave_to_workers(self) -> None:
        """Be as new, with what was read as the earlier snapshot: each fork of this process looks for itself.

        While the database is in trouble nothing was read that one may go on from: it may come back with another
        history. Each fork finds the last known directory in its file.
        """
        if self._later is not None:
            self._later.cancel()
        self._earlier = None if self.trouble else self._snapshot or self._earlier
        self._snapshot = self._later = None
        self._checked_at = self._newest_at = float("-inf")
        self.trouble = self.trouble_since = None

    @property
    def age_seconds(self) -> float:
        """How long ago the snapshot was last known to be the newest; it grows only while the database is in trouble.

        Looks first, so that a worker nobody asked anything for a while is no cause for alarm.
        """
        self.current()
        return max(0.0, self._clock() - self._newest_at)

    def _first(self) -> Snapshot:
        with self._lock:
            if self._snapshot is None:
                try:
                    much_is_new = self._read()
                    threading.Thread(target=self._settle, args=(much_is_new,), name="last known", daemon=True).start()
                except DatabaseError as trouble:
                    self._in_trouble(trouble)
                    self._snapshot = self._without_database()
                    if self._snapshot is None:
                        raise
            assert self._snapshot is not None  # noqa: S101  (_read leaves one or raises)
            return self._snapshot

    def _without_database(self) -> Snapshot | None:
        """The last that is known: the file may be newer than what was read earlier, else it need not be read again."""
        earlier, snapshot_file = self._earlier, self._snapshot_file
        if snapshot_file is None or (earlier and snapshot_file.holds(earlier.directory)):
            return earlier
        directory = snapshot_file.read()
        return Snapshot(directory) if directory else earlier

    def _is_old(self, at: float) -> bool:
        """Whether there may be a directory that should have been seen by now; not while the database is in trouble."""
        return self.trouble is None and (at - self._newest_at > OLD_SECONDS or self._writes_read < self._written)

    def _refresh_when_due(self, at: float) -> None:
        """See to it that somebody has looked for a newer directory lately."""
        is_old = self._is_old(at)
        due = at - self._checked_at >= (TROUBLE_SECONDS if self.trouble else CHECK_SECONDS)
        # One looks. The others go on meanwhile, unless what they have is too old to be answered with.
        if (due or (is_old and self._read_through.is_set())) and self._lock.acquire(
            timeout=LOOK_SECONDS if is_old else 0
        ):
            try:
                if self._checked_at <= at:  # else another has looked while this one waited
                    self._check(at)
            finally:
                self._lock.release()

    def _check(self, at: float) -> None:
        """Look for a newer directory; with the lock held."""
        self._checked_at = at
        if not self._read_through.is_set():
            return
        # Of a database in trouble only the reading thread knows how long it takes to answer.
        written = self._written
        if self.trouble is None and self._is_newest():
            self._newest_at, self._writes_read = at, written
            return
        through = threading.Event()
        threading.Thread(target=self._read_beside, args=(through,), name="snapshot", daemon=True).start()
        self._read_through = through

    def _is_newest(self) -> bool:
        try:
            return self._snapshot is not None and self._is_of(self._snapshot)
        except DatabaseError as trouble:
            self._in_trouble(trouble)
            return False

    def _is_of(self, snapshot: Snapshot) -> bool:
        """Whether the database still holds what the snapshot was read from. Raises DatabaseError."""
        return version_of(self._engine) == snapshot.directory.version and source_of(self._engine) == self._source

    def _read_beside(self, through: threading.Event) -> None:
        much_is_new = False
        try:
            much_is_new = self._read()
        except DatabaseError as trouble:
            self._in_trouble(trouble)
        finally:
            through.set()
        self._settle(much_is_new)

    def _settle(self, much_is_new: bool) -> None:
        """Freeze what was read where it is much, now that it answers and the one before has gone, and write it down.

        Requests stand still while the collector looks once through everything, and not again for what is frozen.
        """
        if much_is_new:
            gc.collect()
            gc.freeze()
        self._keep()

    def _keep(self) -> None:
        """Write the last known directory, now or when that may be done again."""
        if self._snapshot_file is None or self._later is not None:
            return
        if self._snapshot and self._snapshot_file.holds(self._snapshot.directory):
            return
        seconds = self._snapshot_file.due_in()
        if seconds:
            self._later = threading.Timer(seconds, self._keep_now)
            self._later.daemon = True
            self._later.start()
        else:
            self._keep_now()

    def _keep_now(self) -> None:
        self._later = None
        if self._snapshot_file and self._snapshot:
            self._snapshot_file.keep(self._snapshot.directory)

    @_trouble_of_any_kind()
    def _read(self) -> bool:
        """Read the directory if it has changed, and hand it out. Whether so much is new that it is worth freezing.

        Raises DatabaseError.
        """
        self._checked_at = at = self._clock()
        written, before = self._written, self._snapshot or self._earlier
        snapshot = before if before and self._is_of(before) else self._newer_than(before)
        self._refuse_emptied(snapshot.directory)
        much_is_new = snapshot is not before and snapshot.zones_that_are_new_since(before) >= WORTH_FREEZING
        self._snapshot, self._source, self._earlier = snapshot, source_of(self._engine), None
        self._newest_at, self._writes_read = max(self._newest_at, at), max(self._writes_read, written)
        if self.trouble:
            log.info("database answers again", since=self.trouble_since)
        self.trouble = self.trouble_since = None
        return much_is_new

    def _newer_than(self, before: Snapshot | None) -> Snapshot:
        with _undisturbed_by_the_collector():
            require_usable_schema(self._engine)
            return Snapshot(read_directory(self._engine, self._to_go_on_from(before)), before)

    def _refuse_emptied(self, directory: Directory) -> None:
        """Raise DatabaseError where there is not one zone any more: zones are withdrawn, their rows stay."""
        if directory.zones:
            return
        if self._snapshot:
            zone_count = len(self._snapshot.directory.zones)
        else:
            zone_count = (self._snapshot_file and self._snapshot_file.zones()) or 0
        if zone_count:
            raise DatabaseError(f"The database is empty, but {zone_count} zones were served before. Restore a backup.")

    def _to_go_on_from(self, before: Snapshot | None) -> Directory | None:
        """The directory of which only the changes need to be read; None where the database may be another one.

        A file that was put in the place of the old one, or a server that was away, may have another history behind the
        same numbers.
        """
        if before is None or self.trouble or source_of(self._engine) != self._source:
            return None
        return before.directory

    def _in_trouble(self, trouble: DatabaseError) -> None:
        if self.trouble is None:
            self.trouble_since = now()
            log.error("database in trouble, the last directory answers", problem=str(trouble))
        self.trouble = trouble
