"""The database: opening it, bringing it up to date, and saying plainly when it cannot be used."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from directory.records.transient import erase_transient

__all__ = ["DatabaseProblem", "Session", "back_up", "migrate", "open_database", "schema_version", "transaction"]

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 5
GONE_AFTER = {
    "connect_timeout": BUSY_SECONDS, "tcp_user_timeout": BUSY_SECONDS * 1000,
    "keepalives_idle": BUSY_SECONDS, "keepalives_interval": 2, "keepalives_count": 2,
}  # fmt: skip
"""libpq's settings, in its own units."""


class DatabaseProblem(Exception):
    """The database cannot do its work now: locked, full, gone or read-only. The message says which and what to do."""


class DamagedDatabase(DatabaseProblem):
    """The file holds no database any more."""


class OtherSchema(DatabaseProblem):
    """The database was made by another release than this one."""


class UnknownDatabase(ValueError):
    """An address that names no database we know; the message says which there are."""


def open_database(url: str) -> Engine:
    """An engine for `url`; a SQLite file and its folder are made at the first connection if need be.

    A PostgreSQL server that went away is noticed within seconds, so that nobody waits for it for minutes.
    Raises UnknownDatabase.
    """
    parsed = _read_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, pool_timeout=BUSY_SECONDS, connect_args=GONE_AFTER)
        # Many rows in one statement: psycopg would send one for each, and each would fire the trigger that counts the
        # generation, whose row grows a version longer every time (200,000 of them take hours).
        engine.dialect.use_insertmanyvalues_wo_returning = True
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, json_deserializer=_json)
    event.listen(engine, "do_connect", lambda *_connecting: _before_connecting(engine))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UnknownDatabase(
            f"{text.partition(':')[0]!r} names no database we know. Give sqlite:////path/to/file or "
            "postgresql+psycopg://user:password@host/name, as in SAFEZONES_DATABASE_URL."
        )
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _json(text: str) -> Any:
    """What nearly every such column holds, nothing, is quickly read."""
    return [] if text == "[]" else None if text == "null" else json.loads(text)


def _before_connecting(engine: Engine) -> None:
    """A new file holds people's mail addresses: only its owner may read it. Its companions are made like it."""
    path = file_of(engine)
    if path is None or path.exists():
        return
    if engine in _watched:
        raise sqlite3.OperationalError("unable to open database file")
    with contextlib.suppress(OSError):  # SQLite says it better
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)


_watched: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()
"""The SQLite files of running sites, by device and inode."""


def watch_file(engine: Engine) -> None:
    """From now on a SQLite file is never made anew, and is missed when it is removed or replaced.

    Open connections would go on with the removed file, and whatever they write would be lost with it.
    """
    path = file_of(engine)
    if path is None:
        return
    _watched[engine] = _identity(path)


def source_of(engine: Engine) -> tuple[int, int] | None:
    """Which file a watched SQLite database was last seen to be; None for every other database."""
    return _watched.get(engine)


def require_same_file(engine: Engine) -> None:
    """Let go of a watched file that was replaced by another. Raises DatabaseProblem while there is none."""
    known, path = _watched.get(engine), file_of(engine)
    if known is None or path is None:
        return
    found = _identity(path)
    if found != known:
        _watched[engine] = found
        engine.dispose()
    if found == GONE:
        raise DatabaseProblem(_why_missed(path))


GONE = (0, 0)


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return GONE
    return found.st_dev, found.st_ino


def _why_missed(path: Path) -> str:
    try:
        path.stat()
    except PermissionError:
        return f"The database file {path} may not be looked at. Check the permissions of its folder."
    except OSError:
        pass
    return f"The database file {path} is gone. Put it back, or restore a backup."


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database, None for every other."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def source_digest(engine: Engine, folder: Path) -> str:
    """A name for the database's address, without account and password; a file in `folder` may move with it."""
    url, path = engine.url, file_of(engine)
    if path is not None:
        place, root = path.resolve(), folder.resolve()
        address = str(place.relative_to(root)) if place.is_relative_to(root) else str(place)
    else:
        address = f"{url.host or url.query.get('host')}:{url.port or url.query.get('port')}/{url.database}"
    return blake2b(f"{url.get_backend_name()} {address}".encode(), digest_size=16).hexdigest()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite's own transactions would leave schema changes outside
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool = True, patience_seconds: float = BUSY_SECONDS) -> Iterator[Session]:
    """A session that commits at the end and rolls back on any error.

    A writing transaction waits its turn (for `patience_seconds`) before it begins, instead of failing half-way. One
    that only reads sees the database as it was at one moment.
    Raises DatabaseProblem.
    """
    require_same_file(engine)
    with said_plainly(), Session(engine) as session:
        if writes:
            _wait_to_write(session.connection(), max(1, round(patience_seconds * 1000)))
        elif engine.dialect.name == "postgresql":  # else each statement would see its own moment
            session.connection(execution_options=ONE_MOMENT)
        yield session
        session.commit()


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn the errors of a database, and of a pool that has no connection left, into a DatabaseProblem."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseProblem("Every connection to the database is in use. Try again in a moment.") from error
    except DBAPIError as error:
        raise problem(error) from error


ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITING = 841_021_943
"""The number of PostgreSQL's advisory lock that who writes shares, and who replaces everything has alone."""


