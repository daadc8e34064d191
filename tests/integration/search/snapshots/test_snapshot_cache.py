"""The newest directory for every request, within a second of any commit; from memory or a file when there is none."""

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from directory.db.backup import back_up_to
from directory.db.engine import open_database
from directory.db.errors import DatabaseError
from directory.db.sqlite_file import pin_file, source_of
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot, SnapshotCache
from directory.search.snapshots.snapshot_file import SnapshotFile
from directory.store.directory_reader import read_directory
from directory.store.repository import Directory
from tests.conftest import Import, only_sqlite
from tests.support.site import Site
from tests.support.waiting import PATIENCE_SECONDS, eventually

CSV = "department,town,state,address,zip\nDarien Police,Darien,CT,25 Hecker Avenue,06820\n"
MORE = CSV + "Weston Police,Weston,CT,56 Norfield Road,06883\n"


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_commit_made_anywhere_is_seen_within_a_second_by_readers_that_never_stop(
    engine: Engine, load: Import
) -> None:
    load("a.csv", CSV)
    snapshot_cache = SnapshotCache(engine)
    snapshot_cache.current()
    for number in range(5):
        with engine.begin() as connection:
            connection.execute(text("UPDATE zone SET name = :name"), {"name": f"Name {number}"})
        committed = asked_at = time.monotonic()
        while snapshot_cache.current().zones[0].name != f"Name {number}":
            assert asked_at - committed < 1, "who asks a second later is answered with it"
            time.sleep(0.005)
            asked_at = time.monotonic()


def test_a_worker_that_nobody_asked_for_long_answers_with_the_newest_at_once(engine: Engine, load: Import) -> None:
    load("a.csv", CSV)
    clock = Clock()
    snapshot_cache = SnapshotCache(engine, clock=clock)
    assert len(snapshot_cache.current().zones) == 1
    load("b.csv", MORE)
    clock.at = 60.0
    assert len(snapshot_cache.current().zones) == 2


def test_of_many_that_come_at_once_after_a_long_time_each_is_answered_with_the_newest(
    engine: Engine, load: Import
) -> None:
    load("a.csv", CSV)
    clock = Clock()
    snapshot_cache = SnapshotCache(engine, clock=clock)
    snapshot_cache.current()
    event.listen(engine, "before_cursor_execute", lambda *_statement: time.sleep(0.02))  # time for others to come
    for number in range(5):
        load(f"{number}.csv", CSV.replace("25 Hecker Avenue", f"{number} Hecker Avenue"))
        clock.at += 60.0
        begin = threading.Barrier(8)

        def ask() -> int:
            begin.wait(PATIENCE_SECONDS)  # noqa: B023  (all have asked before the next round)
            return len(snapshot_cache.current().zones)

        with ThreadPoolExecutor(8) as askers:
            counts = [one.result() for one in [askers.submit(ask) for _ in range(8)]]
        assert counts == [number + 2] * 8


def test_who_has_just_written_sees_it_in_the_next_answer(engine: Engine, load: Import) -> None:
    load("a.csv", CSV)
    snapshot_cache = SnapshotCache(engine, clock=Clock())
    snapshot_cache.current()
    load("b.csv", MORE)
    assert len(snapshot_cache.current().zones) == 1, "within a fifth of a second nobody looks"
    snapshot_cache.invalidate()
    assert len(snapshot_cache.current().zones) == 2


@only_sqlite
@pytest.mark.real_zones
def test_no_request_waits_for_a_database_in_trouble(engine: Engine, tmp_path: Path) -> None:
    clock = Clock()
    snapshot_cache = SnapshotCache(engine, clock=clock)
    whole = snapshot_cache.current()
    wreck(engine, tmp_path)
    clock.at = 5.0
    assert (
        snapshot_cache.current() is whole
        and isinstance(snapshot_cache.trouble, DatabaseError)
        and snapshot_cache.trouble_since
    )
    durations: list[float] = []
    for _ in range(50):
        clock.at += 2
        started_at = time.monotonic()
        assert snapshot_cache.current() is whole
        durations.append(time.monotonic() - started_at)
    assert sorted(durations)[25] < 0.05
    assert snapshot_cache.age_seconds > 100


