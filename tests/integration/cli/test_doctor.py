"""`safezones doctor`: real faults, each with its line and its remedy. It changes nothing and tells no secret."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from directory.cli import main
from directory.db.transaction import transaction
from directory.settings import Settings
from directory.store.runs.mail_status import beat
from tests.conftest import only_postgresql, only_sqlite
from tests.integration.cli.test_cli import safezones
from tests.support.doctor import PUBLIC, SECRET, doctor, line_of, mail_server

pytestmark = [pytest.mark.slow, pytest.mark.real_zones]


def state_of(folder: Path) -> dict[str, str]:
    """Every file but SQLite's shared memory, which readers write too."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
    return {str(path): sha256(path.read_bytes()).hexdigest() + oct(path.stat().st_mode) for path in files}


def test_a_well_kept_installation_has_only_good_lines_and_is_left_as_it_was(engine: Engine, tmp_path: Path) -> None:
    if engine.dialect.name == "sqlite":
        (tmp_path / "directory.sqlite").chmod(0o600)
    database = {"SAFEZONES_DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    with mail_server() as mail:
        variables = {**PUBLIC, **mail, **database}
        assert safezones(tmp_path, "backup", **variables).returncode == 0
        assert safezones(tmp_path, "tidy", **variables).returncode == 0
        assert safezones(tmp_path, "staff", "chief@example.org", **variables).returncode == 0
        assert safezones(tmp_path, "tidy", "--dry-run", **variables).returncode == 0
        assert safezones(tmp_path, "remind", **variables).returncode == 0
        with transaction(engine) as session:
            beat(session)
        before = state_of(tmp_path)
        outcome = doctor(tmp_path, **variables)
        assert [check for check in outcome.checks if check["status"] != "ok"] == []
        assert state_of(tmp_path) == before
        lines = safezones(tmp_path, "doctor", **variables).stdout
    assert len(lines.splitlines()) == len(outcome.checks)
    assert "SAFEZONES_DATABASE_URL" in outcome.of("database")["finding"]
    assert "lets zones in and takes mail from zones@example.org" in outcome.of("mail server")["finding"]
    assert "1 backup" in outcome.of("backups")["finding"] and "tidy" in outcome.of("daily commands")["finding"]


def test_a_command_that_does_not_read_the_services_settings_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.doctor.checks.variables.SERVICE_FILE", tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["doctor", "--json"], env={"SAFEZONES_DATA_DIR": None})
    line = next(line for line in json.loads(result.stdout)["checks"] if line["check"] == "variables")
    assert (line["status"], "deploy/safezones" in line["remedy"]) == ("warning", True)


@only_sqlite
@pytest.mark.usefixtures("engine")
def test_what_lies_on_this_machine_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "directory.sqlite").chmod(0o600)
    mounts, service = tmp_path / "mounts", tmp_path / "service.env"
    mounts.write_text(
        f"36 35 0:1 / / rw - ext4 /dev/vda rw\n37 36 0:2 / {tmp_path} rw shared:1 - nfs4 store:/zones rw\n"
    )
    service.touch(0o644)
    monkeypatch.setattr("directory.doctor.mounts.MOUNTS", mounts)
    monkeypatch.setattr("directory.doctor.checks.variables.SERVICE_FILE", service)
    assert "a network disk (nfs4)" in line_of("database file", tmp_path)["finding"]
    assert "chmod 600" in line_of("variables", tmp_path)["remedy"]
    mounts.write_text("36 35 0:1 / / rw - ext4 /dev/vda rw\n")
    service.chmod(0o600)
    assert line_of("database file", tmp_path)["status"] == line_of("variables", tmp_path)["status"] == "ok"
    assert "with two, a visitor gets up to twice as much" in line_of("rate limits", tmp_path)["finding"]
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo.America", None)
    gone = line_of("time zones", tmp_path)
    assert (gone["status"], "--force-reinstall tzdata" in gone["remedy"]) == ("problem", True)


@only_sqlite
@pytest.mark.parametrize(
    ("check", "name", "mode", "of_root"),
    [
        ("database file", "directory.sqlite", 0o644, False), ("secret key", "secret-key", 0o640, False),
        ("database", "directory.sqlite", 0o600, True), ("secret key", "secret-key", 0o600, True),
        ("data folder", "", 0o700, True), ("data folder", "", 0o500, False),
        ("database", "directory.sqlite-wal", 0o600, True),
    ],
)  # fmt: skip
def test_a_remedy_that_is_a_command_mends_it_when_it_is_typed(
    check: str, name: str, mode: int, of_root: bool, engine: Engine
) -> None:
    was = os.geteuid()
    if was and of_root:
        pytest.skip("only root can take a file away from an account")
    above = Path(tempfile.mkdtemp(prefix="safezones-doctor-"))
    above.chmod(0o755)
    folder = above / "data"
    folder.mkdir()
    shutil.copy(str(engine.url.database), folder / "directory.sqlite")
    (folder / "secret-key").write_text(SECRET)
    (folder / "directory.sqlite-wal").touch()
    try:
        for path in (*folder.iterdir(), folder):
            path.chmod(0o700 if path is folder else 0o600)
            os.chown(path, -1 if was else 65534, -1)
        wrong = folder / name
        os.chown(wrong, 0 if of_root else -1, -1)
        wrong.chmod(mode)

        def looked_at() -> dict[str, str]:
            if was == 0:
                os.seteuid(65534)
            try:
                return doctor(above, SAFEZONES_DATA_DIR=str(folder)).of(check)
            finally:
                os.seteuid(was)

        ill = looked_at()
        assert ill["status"] in ("warning", "problem")
        command = ill["remedy"].removeprefix("as root: ").partition(";")[0]
        subprocess.run(command, shell=True, check=True)
        assert looked_at()["status"] == "ok", command
    finally:
        shutil.rmtree(above)


