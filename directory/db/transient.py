"""Erases from a copy the rows that backups leave out: worthless later, and private."""

import sqlite3

from directory.db.tables import TRANSIENT


def erase_transient(database: sqlite3.Connection) -> None:
    """Delete these rows from a copy of a database file, of whatever release, and every trace of deleted rows."""
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in TRANSIENT.keys() & names:
        database.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)
    database.commit()
    database.execute("VACUUM")  # pages are copied as they are, and free ones hold what was deleted
