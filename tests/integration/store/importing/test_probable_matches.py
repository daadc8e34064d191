"""What an import can ask: which stored zones, towns and departments its new rows probably are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from directory.clock import now
from directory.db.tables.published.zones import Town, Zone
from directory.db.transaction import transaction
from directory.store.importing.probable_matches import StoredDirectory
from directory.zones.schemas import ZoneRecord
from tests.support.statements import statements

pytestmark = pytest.mark.real_zones
LOBBY = {
    "name": "Swap spot", "department": "New Canaan PD", "town": "New Canaan, Town of", "state": "CT", "country": "US",
    "setting": "lobby", "street_address": "174 SOUTH AVE", "latitude": 41.2, "longitude": -73.4,
}  # fmt: skip


def row(**values: Any) -> ZoneRecord:
    return ZoneRecord.model_validate({**LOBBY, **values})


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine, writes=False) as session:
        yield session


def ids(session: Session, *records: ZoneRecord) -> list[list[str]]:
    return ids_in(StoredDirectory(session, now()), *records)


def ids_in(stored: StoredDirectory, *records: ZoneRecord) -> list[list[str]]:
    return [[match.zone.zone_id for match in found] for found in stored.probable_matches(records)]


def test_each_new_row_gets_the_zones_that_it_probably_is(session: Session) -> None:
    rows = row(), row(setting="other"), row(town="Nowhere"), row(setting="parking_lot", department="New Canaan Police")
    assert ids(session, *rows) == [["ct-new-canaan-lobby"], [], [], ["ct-new-canaan-parking-lot"]]


def test_rows_in_towns_without_zones_cost_no_query_of_zones(session: Session, engine: Engine) -> None:
    stored = StoredDirectory(session, now())
    with statements(engine) as executed:
        for number in range(3):
            stored.probable_matches([row(town=f"Nowhere {number}"), row(town=f"Elsewhere {number}")])
    assert len([statement for statement in executed if statement.startswith("SELECT")]) == 1


def test_the_zones_of_a_town_are_read_once_however_many_batches_are_about_it(session: Session, engine: Engine) -> None:
    rows = [[row(), row(town="Westport")], [row()], [row(), row(town="Darien")], [row(town="Westport"), row()]]
    stored = StoredDirectory(session, now())
    stored.probable_matches([row(town="Nowhere")])  # reads the state's towns
    with statements(engine) as executed:
        found = [stored.probable_matches(batch)[0][0].zone.zone_id for batch in rows[:3]]
        assert found == ["ct-new-canaan-lobby"] * 3
        assert stored.probable_matches(rows[3])[1][0].zone.zone_id == "ct-new-canaan-lobby"
    assert len(executed) == 2, "one for the towns of the first batch, one for the town that is new in the third"


def test_a_zone_that_the_import_changes_is_compared_as_it_is_then(engine: Engine) -> None:
    with transaction(engine) as session:
        stored = StoredDirectory(session, now())
        assert ids_in(stored, row(), row(town="Darien")) == [["ct-new-canaan-lobby"], []]
        lobby = session.get_one(Zone, "ct-new-canaan-lobby")
        town, lobby.town_id = lobby.town_id, session.exec(select(Town.id).where(Town.slug == "ct/darien")).one() or 0
        session.flush()
        stored.note_changed("ct-new-canaan-lobby")
        assert ids_in(stored, row(), row(town="Darien")) == [[], ["ct-new-canaan-lobby"]]
        lobby.town_id = town
        session.flush()
        stored.note_changed("ct-new-canaan-lobby")
        assert ids_in(stored, row(), row(town="Darien")) == [["ct-new-canaan-lobby"], []]


def test_what_the_import_itself_added_is_not_compared(session: Session) -> None:
    stored = StoredDirectory(session, now() - timedelta(days=1))
    assert stored.probable_matches([row()]) == [[]]


def test_departments_and_towns_written_otherwise_are_found(session: Session) -> None:
    stored = StoredDirectory(session, now())
    known: tuple[str, list[str]] = ("New Canaan Police Department", [])
    assert stored.department_meant("New Canaan PD", "CT") == known
    assert stored.department_meant("Town of New Canaan Police Dept.", "CT", "New Canaan") == known
    assert stored.department_meant("NCPD", "CT", "New Canaan") == known
    for other in ("New Canaan Police Department", "New Canaan Sheriff", "Police Department"):
        assert stored.department_meant(other, "CT") == (other, [])
    assert stored.town_like("New Canaan, Town of", "CT") == "New Canaan"
    assert stored.town_like("New Canaan", "CT") == stored.town_like("North Canaan", "CT") == ""


def test_a_township_that_may_be_the_city_of_its_name_is_not_certainly_its_department(session: Session) -> None:
    stored = StoredDirectory(session, now())
    alike = stored.department_meant("New Canaan Township Police", "CT", "New Canaan Township")
    assert alike == ("New Canaan Township Police", ["New Canaan Police Department"])
