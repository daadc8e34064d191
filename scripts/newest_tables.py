"""Write directory/db/migrations/newest/: the tables that all migrations make, for new databases.

    make tables        after a new migration; it needs PostgreSQL

The statements are read out of databases that went through every migration. Without this, a new database has the tables
of the last writing, and goes through the migrations since then.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from directory.db.engine import open_database
from directory.db.migrations.new_database import FOLDER
from directory.db.schema import MIGRATIONS
from quality.postgresql import postgresql_programs, running_postgresql

FILLED = ("alembic_version", "directory_version")
"""The tables that are not empty in a new database."""


def through_every_migration(engine: Engine, schema: str = "head") -> None:
    """Bring an empty database up to date, or up to a schema, migration by migration."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, schema)


def statements(engine: Engine) -> list[str]:
    """What makes the same tables, indexes, functions, triggers and first rows again, in the order they were made in."""
    with engine.connect() as connection:
        made = _postgresql(connection) if engine.dialect.name == "postgresql" else _sqlite(connection)
        return [*made, *(_row(connection, table) for table in FILLED)]


def _sqlite(connection: Connection) -> Iterator[str]:
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    for (sql,) in connection.exec_driver_sql(query):
        yield "\n".join(map(str.strip, f"{sql};".splitlines()))


def _postgresql(connection: Connection) -> Iterator[str]:
    """Names stand without a schema: the tables go where the connection's search path begins."""
    ours = "n.nspname = current_schema()"
    tables = connection.exec_driver_sql(
        "SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE c.relkind = 'r' AND {ours} ORDER BY c.oid"
    ).all()
    for number, name in tables:
        yield f"CREATE TABLE {name} (\n  {_listed(_columns(connection, number, name))}\n);"
    for kinds in ("'p', 'u', 'c'", "'f'"):  # what refers to a table comes after its key
        for name, constraint, rule in connection.exec_driver_sql(
            "SELECT c.relname, o.conname, pg_get_constraintdef(o.oid, true) FROM pg_constraint o JOIN pg_class c ON "
            "c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE o.contype IN ({kinds}) AND {ours} ORDER BY c.oid, o.conname"
        ):
            yield f"ALTER TABLE {name} ADD CONSTRAINT {constraint} {rule};"
    for query in (
        "SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {ours} AND NOT EXISTS (SELECT FROM pg_constraint o "
        "WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u')) ORDER BY c.relname",
        "SELECT replace(pg_get_functiondef(p.oid), n.nspname || '.', '') FROM pg_proc p "
        f"JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {ours} ORDER BY p.proname",
        "SELECT pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND {ours} "
        "ORDER BY c.relname, t.tgname",
    ):
        for (sql,) in connection.exec_driver_sql(query):
            yield f"{sql.strip()};"


def _columns(connection: Connection, table: int, name: str) -> Iterator[str]:
    """Each column of a table; a numbered one by the word that makes its sequence, too."""
    columns = connection.exec_driver_sql(
        "SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull, "
        "pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid "
        f"AND d.adnum = a.attnum WHERE a.attrelid = {table} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    )
    for column, kind, is_required, default in columns:
        parts = [column, kind]
        if default == f"nextval('{name}_{column}_seq'::regclass)":
            parts[1] = "serial"
        elif default is not None:
            parts.append(f"DEFAULT {default}")
        yield " ".join([*parts, *(["NOT NULL"] if is_required else [])])


def _listed(parts: Iterator[str]) -> str:
    return ",\n  ".join(parts)


def _row(connection: Connection, table: str) -> str:
    """The one row of a table. A database's own name is not copied: `db/migrations/new_database.py` makes one."""
    row = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().one()
    values = ", ".join(repr("" if name == "lineage" else value) for name, value in row.items())
    return f"INSERT INTO {table} ({', '.join(row.keys())}) VALUES ({values});"


def _write(url: str) -> None:
    engine = open_database(url)
    through_every_migration(engine)
    path = FOLDER / f"{engine.dialect.name}.sql"
    path.write_text("\n\n".join(statements(engine)) + "\n", encoding="utf-8")
    engine.dispose()
    print(path)


def main() -> None:
    """Write both."""
    with tempfile.TemporaryDirectory() as folder:
        _write(f"sqlite:///{Path(folder) / 'directory.sqlite'}")
    programs = postgresql_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed")
    with running_postgresql(programs) as url:
        _write(url)


if __name__ == "__main__":
    main()
