"""Backups can be trusted: made under load, checked before they are put back, and what was there before is kept."""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from directory.cli import main
from directory.db.backup import BadBackupError, back_up_to, examine, restore
from directory.db.copy import CopyRefusedError, copy_database, digests, reading
from directory.db.engine import open_database
from directory.db.errors import DatabaseError
from directory.db.queries.outbox import put
from directory.db.schema import migrate, schema_version
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from directory.errors import BadInputError
from directory.store.directory_reader import read_directory
from directory.store.repository import version_of
from tests.conftest import Import, sqlite_only
from tests.integration.db.test_migrations import RELEASES
from tests.integration.db.test_migrations import filled as filled_as_released
from tests.support.site import Site
from tests.support.waiting import eventually

pytestmark = pytest.mark.real_zones
MORE = "department,town,state,address,zip\nWeston Police,Weston,CT,{} Norfield Road,06883\n"
PAGES = (
    "/", "/search?q=06840", "/towns", "/towns/ct/new-canaan", "/zones/ct-darien-parking-lot", "/towns.atom",
    "/freshness",
    "/api/v1/collections/zones/items?limit=1000", "/api/v1/nearest?lat=41.1&lon=-73.4", "/api/v1/towns?limit=1000",
    "/api/v1/collections/zones/items?changed_since=2000-01-01T00:00:00Z&limit=1000", "/downloads/zones.geojson",
    "/downloads/zones.csv", "/embed/ct/new-canaan",
)  # fmt: skip


def all_of(engine: Engine) -> dict[str, tuple[int, str]]:
    with reading(engine) as connection:
        found = digests(connection)
    return {name: value for name, value in found.items() if name != "directory_version"}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with transaction(engine) as session:
        put(session, "clerk@example.org", "Subject", "Message", MailKind.REQUESTED)
    return engine


@pytest.fixture
def writers(filled: Engine, load: Import) -> Iterator[Counter[str]]:
    """Two threads that never stop writing, mails one by one and imports; how often each did."""
    over, done = threading.Event(), Counter[str]()

    def mail() -> None:
        with transaction(filled) as session:
            put(session, "a@example.org", "one", "m", MailKind.NOTICE)
            put(session, "b@example.org", "two", "m", MailKind.NOTICE)

    def bring_in() -> None:
        load(f"{done['bring_in']}.csv", MORE.format(done["bring_in"]))

    def again_and_again(work: Callable[[], None]) -> None:
        while not over.is_set():
            try:
                work()
                done[work.__name__] += 1
            except DatabaseError as trouble:  # a restore took longer than they wait
                assert "held by others" in str(trouble) or "locked" in str(trouble)

    threads = [threading.Thread(target=again_and_again, args=(work,)) for work in (mail, bring_in)]
    for thread in threads:
        thread.start()
    yield done
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("writers")
def test_a_backup_made_while_others_write_is_one_moment_of_the_directory(filled: Engine, tmp_path: Path) -> None:
    moments = []
    for number in range(3):
        path = tmp_path / f"{number}.safezones"
        back_up_to(filled, path, "key")
        assert path.stat().st_mode & 0o077 == 0, "for its owner only"
        with sqlite3.connect(path) as database:
            pairs = dict(database.execute("SELECT subject, count(*) FROM outbox_mail GROUP BY subject"))
            zones = database.execute("SELECT count(*) FROM zone").fetchone()[0]
            logged = database.execute("SELECT count(*) FROM change WHERE kind = 'zone'").fetchone()[0]
        database.close()
        assert pairs.get("one") == pairs.get("two"), "half a transaction"
        assert zones == logged, "a zone without its log entry"
        moments.append((pairs.get("one", 0), zones))
    assert moments == sorted(moments) and moments[0] != moments[-1]
    assert {path.name for path in tmp_path.iterdir() if "part" in path.name} == set()


def test_a_restored_directory_is_the_one_that_was_backed_up(filled: Engine, load: Import, tmp_path: Path) -> None:
    path = tmp_path / "a.safezones"
    told = back_up_to(filled, path, "key")
    assert (told.zones, told.secret_key) == (995, "key")
    before, number = all_of(filled), version_of(filled)[0]
    load("more.csv", MORE.format(1))
    with transaction(filled) as session:
        put(session, "late@example.org", "Late", "m", MailKind.NOTICE)
    assert all_of(filled) != before
    restore(filled, path, tmp_path)
    assert all_of(filled) == before
    assert version_of(filled)[0] > number, "every worker notices"
    with pytest.raises(DBAPIError, match="only grow"), filled.begin() as connection:
        connection.execute(text("DELETE FROM change"))
    load("more.csv", MORE.format(2))  # numbers go on where they were
    assert len(read_directory(filled).zones) == 996


