"""The schema: which migration a database has, and bringing it up to date."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from directory.db.compaction import compact, erase_transient
from directory.db.errors import EMPTIED, DatabaseError, SchemaVersionError, translate_error, translated_errors
from directory.db.migrations.compatibility import noted_oldest_schema
from directory.db.migrations.new_database import make_tables

MIGRATIONS = Path(__file__).with_name("migrations")
LAST_WITH_REMAINS = "0004"
"""Releases up to this schema left what they deleted in free pages of a SQLite file."""


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at, None when it is new. Raises DatabaseError."""
    with translated_errors(), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def require_usable_schema(engine: Engine) -> None:
    """Raises SchemaVersionError where a start without the database could not bring it up to date, or DatabaseError."""
    schema = schema_version(engine)
    if schema is None:
        raise DatabaseError(EMPTIED)
    if schema == newest_schema():
        return
    if schema in _revisions():
        raise SchemaVersionError(
            f"The database's schema is {schema}, this release wants {newest_schema()}. Run `safezones "
            "migrate`, or install the release that made it."
        )
    _require_compatible(engine, schema)


def is_of_newer_release(engine: Engine) -> bool:
    """Whether the database has migrations that this release does not know. Raises DatabaseError."""
    schema = schema_version(engine)
    return schema is not None and schema not in _revisions()


def _require_compatible(engine: Engine, schema: str) -> None:
    """Raise SchemaVersionError where a newer release made this schema and did not say that this one works with it."""
    with translated_errors(), engine.connect() as connection:
        oldest = noted_oldest_schema(connection)
    if oldest is None or oldest > newest_schema():
        requirement = f", which wants a release of schema {oldest} or later" if oldest else ""
        raise SchemaVersionError(
            f"The database was made by a newer release (its schema is {schema}{requirement}; this one has "
            f"{newest_schema()}). Install that one; nothing was changed."
        )


def newest_schema() -> str:
    """The migration that this release wants."""
    return max(_revisions())


def _revisions() -> set[str]:
    """Every migration: the numbers with which their files begin."""
    return {path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def migrate(engine: Engine) -> Path | None:
    """Make the tables or bring them up to date; a SQLite file with data is copied first, and the copy's path returned.

    Those of a newer release stay as they are, where it says that this one works with them.
    Raises DatabaseError.
    """
    current, newest = schema_version(engine), newest_schema()
    if current == newest:
        return None
    if current is not None and current not in _revisions():
        _require_compatible(engine, current)
        return None
    if current is None:
        make_tables(engine)
        if schema_version(engine) == newest:
            return None
    from alembic import command  # 8 MB and a sixth of a second, that most starts do without
    from alembic.config import Config

    try:
        saved = back_up(engine, f"before-{newest}") if current is not None else None
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
        if current is not None and current <= LAST_WITH_REMAINS:
            compact(engine)
        return saved
    except DBAPIError as error:
        raise translate_error(error) from error


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
