"""The directory as it is read out of the database: at one moment, and again only where it was touched."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from directory.db.copy import renew_database_id
from directory.geo import Coordinates
from directory.search.snapshots.snapshot import Snapshot
from directory.store import directory_reader
from directory.store.directory_reader import read_directory
from tests.conftest import Import, only_sqlite

CSV = "department,town,state,address,zip\nDarien Police,Darien,CT,25 Hecker Avenue,06820\n"


@pytest.mark.real_zones
def test_a_directory_is_read_as_it_was_at_one_moment_while_others_write(engine: Engine, load: Import) -> None:
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            load("more.csv", f"department,town,state,address\nPD {number},New Canaan,CT,{number} South Avenue\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = set()
        for _ in range(15):
            directory = read_directory(engine)
            assert {zone.department_slug for zone in directory.zones} <= directory.departments.keys()
            assert len(directory.zones) - 995 == sum(name.startswith("ct/pd-") for name in directory.departments)
            sizes.add(len(directory.zones))
    finally:
        over.set()
        writer.join()
    assert len(sizes) > 3, "others were to write meanwhile"


CHANGES = (
    "UPDATE zone SET name = 'Another name' WHERE zone_id = 'ct-new-canaan-lobby'",
    "UPDATE zone SET cameras = 'no', rules = '[\"No firearms\"]' WHERE zone_id = 'ct-new-canaan-lobby'",
    "UPDATE department SET name = 'Police of Darien', note = 'n' WHERE slug = 'ct/darien-police-department'",
    "UPDATE town SET other_names = '[\"Noroton\"]' WHERE slug = 'ct/darien'",
    "UPDATE town SET name = 'New Canaan (CT)' WHERE slug = 'ct/new-canaan'",
    "UPDATE zone SET town_id = (SELECT id FROM town WHERE slug = 'ct/darien') WHERE zone_id = 'ct-new-canaan-lobby'",
    "UPDATE zone SET zone_id = 'zz-moved' WHERE zone_id = 'ct-new-canaan-lobby'",
    "DELETE FROM zone WHERE zone_id = 'ct-darien-parking-lot'",
    "UPDATE town SET slug = 'ct/new-town' WHERE slug = 'ct/new-canaan'",
    "INSERT INTO town (name, state, country, other_names, slug) VALUES ('Aaron', 'CT', 'US', '[]', 'ct/aaron')",
    "UPDATE zone SET status = 'withdrawn' WHERE town_id = (SELECT id FROM town WHERE slug = 'ct/darien')",
    "UPDATE zone SET latitude = latitude + 0.0001 WHERE state = 'CT'",
)


def shown(snapshot: Snapshot) -> list[object]:
    """What a snapshot hands out."""
    return [
        snapshot.revision, snapshot.version, snapshot.zones, snapshot.profiles, snapshot.photos,
        [*snapshot.departments.values()], [*snapshot.towns.values()],
        [snapshot.collection.feature(zone) for zone in snapshot.listed],
        [{key: [zone.zone_id for zone in zones] for key, zones in group.items()}
         for group in (snapshot.by_town, snapshot.by_department, snapshot.by_state)],
        snapshot.index.nearest(Coordinates(41.1, -73.5), 30),
        [snapshot.town_named(name, "CT") for name in ("Darien", "Noroton", "Aaron", "New Canaan", "New Canaan (CT)")],
    ]  # fmt: skip


@pytest.mark.real_zones
def test_a_directory_that_is_read_again_is_the_one_that_is_read_anew(engine: Engine) -> None:
    before = Snapshot(read_directory(engine))
    for statement in CHANGES:
        shown(before)  # makes what the next may take over
        with engine.begin() as connection:
            connection.execute(text(statement))
        again = Snapshot(read_directory(engine, before.directory), before)
        assert shown(again) == shown(Snapshot(read_directory(engine))), statement
        taken_over = sum(zone is again.by_id.get(name) for name, zone in before.by_id.items())
        assert taken_over > 600, f"{statement}: most is taken over"
        before = again


def test_a_revision_of_another_database_is_read_whole(engine: Engine, load: Import) -> None:
    load("a.csv", CSV)
    before = read_directory(engine)
    with engine.begin() as connection:  # as a restore does, whose revisions go on from higher up
        connection.execute(text("UPDATE zone SET name = 'Before'"))
        renew_database_id(connection)
        connection.execute(text("UPDATE directory_version SET generation = generation + 1000"))
    assert [zone.name for zone in read_directory(engine, before).zones] == ["Before"]


@pytest.mark.real_zones
def test_a_change_of_more_zones_than_are_read_one_by_one_is_read_whole_but_for_departments_and_towns(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_reader, "MOST_TOUCHED", 3)
    before = read_directory(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Another' WHERE state = 'CT'"))
    again = read_directory(engine, before)
    assert again.zones == read_directory(engine).zones
    assert not {id(zone) for zone in before.zones} & {id(zone) for zone in again.zones}
    assert again.rows.departments is before.rows.departments
    assert again.rows.towns is before.rows.towns


@only_sqlite
@pytest.mark.real_zones
def test_a_row_that_sqlite_was_told_to_put_in_or_ignore_is_noted_too(engine: Engine, tmp_path: Path) -> None:
    for name in ("One", "Two"):
        before = read_directory(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE OR IGNORE zone SET name = :name WHERE zone_id LIKE 'ct-%'"), {"name": name})
        again = read_directory(engine, before)
        assert {zone.name for zone in again.zones if zone.state == "CT"} == {name}
