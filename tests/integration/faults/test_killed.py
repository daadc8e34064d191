"""Killed at any moment: nothing half-written, nothing lost that was acknowledged.

A child process does one kind of work in a loop and says after each piece that it is done; it is killed at a random
moment, again and again. Then the database is looked at.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from directory import clock
from directory.confirmations.confirming import confirm_zones
from directory.confirmations.reminders import REMINDER_DAYS, remind
from directory.db.engine import open_database
from directory.db.queries.accounts import person_named
from directory.db.tables.accounts import Method
from directory.db.transaction import transaction
from directory.geo import Coordinates, time_zone_at
from directory.moderation.decisions import decide
from directory.store.directory_reader import read_directory
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.submissions import drafts, sending
from directory.submissions.items.item import Action, Item
from directory.submissions.workflow import Step
from directory.use_case_context import UseCaseContext
from directory.verification.levels import VerificationLevel, grant
from tests.conftest import sqlite_only
from tests.support.site import SITE, Site
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
KILLS = 26
"""Of each of the four kinds: over a hundred together."""

Work = Callable[[UseCaseContext, Callable[[str], object]], None]
VALUES = {"setting": "lobby", "postal_code": "06883", "latitude": "41.2009", "longitude": "-73.3807"}


def submit_and_prove(context: UseCaseContext, done: Callable[[str], object]) -> None:
    """Drafts begun, sent, and proven by mail, for ever."""
    while True:
        name = f"{os.getpid()}-{time.monotonic_ns()}"
        number = drafts.begin(
            context, "en", department=f"Weston {name} Police", region="CT", town="Weston", email=f"{name}@example.org"
        )
        done(f"begun {number}")
        values = {**VALUES, "street_address": f"{name} Main Street"}
        drafts.put_item(context, number, Item("", Action.ADD, values=values))
        done(f"item {number}")
        sending.send(context, number)
        done(f"sent {number}")
        with transaction(context.engine, writes=False) as session:
            query = text("SELECT message FROM outbox_mail WHERE recipient = :to")
            mail = str(session.connection().execute(query, {"to": f"{name}@example.org"}).scalar())
        token = mail.replace("=\n", "").partition("/submit/confirm/")[2].split()[0]
        sending.prove(context, token)
        done(f"proven {number}")


def approve(context: UseCaseContext, done: Callable[[str], object]) -> None:
    """What waits is approved, one after the other."""
    with transaction(context.engine, writes=False) as session:
        query = text("SELECT id, version FROM submission WHERE state = 'waiting_for_review' ORDER BY id")
        waiting = list(session.connection().execute(query))
    for number, version in waiting:
        decide(context, number, version, Step.APPROVE, "Good.", "moderator@example.org")
        done(f"approved {number}")


def import_again(context: UseCaseContext, done: Callable[[str], object]) -> None:
    """One file after the other goes in: each zone of it, or none."""
    folder = Path(str(context.engine.url.database)).parent
    for count in range(10_000):
        stamp = f"{os.getpid()}-{count}"
        path = folder / f"{stamp}.csv"
        rows = [f"Batch {stamp} Police,Weston,CT,{n} {stamp} Road,06883" for n in range(40)]
        path.write_text("department,town,state,address,zip\n" + "\n".join(rows) + "\n")
        import_file(context.engine, path, context.gazetteer, ImportOptions())
        done(f"imported {stamp}")


def ask(context: UseCaseContext, done: Callable[[str], object]) -> None:
    """Reminders go out, and their zones are confirmed again so that there is always more to ask."""
    for turn in range(1, 50):
        clock.run_ahead(timedelta(days=REMINDER_DAYS[0] * turn))
        remind(context, read_directory(context.engine).zones, lambda _part: None)
        done(f"asked {turn}")
        confirm_zones(context, "ct/darien-police-department", ["ct-darien-parking-lot"], "chief@darienct.gov")
        done(f"confirmed {turn}")


def killed_again_and_again(site: Site, work: Work, tmp_path: Path, kills: int = KILLS) -> list[str]:
    """What the children said was done before each was killed."""
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    site.engine.dispose()
    luck = random.Random(7)
    for number in range(kills):
        said = acknowledged.stat().st_size
        child = os.fork()
        if child == 0:  # nothing of the parent's may run in here: no test teardown, no exit handlers
            with suppress(BaseException):
                engine = open_database(site.settings.database)
                context = UseCaseContext(
                    engine,
                    site.context.gazetteer,
                    site.context.places,
                    site.context.chain,
                    site.context.links,
                    "z@example.org",
                    1_000_000_000,
                    lambda: SITE,
                )
                handle = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
                work(context, lambda words, to=handle: os.write(to, f"{words}\n".encode()))  # type: ignore[misc]
            os._exit(0)
        if number % 2:  # every other one may finish a piece first, however slow the machine is
            patience = time.monotonic() + PATIENCE_SECONDS
            while acknowledged.stat().st_size == said and time.monotonic() < patience and not _has_ended(child):
                time.sleep(0.005)
        time.sleep(luck.uniform(0.01, 0.6))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return acknowledged.read_text().split("\n")[:-1]


def _has_ended(child: int) -> bool:
    """Whether it had nothing left to do: on a fast disk the last ones find no work."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def checked(site: Site) -> Engine:
    """The database as a stranger finds it: whole."""
    engine = create_engine(site.settings.database)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    return engine


def numbers(acknowledged: list[str], word: str) -> set[int]:
    return {int(line.split()[1]) for line in acknowledged if line.startswith(f"{word} ")}


