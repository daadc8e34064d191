"""What a database says of itself, looked at without changing anything."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from directory.db.errors import DatabaseError, translated_errors
from directory.db.schema import require_usable_schema, schema_version


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """A database that answers. `schema` is None where there are no tables."""

    server: str
    """The program behind it with its version, such as "PostgreSQL 15.8"."""
    schema: str | None
    refusal: str
    """Why this release does not work with these tables; empty where it does."""
    clock_ahead: timedelta | None
    """How far a database server's clock is ahead of this machine's; None for SQLite, which has none of its own."""
    journal: str
    """How a SQLite file is journaled ("wal" while the site uses it); empty for a server."""
    damage: str
    """What SQLite's own check of the file found; empty where all is well, and for a server."""
    takes_writes: bool
    """Whether a server does: a standby does not. True for SQLite, whose file tells."""


def inspect_database(engine: Engine) -> DatabaseState:
    """Look at a database through an engine of `open_read_only`; a SQLite file is read as a whole.

    Raises DatabaseError.
    """
    schema, refusal = schema_version(engine), _refusal(engine)
    with translated_errors(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return _sqlite(connection, schema, refusal)
        version = str(connection.scalar(text("SHOW server_version"))).split()[0]
        there: datetime = connection.scalars(text("SELECT clock_timestamp()")).one()
        ahead = there - datetime.now(UTC)
        standby = connection.scalar(text("SELECT pg_is_in_recovery()"))
        read_only = connection.scalar(text("SHOW default_transaction_read_only")) == "on"
        return DatabaseState(f"PostgreSQL {version}", schema, refusal, ahead, "", "", not (standby or read_only))


def _refusal(engine: Engine) -> str:
    try:
        require_usable_schema(engine)
    except DatabaseError as error:  # of another release, or without tables
        return str(error)
    return ""


def _sqlite(connection: Connection, schema: str | None, refusal: str) -> DatabaseState:
    version, journal, quick_check = (
        str(connection.exec_driver_sql(query).scalar())
        for query in ("SELECT sqlite_version()", "PRAGMA journal_mode", "PRAGMA quick_check(1)")
    )
    return DatabaseState(
        f"SQLite {version}", schema, refusal, None, journal, "" if quick_check == "ok" else quick_check, True
    )
