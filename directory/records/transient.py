"""What is left out of backups and copies: it is worth nothing later, and tells what people did."""

import sqlite3

TRANSIENT = {
    "geocode_answer": "what geocoders answered to searches: nobody is to keep that",
    "geocode_turn": "when a geocoder was asked last",
    "login_session": "who is signed in: whoever signed out since then stays signed out",
    "heartbeat": "when a process said last that it runs",
    "touched": "what changed for workers that read before: a restored directory is read anew",
}
"""Table → why no backup and no copy holds its rows."""


def erase_transient(database: sqlite3.Connection) -> None:
    """Delete these rows from a copy of a database file, of whatever release, and every trace of deleted rows."""
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in TRANSIENT.keys() & names:
        database.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)
    database.commit()
    database.execute("VACUUM")  # pages are copied as they are, and free ones hold what was deleted
