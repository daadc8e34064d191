"""Many rows in few statements: inserted, or written over by their primary key.

On SQLite the driver is given tuples, because SQLAlchemy takes longer to arrange a row's values than SQLite to store it.
PostgreSQL is given all rows as one JSON text: psycopg looks at 25,000 parameters of one statement for longer than the
server takes to store them, and as statements of their own each would count a revision.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Enum, Table, bindparam, insert, inspect, text, update
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from directory.db.tables.types import UtcDateTime

Row = dict[str, Any]
Columns = tuple[tuple[str, Callable[[Any], Any] | None], ...]
"""Names, each with how its values are stored; None for those that stay as they are."""
WANTED = "wanted "
"""Begins the name of a parameter that is compared; those of the values that are set have the columns' names."""


def insert_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows that have the same columns."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    if session.get_bind().dialect.name != "postgresql":
        _execute(session, table, rows)
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    _send(session, f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(table)}", rows)  # noqa: S608  (names of our own)


def update_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write rows that have the same columns over those of the same key, which is their first column."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    key = next(iter(rows[0]))
    if session.get_bind().dialect.name != "postgresql":
        _execute(session, table, rows, key)
        return
    values = ", ".join(f'"{name}" = row."{name}"' for name in rows[0])
    where = f'{table.name}."{key}" = row."{key}"'
    _send(session, f"UPDATE {table.name} SET {values} FROM {_recordset(table)} AS row WHERE {where}", rows)  # noqa: S608  (likewise)


def _recordset(table: Table) -> str:
    return f"json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))"


def _send(session: Session, statement: str, rows: Sequence[Row]) -> None:
    session.execute(text(statement), {"rows": json.dumps(rows, default=datetime.isoformat)})


def _execute(session: Session, table: Table, rows: Sequence[Row], key: str = "") -> None:
    """Run SQLite's statement for each row: an update where a key is given, else an insert."""
    connection = session.connection()
    statement, columns = _statement(connection.dialect, table, tuple(rows[0]), key)
    values = [tuple([stored(row[name]) if stored else row[name] for name, stored in columns]) for row in rows]
    connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=32)
def _statement(dialect: Dialect, table: Table, names: tuple[str, ...], key: str) -> tuple[str, Columns]:
    """A statement, and the columns of its parameters in their order."""
    what = update(table).where(table.c[key] == bindparam(WANTED + key)) if key else insert(table)
    compiled = what.compile(dialect=dialect, column_keys=list(names))
    parameters = [name.removeprefix(WANTED) for name in compiled.positiontup or ()]
    return str(compiled), tuple((name, _stored_as(table.c[name].type, dialect)) for name in parameters)


def _stored_as(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of a column is stored."""
    if isinstance(kind, Enum):
        return str
    if isinstance(kind, JSON):
        return _json
    stored = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=8)(stored) if stored and isinstance(kind, UtcDateTime) else stored


_EMPTY = {list: "[]", dict: "{}", type(None): "null"}


def _json(value: Any) -> str:
    """A value as JSON; nearly every such column holds nothing."""
    return json.dumps(value) if value else _EMPTY[type(value)]
