"""Engines for SQLite and PostgreSQL."""

import contextlib
import json
import sqlite3
import time
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from directory.db.errors import UnknownDatabaseError
from directory.db.sqlite_file import _pinned, file_of
from directory.db.transaction import BUSY_SECONDS

MODE_SECONDS = 2.0
"""How long a new SQLite file is tried again while another server sets it up."""
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
UNENCODED = (
    "The database's address cannot be taken apart. Write the port as a number, and characters of the password other "
    "than letters and digits percent-encoded: %40 for @, %2F for /."
)
GONE_AFTER = {
    "connect_timeout": BUSY_SECONDS, "tcp_user_timeout": BUSY_SECONDS * 1000,
    "keepalives_idle": BUSY_SECONDS, "keepalives_interval": 2, "keepalives_count": 2,
}  # fmt: skip
"""libpq's settings, in its own units."""


def open_database(url: str) -> Engine:
    """An engine for `url`; a SQLite file and its folder are made at the first connection if need be.

    A PostgreSQL server that went away is noticed within seconds, so that nobody waits for it for minutes.
    Raises UnknownDatabaseError.
    """
    parsed = _read_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, pool_timeout=BUSY_SECONDS, connect_args=GONE_AFTER)
        # Many rows in one statement: psycopg would send one for each, and each would fire the trigger that counts the
        # revision, whose row grows a version longer every time (200,000 of them take hours).
        engine.dialect.use_insertmanyvalues_wo_returning = True
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, json_deserializer=_json)
    event.listen(engine, "do_connect", lambda *_connecting: _before_connecting(engine))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_read_only(url: str) -> Engine:
    """An engine that changes nothing, not even how a SQLite file is journaled, and that makes no file.

    Raises UnknownDatabaseError.
    """
    parsed = _read_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = {"postgresql_readonly": True}
        return create_engine(parsed, pool_timeout=BUSY_SECONDS, connect_args=GONE_AFTER, execution_options=options)
    address = f"file:{quote(parsed.database or '')}?mode=ro"
    engine = create_engine(
        url, creator=lambda: sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS), json_deserializer=_json
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    except ValueError:  # what should be the port is no number
        raise UnknownDatabaseError(UNENCODED) from None
    if url is None or url.drivername not in DRIVERS:
        raise UnknownDatabaseError(
            f"{text.partition(':')[0]!r} names no database we know. Give sqlite:////path/to/file or "
            "postgresql+psycopg://user:password@host/name, as in SAFEZONES_DATABASE_URL."
        )
    if url.host is not None and "@" in (url.database or ""):
        raise UnknownDatabaseError(UNENCODED)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _json(text: str) -> Any:
    """What nearly every such column holds, nothing, is quickly read."""
    return [] if text == "[]" else None if text == "null" else json.loads(text)


def _before_connecting(engine: Engine) -> None:
    """A new file holds people's mail addresses: only its owner may read it. Its companions are made like it."""
    path = file_of(engine)
    if path is None or path.exists():
        return
    if engine in _pinned:
        raise sqlite3.OperationalError("unable to open database file")
    with contextlib.suppress(OSError):  # SQLite says it better
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite's own transactions would leave schema changes outside
    _use_write_ahead_log(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    # A statement that fires a trigger notes how to undo itself: that takes half of its time where it goes into a file.
    connection.execute("PRAGMA temp_store=MEMORY")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Several servers may open a new file at once: while one changes its mode, SQLite refuses the others at once."""
    until = time.monotonic() + MODE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
