"""Which earlier releases work with a database: noted beside its schema, since they cannot know later migrations.

A migration says so itself, by `oldest_schema` (docs/upgrading.md). Without that, no earlier release works with it.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

VERSION_TABLE = "alembic_version"
"""Alembic's own: unlike others it is neither copied nor restored, so that it always tells of the tables here."""


def note_oldest_schema(connection: Connection, scripts: "ScriptDirectory") -> None:
    """Note it after migrations: of all up to the schema that the database has now, the newest that one asks for."""
    schema = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    migrations = scripts.iterate_revisions(schema, "base")
    oldest = max(str(getattr(one.module, "oldest_schema", one.revision)) for one in migrations)
    if not _is_noted(connection):
        connection.execute(text("ALTER TABLE alembic_version ADD COLUMN oldest_schema VARCHAR(32)"))
    connection.execute(text("UPDATE alembic_version SET oldest_schema = :oldest"), {"oldest": oldest})


def noted_oldest_schema(connection: Connection) -> str | None:
    """The schema of the oldest releases that work with this database; None where it was never noted."""
    if not _is_noted(connection):
        return None
    noted: str | None = connection.execute(text("SELECT oldest_schema FROM alembic_version")).scalar()
    return noted


def _is_noted(connection: Connection) -> bool:
    return any(column["name"] == "oldest_schema" for column in inspect(connection).get_columns(VERSION_TABLE))
