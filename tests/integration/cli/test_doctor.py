"""`safezones doctor`: real faults, each with its line and its remedy. It changes nothing and tells no secret."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
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
    done = CliRunner().invoke(main, ["doctor", "--json"], env={"SAFEZONES_DATA_DIR": None})
    line = next(line for line in json.loads(done.stdout)["checks"] if line["check"] == "variables")
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


def sql(*statements: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "directory.sqlite")) as database, database:
            for statement in statements:
                database.execute(statement)

    return change


def damage(folder: Path) -> None:
    path = folder / "directory.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(content)


def other_file(folder: Path) -> None:
    (folder / "directory.sqlite").write_bytes(b"no database at all" * 1000)


def exposed(folder: Path) -> None:
    (folder / "directory.sqlite").chmod(0o644)


def key_of_all(folder: Path) -> None:
    (folder / "secret-key").write_text(SECRET)
    (folder / "secret-key").chmod(0o644)


def key_cut_off(folder: Path) -> None:
    (folder / "secret-key").write_text("x")


def key_that_is_none(folder: Path) -> None:
    (folder / "secret-key").mkdir()


def fallbacks_of_all(folder: Path) -> None:
    assert safezones(folder, "key", "rotate").returncode == 0
    (folder / "secret-key-fallbacks").chmod(0o640)


def fallbacks_cut_off(folder: Path) -> None:
    fallbacks_of_all(folder)
    path = folder / "secret-key-fallbacks"
    path.write_bytes(path.read_bytes()[:20])


def damaged_backup(folder: Path) -> None:
    backup(folder)
    path = next((folder / "backups").glob("*"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def backup(folder: Path, days: float = 0) -> None:
    assert safezones(folder, "backup").returncode == 0
    path = next((folder / "backups").glob("*"))
    os.utime(path, (time.time() + days * 86_400,) * 2)


def as_it_was(_folder: Path) -> None:
    pass


def backup_taken_away(folder: Path) -> None:
    backup(folder)
    shutil.rmtree(folder / "backups")


def files_in_the_place_of_folders(folder: Path) -> None:
    (folder / "backups").write_text("moved here by mistake")
    (folder / "stations.sqlite").write_text("cut off")


def folder_in_the_place_of_the_database(folder: Path) -> None:
    (folder / "directory.sqlite").unlink()
    (folder / "directory.sqlite").mkdir()


def of_database(address: str, found: str, remedy: str) -> tuple[Callable[[Path], None], dict[str, str], list["Line"]]:
    return as_it_was, {"SAFEZONES_DATABASE_URL": address}, [("database", "problem", found, remedy)]


Line = tuple[str, str, str, str]
"""A check, its status, what was found, the remedy."""


FAULTS: list[tuple[Callable[[Path], None], dict[str, str], list[Line]]] = [
    (as_it_was, {}, [
        ("mail server", "warning", "mails are written to", "set SAFEZONES_SMTP_HOST"),
        ("mails", "warning", "no mail worker has ever run", "start the site"),
        ("backups", "warning", "holds none", "safezones-daily@backup.timer"),
        ("daily commands", "warning", "`safezones remind` has never run", "safezones-daily@remind.timer"),
        ("moderators", "warning", "nobody", "safezones staff"),
        ("base address", "warning", "is not set", "set it to https://"),
    ]),
    (as_it_was, {
        "SAFEZONES_PROXYS": "1", "SAFEZONES_PROXIES": "many", "SAFEZONES_GEOCODER_OPTIONS": "{",
        "SAFEZONES_SECRET_KEY": "short", "SAFEZONES_DATABASE_URL": "mysql://me@db/x",
    }, [
        ("variables", "problem", "SAFEZONES_PROXYS: there is no such setting", "rename it to SAFEZONES_PROXIES"),
        ("variables", "problem", "SAFEZONES_PROXIES=many", "correct SAFEZONES_PROXIES"),
        ("variables", "problem", "SAFEZONES_GEOCODER_OPTIONS=…: this is no JSON", "correct SAFEZONES_GEOCODER_OPTIONS"),
        ("variables", "problem", "SAFEZONES_SECRET_KEY=…: it signs", "correct SAFEZONES_SECRET_KEY"),
        ("proxies", "unknown", "SAFEZONES_PROXIES cannot be read", ""),
        ("secret key", "unknown", "SAFEZONES_SECRET_KEY cannot be read", ""),
        ("database", "problem", "'mysql' names no database", "SAFEZONES_DATABASE_URL"),
        ("zones", "unknown", 'see "database"', ""),
    ]),
    (exposed, {
        "safezones_zzz": "1", "SAFEZONE_PROXIES": "1", "SAFEZONES_SECRET_KEY": "ab" * 20,
        "SAFEZONES_ZONES_FILE": "/no/such",
        "SAFEZONES_BASE_URL": "https://zones.example.org", "SAFEZONES_CLOCK_AHEAD_DAYS": "9",
        "SAFEZONES_MIN_FREE_MB": "999999999", "SAFEZONES_GEOCODERS": "nosuch", "SAFEZONES_BASEMAP": "/no/map.pmtiles",
    }, [
        ("variables", "problem", "safezones_zzz: there is no such setting", "take it out"),
        ("variables", "warning", "SAFEZONE_PROXIES is passed over", "rename it"),
        ("secret key", "warning", "SAFEZONES_SECRET_KEY can be guessed", "safezones key rotate"),
        ("data folder", "problem", "/no/such", "SAFEZONES_ZONES_FILE"),
        ("proxies", "warning", "share one limit", "SAFEZONES_PROXIES=1"),
        ("clock", "warning", "9 days ahead", "SAFEZONES_CLOCK_AHEAD_DAYS"),
        ("disk", "problem", "SAFEZONES_MIN_FREE_MB=999999999", "old backups"),
        ("geocoders", "problem", "nosuch", "correct SAFEZONES_GEOCODERS"),
        ("basemap", "warning", "is not there", "docs/operating.md"),
        ("database file", "warning", "others on this machine may read", "chmod 600"),
    ]),
    (key_of_all, {"SAFEZONES_BASE_URL": "http://zones.example.org"}, [
        ("secret key", "warning", "others on this machine may read", "chmod 600"),
        ("base address", "warning", "reads sign-ins", "TLS"),
    ]),
    (key_cut_off, {"SAFEZONES_PROXIES": "1"}, [
        ("secret key", "problem", "16 characters at least, and one here has 1", "remove it"),
        ("proxies", "warning", "without a public address", "SAFEZONES_PROXIES=0"),
    ]),
    (key_that_is_none, {}, [("secret key", "problem", "Is a directory: /", "correct the setting of this path")]),
    (fallbacks_of_all, {"SAFEZONES_SECRET_KEY_FALLBACKS": "cd" * 20}, [
        ("secret key", "warning", "others on this machine may read", "secret-key-fallbacks"),
        ("secret key", "warning", "can be guessed", "safezones key drop"),
        ("secret key", "ok", "2 fallbacks open what they made", ""),
    ]),
    (fallbacks_cut_off, {}, [
        ("secret key", "problem", "secret-key-fallbacks is not used: it holds no list of keys", "remove it"),
    ]),
    (as_it_was, {"SAFEZONES_SECRET_KEY_FALLBACKS": "short"}, [
        ("secret key", "unknown", "SAFEZONES_SECRET_KEY_FALLBACKS cannot be read", ""),
    ]),
    (damage, {}, [("database file", "problem", "is damaged", "safezones restore")]),
    (other_file, {}, [("database", "problem", "not a SQLite database", "Check SAFEZONES_DATABASE_URL")]),
    (sql("UPDATE alembic_version SET version_num = '9999'"), {}, [
        ("schema", "ok", "9999, which this release works with", ""),
    ]),
    (sql("UPDATE alembic_version SET version_num = '9999', oldest_schema = '9999'"), {}, [
        ("schema", "problem", "which wants a release of schema 9999 or later", "install the release that made it"),
    ]),
    (sql("UPDATE alembic_version SET version_num = '0006'"), {}, [("schema", "warning", "0006 is behind", "migrate")]),
    (sql("DROP TABLE alembic_version"), {}, [("schema", "problem", "no tables", "safezones restore")]),
    (sql("PRAGMA journal_mode = DELETE", "UPDATE dataset SET released = '2020-01-01'"), {}, [
        ("zones", "warning", "its zones of 2020-01-01 were taken in", "safezones update-data"),
        ("database file", "warning", "journaled as delete", "restart the site"),
    ]),
    (sql("DELETE FROM zone"), {}, [("zones", "problem", "holds no zones", "safezones restore")]),
    (damaged_backup, {}, [("backups", "problem", "cannot be restored", "safezones backup")]),
    (lambda folder: backup(folder, -3), {}, [("backups", "warning", "the newest 3 days old", "journalctl")]),
    (lambda folder: backup(folder, 3), {}, [("clock", "problem", "in the future", "NTP")]),
    (backup_taken_away, {}, [("backups", "ok", "made elsewhere", "")]),
    (files_in_the_place_of_folders, {}, [
        ("backups", "problem", "is a file, and no folder", "move it away"),
        ("stations", "warning", "cannot be read: pages show no stations", "safezones stations FILE"),
    ]),
    (folder_in_the_place_of_the_database, {}, [("database", "problem", "a folder, and no file", "move it away")]),
    of_database("postgresql+asyncpg://me@db/x", "names no database we know", "postgresql+psycopg://"),
    of_database("postgresql+psycopg://me:p@db:abc/x", "cannot be taken apart", "the port as a number"),
    of_database(f"postgresql+psycopg://me:{SECRET[:3]}@{SECRET}/x@localhost/x", "cannot be taken", "%40 for @"),
    of_database("postgresql+psycopg://me@db.invalid/x", "name is not known here", "Check the host"),
    (as_it_was, {"SAFEZONES_BASE_URL": "zones.example.org", "SAFEZONES_BASEMAP": "/tmp", "SAFEZONES_ROUTER":
                 "valhalla:http://127.0.0.1:1", "SAFEZONES_SMPT_HOST": "mail.example.org"}, [
        ("variables", "problem", "Write it with its scheme, such as https://zones.example.org", "SAFEZONES_BASE_URL"),
        ("variables", "problem", "SAFEZONES_SMPT_HOST: there is no such", "rename it to SAFEZONES_SMTP_HOST"),
        ("basemap", "warning", "The file cannot be read: Is a directory. Maps", "correct SAFEZONES_BASEMAP"),
        ("router", "warning", "did not answer (ConnectionRefusedError)", "start the router"),
    ]),
]  # fmt: skip


@only_sqlite
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("cause", "variables", "lines"), FAULTS)
def test_each_fault_has_its_line_and_its_remedy(
    cause: Callable[[Path], None],
    variables: dict[str, str],
    lines: list[Line],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    cause(tmp_path)
    told = doctor(tmp_path, **variables).checks
    for name, status, found, remedy in lines:
        assert [
            check for check in told
            if (check["check"], check["status"]) == (name, status)
            and found in check["finding"] and remedy in check.get("remedy", "")
        ], (name, [check for check in told if check["check"] == name])  # fmt: skip


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
