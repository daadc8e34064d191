"""The command, as its user gives it."""

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from directory import __version__
from directory.cli import main
from directory.cli.server.serve import require_free_socket
from directory.db.engine import open_database
from directory.db.schema import back_up, schema_version
from directory.search.snapshots.snapshot_file import LAST_KNOWN, SnapshotFile
from directory.store.directory_reader import read_directory
from quality.site import free_port
from tests.conftest import ROOT, only_sqlite
from tests.support.database_templates import ZONES
from tests.support.department_files import CLOCKED, FACTS, ods, table

pytestmark = pytest.mark.slow

HEADER = "department,town,state,address\n"
ROW = "New Canaan Police Department,New Canaan,CT,174 South Avenue\n"


APART = ("serve", "export")
"""What is run as a process of its own: the one never ends, the other writes bytes past click."""


def safezones(folder: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command given in this folder. Most run in this process, which does not load every library again."""
    if arguments[0] not in APART:
        with contextlib.chdir(folder):
            completed = CliRunner().invoke(
                main, [str(word) for word in arguments], env={"SAFEZONES_DATA_DIR": str(folder), **environment}
            )
        if completed.exception and not isinstance(completed.exception, SystemExit):
            raise completed.exception
        return subprocess.CompletedProcess(arguments, completed.exit_code, completed.stdout, completed.stderr)
    return subprocess.run(
        [sys.executable, "-m", "directory", *map(str, arguments)],
        env={"PATH": os.environ["PATH"], "SAFEZONES_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip


def test_the_command_tells_its_version(tmp_path: Path) -> None:
    assert safezones(tmp_path, "--version").stdout == f"safezones, version {__version__}\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(HEADER + ROW)
    return path


def test_import_reports_in_words_and_for_machines_and_its_status_tells_of_refused_rows(
    tmp_path: Path, good: Path
) -> None:
    completed = safezones(tmp_path, "import", good)
    assert (completed.returncode, "added 1" in completed.stdout) == (0, True), completed.stderr
    good.write_text(HEADER + ROW + "PD,Nowhere,ZZ,\n")
    completed = safezones(tmp_path, "import", good, "--report", tmp_path / "out.json")
    assert completed.returncode == 1
    assert "row 3, state: “ZZ”" in completed.stdout
    report = json.loads((tmp_path / "out.json").read_text())[0]
    assert (report["refused"], report["unchanged"], report["errors"]) == (1, 1, 1)
    assert report["findings"][-1].keys() >= {"row", "field", "value", "reason", "fix"}


def test_import_asks_which_of_several_sheets_and_reads_the_one_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "zones.ods"
    path.write_bytes(ods(("This year", table([FACTS])), ("Last year", table([CLOCKED]))))
    refused = safezones(tmp_path, "import", path)
    assert refused.returncode == 2
    assert "--sheet NAME" in refused.stderr and "“This year”, “Last year”" in " ".join(refused.stderr.split())
    completed = safezones(tmp_path, "import", path, "--sheet", "this year")
    assert (completed.returncode, "added 1" in completed.stdout) == (0, True), completed.stderr


def test_the_script_is_the_same_import(tmp_path: Path, good: Path) -> None:
    completed = subprocess.run(
        [sys.executable, ROOT / "scripts" / "import_zones.py", good],
        env={"PATH": os.environ["PATH"], "SAFEZONES_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 0 and "added 1" in completed.stdout, completed.stderr


@only_sqlite
@pytest.mark.real_zones
@pytest.mark.usefixtures("engine")
def test_export_writes_the_file_again_byte_for_byte(tmp_path: Path) -> None:
    assert safezones(tmp_path, "export").stdout == ZONES.read_text(encoding="utf-8")
    assert safezones(tmp_path, "export", "--format", "csv", "--output", tmp_path / "z.csv").returncode == 0
    assert len((tmp_path / "z.csv").read_text(encoding="utf-8").splitlines()) > 600


@only_sqlite
@pytest.mark.real_zones
@pytest.mark.usefixtures("engine")
def test_check_judges_the_whole_directory(tmp_path: Path) -> None:
    completed = safezones(tmp_path, "check")
    assert completed.returncode == 0 and "995 zones checked, 0 with errors" in completed.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "text"),
    [
        (["import", "missing.csv"], {}, "cannot be opened"),
        (["import", "good.csv"], {"SAFEZONES_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, "does not answer"),
        (["check"], {"SAFEZONES_TILE_MAX_ZOOM": "99"}, "SAFEZONES_TILE_MAX_ZOOM"),
        (["check"], {"SAFEZONES_CENSUS_URL": "nonsense"}, "SAFEZONES_CENSUS_URL"),
        (["check"], {"SAFEZONES_DATABASE_URL": "nonsense"}, "SAFEZONES_DATABASE_URL"),
        (["check"], {"SAFEZONES_DATABASE_URL": "mysql://db/x"}, "'mysql' names no database we know"),
        (["copy-database", "mysql://db/x", "sqlite:///new.sqlite"], {}, "'mysql' names no database we know"),
        (["copy-database", "sqlite:///nosuch/d.sqlite", "sqlite:///new.sqlite"], {}, "no database at nosuch/d.sqlite"),
        (["serve", "--port", "99999"], {}, "1<=x<=65535"),
        (["check"], {"SAFEZONES_GEOCODER_OPTIONS": "{bad"}, "geocoder_options"),
        (["import", "good.csv", "--report", "/nonexistent/x.json"], {}, "/nonexistent"),
        (["serve", "--port", str(free_port())], {"SAFEZONES_GEOCODERS": "nosuch"}, "nosuch"),
    ],
)
def test_a_failure_is_one_plain_sentence_and_status_2(
    tmp_path: Path, good: Path, arguments: list[str], environment: dict[str, str], text: str
) -> None:
    completed = safezones(tmp_path, *arguments, **environment)
    assert completed.returncode == 2
    assert text in completed.stderr and "Traceback" not in completed.stderr
    assert not [*tmp_path.glob("new.sqlite"), *tmp_path.glob("nosuch")], "nothing is made for a mistake"


@pytest.mark.parametrize(
    ("address", "geocoders", "text"), [("1 Main St", "nosuch", "nosuch"), ("qqqqzzzz", "", "no match")]
)
def test_geocoding_that_fails_says_why(tmp_path: Path, good: Path, address: str, geocoders: str, text: str) -> None:
    safezones(tmp_path, "import", good)
    completed = safezones(tmp_path, "geocode", address, SAFEZONES_GEOCODERS=geocoders)
    assert completed.returncode == 2
    assert text in completed.stderr and "Traceback" not in completed.stderr


@pytest.mark.parametrize(
    "arguments",
    [["backup"], ["check"], ["export"], ["remind"], ["staff", "a@example.org"], ["domains", "good.csv"],
     ["invite", "--output", "letters"], ["geocode", "06840"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_a_forgotten_setting_begins_no_second_directory(tmp_path: Path, good: Path, arguments: list[str]) -> None:
    completed = safezones(tmp_path, *arguments)
    assert completed.returncode == 2
    assert "there is no database at" in completed.stderr and "SAFEZONES_DATA_DIR" in completed.stderr
    assert not (tmp_path / "directory.sqlite").exists()


def test_only_its_owner_may_read_a_database_that_is_made(tmp_path: Path, good: Path) -> None:
    assert safezones(tmp_path, "import", good).returncode == 0
    assert (tmp_path / "directory.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_locked_database_is_named_and_loses_nothing(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    holder = sqlite3.connect(tmp_path / "directory.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    good.write_text(HEADER + ROW.replace("174", "175"))
    completed = safezones(tmp_path, "import", good)
    holder.execute("ROLLBACK")
    holder.close()
    assert completed.returncode == 2 and "locked by another program" in completed.stderr
    assert "added 1" in safezones(tmp_path, "import", good).stdout


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "directory.sqlite").write_bytes(b"garbage" * 1_000)
    completed = safezones(tmp_path, "check")
    assert completed.returncode == 2 and "not a SQLite database" in completed.stderr


def test_a_full_disk_is_named_and_the_old_state_stays(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    path = tmp_path / "directory.sqlite"
    pages = path.stat().st_size // 4096
    many = tmp_path / "many.csv"
    many.write_text(HEADER + "".join(ROW.replace("174", str(number)) for number in range(1, 3_000)))
    script = (
        "import sys; from directory.cli import main; from sqlalchemy import Engine, event\n"
        f"event.listen(Engine, 'connect', lambda c, _: c.execute('PRAGMA max_page_count={pages}') and None)\n"
        f"sys.argv = ['safezones', 'import', {str(many)!r}]\nmain()"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script], env={"PATH": os.environ["PATH"], "SAFEZONES_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 2 and "disk is full" in completed.stderr, completed.stderr
    assert "1 zones checked" in safezones(tmp_path, "check").stdout


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    with sqlite3.connect(tmp_path / "directory.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999', oldest_schema = '9999'")
    database.close()
    completed = safezones(tmp_path, "check")
    assert completed.returncode == 2 and "newer release" in completed.stderr
    assert not list(tmp_path.glob("*.bak"))


def test_neither_a_last_known_directory_nor_a_restore_gets_past_a_newer_release(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    assert safezones(tmp_path, "backup", "b.safezones").returncode == 0
    engine = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    SnapshotFile(tmp_path / LAST_KNOWN).keep(read_directory(engine))
    engine.dispose()
    with sqlite3.connect(tmp_path / "directory.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999', oldest_schema = '9999'")
    database.close()
    before = (tmp_path / "directory.sqlite").read_bytes()
    for arguments in (["serve", "--port", str(free_port())], ["restore", "--yes", "b.safezones"]):
        completed = safezones(tmp_path, *arguments)
        assert completed.returncode == 2 and "newer release" in completed.stderr
    assert (tmp_path / "directory.sqlite").read_bytes() == before


def test_a_backup_holds_what_the_database_held(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    engine = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    copy = back_up(engine, "test")
    engine.dispose()
    assert copy is not None
    with sqlite3.connect(copy) as database:
        assert database.execute("SELECT street_address FROM zone").fetchall() == [("174 South Avenue",)]
    database.close()


def test_an_occupied_port_is_named(tmp_path: Path, good: Path) -> None:
    safezones(tmp_path, "import", good)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        completed = safezones(tmp_path, "serve", "--port", str(holder.getsockname()[1]))
    assert completed.returncode == 2 and "in use" in completed.stderr
    assert "another one: safezones serve --port" in completed.stderr


def test_an_occupied_socket_is_named_and_no_file_is_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "site.sock"
    place.write_text("a file")
    completed = safezones(tmp_path, "serve", "--socket", place)
    assert completed.returncode == 2 and "is a file, and no socket" in completed.stderr
    assert place.read_text() == "a file"
    place.unlink()
    with socket.socket(socket.AF_UNIX) as holder:
        holder.bind(str(place))
        holder.listen()
        completed = safezones(tmp_path, "serve", "--socket", place)
        assert completed.returncode == 2 and "another server listens at" in completed.stderr
    assert place.exists(), "what a killed server leaves: the next one puts its own in its place"
    require_free_socket(place)
    assert not place.exists()


def test_a_command_makes_no_tables_in_a_database_that_has_none(tmp_path: Path) -> None:
    (tmp_path / "directory.sqlite").touch()
    completed = CliRunner().invoke(main, ["check"], env={"SAFEZONES_DATA_DIR": str(tmp_path)})
    assert completed.exit_code == 2 and "has no tables. Is that the right name?" in completed.output
    engine = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    assert schema_version(engine) is None
    engine.dispose()


def test_a_file_that_cannot_be_read_makes_no_empty_database(tmp_path: Path) -> None:
    assert safezones(tmp_path, "import", "missing.csv").returncode == 2
    assert not (tmp_path / "directory.sqlite").exists()


def test_a_pipe_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(writer)
    refused = safezones(tmp_path, "import", f"/dev/fd/{reader}")
    os.close(reader)
    assert refused.returncode == 2
    assert "is a pipe, which can be read only once. Save what it gives as a file" in refused.stderr
