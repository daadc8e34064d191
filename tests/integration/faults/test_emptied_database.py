"""A database that is suddenly empty is not believed, and what is restored over it stays."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from directory.db.schema import schema_version
from directory.search.snapshots.snapshot_file import LAST_KNOWN
from directory.settings import Settings
from quality.site import STOP_SECONDS
from tests.conftest import ON_POSTGRES
from tests.integration.faults.conftest import NOTICE, RunningSite, searching_goes_on, served
from tests.support.database_templates import ZONES
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow


def an_emptied_database_is_not_believed_and_can_be_restored(running: RunningSite, backup: Path, *refusals: str) -> None:
    """No command makes tables where zones were served from: with tables, the empty database would be the newest."""
    noticed = running.eventually("/search?q=06840", lambda _status, text: NOTICE in text)
    assert NOTICE in noticed[1]
    commands = (["migrate"], ["check"], ["backup"], ["import", str(ZONES)], ["remind"]) if refusals else ()
    for arguments in commands:
        done = running.command(*arguments)
        assert done.exit_code == 2 and [words for words in refusals if words in done.stderr], done.output
    searching_goes_on(running.get)
    restored = restored_in_turn(running, backup)
    assert restored.exit_code == 0, restored.output
    well = running.eventually("/search?q=06840", lambda _status, text: NOTICE not in text)
    assert NOTICE not in well[1]
    searching_goes_on(running.get)
    assert running.command("staff", "first@example.org").exit_code == 0


def restored_in_turn(running: RunningSite, backup: Path) -> Result:
    """Restore; where a busy server holds the file, once more, as the message says."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        restored = running.command("restore", str(backup), "--yes")
        if "Try again when it has finished" not in restored.output or time.monotonic() > ends:
            return restored


SERVED_BEFORE = "995 zones were served from here before"


@pytest.mark.parametrize(
    ("how", "refusals"),
    [("replaced by an empty file", []),
     ("replaced by an empty file", [SERVED_BEFORE]),
     ("removed", [SERVED_BEFORE, "there is no database at"]),
     ("cut off where it lies", [SERVED_BEFORE, "The database is locked by another program"])],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_sqlite_file_that_was_emptied_is_not_believed_and_what_is_restored_outlives_the_server(
    running: RunningSite, tmp_path: Path, how: str, refusals: list[str]
) -> None:
    """Old processes go on with the files they have open: what they do when they end must not touch the new ones."""
    if ON_POSTGRES:
        pytest.skip("this is about SQLite's own file")
    file, backup = running.folder / "directory.sqlite", tmp_path / "a.safezones"
    assert running.command("backup", str(backup)).exit_code == 0
    known = running.folder / LAST_KNOWN
    searching_goes_on(running.get)
    running.eventually("/healthz", lambda _status, _text: known.exists())
    if how == "cut off where it lies":
        os.truncate(file, 0)
        for pid in running.workers():  # those that have pages in memory may not notice
            os.kill(pid, signal.SIGKILL)
        running.eventually("/healthz", lambda status, _text: status == 200)
    elif how == "removed":
        file.unlink()
    else:
        (tmp_path / "empty").touch()
        (tmp_path / "empty").replace(file)
    an_emptied_database_is_not_believed_and_can_be_restored(running, backup, *refusals)
    if how == "replaced by an empty file":
        assert list(running.folder.glob("directory.sqlite-shm.damaged-*")), "or the old processes' index spoils the new"
    running.server.terminate()
    running.server.wait(timeout=STOP_SECONDS)
    assert running.command("check").stdout.startswith("995 zones checked")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM person WHERE email = 'first@example.org'").fetchone() == (1,)


@pytest.mark.postgres
def test_an_emptied_postgresql_is_not_believed(on_postgres: Settings, tmp_path: Path) -> None:
    from sqlalchemy import create_engine, text

    with served(on_postgres) as running:
        searching_goes_on(running.get)
        assert running.command("backup", str(tmp_path / "a.safezones")).exit_code == 0
        known = running.folder / LAST_KNOWN
        running.eventually("/healthz", lambda _status, _text: known.exists())
        engine = create_engine(on_postgres.database_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        for pid in running.workers():
            os.kill(pid, signal.SIGKILL)
        assert running.eventually("/search?q=06840", lambda status, text: status == 200 and NOTICE in text)[0] == 200
        assert schema_version(engine) is None, "a worker that starts makes no tables either"
        engine.dispose()
        an_emptied_database_is_not_believed_and_can_be_restored(running, tmp_path / "a.safezones", SERVED_BEFORE)