def wreck(engine: Engine, tmp_path: Path) -> None:
    engine.dispose()
    for file in tmp_path.glob("directory.sqlite*"):
        file.write_bytes(b"garbage" * 2_000)


def reading_takes(seconds: float, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """From now on the cache is slow; the event tells that it has read and is not done yet."""
    started = threading.Event()

    def slowly(*arguments: object) -> Directory:
        directory = read_directory(*arguments)  # type: ignore[arg-type]
        started.set()
        time.sleep(seconds)
        return directory

    monkeypatch.setattr("directory.search.snapshots.snapshot_cache.read_directory", slowly)
    return started


def test_what_was_written_while_a_directory_was_being_read_is_seen_by_who_wrote_it(
    engine: Engine, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("a.csv", CSV)
    snapshot_cache = SnapshotCache(engine)
    snapshot_cache.current()
    begun = reading_takes(0.3, monkeypatch)
    rename(engine, "First")
    snapshot_cache.invalidate()
    with ThreadPoolExecutor(1) as other:
        first = other.submit(snapshot_cache.current)
        assert begun.wait(PATIENCE_SECONDS)
        rename(engine, "Second")
        snapshot_cache.invalidate()
        assert [zone.name for zone in snapshot_cache.current().zones] == ["Second"]
        assert first.result().zones[0].name in ("First", "Second")
        assert [zone.name for zone in snapshot_cache.current().zones] == ["Second"]


def test_a_request_waits_for_a_directory_that_is_as_new_as_promised_however_long_reading_takes(
    engine: Engine, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("a.csv", CSV)
    snapshot_cache = SnapshotCache(engine)
    snapshot_cache.current()
    begun = reading_takes(2, monkeypatch)
    time.sleep(0.3)
    rename(engine, "First")
    snapshot_cache.current()
    assert begun.wait(PATIENCE_SECONDS)
    rename(engine, "Second")
    time.sleep(1.2)
    assert snapshot_cache.current().zones[0].name == "Second"


@pytest.mark.real_zones
def test_a_start_from_an_earlier_reading_reads_what_was_changed_since_and_shares_the_rest(engine: Engine) -> None:
    earlier = read_directory(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Changed' WHERE state = 'NY'"))
    snapshot = SnapshotCache(engine, earlier=EarlierSnapshot(Snapshot(earlier))).current()
    assert {zone.name for zone in snapshot.by_state["NY"]} == {"Changed"}
    shared = {id(zone) for zone in earlier.zones} & {id(zone) for zone in snapshot.zones}
    assert len(shared) == len(earlier.zones) - len(snapshot.by_state["NY"])


@pytest.mark.real_zones
def test_a_snapshot_that_another_process_read_answers_itself_while_nothing_has_changed(engine: Engine) -> None:
    earlier = Snapshot(read_directory(engine))
    assert SnapshotCache(engine, earlier=EarlierSnapshot(earlier)).current() is earlier


@only_sqlite
@pytest.mark.real_zones
def test_a_snapshot_of_another_file_is_not_gone_on_from(engine: Engine) -> None:
    pin_file(engine)
    earlier = Snapshot(read_directory(engine))
    assert SnapshotCache(engine, earlier=EarlierSnapshot(earlier, source_of(engine))).current() is earlier
    snapshot = SnapshotCache(engine, earlier=EarlierSnapshot(earlier, (0, 1))).current()
    assert {id(zone) for zone in earlier.zones}.isdisjoint(map(id, snapshot.zones))


@only_sqlite
@pytest.mark.real_zones
def test_a_file_put_in_the_place_of_another_is_read_whole(engine: Engine, tmp_path: Path) -> None:
    pin_file(engine)
    snapshot_cache = SnapshotCache(engine)
    snapshot_cache.current()
    back_up_to(engine, tmp_path / "copy.sqlite", "")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    with engine.begin() as connection:  # the copy and the original go different ways
        connection.execute(text("UPDATE zone SET name = 'Here' WHERE state = 'CT'"))
    with copy.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'There' WHERE state = 'NY'"))
        connection.execute(text("UPDATE zone SET name = 'There' WHERE state = 'NY'"))
    snapshot_cache.invalidate()
    assert {zone.name for zone in snapshot_cache.current().by_state["CT"]} == {"Here"}
    copy.dispose()
    engine.dispose()
    for name in ("directory.sqlite-wal", "directory.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy.sqlite").replace(tmp_path / "directory.sqlite")
    snapshot_cache.invalidate()
    assert snapshot_cache.current().zones == read_directory(engine).zones
    assert {zone.name for zone in snapshot_cache.current().by_state["NY"]} == {"There"}


def test_a_directory_that_cannot_be_read_for_whatever_reason_leaves_the_last_one_with_a_notice(
    engine: Engine, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("a.csv", CSV)
    snapshot_cache = SnapshotCache(engine)
    snapshot_cache.current()
    with monkeypatch.context() as patch:
        patch.setattr(
            "directory.search.snapshots.snapshot_cache.read_directory",
            lambda *_given: dict[str, Directory]()["nothing"],
        )
        rename(engine, "Another")
        snapshot_cache.invalidate()
        assert snapshot_cache.current().zones[0].name != "Another" and snapshot_cache.trouble is not None
    eventually(lambda: snapshot_cache.current().zones[0].name == "Another" and snapshot_cache.trouble is None)


@only_sqlite
def test_a_start_while_the_database_was_away_leaves_workers_nothing_to_go_on_from(
    engine: Engine, load: Import, tmp_path: Path
) -> None:
    load("a.csv", CSV)
    back_up_to(engine, tmp_path / "before.sqlite", "")
    load("b.csv", MORE)  # of a history that is lost
    last_known = SnapshotFile(tmp_path / "last-known.jsonl.gz")
    last_known.keep(read_directory(engine))
    engine.dispose()
    database = tmp_path / "directory.sqlite"
    for name in ("directory.sqlite-wal", "directory.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    database.write_bytes(b"garbage" * 2_000)
    snapshot_cache = SnapshotCache(engine, last_known)
    assert len(snapshot_cache.current().zones) == 2 and snapshot_cache.trouble
    engine.dispose()
    (tmp_path / "before.sqlite").replace(database)
    for number in range(3):  # its numbers go past those of the other history
        rename(engine, f"Name {number}")
    snapshot_cache.leave_to_workers()
    assert snapshot_cache.current().zones == read_directory(engine).zones


def test_a_first_reading_that_fails_for_whatever_reason_leaves_the_last_known_and_the_next_reads_everything(
    engine: Engine, load: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("a.csv", CSV)
    last_known = SnapshotFile(tmp_path / "last-known.jsonl.gz")
    last_known.keep(read_directory(engine))
    rename(engine, "Another")
    with monkeypatch.context() as patch:
        patch.setattr(
            "directory.search.snapshots.snapshot_cache.read_directory",
            lambda *_given: dict[str, Directory]()["nothing"],
        )
        with pytest.raises(DatabaseError, match="KeyError"):
            SnapshotCache(engine).current()
        snapshot_cache = SnapshotCache(engine, last_known)
        assert snapshot_cache.current().zones[0].name != "Another" and snapshot_cache.trouble is not None
    eventually(lambda: snapshot_cache.current().zones[0].name == "Another" and snapshot_cache.trouble is None)


def rename(engine: Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = :name"), {"name": name})


ADDRESSES = (
    "/", "/search?q=06820", "/search?q=Darien police", "/search?q=06820&open_at=now", "/suggest?q=dar", "/about",
    "/zones/ct-darien-parking-lot", "/towns/ct/darien", "/embed/ct/darien", "/freshness",
    "/api/v1/nearest?address=06820", "/api/v1/towns", "/api/v1/collections/zones/items?usable=yes&filter=state='CT'",
    "/map/popup/ct-darien-parking-lot.json", "/downloads/zones.geojson", "/towns/ct", "/meet?a=06820&b=06840",
)  # fmt: skip


def test_a_directory_that_every_page_has_used_goes_with_the_next_though_it_is_frozen(site: Site) -> None:
    visitor = site.visitor()
    assert [address for address in ADDRESSES if visitor.get(address).status_code != 200] == []
    earlier = weakref.ref(site.services.snapshot_cache.current())
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        with site.engine.begin() as connection:
            connection.execute(text("UPDATE zone SET name = 'Another' WHERE state = 'NY'"))
        site.services.snapshot_cache.invalidate()
        visitor.get("/")
        eventually(lambda: earlier() is None)
    finally:
        gc.unfreeze()
        gc.enable()
