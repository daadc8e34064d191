"""Leaves nothing of deleted rows in a SQLite file, and in copies no rows that are private and worthless later."""

import contextlib
import sqlite3

from sqlalchemy import Engine

from directory.db.sqlite_file import file_of
from directory.db.tables import TRANSIENT


def compact(engine: Engine) -> None:
    """Write a SQLite file anew, so that nothing of deleted rows is left in it or in its log of writes.

    Others read on meanwhile, and wait to write. PostgreSQL frees the room of deleted rows by itself. Raises DBAPIError.
    """
    if file_of(engine) is not None:
        with contextlib.closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA temp_store=FILE")  # the whole of it is copied there
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA temp_store=MEMORY")
        empty_write_log(engine)


def empty_write_log(engine: Engine) -> None:
    """Bring SQLite's log of writes, which holds pages as they were, into the file; if others read just now, later."""
    if file_of(engine) is not None:
        with contextlib.closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def erase_transient(database: sqlite3.Connection) -> None:
    """Delete these rows from a copy of a database file, of whatever release, and every trace of deleted rows."""
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in TRANSIENT.keys() & names:
        database.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)
    database.commit()
    database.execute("VACUUM")  # pages are copied as they are, and free ones hold what was deleted
