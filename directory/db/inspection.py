"""What a database says of itself, looked at without changing anything."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from directory.db.errors import translated_errors
from directory.db.schema import newest_schema, schema_version


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """A database that answers. `schema` is None where there are no tables."""

    server: str
    """The program behind it with its version, such as "PostgreSQL 15.8"."""
    schema: str | None
    clock: datetime | None
    """The time on a database server; None for SQLite, which has none of its own."""
    journal: str
    """How a SQLite file is journaled ("wal" while the site uses it); empty for a server."""
    damage: str
    """What SQLite's own check of the file found; empty where all is well, and for a server."""

    @property
    def is_current(self) -> bool:
        """Whether the tables are those that this release works with."""
        return self.schema == newest_schema()


def inspect_database(engine: Engine) -> DatabaseState:
    """Look at a database through an engine of `open_read_only`; a SQLite file is read as a whole.

    Raises DatabaseError.
    """
    schema = schema_version(engine)
    with translated_errors(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return _sqlite(connection, schema)
        version = str(connection.scalar(text("SHOW server_version"))).split()[0]
        return DatabaseState(
            f"PostgreSQL {version}", schema, connection.scalar(text("SELECT clock_timestamp()")), "", ""
        )


def _sqlite(connection: Connection, schema: str | None) -> DatabaseState:
    version, journal, found = (
        str(connection.exec_driver_sql(query).scalar())
        for query in ("SELECT sqlite_version()", "PRAGMA journal_mode", "PRAGMA quick_check(1)")
    )
    return DatabaseState(f"SQLite {version}", schema, None, journal, "" if found == "ok" else found)
