"""Writing zones, whoever else writes."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from directory.db.log import Author
from directory.db.tables.published.zones import Zone
from directory.db.transaction import transaction
from directory.geocoding.gazetteer import Gazetteer
from directory.store.directory_reader import read_directory
from directory.store.repository import changes_of
from directory.store.writer import DirectoryWriter
from directory.zones.schemas import ZoneRecord
from tests.conftest import Import
from tests.support.waiting import PATIENCE_SECONDS

TURNS = ("BEGIN IMMEDIATE", "SELECT generation")
"""Where who writes second waits, on SQLite and on PostgreSQL."""


def test_of_two_who_write_one_zone_at_once_the_second_sees_what_the_first_has_made_of_it(
    engine: Engine, load: Import, gazetteer: Gazetteer
) -> None:
    load("a.csv", "department,town,state,address,zip\nDarien Police,Darien,CT,25 Hecker Avenue,06820\n")
    begun, waits, over = threading.Event(), threading.Event(), threading.Event()

    def note_turn(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(TURNS):
            waits.set()

    def move() -> None:
        with transaction(engine) as session:
            writer = DirectoryWriter(session, gazetteer, Author("first", ""))
            current, record = _only(session, writer)
            writer.change(current, record.model_copy(update={"street_address": "1 New Street", "latitude": 41.08}))
            writer.flush()
            begun.set()
            over.wait(PATIENCE_SECONDS)

    def rename() -> None:
        with transaction(engine) as session:
            session.exec(select(Zone)).one()  # read before it is known that somebody else writes
            writer = DirectoryWriter(session, gazetteer, Author("second", ""))
            current, record = _only(session, writer)
            writer.change(current, record.model_copy(update={"name": "Bays"}))
            writer.flush()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(move)
        assert begun.wait(PATIENCE_SECONDS)
        event.listen(engine, "before_cursor_execute", note_turn)
        second = both.submit(rename)
        assert waits.wait(PATIENCE_SECONDS)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        over.set()
        first.result()
        second.result()
    zone = read_directory(engine).zones[0]
    assert (zone.name, zone.street_address, zone.latitude) == ("Bays", "1 New Street", 41.08)
    with transaction(engine, writes=False) as session:
        last = changes_of(session, zone.zone_id)[0]
        assert last.before is not None and last.before["street_address"] == "1 New Street"


def _only(session: Session, writer: DirectoryWriter) -> tuple[Zone, ZoneRecord]:
    found = writer.stored(session.exec(select(Zone.zone_id)).one())
    assert found is not None
    return found
