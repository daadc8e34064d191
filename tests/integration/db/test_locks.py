"""On PostgreSQL many write at once, and a restore takes its turn among them; nobody waits for who reads, nor they."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from directory.db.backup import back_up_to, restore
from directory.db.copy import lock_exclusive
from directory.db.errors import DatabaseError, held_by_others, translate_error
from directory.db.queries.outbox import put
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from tests.conftest import Import, only_postgresql
from tests.integration.db.test_backup import MORE

pytestmark = [only_postgresql, pytest.mark.real_zones]


def test_a_restore_and_who_reads_at_that_moment_do_not_wait_for_each_other(engine: Engine, tmp_path: Path) -> None:
    path, names = tmp_path / "a.safezones", text("SELECT DISTINCT name FROM zone WHERE state = 'CT'")
    back_up_to(engine, path, "key")
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Altered'"))
    with transaction(engine, writes=False) as session:
        assert session.connection().execute(names).scalars().all() == ["Altered"]
        restore(engine, path, tmp_path)
        assert session.connection().execute(names).scalars().all() == ["Altered"], "not the moment that it began with"
    assert "Altered" not in {zone.name for zone in read_directory(engine).zones}


@contextmanager
def the_site_writes(engine: Engine) -> Iterator[None]:
    with transaction(engine):
        yield


@contextmanager
def another_program_writes(engine: Engine) -> Iterator[None]:
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Altered'"))
        yield


@pytest.mark.parametrize("writing", [the_site_writes, another_program_writes])
def test_a_restore_gives_up_when_somebody_writes_all_the_time(
    engine: Engine, load: Import, tmp_path: Path, writing: Callable[[Engine], AbstractContextManager[None]]
) -> None:
    path = tmp_path / "a.safezones"
    back_up_to(engine, path, "key")
    load("more.csv", MORE.format(1))
    with writing(engine), pytest.raises(DatabaseError, match=r"Others were writing .* Nothing was changed"):
        restore(engine, path, tmp_path, patience_seconds=0.3)
    assert len(read_directory(engine).zones) == 996
    restore(engine, path, tmp_path)
    assert len(read_directory(engine).zones) == 995


def test_a_lost_connection_is_not_called_a_busy_database(engine: Engine) -> None:
    with pytest.raises(OperationalError) as lost, engine.begin() as restoring, engine.connect() as other:
        number = restoring.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        lock_exclusive(restoring, 1)
    assert not held_by_others(lost.value) and "held by others" not in str(translate_error(lost.value))


def test_who_would_write_during_a_restore_waits_for_it_and_is_told_when_its_patience_ends(
    engine: Engine,
) -> None:
    written: list[float] = []

    def write() -> None:
        with transaction(engine) as session:
            put(session, "a@example.org", "Subject", "m", MailKind.NOTICE)
        written.append(time.monotonic())

    with engine.begin() as restoring:
        lock_exclusive(restoring, 1)
        with pytest.raises(DatabaseError, match="held by others"), transaction(engine, patience_seconds=0.1):
            pass
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(0.5)
        done = time.monotonic()
    waiting.join()
    assert written[0] > done
