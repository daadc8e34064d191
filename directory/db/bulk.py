"""Many rows in few statements: inserted, or written over by their primary key.

On SQLite the driver is given tuples, because SQLAlchemy takes longer to arrange a row's values than SQLite to store it.
PostgreSQL is given all rows as one JSON text: psycopg looks at 25,000 parameters of one statement for longer than the
server takes to store them, and as statements of their own each would count a revision.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Enum,
    String,
    Table,
    any_,
    bindparam,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from directory.db.tables.types import UtcDateTime

Row = Mapping[str, Any]
Columns = dict[str, tuple[int, Callable[[Any], Any] | None]]
"""Names, each with the place of its value and how that is stored; None for values that stay as they are."""
WANTED = "wanted "
"""Begins the name of a parameter that is compared; those of the values that are set have the columns' names."""
NOTHING: Row = {}


def insert_rows(session: Session, model: type[SQLModel], rows: Sequence[Row], same: Row = NOTHING) -> None:
    """Insert rows that have the same columns, but for those whose value is as in `same`, which they may leave out."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    columns = tuple(dict.fromkeys([*same, *rows[0]]))
    if session.get_bind().dialect.name != "postgresql":
        _execute(session, table, columns, rows, same)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    _send(session, f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(table)}", rows, same)  # noqa: S608  (names of our own)


def update_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write rows that have the same columns over those of the same key, which is their first column."""
    if not rows:
        return
    table: Table = inspect(model).local_table
    key, *columns = rows[0]
    if session.get_bind().dialect.name != "postgresql":
        _execute(session, table, tuple(columns), rows, key=key)
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


def _recordset(table: Table) -> str:
    same = f"json_populate_record(NULL::{table.name}, CAST(:same AS json))"
    return f"json_populate_recordset({same}, CAST(:rows AS json))"


def _send(session: Session, statement: str, rows: Sequence[Row], same: Row = NOTHING) -> None:
    values = {name: json.dumps(value, default=datetime.isoformat) for name, value in (("rows", rows), ("same", same))}
    session.connection().execute(text(statement), values)


def _execute(
    session: Session, table: Table, names: tuple[str, ...], rows: Sequence[Row], same: Row = NOTHING, key: str = ""
) -> None:
    """Run SQLite's statement for each row: an update where a key is given, else an insert."""
    connection = session.connection()
    statement, columns = _statement(connection.dialect, table, names, key)
    shared = _values(columns, same, [None] * len(columns))
    connection.exec_driver_sql(statement, [tuple(_values(columns, row, shared.copy())) for row in rows])


def _values(columns: Columns, row: Row, values: list[Any]) -> list[Any]:
    """The values of a statement's parameters, with those of the row in their places."""
    for name, value in row.items():
        place, stored = columns[name]
        values[place] = stored(value) if stored else value
    return values


@lru_cache(maxsize=32)
def _statement(dialect: Dialect, table: Table, names: tuple[str, ...], key: str) -> tuple[str, Columns]:
    """A statement, and the columns of its parameters."""
    what = update(table).where(table.c[key] == bindparam(WANTED + key)) if key else insert(table)
    compiled = what.compile(dialect=dialect, column_keys=list(names))
    parameters = [name.removeprefix(WANTED) for name in compiled.positiontup or ()]
    return str(compiled), {
        name: (place, _stored_as(table.c[name].type, dialect)) for place, name in enumerate(parameters)
    }


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
