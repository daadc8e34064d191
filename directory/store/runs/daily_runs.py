"""Which commands are due once a day here, and when each was last done, as they note it themselves."""

import contextlib
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import col, select

from directory.clock import now
from directory.db.errors import DatabaseError
from directory.db.queries.zone_lists import address_count
from directory.db.tables.published.directory_version import Heartbeat
from directory.db.transaction import transaction

LATE_AFTER = timedelta(hours=36)
"""A command that is due once a day and was not done for so long has been missed."""


class DailyCommand(StrEnum):
    """A command of a timer; the value is its name."""

    BACKUP = "backup"
    REMIND = "remind"
    TIDY = "tidy"
    PULL_ZONES = "pull-zones"
    WATCH_SOURCES = "watch-sources"


def due_commands(engine: Engine, *, watch_sources: bool) -> list[DailyCommand]:
    """What this installation needs: lists are read where a department gave an address, and sources where it is set.

    Raises DatabaseError.
    """
    due = [DailyCommand.BACKUP, DailyCommand.REMIND, DailyCommand.TIDY]
    with transaction(engine, writes=False) as session:
        if address_count(session):
            due.append(DailyCommand.PULL_ZONES)
    return due + ([DailyCommand.WATCH_SOURCES] if watch_sources else [])


def note_run(engine: Engine, command: DailyCommand) -> None:
    """Note that a command was done now. What it did stands, also where the note cannot be written."""
    with contextlib.suppress(DatabaseError), transaction(engine) as session:
        session.merge(Heartbeat(name=command, at=now()))


def last_runs(engine: Engine) -> dict[DailyCommand, datetime]:
    """When each was last done; those that never were are missing. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        rows = session.exec(select(Heartbeat).where(col(Heartbeat.name).in_(list(DailyCommand)))).all()
        return {DailyCommand(row.name): row.at for row in rows}
