"""Up from every released schema, with what that release had written, on both databases; nothing is lost on the way.

`tests/releases/NNNN.json` holds the rows of a database that the release with that schema made: an import, and from 0002
on a submission approved, one waiting, a report, people, links and mails. A new schema gets a file of its own
(CONTRIBUTING.md says how).
"""

import base64
import json
import multiprocessing
import shutil
import threading
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, Engine, MetaData, insert, select, text
from sqlalchemy.exc import DBAPIError

from directory.db.copy import continue_numbers
from directory.db.engine import open_database
from directory.db.errors import DatabaseError, SchemaVersionError
from directory.db.migrations.compatibility import noted_oldest_schema
from directory.db.schema import (
    MIGRATIONS,
    back_up,
    is_of_newer_release,
    migrate,
    newest_schema,
    require_usable_schema,
    schema_version,
)
from directory.db.transaction import transaction
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from tests.conftest import ROOT
from tests.support.database_templates import ZONES

DROPPED = {("outbox_mail", "typed"), ("person", "session_epoch"), ("zone", "other_sources")}
"""Columns that a later release did away with: (table, column)."""
OF_THE_SOURCE = ("source_url", "source_name", "source_date")
MEANT = {"station": "agency", "geocoded": "address", "place": "town"}
"""Levels of positions as later releases call them."""
RELEASES = sorted((ROOT / "tests" / "releases").glob("*.json"))


def test_every_schema_has_the_data_of_a_release() -> None:
    assert RELEASES[-1].stem == newest_schema()
    assert len(RELEASES) == int(newest_schema())


def filled(engine: Engine, release: Path) -> dict[str, list[dict[str, Any]]]:
    """Make the database as that release had it, and return its rows."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, release.stem)
    rows: dict[str, list[dict[str, Any]]] = json.loads(release.read_text(encoding="utf-8"))
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name in ("alembic_version", "directory_version") or table.name not in rows:
                continue
            given = [{name: typed(table.c[name], value) for name, value in row.items()} for row in rows[table.name]]
            connection.execute(insert(table), given)
            continue_numbers(connection, table)
        generation = rows["directory_version"][0]["generation"]
        connection.execute(text("UPDATE directory_version SET generation = :g"), {"g": generation})
    return rows


def typed(column: Any, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    if isinstance(column.type, DateTime) and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def level_as_meant(row: dict[str, Any]) -> dict[str, Any]:
    """What 0007 calls the level of a position: which stations were the source's own address was not kept."""
    level = MEANT.get(row["location_source"], row["location_source"])
    return {"location_source": level, "approximate": row["approximate"] or level == "agency"}


