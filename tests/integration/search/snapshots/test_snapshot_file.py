"""What a worker last knew, in a file: the whole directory, not believed when it is damaged."""

import gzip
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from directory.db.engine import open_database
from directory.db.errors import DatabaseError
from directory.db.schema import migrate
from directory.db.sqlite_file import pin_file, source_of
from directory.search.snapshots import snapshot_file
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot, SnapshotCache
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.directory_reader import read_directory
from tests.conftest import only_sqlite
from tests.integration.search.snapshots.test_snapshot_cache import wreck
from tests.support.waiting import eventually

pytestmark = [only_sqlite, pytest.mark.real_zones]


def test_a_change_soon_after_another_is_kept_in_the_file_too(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_file, "KEEP_SECONDS", 1.0)
    file = SnapshotFile(tmp_path / "last.gz")
    snapshot_cache = SnapshotCache(engine, file)
    snapshot_cache.current()
    for number in range(3):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE zone SET name = 'Name {number}' WHERE zone_id = 'ct-new-canaan-lobby'"))
        snapshot_cache.invalidate()
        assert snapshot_cache.current().by_id["ct-new-canaan-lobby"].name == f"Name {number}"

    def last_change_is_kept() -> bool:
        directory = file.read()
        return bool(directory) and any(zone.name == "Name 2" for zone in directory.zones)

    eventually(last_change_is_kept)


def test_a_database_without_one_zone_is_not_taken_for_the_newest(engine: Engine, tmp_path: Path) -> None:
    snapshot_file = SnapshotFile(tmp_path / "known.gz")
    zones = len(read_directory(engine).zones)
    snapshot_cache = SnapshotCache(engine, snapshot_file)
    assert len(snapshot_cache.current().zones) == zones
    snapshot_file.keep(snapshot_cache.current().directory)
    empty = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    migrate(empty)
    started = SnapshotCache(empty, snapshot_file)
    assert len(started.current().zones) == zones
    assert started.trouble and "Restore a backup" in str(started.trouble)
    assert SnapshotCache(empty).current().zones == [], "where none were known, none is an answer"
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM zone"))
    snapshot_cache.invalidate()
    assert len(snapshot_cache.current().zones) == zones and snapshot_cache.trouble


def test_a_file_that_was_cut_off_is_written_anew(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "last.gz"
    directory = read_directory(engine)
    SnapshotFile(path).keep(directory)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert SnapshotFile(path).read() is None
    SnapshotFile(path).keep(directory)
    again = SnapshotFile(path).read()
    assert again is not None and len(again.zones) == len(directory.zones)


def test_the_last_known_directory_is_the_directory(engine: Engine, tmp_path: Path) -> None:
    directory = read_directory(engine)
    file = SnapshotFile(tmp_path / "last.gz")
    assert file.read() is None
    file.keep(directory)
    stored = file.read()
    assert stored is not None
    assert stored.revision == directory.revision
    assert stored.zones == directory.zones
    assert [*stored.departments.values()] == [*directory.departments.values()]
    assert [*stored.towns.values()] == [*directory.towns.values()]
    assert list(stored.departments) == list(directory.departments)
    assert stored.profiles == directory.profiles


def test_a_worker_that_starts_while_the_database_is_away_answers_from_the_file(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "last.gz"
    SnapshotCache(engine, SnapshotFile(path)).current()
    for thread in threading.enumerate():
        if thread.name == "last known":
            thread.join()
    wreck(engine, tmp_path)
    snapshot_cache = SnapshotCache(engine, SnapshotFile(path))
    assert len(snapshot_cache.current().zones) == 995 and snapshot_cache.trouble


def test_a_worker_that_starts_while_the_database_is_away_answers_with_what_was_read_before_unless_the_file_is_newer(
    engine: Engine, tmp_path: Path
) -> None:
    pin_file(engine)
    earlier = EarlierSnapshot(Snapshot(read_directory(engine)), source_of(engine))
    same, newer = SnapshotFile(tmp_path / "same.gz"), SnapshotFile(tmp_path / "newer.gz")
    same.keep(earlier.snapshot.directory)
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Newer' WHERE state = 'CT'"))
    newer.keep(read_directory(engine))
    for away in (wreck, remove):
        away(engine, tmp_path)
        for file in (same, SnapshotFile(tmp_path / "none.gz"), None):
            snapshot_cache = SnapshotCache(engine, file, earlier=earlier)
            assert snapshot_cache.current() is earlier.snapshot and snapshot_cache.trouble
        newest = SnapshotCache(engine, newer, earlier=earlier).current()
        assert {zone.name for zone in newest.by_state["CT"]} == {"Newer"}
    another = EarlierSnapshot(earlier.snapshot, (0, 1))
    (tmp_path / "directory.sqlite").write_bytes(b"garbage" * 2_000)
    pin_file(engine)
    with pytest.raises(DatabaseError):
        SnapshotCache(engine, earlier=another).current()


def remove(engine: Engine, tmp_path: Path) -> None:
    """Take the file away, as a worker that starts afterwards finds it."""
    for file in tmp_path.glob("directory.sqlite*"):
        file.unlink()
    pin_file(engine)


@pytest.mark.parametrize("damage", ["cut off", "one byte", "another form", "nothing", "text"])
def test_a_damaged_file_is_not_believed(engine: Engine, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "last.gz"
    SnapshotFile(path).keep(read_directory(engine))
    content = path.read_bytes()
    middle = len(content) // 2
    changed = bytes([content[middle] ^ 1])
    path.write_bytes(
        {
            "cut off": content[:middle],
            "one byte": content[:middle] + changed + content[middle + 1 :],
            "another form": gzip.compress(b'{"form": "else", "generation": 1, "rows": [0, 0, 0, 0]}\n'),
            "nothing": b"",
            "text": b"hello",
        }[damage]
    )
    assert SnapshotFile(path).read() is None
    wreck(engine, tmp_path)
    with pytest.raises(DatabaseError):
        SnapshotCache(engine, SnapshotFile(path)).current()
    engine.dispose()
