"""Statements that PostgreSQL works on while we go on: whatever is asked next waits for them.

psycopg's pipeline mode is begun for them. It ends before SQLAlchemy, which does not know it, uses the connection again.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

PIPELINE = "pipeline"
"""The name under which a connection that sent something has it."""


def send(connection: Connection, statement: str, values: Mapping[str, str]) -> None:
    """Send a statement, in psycopg's form, that gives no rows. If it fails, what comes next raises its DBAPIError."""
    import psycopg  # a library that SQLite does without

    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    if PIPELINE not in connection.info and psycopg.Pipeline.is_supported():
        pipeline = driver.pipeline()
        pipeline.__enter__()
        connection.info[PIPELINE] = pipeline
        if not event.contains(connection, "commit", wait_for_answers):
            for moment in ("before_cursor_execute", "commit"):
                event.listen(connection, moment, wait_for_answers)
            event.listen(connection, "rollback", _give_up)
    try:
        driver.execute(statement, values)
    except psycopg.Error as error:
        raise _as_sqlalchemy_has_it(connection, error) from error


def wait_for_answers(connection: Connection, *_arguments: Any) -> None:
    """End the pipeline: everything that was sent is done, or its DBAPIError raised."""
    pipeline = connection.info.pop(PIPELINE, None)
    if pipeline is None:
        return
    import psycopg

    try:
        pipeline.__exit__(None, None, None)
    except psycopg.Error as error:
        with suppress(psycopg.Error):  # of a commit that is given up here SQLAlchemy undoes nothing
            connection.connection.rollback()
        raise _as_sqlalchemy_has_it(connection, error) from error


def _give_up(connection: Connection) -> None:
    if connection.invalidated:
        return  # the server went away, and what was sent with it
    with suppress(DBAPIError):  # it is undone anyway
        wait_for_answers(connection)


def _as_sqlalchemy_has_it(connection: Connection, error: Exception) -> BaseException:
    import psycopg

    return DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect)
