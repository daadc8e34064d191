"""`safezones doctor`: faults one by one, each with its line and its remedy."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import only_sqlite
from tests.integration.cli.test_cli import safezones
from tests.support.doctor import SECRET, doctor

pytestmark = [pytest.mark.slow, pytest.mark.real_zones]

Line = tuple[str, str, str, str]
"""A check, its status, what was found, the remedy."""


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


def of_database(address: str, found: str, remedy: str) -> tuple[Callable[[Path], None], dict[str, str], list[Line]]:
    return as_it_was, {"SAFEZONES_DATABASE_URL": address}, [("database", "problem", found, remedy)]


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
