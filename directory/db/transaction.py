"""Transactions: committed as a whole or rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from directory.db.errors import translated_errors
from directory.db.sqlite_file import require_same_file

__all__ = ["BUSY_SECONDS", "Session", "transaction"]
BUSY_SECONDS = 5
"""How long a statement waits for a lock, and a request for a connection."""


@contextmanager
def transaction(engine: Engine, *, writes: bool = True, patience_seconds: float = BUSY_SECONDS) -> Iterator[Session]:
    """A session that commits at the end and rolls back on any error.

    A writing transaction waits its turn (for `patience_seconds`) before it begins, instead of failing half-way. One
    that only reads sees the database as it was at one moment. Rows keep their loaded values after the end.
    Raises DatabaseError.
    """
    require_same_file(engine)
    with translated_errors(), Session(engine, expire_on_commit=False) as session:
        if writes:
            wait_to_write(session.connection(), max(1, round(patience_seconds * 1000)))
        elif engine.dialect.name == "postgresql":  # else each statement would see its own moment
            session.connection(execution_options=ONE_MOMENT)
        yield session
        session.commit()


ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


WRITING = 841_021_943
"""The number of PostgreSQL's advisory lock that who writes shares, and who replaces everything has alone."""


def wait_to_write(connection: Connection, patience_ms: int) -> None:
    """Take SQLite's write lock; on PostgreSQL, where many may write at once, wait for a restore, then for rows."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience_ms}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {patience_ms}; SELECT pg_advisory_xact_lock_shared({WRITING})"
        )


MIGRATING = WRITING + 1
"""The number of the lock that a migration has alone: servers that start together take turns."""
PATIENCE_OF_SEARCHES = 0.2
"""How long a search waits for its turn to write, in seconds: what it would store is worth no more."""
PATIENCE_FOR_MIGRATIONS = "60s"
PATIENCE_OF_MIGRATIONS = {"sqlite": 30, "postgresql": 3}
"""Seconds. On SQLite nobody waits behind a migration that waits. On PostgreSQL all do: it gives up before they do."""


def wait_to_migrate(connection: Connection) -> None:
    """Wait until no other process migrates, and as `wait_to_write`."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{PATIENCE_FOR_MIGRATIONS}'; SELECT pg_advisory_xact_lock({MIGRATING})"
        )
    wait_to_write(connection, 1000 * PATIENCE_OF_MIGRATIONS[dialect])
