"""What is sent to PostgreSQL without waiting is there for the next question, or its error is."""

import time

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from directory.clock import now
from directory.db.bulk import insert_rows
from directory.db.errors import DatabaseError
from directory.db.tables.log import LogEntry, LogKind
from directory.db.tables.published.zones import Zone
from directory.db.transaction import transaction
from directory.zones.schemas import UNSTATED, ZoneFacts
from tests.conftest import only_postgresql

pytestmark = only_postgresql
ENTRY = {"at": now(), "actor": "a", "kind": LogKind.TOWN, "subject": "ct/weston", "action": "added", "reason": ""}
NOBODYS = {"zone_id": "nobodys", "department_id": 999, "town_id": 999, "spot_key": "", "time_zone": "UTC",
           "added_at": now(), "changed_at": now()}  # fmt: skip
OF_NOTHING = {name: value for name, value in UNSTATED.items() if name in ZoneFacts.model_fields}
SLOW_SECONDS = 2
COUNT = text("SELECT count(*) FROM change")


@pytest.fixture
def slow(engine: Engine) -> Engine:
    """A database that takes its time for each statement that writes to the log."""
    with engine.begin() as connection:
        connection.execute(text(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_sleep({SLOW_SECONDS}); RETURN NULL; END $$"
        ))  # fmt: skip
        connection.execute(text(
            "CREATE TRIGGER dawdle AFTER INSERT ON change FOR EACH STATEMENT EXECUTE FUNCTION dawdle()"
        ))  # fmt: skip
    return engine


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(COUNT).scalar_one())


def insert_slowly(session: Session) -> float:
    """Write to the log; gives the seconds until one can go on."""
    begun = time.monotonic()
    insert_rows(session, LogEntry, [ENTRY])
    return time.monotonic() - begun


def test_one_goes_on_at_once_and_the_next_question_sees_the_rows(slow: Engine) -> None:
    before = count(slow)
    with transaction(slow) as session:
        assert insert_slowly(session) < SLOW_SECONDS
        assert session.execute(COUNT).scalar_one() == before + 1
        insert_slowly(session)
    assert count(slow) == before + 2, "the end of a transaction waits, too"


def test_what_is_undone_is_not_there(slow: Engine) -> None:
    before = count(slow)
    with pytest.raises(ZeroDivisionError), transaction(slow) as session:
        insert_slowly(session)
        raise ZeroDivisionError
    assert count(slow) == before


@pytest.mark.parametrize("comes_next", ["another", "a question", "the end"])
def test_what_fails_says_so_at_the_next_use_and_nothing_is_kept(engine: Engine, comes_next: str) -> None:
    before = count(engine)
    facts = {"name": "", "state": "CT", "country": "US", "latitude": 41.0, "longitude": -73.0}
    with pytest.raises(DatabaseError, match="zone_department_id_fkey"), transaction(engine) as session:
        insert_rows(session, LogEntry, [ENTRY])
        insert_rows(session, Zone, [NOBODYS | facts], {}, OF_NOTHING)
        if comes_next == "another":
            insert_rows(session, LogEntry, [ENTRY])
        if comes_next == "a question":
            session.execute(COUNT)
    assert count(engine) == before


@pytest.mark.parametrize("waited", [False, True])
def test_a_server_that_goes_away_meanwhile_is_named(slow: Engine, waited: bool) -> None:
    before = count(slow)
    with pytest.raises(DatabaseError, match=r"server|connection"), transaction(slow) as session:
        number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        insert_slowly(session)
        if waited:
            session.execute(COUNT)
        with slow.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        session.execute(COUNT)
    assert count(slow) == before