def source_is_kept(row: dict[str, Any], kept: Any) -> None:
    """What was listed is the main source still, or a further one where the department has confirmed the zone."""
    as_json = kept["sources"] if isinstance(kept["sources"], list) else json.loads(kept["sources"])
    listed = [{"url": kept["source_url"], "name": kept["source_name"], "date": kept["source_date"]}, *as_json]
    before = {"url": row["source_url"], "name": row["source_name"], "date": row["source_date"]}
    assert any(all(one.get(name, "") == text for name, text in before.items()) for one in listed) or (
        before["name"] == kept["source_name"] and kept["source_date"] == row["confirmed_on"]
    )
    assert {one["url"] for one in as_json} >= set(row.get("other_sources") or [])


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_a_released_database_comes_up_to_date_with_all_it_held(
    database_url: str, gazetteer: Any, tmp_path: Path, release: Path
) -> None:
    engine = open_database(database_url)
    before = filled(engine, release)
    assert schema_version(engine) == release.stem
    migrate(engine)
    assert schema_version(engine) == newest_schema()
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        for name, rows in before.items():
            if name in ("alembic_version", "directory_version"):
                continue
            found = list(connection.execute(select(tables.tables[name])).mappings())
            assert len(found) == len(rows), name
            key = sorted(tables.tables[name].primary_key.columns.keys())
            after = {tuple(row[part] for part in key): row for row in found}
            for row in rows:
                kept = after[tuple(row[part] for part in key)]
                if name == "zone":
                    source_is_kept(row, kept)
                    row = {column: value for column, value in row.items() if column not in OF_THE_SOURCE}
                    row |= level_as_meant(row)
                for column, value in row.items():
                    if (name, column) in DROPPED:
                        continue
                    assert kept[column] == typed(tables.tables[name].c[column], value) or (
                        isinstance(kept[column], datetime) and kept[column].replace(tzinfo=UTC)
                        == typed(tables.tables[name].c[column], value)
                    ), (name, column)  # fmt: skip
    directory = read_directory(engine)
    assert len(directory.zones) == len(before["zone"])
    assert directory.revision >= before["directory_version"][0]["generation"]
    with pytest.raises(DBAPIError, match="only grow"), engine.begin() as connection:
        connection.execute(text("DELETE FROM change"))
    features = json.loads(ZONES.read_text(encoding="utf-8"))["features"][:25]
    (tmp_path / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = import_file(engine, tmp_path / "zones.geojson", gazetteer, ImportOptions())
    assert report.refused == 0 and report.added + report.changed + report.unchanged == 25, "and it can be worked with"
    assert read_directory(engine, directory) == read_directory(engine), "what was touched was noted"
    engine.dispose()


def test_what_a_department_confirmed_or_withdrew_is_its_own_statement_from_then_on(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[5])
    with engine.begin() as connection:
        ids = connection.execute(text("SELECT zone_id FROM zone ORDER BY zone_id LIMIT 3")).scalars().all()
        confirmed, withdrawn, listed = ids
        query = "SELECT d.name FROM department d JOIN zone z ON z.department_id = d.id WHERE zone_id = :z"
        name = connection.execute(text(query), {"z": confirmed}).scalar_one()
        connection.execute(text(
            "UPDATE zone SET confirmed_on = '2026-06-01', confirmed_by = :d, source_url = 'https://news.example/1', "
            "source_name = '', source_date = '2016' WHERE zone_id = :z"), {"z": confirmed, "d": name})  # fmt: skip
        connection.execute(text("UPDATE zone SET status = 'withdrawn' WHERE zone_id = :z"), {"z": withdrawn})
        after = json.dumps({"status": "withdrawn", "status_from": "2026-11-26"})
        entry = (
            "INSERT INTO change (id, at, actor, kind, subject, action, before, after, reason) VALUES (99999, "
            "'2026-11-26 10:00:00', 'chief@example.org', 'zone', :z, 'changed', 'null', :after, 'submission 7')"
        )
        connection.execute(text(entry), {"z": withdrawn, "after": after})
    migrate(engine)
    zones = {zone.zone_id: zone for zone in read_directory(engine).zones}
    assert zones[confirmed].source_kind == "department" and zones[confirmed].source_date == "2026-06-01"
    assert {"url": "https://news.example/1", "date": "2016"} in zones[confirmed].sources
    number = zones[withdrawn].evidence["status"]
    assert zones[withdrawn].sources[number - 1]["kind"] == "department"
    assert zones[listed].source_kind == "unknown" and not zones[listed].evidence
    engine.dispose()


def test_a_sqlite_database_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    filled(engine, RELEASES[0])
    saved = migrate(engine)
    assert saved is not None and "before-" in saved.name
    copy = open_database(f"sqlite:///{saved}")
    assert schema_version(copy) == RELEASES[0].stem
    copy.dispose()
    engine.dispose()
    assert back_up(open_database("sqlite:///:memory:"), "x") is None


def test_two_people_of_one_mailbox_become_one_and_who_was_removed_stays_removed(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[3])
    with engine.begin() as connection:
        add = "INSERT INTO person (id, email, language, staff, totp_secret, totp_step, session_epoch, created_at) "
        connection.execute(text(add + "VALUES (9, 'clerk+zones@westonct.gov', 'en', '', '', 0, 0, '2026-11-25')"))
        add = "INSERT INTO membership (id, person_id, department, role, since, added_by) "
        connection.execute(text(add + "VALUES (9, 9, 'ct/weston-police-department', 'removed', '2026-11-25', 'm')"))
        connection.execute(text(add + "VALUES (10, 9, 'ct/wilton-police-department', 'editor', '2026-11-25', 'm')"))
    migrate(engine)
    with engine.connect() as connection:
        query = "SELECT department, role FROM membership WHERE person_id = 1 ORDER BY department"
        assert list(map(tuple, connection.execute(text(query)))) == [
            ("ct/weston-police-department", "removed"),
            ("ct/wilton-police-department", "editor"),
        ]
        people = connection.execute(text("SELECT email, mailbox FROM person WHERE mailbox LIKE 'clerk%'"))
        assert list(map(tuple, people)) == [("clerk@westonct.gov", "clerk@westonct.gov")]
    engine.dispose()


def test_a_merged_account_of_staff_keeps_its_role_and_second_factor(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[3])
    with engine.begin() as connection:
        add = "INSERT INTO person (id, email, language, staff, totp_secret, totp_step, session_epoch, created_at) "
        for values in (
            "(90, 'jo@example.org', 'en', '', '', 0, 0, '2026-11-25')",
            "(91, 'jo+desk@example.org', 'en', 'administrator', 'SECRET', 7, 0, '2026-11-25')",
            "(92, 'al@example.org', 'en', 'administrator', 'FIRST', 8, 0, '2026-11-25')",
            "(93, 'al+desk@example.org', 'en', 'moderator', 'SECOND', 9, 0, '2026-11-25')",
        ):
            connection.execute(text(f"{add}VALUES {values}"))
    migrate(engine)
    with engine.connect() as connection:
        query = "SELECT id, email, staff, totp_secret, totp_step FROM person WHERE id >= 90 ORDER BY id"
        assert list(map(tuple, connection.execute(text(query)))) == [
            (90, "jo@example.org", "administrator", "SECRET", 7),
            (92, "al@example.org", "administrator", "FIRST", 8),
        ]
    engine.dispose()


def test_no_figure_stays_whose_town_may_be_an_address(database_url: str) -> None:
    engine = open_database(database_url)
    filled(engine, RELEASES[3])
    with engine.begin() as connection:
        known = connection.execute(text("SELECT slug FROM town ORDER BY slug")).scalars().first()
        connection.execute(text("DELETE FROM town_figure"))
        for town in (known, "ct/12-main-street-darien", "ct/the-house-of-jo-clerk", "ny/new-york", "ct/a-b-c-d"):
            add = "INSERT INTO town_figure (town, month, figure, count) VALUES (:town, '2026-11', 'searches', 1)"
            connection.execute(text(add), {"town": town})
    migrate(engine)
    with engine.connect() as connection:
        kept = set(connection.execute(text("SELECT town FROM town_figure")).scalars())
    assert kept == {known, "ny/new-york", "ct/a-b-c-d"}
    engine.dispose()


def test_the_tables_of_a_newer_release_are_used_where_it_says_that_this_one_may(database_url: str) -> None:
    engine = open_database(database_url)
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT oldest_schema FROM alembic_version")).scalar() == newest_schema()
        # As the next release does: a column that this one does not fill, and a note that it may go on.
        connection.execute(text("ALTER TABLE zone ADD COLUMN of_the_next VARCHAR NOT NULL DEFAULT ''"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9998'"))
    assert migrate(engine) is None and is_of_newer_release(engine)
    require_usable_schema(engine)
    assert schema_version(engine) == "9998", "left alone"
    with engine.begin() as connection:  # as the release after that does, which takes away what this one needs
        connection.execute(text("UPDATE alembic_version SET version_num = '9999', oldest_schema = '9998'"))
    for start in (migrate, require_usable_schema):
        with pytest.raises(SchemaVersionError, match="wants a release of schema 9998 or later; this one has"):
            start(engine)
    engine.dispose()


def test_a_migration_says_which_releases_work_with_it(tmp_path: Path) -> None:
    """Two more migrations in a copy: the first adds, the second takes away what releases before the first need."""
    newest, copied = newest_schema(), tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    config = Config()
    config.set_main_option("script_location", str(copied))
    engine = config.attributes["engine"] = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    for number, before, oldest in (("9998", newest, newest), ("9999", "9998", "9998")):
        says = f"revision, down_revision, oldest_schema = {number!r}, {before!r}, {oldest!r}\n"
        (copied / "versions" / f"{number}_more.py").write_text(f"{says}def upgrade():\n    pass\n")
    for schema, oldest in ((newest, newest), ("9998", newest), ("9999", "9998")):
        command.upgrade(config, schema)
        with engine.connect() as connection:
            assert noted_oldest_schema(connection) == oldest
    engine.dispose()


def test_a_migration_waits_for_its_turn_beside_a_site_that_writes(database_url: str) -> None:
    """A site is served meanwhile: on SQLite a migration that had read before would fail at once."""
    engine, site = open_database(database_url), open_database(database_url)
    filled(engine, RELEASES[-2])
    over, failures = threading.Event(), list[Exception]()

    def write() -> None:
        while not over.is_set():
            try:
                with transaction(site, patience_seconds=60) as session:
                    session.connection().execute(text("UPDATE directory_version SET generation = generation + 1"))
                    time.sleep(0.01)
            except DatabaseError as error:
                failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        migrate(engine)
    finally:
        over.set()
        for writer in writers:
            writer.join()
        site.dispose()
    assert schema_version(engine) == newest_schema() and failures == []
    engine.dispose()


def migrate_with_others(url: str, all_are_ready: Barrier) -> None:
    """What a server does at its start, in a process of its own."""
    engine = open_database(url)
    all_are_ready.wait(60)
    migrate(engine)
    engine.dispose()


@pytest.mark.slow
def test_servers_that_start_together_make_the_tables_of_an_empty_database_once(database_url: str) -> None:
    processes = multiprocessing.get_context("spawn")
    barrier = processes.Barrier(3)
    servers = [processes.Process(target=migrate_with_others, args=(database_url, barrier)) for _ in range(3)]
    for server in servers:
        server.start()
    for server in servers:
        server.join(120)
    assert [server.exitcode for server in servers] == [0, 0, 0]
    engine = open_database(database_url)
    assert schema_version(engine) == newest_schema()
    engine.dispose()
