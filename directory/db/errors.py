"""Why the database cannot do its work, in an operator's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.errors import BadInputError, UnavailableError


class DatabaseError(UnavailableError):
    """The database cannot do its work now: locked, full, gone or read-only. The message says which and what to do."""


class DamagedDatabaseError(DatabaseError):
    """The file holds no database any more."""


class SchemaVersionError(DatabaseError):
    """The database was made by another release than this one."""


class UnknownDatabaseError(BadInputError, ValueError):
    """An address that names no database we know; the message says which there are."""


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the errors of a database, and of a pool that has no connection left, into a DatabaseError."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseError("Every connection to the database is in use. Try again in a moment.") from error
    except DBAPIError as error:
        raise translate_error(error) from error


def held_by_others(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave up waiting for a lock."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


EMPTIED = "The database has no tables. Restore a backup; only one that is meant to be new wants `safezones migrate`."


DAMAGES = {
    "malformed": "The database file is damaged. Restore a backup.",
    "not a database": "The file is not a SQLite database. Check SAFEZONES_DATABASE_URL.",
}


REFUSALS = {
    "too many": "Raise its max_connections or the account's limit, or start fewer workers.",
    "connection slots": "Raise its max_connections, or start fewer workers.",
    "starting up": "Wait until it has started.",
    "shutting down": "Start it again.",
    "recovery mode": "Wait until it has recovered; its log says from what.",
    "not currently accepting": "ALTER DATABASE … ALLOW_CONNECTIONS true lets them in again.",
}
"""What PostgreSQL says when it lets nobody in, and what to do; where nothing fits, the address is wrong."""


def translate_error(error: DBAPIError) -> DatabaseError:
    """The error in an operator's words."""
    server_message = str(error.orig)
    refusal = server_message.partition("FATAL:")[2].strip()
    if refusal:
        remedy = next((hint for sign, hint in REFUSALS.items() if sign in refusal), "Check SAFEZONES_DATABASE_URL.")
        return DatabaseError(f"The database server refuses: {refusal.splitlines()[0]}. {remedy}")
    if held_by_others(error):
        return DatabaseError("The database is held by others, such as a restore or an import. Try again in a moment.")
    text = f"{type(error.orig).__name__}: {server_message}".lower()
    causes = {
        "resolve host": "The database server's name is not known here. Check the host in SAFEZONES_DATABASE_URL.",
        "locked": "The database is locked by another program. Try again when it has finished.",
        "full": "The disk is full. Nothing was changed. Free some space and try again.",
        "readonly": "The database cannot be written. Check the permissions of its file and folder.",
        "unable to open": "The database file cannot be opened. Check that its folder exists and may be read.",
        "disk i/o": "The disk did not read or write. Nothing was changed.",
        "no such table": EMPTIED,
        "undefinedtable": EMPTIED,
        "insufficientprivilege": (
            "The database's account may not use these tables. Name the account that owns them in "
            "SAFEZONES_DATABASE_URL."
        ),
        "connection": "The database server does not answer. Check that it runs and SAFEZONES_DATABASE_URL.",
    }
    for sign, explanation in DAMAGES.items():
        if sign in text:
            return DamagedDatabaseError(explanation)
    for sign, explanation in causes.items():
        if sign in text:
            return DatabaseError(explanation)
    kind = "did not answer" if isinstance(error, OperationalError) else "refused a statement"
    return DatabaseError(f"The database {kind}: {server_message.splitlines()[0]}")
