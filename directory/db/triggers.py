"""The database's triggers: what they do, and doing without them for a moment.

Migrations make them; `migrations/newest/` holds them as they are now.

- On `change`, the log: no entry is altered or deleted.
- On `zone`, `department`, `town` and `town_kit`: every change raises the revision. On the first three it is also noted
  in `touched` whose row it was, and PostgreSQL's TRUNCATE gives a new database id.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

_TRIGGERS_OF = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"


@contextmanager
def without_triggers(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Do something while triggers of these tables are away, to its end only.

    All in the caller's transaction: others never see a table without its triggers, and an error, with which the
    transaction has to end, brings them back.
    """
    if connection.dialect.name == "postgresql":
        names = list(tables)
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        yield
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
        return
    made = [row for name in tables for row in connection.exec_driver_sql(_TRIGGERS_OF, (name,)).all()]
    for trigger, _statement in made:
        connection.exec_driver_sql(f'DROP TRIGGER "{trigger}"')
    yield
    for _trigger, statement in made:
        connection.exec_driver_sql(statement)
