"""Moving a whole directory from one database to another, row by row, and proving that nothing was lost."""

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Enum, Integer, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from directory.db.errors import held_by_others, translate_error
from directory.db.schema import is_of_newer_release, migrate, newest_schema, schema_version
from directory.db.tables import METADATA, all_tables, kept_tables
from directory.db.tables.published.directory_version import ChangedRow, DirectoryVersion
from directory.db.transaction import ONE_MOMENT, WRITING
from directory.db.triggers import without_triggers
from directory.errors import BadInputError

BATCH = 500
TURN_SECONDS = 2.0
"""How long a restore asks for its turn at once: less than a form waits, which has to wait behind it."""
Progress = Callable[[float], None]
Digests = dict[str, tuple[int, str]]
"""Table → how many rows, and a digest of all they hold."""


class CopyRefusedError(BadInputError):
    """The databases are not fit for a copy; the message says why and what to do. Nothing was changed."""


def copy_database(source: Engine, target: Engine, progress: Progress = lambda _share: None) -> Digests:
    """Copy everything but what is TRANSIENT into a new or empty target, in one transaction on each side, and compare.

    The revision is copied too: the target is the same directory. Raises CopyRefusedError or DatabaseError.
    """
    schema = schema_version(source)
    if schema != newest_schema():
        raise CopyRefusedError(
            "The source is no directory." if schema is None
            else f"The source's schema is {schema}, this release wants {newest_schema()}. "
                 + ("Take the newer release's `safezones`." if is_of_newer_release(source)
                    else "Run `safezones migrate` on it.")
        )  # fmt: skip
    if schema_version(target) not in (None, schema):
        raise CopyRefusedError("The target holds a directory of another release. Name a new database.")
    with source.connect() as connection:
        if problem := unknown_value(connection.exec_driver_sql):
            raise CopyRefusedError(problem)
    migrate(target)
    try:
        with reading(source) as source_connection, target.begin() as target_connection:
            filled = [
                table.name for table in kept_tables() if _count(target_connection, table) and table is not _version()
            ]
            if filled:
                raise CopyRefusedError(
                    f"The target is not empty: it has rows in {', '.join(filled)}. Name a new database."
                )
            copy_rows(source_connection, target_connection, progress)
            copied, source_digests = digests(target_connection), digests(source_connection)
            if copied != source_digests:
                different = [name for name in source_digests if copied[name] != source_digests[name]]
                raise CopyRefusedError(f"The copy differs from the source in {', '.join(different)}; it was undone.")
            return source_digests
    except DBAPIError as error:
        raise translate_error(error) from error


def unknown_value(run: Callable[[str], Iterable[Sequence[Any]]]) -> str:
    """A sentence about a stored value that its column cannot have; empty where there is none. `run` executes SQL."""
    for table in all_tables():
        for column in table.columns:
            if isinstance(column.type, Enum):
                values = ", ".join(f"'{value}'" for value in column.type.enums)
                name = column.name
                query = f'SELECT "{name}" FROM "{table.name}" WHERE "{name}" NOT IN ({values}) LIMIT 1'  # noqa: S608  (our own names)
                for (value,) in run(query):
                    return f"The column {name} of {table.name} holds {value!r}, which this release does not know."
    return ""


def _version() -> Table:
    return METADATA.tables[str(DirectoryVersion.__tablename__)]


def renew_database_id(connection: Connection) -> None:
    """Say that what follows is no continuation of what anybody has read: all is to be read anew."""
    connection.execute(update(_version()).values(lineage=secrets.token_hex(16)))
    connection.execute(delete(ChangedRow))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at this moment, however much is written meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(**ONE_MOMENT)
        with connection.begin():
            yield connection


def copy_rows(source: Connection, target: Connection, progress: Progress = lambda _share: None) -> None:
    """Insert every row of the source into the target, whose tables are empty but for the revision."""
    total = sum(_count(source, table) for table in kept_tables()) or 1
    copied_rows = 0
    for table in kept_tables():
        if table is _version():
            continue
        for rows in source.execute(select(table)).mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in rows])
            copied_rows += len(rows)
            progress(copied_rows / total)
        continue_numbers(target, table)
    # Last, because every inserted zone has counted it up.
    revision = source.execute(select(_version().c.generation)).scalar_one()
    target.execute(update(_version()).values(generation=revision))
    renew_database_id(target)
    progress(1.0)


def continue_numbers(target: Connection, table: Table) -> None:
    """Let PostgreSQL's next automatic number follow the highest that was copied, and every one that was given before.

    A rollback does not take it back, so it is never lowered.
    """
    key = list(table.primary_key.columns)
    if target.dialect.name == "postgresql" and len(key) == 1 and isinstance(key[0].type, Integer):
        highest = target.execute(select(func.max(key[0]))).scalar()
        name = target.execute(
            text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": key[0].name}
        ).scalar()
        if name and highest:
            target.execute(
                text("SELECT setval(:name, greatest(:highest, pg_sequence_last_value(CAST(:name AS regclass))))"),
                {"name": name, "highest": highest},
            )


def lock_exclusive(target: Connection, patience_seconds: float) -> None:
    """To the end of the transaction only this connection writes (PostgreSQL only); the others read what there was.

    It waits its turn for our own writers, for a while and again, so that those behind it get through meanwhile. For
    other programs it does not wait while it holds some of the tables, which would be a deadlock. Raises
    OperationalError, `held_by_others` when its patience ends.
    """
    ends = time.monotonic() + patience_seconds
    turn = round(min(TURN_SECONDS, patience_seconds) * 1000)
    names = ", ".join(f'"{table.name}"' for table in all_tables())
    while True:
        try:
            with target.begin_nested():
                target.exec_driver_sql(f"SET LOCAL lock_timeout = {turn}; SELECT pg_advisory_xact_lock({WRITING})")
                target.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT")
            return
        except OperationalError as error:
            if not held_by_others(error) or time.monotonic() > ends:
                raise
        time.sleep(0.1)


def delete_all(target: Connection) -> None:
    """Delete every row, the log's too."""
    with without_triggers(target, [table.name for table in all_tables()]):
        for table in reversed(all_tables()):
            if table is not _version():
                target.execute(delete(table))


def digests(connection: Connection) -> Digests:
    """What a database holds, comparable between kinds of databases."""
    return {table.name: _digest(connection, table) for table in kept_tables()}


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    digest, count = sha256(), 0
    # Databases sort texts differently, so the rows' own digests are sorted here.
    rows = connection.execute(select(*[column for column in table.c if column is not _version().c.lineage]))
    for line in sorted(sha256(json.dumps(list(map(_plain, row)), sort_keys=True).encode()).digest() for row in rows):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