def _wait_to_write(connection: Connection, patience_ms: int) -> None:
    """Take SQLite's write lock; on PostgreSQL, where many may write at once, wait for a restore, then for rows."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience_ms}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {patience_ms}; SELECT pg_advisory_xact_lock_shared({WRITING})"
        )


def held_by_others(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave up waiting for a lock."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


EMPTIED = "The database has no tables. Restore a backup; only one that is meant to be new wants `safezones migrate`."
DAMAGES = {
    "malformed": "The database file is damaged. Restore a backup.",
    "not a database": "The file is not a SQLite database. Check SAFEZONES_DATABASE_URL.",
}


def problem(error: DBAPIError) -> DatabaseProblem:
    """The error in an operator's words."""
    said = str(error.orig)
    refusal = said.partition("FATAL:")[2].strip()
    if refusal:
        return DatabaseProblem(f"The database server refuses: {refusal.splitlines()[0]}. Check SAFEZONES_DATABASE_URL.")
    if held_by_others(error):
        return DatabaseProblem("The database is held by others, such as a restore or an import. Try again in a moment.")
    text = f"{type(error.orig).__name__}: {said}".lower()
    causes = {
        "locked": "The database is locked by another program. Try again when it has finished.",
        "full": "The disk is full. Nothing was changed. Free some space and try again.",
        "readonly": "The database cannot be written. Check the permissions of its file and folder.",
        "unable to open": "The database file cannot be opened. Check that its folder exists and may be read.",
        "disk i/o": "The disk did not read or write. Nothing was changed.",
        "no such table": EMPTIED,
        "undefinedtable": EMPTIED,
        "connection": "The database server does not answer. Check that it runs and SAFEZONES_DATABASE_URL.",
    }
    for sign, words in DAMAGES.items():
        if sign in text:
            return DamagedDatabase(words)
    for sign, words in causes.items():
        if sign in text:
            return DatabaseProblem(words)
    kind = "did not answer" if isinstance(error, OperationalError) else "refused a statement"
    return DatabaseProblem(f"The database {kind}: {said.splitlines()[0]}")


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at, None when it is new. Raises DatabaseProblem."""
    with said_plainly(), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def require_newest_schema(engine: Engine) -> None:
    """Raises OtherSchema where a start without the database could not bring it up to date, or DatabaseProblem."""
    found = schema_version(engine)
    if found is None:
        raise DatabaseProblem(EMPTIED)
    if found != newest_schema():
        raise OtherSchema(
            f"The database's schema is {found}, this release wants {newest_schema()}. Run `safezones "
            "migrate`, or install the release that made it."
        )


def newest_schema() -> str:
    """The migration that this release wants."""
    return max(_revisions())


def _revisions() -> set[str]:
    """Every migration: the numbers with which their files begin."""
    return {path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def migrate(engine: Engine) -> Path | None:
    """Bring the tables up to date; a SQLite file that holds data is copied first, and the copy's path returned.

    Raises DatabaseProblem.
    """
    current, newest = schema_version(engine), newest_schema()
    if current == newest:
        return None
    if current is not None and current not in _revisions():
        raise OtherSchema(
            f"The database was made by a newer release (its schema is {current}). Install that one; "
            "nothing was changed."
        )
    from alembic import command  # 8 MB and a sixth of a second, that most starts do without
    from alembic.config import Config

    try:
        saved = back_up(engine, f"before-{newest}") if current is not None else None
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
        if current is not None:
            compact(engine)  # what earlier releases deleted lies in free pages
        return saved
    except DBAPIError as error:
        raise problem(error) from error


def compact(engine: Engine) -> None:
    """Write a SQLite file anew, so that nothing of deleted rows is left in it or in its log of writes.

    Others read on meanwhile, and wait to write. PostgreSQL frees the room of deleted rows by itself. Raises DBAPIError.
    """
    if file_of(engine) is not None:
        with contextlib.closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
        empty_write_log(engine)


def empty_write_log(engine: Engine) -> None:
    """Bring SQLite's log of writes, which holds pages as they were, into the file; if others read just now, later."""
    if file_of(engine) is not None:
        with contextlib.closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def back_up(engine: Engine, label: str) -> Path | None:
    """Copy a SQLite database beside itself, consistently while others write; None for other databases.

    Rows that no backup holds are left out.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = Path(path).with_suffix(f".{label}.{stamp}.bak")
    with sqlite3.connect(path) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
        erase_transient(copy)
    source.close()
    copy.close()
    return target
