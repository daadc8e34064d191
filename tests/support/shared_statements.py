"""SQL that is compiled once for all the databases of a run: an engine of SQLAlchemy compiles each statement anew."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}


class SameDialect:
    """A dialect equals another of its kind and options: what one engine compiled is good for the next."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._options() == other._options()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(type(self))

    def _options(self) -> tuple[object, ...]:
        names = ("_json_deserializer", "_json_serializer", "use_insertmanyvalues_wo_returning")
        return tuple(getattr(self, name) for name in names)


class SQLite(SameDialect, SQLiteDialect_pysqlite):
    """Python's own SQLite driver."""

    supports_statement_cache = True


class PostgreSQL(SameDialect, PGDialect_psycopg):
    """PostgreSQL through psycopg."""

    supports_statement_cache = True


def share_statements() -> None:
    """From now on, engines compile each statement once together."""
    registry.register("sqlite", __name__, "SQLite")
    registry.register("postgresql.psycopg", __name__, "PostgreSQL")
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)