def test_a_site_answers_byte_for_byte_the_same_after_a_restore(site: Site, tmp_path: Path) -> None:
    client = site.visitor()
    before = {page: client.get(page).data for page in PAGES}
    path = tmp_path / "a.safezones"
    back_up_to(site.engine, path, site.settings.signing_key)
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET spot_note = 'Altered', changed_at = '2030-01-01'"))
        connection.execute(text("UPDATE zone SET status = 'withdrawn' WHERE state = 'NY'"))
    site.services.snapshot_cache.invalidate()
    assert b"Altered" in client.get("/towns/ct/new-canaan").data
    restore(site.engine, path, tmp_path)
    restored = asked = time.monotonic()
    while b"Altered" in client.get("/towns/ct/new-canaan").data:
        assert asked - restored < 1, "who asks a second later is answered with it"
        asked = time.monotonic()
    assert {page: client.get(page).data for page in PAGES} == before


def test_readers_and_writers_go_on_while_a_backup_is_put_back(
    filled: Engine, writers: Counter[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.safezones"
    back_up_to(filled, path, "key")
    seen, over = set(), threading.Event()

    def read() -> None:
        while not over.is_set():
            zones = read_directory(filled).zones
            seen.add(len(zones) >= 995)
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        restore(filled, path, tmp_path)
    over.set()
    reader.join()
    assert seen == {True}, "a reader saw a directory that was half there"
    before = writers.copy()
    eventually(lambda: all(writers[work] > before[work] for work in ("mail", "bring_in")))


def test_after_a_restore_that_broke_off_everything_goes_on_as_before(
    filled: Engine, load: Import, tmp_path: Path
) -> None:
    path = tmp_path / "a.safezones"
    back_up_to(filled, path, "key")
    load("more.csv", MORE.format(1))
    before = all_of(filled)

    def break_off(done: float) -> None:
        if done == 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        restore(filled, path, tmp_path, break_off)
    if filled.dialect.name == "postgresql":  # SQLite has copied its last page by then
        assert all_of(filled) == before
    load("more.csv", MORE.format(2))  # numbers are free, the log's too


def test_after_a_restore_nobody_opens_what_belongs_to_the_next_who_got_their_number(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.safezones"
    back_up_to(site.engine, path, "key")
    anna, bert = site.visitor(), site.visitor()
    lost = site.submit(anna, email="anna@westonct.gov")
    site.confirm(anna, "anna@westonct.gov")
    assert anna.get("/desk").status_code == 200
    number = site.number()
    restore(site.engine, path, tmp_path)
    site.submit(bert, email="bert@westonct.gov")
    site.confirm(bert, "bert@westonct.gov")
    assert site.settings.database_url or site.number() == number, "SQLite gives it again"
    assert anna.get(lost).status_code == 404
    assert anna.get("/desk").status_code == 302 and bert.get("/desk").status_code == 200


ALTERED = {
    "a row": "UPDATE zone SET town_id = 999999 WHERE rowid = 1",
    "a word": "UPDATE zone SET street_address = 'Elsewhere' WHERE rowid = 1",
    "a row less": "DELETE FROM outbox_mail",
    "newer": "UPDATE alembic_version SET version_num = '9999'",
}


@pytest.mark.parametrize("damage", ["cut off", "a page", *ALTERED, "not a backup", "missing"])
def test_a_bad_backup_is_refused_and_changes_nothing(filled: Engine, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.safezones"
    back_up_to(filled, path, "key")
    content = path.read_bytes()
    if damage == "cut off":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "a page":
        path.write_bytes(content[:40_960] + b"\xff" * 4096 + content[45_056:])
    elif damage == "not a backup":
        path.write_text("hello")
    elif damage == "missing":
        path.unlink()
    else:
        with sqlite3.connect(path) as database:
            database.execute(ALTERED[damage])
        database.close()
    before = all_of(filled)
    with pytest.raises(BadBackupError):
        restore(filled, path, tmp_path)
    assert all_of(filled) == before


def test_a_restore_that_is_killed_leaves_the_old_directory_or_the_new_one(
    site: Site, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    sqlite_only(site.settings)
    path = tmp_path / "a.safezones"
    back_up_to(site.engine, path, "key")
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Altered'"))
    whole = ({"Altered"}, None)
    site.engine.dispose()
    luck = random.Random(3)
    for _ in range(12):
        child = os.fork()
        if child == 0:
            try:
                restore(open_database(site.settings.database), path, tmp_path)
            finally:
                os._exit(0)
        time.sleep(luck.uniform(0.05, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with sqlite3.connect(str(site.engine.url.database)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            names = {row[0] for row in database.execute("SELECT name FROM zone")}
        database.close()
        assert names == whole[0] or "Altered" not in names
    recwarn.clear()


def test_a_copy_into_the_other_kind_of_database_and_back_loses_nothing(filled: Engine, tmp_path: Path) -> None:
    there = open_database(f"sqlite:///{tmp_path / 'there.sqlite'}")
    copied = copy_database(filled, there)
    assert copied["zone"][0] == 995 and copied["outbox_mail"][0] == 1
    assert version_of(there)[0] == version_of(filled)[0] and all_of(there) == all_of(filled)
    with pytest.raises(CopyRefusedError, match="not empty"):
        copy_database(filled, there)
    if filled.dialect.name == "postgresql":
        with filled.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        copy_database(there, filled)
        assert all_of(there) == all_of(filled)
        with transaction(filled) as session:  # the next number is free
            put(session, "clerk@example.org", "Subject", "Message", MailKind.REQUESTED)
    there.dispose()


def test_something_that_is_no_directory_is_not_copied(engine: Engine, tmp_path: Path) -> None:
    nothing = open_database(f"sqlite:///{tmp_path / 'nothing.sqlite'}")
    with pytest.raises(CopyRefusedError, match="no directory"):
        copy_database(nothing, engine)
    nothing.dispose()


def test_a_directory_of_another_release_is_no_target_and_stays_as_it_is(filled: Engine, tmp_path: Path) -> None:
    target = open_database(f"sqlite:///{tmp_path / 'older.sqlite'}")
    migrate(target)
    with target.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(CopyRefusedError, match="another release"):
        copy_database(filled, target)
    assert schema_version(target) == "0002"
    target.dispose()


def test_a_backup_of_an_earlier_release_is_brought_up_to_date_on_the_way(filled: Engine, tmp_path: Path) -> None:
    old, path = open_database(f"sqlite:///{tmp_path / 'old.sqlite'}"), tmp_path / "a.safezones"
    rows = filled_as_released(old, RELEASES[1])
    assert back_up_to(old, path, "key").schema == RELEASES[1].stem
    restore(filled, path, tmp_path)
    assert {zone.zone_id for zone in read_directory(filled).zones} == {row["zone_id"] for row in rows["zone"]}
    old.dispose()


def test_the_commands_back_up_check_restore_and_keep_what_was_there(site: Site, tmp_path: Path) -> None:
    run = CliRunner(env=site.environment)
    file = str(tmp_path / "mine.safezones")
    made = run.invoke(main, ["backup", file])
    assert made.exit_code == 0 and "995 zones" in made.output
    again = run.invoke(main, ["backup", file])
    assert again.exit_code == 2 and "overwrites nothing" in again.output
    assert run.invoke(main, ["restore", file, "--check"]).exit_code == 0
    assert run.invoke(main, ["restore", file], input="n\n").exit_code == 1
    back = run.invoke(main, ["restore", file, "--yes"])
    assert back.exit_code == 0 and "Restored." in back.output
    kept = list((site.settings.data_dir / "backups").glob("*-before-restore.safezones"))
    assert len(kept) == 1 and examine(kept[0]).zones == 995
    if not site.settings.database_url:
        site.engine.dispose()
        (site.settings.data_dir / "directory.sqlite").write_bytes(b"garbage" * 1_000)
        again = run.invoke(main, ["restore", file, "--yes"])
        assert again.exit_code == 0 and "put aside" in again.output
        assert list(site.settings.data_dir.glob("directory.sqlite.damaged-*"))
        assert len(read_directory(site.engine).zones) == 995
    missing = run.invoke(main, ["restore", "nothing", "--yes"])
    assert missing.exit_code == 2 and "There is no file nothing" in missing.output


def test_a_value_that_this_release_does_not_know_is_named_and_neither_backed_up_nor_copied(
    filled: Engine, tmp_path: Path
) -> None:
    with filled.begin() as connection:
        connection.exec_driver_sql("UPDATE zone SET status = 'haunted' WHERE zone_id = 'ct-darien-parking-lot'")
    target = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    for attempt in (lambda: back_up_to(filled, tmp_path / "a.safezones", "key"), lambda: copy_database(filled, target)):
        with pytest.raises(BadInputError, match="status of zone holds 'haunted'"):
            attempt()
    assert not (tmp_path / "a.safezones").exists() and schema_version(target) is None
