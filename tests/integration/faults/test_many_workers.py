"""Several workers and several machines: one directory, within a second, without an error while it is swapped."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from directory.clock import now
from directory.db.engine import open_database
from directory.meetings.card_links import CardLinks
from directory.meetings.meeting import Meeting
from directory.settings import Settings
from directory.signing_keys import KeyFile, SigningKeys
from tests.conftest import copied
from tests.integration.faults.conftest import RunningSite, served

pytestmark = pytest.mark.slow

BOUND_SECONDS = 1.0
ITEM = "/api/v1/collections/zones/items/ct-darien-parking-lot"


class Readers:
    """Threads that never stop asking every address, and what they were told: (asked at, told the name)."""

    def __init__(self, sites: list[RunningSite]) -> None:
        self.told: list[tuple[float, str]] = []
        self.failures: list[tuple[int, str]] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(running,)) for running in sites for _ in range(3)]
        for thread in self._threads:
            thread.start()

    def _read(self, running: RunningSite) -> None:
        while not self._over.is_set():
            asked = time.monotonic()
            status, body = running.get(ITEM)
            if status == 200:
                self.told.append((asked, json.loads(body)["properties"]["name"]))
            else:
                self.failures.append((status, body[:200]))
            time.sleep(0.005)  # the machine is the servers' too

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


def changes_are_seen(settings: Settings, sites: list[RunningSite]) -> None:
    """Changes by another program and by the command line, under load."""
    engine = open_database(settings.database)
    readers = Readers(sites)
    commits: list[tuple[float, float, str]] = []
    try:
        for number in range(4):
            time.sleep(BOUND_SECONDS + 1.5)  # a while in which every answer has to be the new one
            name, begun = f"Name {number}", time.monotonic()
            if number % 2:
                with engine.begin() as connection:  # what psql or sqlite3 would do
                    connection.execute(
                        text("UPDATE zone SET name = :name WHERE zone_id = 'ct-darien-parking-lot'"), {"name": name}
                    )
            else:
                import_name(settings, sites[0], name)
            commits.append((begun, time.monotonic(), name))
        time.sleep(2)
    finally:
        readers.stop()
        engine.dispose()
    assert readers.failures == []
    ends = [begun for begun, _, _ in commits[1:]] + [time.monotonic()]
    for (_, at, name), until in zip(commits, ends, strict=True):
        late = [told for asked, told in readers.told if at + BOUND_SECONDS < asked < until]
        assert late and set(late) == {name}, (name, set(late))


def a_rotated_key_is_known_to_all(running: RunningSite) -> None:
    """A card that one worker makes opens at every other while the key is rotated, and at none when its key is gone."""
    day = (now() + timedelta(days=10)).date().isoformat()
    makes_and_opens = f"/zones/ct-darien-parking-lot/meet?date={day}&time=19:00&make=1"
    meeting = Meeting("ct-darien-parking-lot", datetime.fromisoformat(f"{day}T19:00"))
    earlier = f"/m/{CardLinks(SigningKeys.of(*KeyFile(running.folder).read())).token(meeting)}"
    with ThreadPoolExecutor(4) as pool:
        for words in (["rotate"], ["rotate"], ["drop", "--yes"]):
            answers = [pool.submit(running.get, makes_and_opens) for _ in range(14)]
            assert running.command("key", *words).exit_code == 0
            assert {answer.result()[0] for answer in answers} == {200}
            opened = {answer.result()[0] for answer in [pool.submit(running.get, earlier) for _ in range(8)]}
            assert opened == ({404} if "drop" in words else {200})


def import_name(settings: Settings, running: RunningSite, name: str) -> None:
    path = settings.data_dir / "one.csv"
    path.write_text(
        f"zone_id,name,department,town,state\nct-darien-parking-lot,{name},Darien Police Department,Darien,CT\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "directory", "import", str(path)],
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "changed 1" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def on_sqlite(real_settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    with copied(real_settings, tmp_path) as settings:
        yield settings


def test_four_workers_on_one_machine(on_sqlite: Settings) -> None:
    with served(on_sqlite, workers=4) as running:
        assert len(running.workers()) == 4
        changes_are_seen(on_sqlite, [running])
        a_rotated_key_is_known_to_all(running)


@pytest.mark.postgres
def test_two_machines_with_two_workers_each_share_one_postgresql(on_postgres: Settings, tmp_path: Path) -> None:
    """Two servers on two loopback addresses, with a data folder each, as on two machines."""
    other = tmp_path / "other machine"
    other.mkdir()
    with ExitStack() as stack:
        sites = [
            stack.enter_context(served(on_postgres)),
            stack.enter_context(served(on_postgres.model_copy(update={"data_dir": other}), host="127.0.0.2")),
        ]
        changes_are_seen(on_postgres, sites)