@only_sqlite
@pytest.mark.usefixtures("engine")
def test_a_file_in_the_place_of_the_data_folder_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    told = doctor(tmp_path, SAFEZONES_DATA_DIR=str(tmp_path / "data")).checks
    assert [line["check"] for line in told if line["status"] == "problem"] == ["data folder"]


def test_where_nothing_is_installed_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    outcome = doctor(tmp_path, SAFEZONES_DATA_DIR=str(folder))
    assert outcome.exit_status == 1 and not folder.exists()
    assert "there is no such file yet" in outcome.of("database")["finding"]
    assert outcome.of("schema")["status"] == outcome.of("zones")["status"] == "unknown"


@only_sqlite
def test_a_database_that_the_account_may_only_read_is_named(engine: Engine) -> None:
    folder = Path(tempfile.mkdtemp(prefix="safezones-doctor-"))  # where everybody may look, unlike pytest's folders
    try:
        path = Path(shutil.copy(str(engine.url.database), folder / "directory.sqlite"))
        folder.chmod(0o755)
        with closing(sqlite3.connect(path)) as site:
            site.execute("SELECT count(*) FROM zone").fetchone()
            doctor(folder)  # loads what the other account may not load
            for part in folder.iterdir():
                part.chmod(0o444)
            was = os.geteuid()
            if was == 0:  # who may write whatever the mode says
                os.seteuid(65534)
            try:
                outcome = doctor(folder)
                os.seteuid(was)
                folder.chmod(0)
                os.seteuid(was or 65534)
                closed = doctor(folder.parent, SAFEZONES_DATA_DIR=str(folder))
            finally:
                os.seteuid(was)
                folder.chmod(0o755)
    finally:
        shutil.rmtree(folder)
    line = outcome.of("database file")
    assert line["status"] == "problem" and "cannot be written" in line["finding"], line
    assert "may not read and write there" in closed.of("data folder")["finding"]
    assert 'see "data folder"' in closed.of("database")["finding"]
    assert closed.of("data folder")["remedy"].startswith("as root: chown" if was == 0 else "chmod 700")


@only_sqlite
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("value", ["", "💥", "-1", "a" * 5000, "/dev/null"])
def test_no_value_of_any_variable_makes_it_fail(value: str, tmp_path: Path) -> None:
    variables = {f"SAFEZONES_{name.upper()}": value for name in Settings.model_fields}
    outcome = doctor(tmp_path, **variables)
    assert {check["check"] for check in outcome.checks} >= {"release", "variables", "mail server", "disk", "clock"}
    assert "this check failed" not in outcome.text


@only_postgresql
def test_which_database_and_why_is_told_of_postgresql_too(engine: Engine, tmp_path: Path) -> None:
    outcome = doctor(tmp_path, SAFEZONES_DATABASE_URL=engine.url.render_as_string(hide_password=False))
    assert "SAFEZONES_DATABASE_URL): PostgreSQL 15" in outcome.of("database")["finding"]
    assert "database server's clock" in outcome.of("clock")["finding"]
    assert not [check for check in outcome.checks if check["check"] == "database file"]


@only_postgresql
@pytest.mark.parametrize(
    ("given", "taken_back", "found", "remedy"),
    [
        ("ALTER DATABASE {} SET default_transaction_read_only = on",
         "ALTER DATABASE {} RESET default_transaction_read_only", "takes no writes", "name the primary"),
        ("CREATE ROLE {}_guest LOGIN PASSWORD 'p@w/x'", "DROP ROLE {}_guest",
         "may not use these tables", "Name the account that owns them"),
        ("CREATE ROLE {}_guest LOGIN PASSWORD 'p@w/x' CONNECTION LIMIT 0", "DROP ROLE {}_guest",
         "too many connections", "start fewer workers"),
    ],
)  # fmt: skip
def test_a_database_server_that_answers_and_is_of_no_use_is_named(
    given: str, taken_back: str, found: str, remedy: str, engine: Engine, tmp_path: Path
) -> None:
    name = engine.url.database
    url = engine.url.set(username=f"{name}_guest", password="p@w/x") if "ROLE" in given else engine.url
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(given.format(name))
        try:
            line = doctor(tmp_path, SAFEZONES_DATABASE_URL=url.render_as_string(hide_password=False)).of("database")
        finally:
            admin.exec_driver_sql("SET default_transaction_read_only = off")
            admin.exec_driver_sql(taken_back.format(name))
    assert (line["status"], found in line["finding"], remedy in line["remedy"]) == ("problem", True, True), line
