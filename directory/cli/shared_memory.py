"""What a server's workers share: read and loaded once, before they are forked, instead of by each of them."""

import gc
from contextlib import suppress

from babel.dates import format_datetime
from sqlalchemy import Engine

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.pinned_file import pin_file, source_of
from directory.geo import Coordinates
from directory.geocoding.gazetteer import Gazetteer
from directory.maps.town_names import TownNames
from directory.search.filters import stated_counts
from directory.search.geography import land_mask
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.loader import read_directory
from directory.web.http.languages import available, with_habits
from directory.zones.hours.holidays import is_holiday


def read_for_workers(engine: Engine, snapshot_file: SnapshotFile) -> EarlierSnapshot | None:
    """The directory, from which every worker goes on while the server runs; None while the database is away.

    What looks at all zones is done here: each look at an object makes a copy of its memory in a worker.
    """
    pin_file(engine)
    with suppress(DatabaseError):
        snapshot = Snapshot(read_directory(engine))
        if not snapshot_file.due_in():
            snapshot_file.keep(snapshot.directory)
        stated_counts(snapshot)
        return EarlierSnapshot(snapshot, source_of(engine))
    return None


def load_for_workers(gazetteer: Gazetteer) -> None:
    """Load what the first search of each worker would: outlines of land, postal codes, towns, holidays, languages."""
    land_mask.packaged_land_mask()
    gazetteer.country_at(Coordinates(0, 0))
    TownNames(gazetteer).load()
    is_holiday(now().date(), "CT")
    for language in available():
        format_datetime(now(), locale=with_habits(language))


def leave_to_workers() -> None:
    """Keep the collector of every process from what is in memory now: its notes in each object would be copies."""
    gc.collect()
    gc.freeze()
