"""Many rows in few statements: inserted, or written over by their primary key.

On SQLite the driver is given tuples, because SQLAlchemy takes longer to arrange a row's values than SQLite to store it,
and what no row states is part of the statement, because a parameter costs as much as storing its value.
PostgreSQL is given all rows as one JSON text: psycopg looks at 25,000 parameters of one statement for longer than the
server takes to store them, and as statements of their own each would count a revision.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, Enum, String, Table, any_, func, inspect, literal, select
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from directory.db.postgresql_pipeline import send
from directory.db.tables.types import UtcDateTime

Row = Mapping[str, Any]
Stored = Callable[[Any], Any] | None
"""How a column's values are stored; None where they stay as they are."""
NOTHING: Row = {}


def insert_rows(
    session: Session, model: type[SQLModel], rows: Sequence[Row], same: Row = NOTHING, unstated: Row = NOTHING
) -> None:
    """Insert rows, each with the values of `same` and, of the columns that it does not state, of `unstated`."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    dialect = session.get_bind().dialect
    column_names = {*same}.union(*rows)
    names = [column.name for column in table.c if column.name in column_names]
    fixed = [column.name for column in table.c if column.name in unstated.keys() - column_names]
    every = _listed([*names, *fixed])
    if dialect.name == "postgresql":
        statement = f"INSERT INTO {table.name} ({every}) SELECT {every} FROM {_recordset(table)}"  # noqa: S608  (names of our own)
        _send(session, statement, rows, {**unstated, **same})
        return
    values = ", ".join(["?"] * len(names) + [_literal(table.c[name], unstated[name], dialect) for name in fixed])
    statement = f"INSERT INTO {table.name} ({every}) VALUES ({values})"  # noqa: S608  (likewise)
    _execute(session, statement, table, names, rows, {**unstated, **same})


def update_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write rows that have the same columns over those of the same key, which is their first column."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    key, *columns = rows[0]
    if session.get_bind().dialect.name != "postgresql":
        values = ", ".join(f'"{name}" = ?' for name in columns)
        statement = f'UPDATE {table.name} SET {values} WHERE "{key}" = ?'  # noqa: S608  (likewise)
        _execute(session, statement, table, [*columns, key], rows)
        return
    values = ", ".join(f'"{name}" = row."{name}"' for name in columns)
    where = f'{table.name}."{key}" = row."{key}"'
    _send(session, f"UPDATE {table.name} SET {values} FROM {_recordset(table)} AS row WHERE {where}", rows)  # noqa: S608  (likewise)


def is_one_of(column: ColumnElement[str], values: Sequence[str], dialect: Dialect) -> ColumnElement[bool]:
    """Whether a column holds one of many texts: one parameter, for hundreds take longer than finding the rows."""
    if dialect.name == "postgresql":
        return column == any_(literal(values, ARRAY(String)))
    one = func.json_each(json.dumps(values)).table_valued("value")
    return column.in_(select(one.c.value))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _literal(column: ColumnElement[Any], value: Any, dialect: Dialect) -> str:
    """A value as the text of a statement."""
    stored = _stored_as(column.type, dialect)
    return _quoted(stored(value) if stored else value, dialect)


@lru_cache(maxsize=256)
def _quoted(value: object, dialect: Dialect) -> str:
    return str(literal(value).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _recordset(table: Table) -> str:
    same = f"json_populate_record(NULL::{table.name}, CAST(%(same)s AS json))"
    return f"json_populate_recordset({same}, CAST(%(rows)s AS json))"


def _send(session: Session, statement: str, rows: Sequence[Row], same: Row = NOTHING) -> None:
    values = {name: json.dumps(value, default=datetime.isoformat) for name, value in (("rows", rows), ("same", same))}
    send(session.connection(), statement, values)


def _execute(
    session: Session, statement: str, table: Table, names: Sequence[str], rows: Sequence[Row], same: Row = NOTHING
) -> None:
    """Run SQLite's statement for each row, its parameters the columns of these names."""
    connection = session.connection()
    columns = {name: (place, _stored_as(table.c[name].type, connection.dialect)) for place, name in enumerate(names)}
    shared = _values(columns, {name: value for name, value in same.items() if name in columns}, [None] * len(columns))
    connection.exec_driver_sql(statement, [tuple(_values(columns, row, shared.copy())) for row in rows])


def _values(columns: Mapping[str, tuple[int, Stored]], row: Row, values: list[Any]) -> list[Any]:
    """The values of a statement's parameters, with those of the row in their places."""
    for name, value in row.items():
        place, stored = columns[name]
        values[place] = stored(value) if stored else value
    return values


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
