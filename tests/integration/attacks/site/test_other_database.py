"""A data folder that meets another database goes on with it; an emptied database is still refused."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from directory.search.snapshots.snapshot_file import LAST_KNOWN
from directory.settings import Settings
from tests.conftest import copied
from tests.integration.cli.test_cli import safezones
from tests.integration.faults.conftest import RunningSite, served
from tests.support.database_templates import database_on

pytestmark = pytest.mark.slow

TOLD = "This data folder was used with another database before"
REFUSED = "995 zones were served from here before"


def served_once(settings: Settings) -> None:
    """Serve a site until its last known directory lies in the data folder."""
    with served(settings, workers=1) as site:
        site.eventually("/healthz", lambda _status, _text: (site.folder / LAST_KNOWN).exists())


def assert_it_answers(site: RunningSite) -> None:
    assert '"zones":987' in site.get("/readyz")[1]
    assert "New Canaan" in site.get("/towns/ct/new-canaan")[1]


@pytest.mark.postgres
def test_postgresql_after_sqlite_with_the_same_data_folder_simply_works(
    real_settings: Settings, tmp_path: Path, postgres: str
) -> None:
    with copied(real_settings, tmp_path) as settings, database_on(postgres) as new:
        served_once(settings)
        moved = settings.model_copy(update={"database_url": new.replace("tester@", "tester:se-cret@")})
        with served(moved, workers=1) as site:
            assert_it_answers(site)
            assert TOLD in site.log() and "995 zones imported" in site.log() and "se-cret" not in site.log()
        with served(moved, workers=1) as site:
            assert_it_answers(site)
            assert TOLD not in site.log(), "it is said once"
        engine = create_engine(new)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        refused = safezones(tmp_path, "serve", "--port", "1", SAFEZONES_DATABASE_URL=new, SAFEZONES_GEOCODERS="")
        assert refused.returncode == 2


def test_another_sqlite_file_is_made_and_an_emptied_one_is_refused(real_settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with copied(real_settings, folder) as settings:
        served_once(settings.model_copy(update={"database_url": ""}))
    other = {"SAFEZONES_DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite'}"}
    made = safezones(folder, "migrate", **other)
    assert made.returncode == 0 and TOLD in made.stderr, made.stderr
    file = folder / "directory.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    os.truncate(file, 0)
    emptied = safezones(folder, "migrate")
    assert emptied.returncode == 2 and REFUSED in emptied.stderr
    file.unlink()
    removed = safezones(folder, "migrate")
    assert removed.returncode == 2 and REFUSED in removed.stderr


def test_a_data_folder_that_moved_with_its_database_is_the_same(real_settings: Settings, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    with copied(real_settings, before) as settings:
        served_once(settings.model_copy(update={"database_url": ""}))
    before.rename(after)
    done = safezones(after, "migrate")
    assert done.returncode == 0 and TOLD not in done.stderr
    (after / "directory.sqlite").unlink()
    assert REFUSED in safezones(after, "migrate").stderr