@pytest.fixture
def loaded_site(site: Site) -> Site:
    """A site whose parts are loaded, so that the children begin to work at once."""
    sqlite_only(site.settings)
    _ = site.context.gazetteer.states_near(Coordinates(41.2, -73.4))
    time_zone_at(Coordinates(41.2, -73.4))
    return site


def test_submissions_are_whole_and_none_that_was_acknowledged_is_lost(loaded_site: Site, tmp_path: Path) -> None:
    acknowledged = killed_again_and_again(loaded_site, submit_and_prove, tmp_path)
    with checked(loaded_site).connect() as connection:
        rows = {row[0]: row for row in connection.execute(text("SELECT id, state, items, email FROM submission"))}
        mails = [row[0] for row in connection.execute(text("SELECT recipient FROM outbox_mail"))]
        links = [row[0] for row in connection.execute(text("SELECT email FROM link"))]
    assert numbers(acknowledged, "begun") <= set(rows)
    assert len(numbers(acknowledged, "proven")) > 5
    for number in numbers(acknowledged, "item"):
        assert "Main Street" in rows[number][2]
    for number in numbers(acknowledged, "sent"):
        assert rows[number][1] in ("waiting_for_email", "waiting_for_review")
    for number in numbers(acknowledged, "proven"):
        assert rows[number][1] == "waiting_for_review"
    for _, state, _, email in rows.values():
        # A state and its mail are one thing: never one without the other.
        assert mails.count(email) == {"draft": 0, "waiting_for_email": 1, "waiting_for_review": 2}[state]
        assert links.count(email) == (0 if state == "draft" else 1)


def test_an_approval_is_whole_zones_log_state_and_mail(loaded_site: Site, tmp_path: Path) -> None:
    context = loaded_site.context
    for count in range(150):
        values = {**VALUES, "street_address": f"{count} Approval Road"}
        item = Item(f"k{count}", Action.ADD, values=values).to_json()
        number = drafts.begin(
            context,
            "en",
            department=f"Weston {count} Police",
            region="CT",
            town="Weston",
            email=f"{count}@example.org",
            items=[item, {**item, "key": "b", "values": {**values, "setting": "parking_lot"}}],
        )
        with transaction(context.engine) as session:
            person = person_named(session, f"{count}@example.org", "en")
            row = text("UPDATE submission SET state = 'waiting_for_review', person_id = :p WHERE id = :n")
            session.connection().execute(row, {"p": person.id, "n": number})
    acknowledged = killed_again_and_again(loaded_site, approve, tmp_path)
    assert len(numbers(acknowledged, "approved")) > 5
    with checked(loaded_site).connect() as connection:
        states = {row[0]: row[1] for row in connection.execute(text("SELECT id, state FROM submission"))}
        for number, state in states.items():
            zones = "SELECT count(*) FROM zone WHERE street_address = :road"
            log = "SELECT count(*) FROM change WHERE kind = 'zone' AND reason LIKE :reason"
            said = "SELECT count(*) FROM change WHERE kind = 'submission' AND subject = :n AND action = 'approve'"
            mail = "SELECT count(*) FROM outbox_mail WHERE recipient = :to"
            seen = [
                connection.execute(text(zones), {"road": f"{number - 1} Approval Road"}).scalar(),
                connection.execute(text(log), {"reason": f"submission {number}:%"}).scalar(),
                connection.execute(text(said), {"n": str(number)}).scalar(),
                connection.execute(text(mail), {"to": f"{number - 1}@example.org"}).scalar(),
            ]
            assert seen == ([2, 2, 1, 1] if state == "approved" else [0, 0, 0, 0]), (number, state)
    assert all(states[number] == "approved" for number in numbers(acknowledged, "approved"))


def test_an_import_is_whole_or_not_there(loaded_site: Site, tmp_path: Path) -> None:
    acknowledged = killed_again_and_again(loaded_site, import_again, tmp_path)
    query = (
        "SELECT department.name, count(*) FROM zone JOIN department ON department.id = department_id "
        "WHERE department.name LIKE 'Batch %' GROUP BY department.name"
    )
    with checked(loaded_site).connect() as connection:
        counts = {row[0]: row[1] for row in connection.execute(text(query))}
        logged = connection.execute(
            text("SELECT count(*) FROM change WHERE kind = 'zone' AND reason LIKE 'import of %-%.csv'")
        ).scalar()
    assert set(counts.values()) == {40}
    assert logged == sum(counts.values())
    stamps = {line.split()[1] for line in acknowledged if line.startswith("imported ")}
    assert len(stamps) > 5
    assert {f"Batch {stamp} Police" for stamp in stamps} <= set(counts)


def test_a_reminder_is_asked_and_noted_together(loaded_site: Site, tmp_path: Path) -> None:
    context = loaded_site.context
    with transaction(context.engine) as session:
        person = person_named(session, "chief@darienct.gov", "en")
        grant(
            session,
            person,
            "ct/darien-police-department",
            VerificationLevel.CALL_BACK,
            Method.CALL_BACK,
            "test",
            "test",
        )
    confirm_zones(context, "ct/darien-police-department", ["ct-darien-parking-lot"], "chief@darienct.gov")
    killed_again_and_again(loaded_site, ask, tmp_path)
    with checked(loaded_site).connect() as connection:
        noted = connection.execute(text(f"SELECT count(*) FROM reminder WHERE days = {REMINDER_DAYS[0]}")).scalar()
        mailed = connection.execute(
            text("SELECT count(*) FROM outbox_mail WHERE subject = 'Are your safe zones still correct?'")
        ).scalar()
        links = connection.execute(text("SELECT count(*) FROM link WHERE purpose = 'still_right'")).scalar()
    assert noted is not None and noted > 1
    assert noted == mailed == links
