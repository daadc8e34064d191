"""A new database has the tables that every migration in turn would make."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, text

from directory.db.engine import open_database
from directory.db.errors import DatabaseError
from directory.db.migrations import new_database
from directory.db.schema import migrate, newest_schema, schema_version
from scripts.newest_tables import statements, through_every_migration


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def in_any_order(made: list[str]) -> list[list[str]]:
    """Migrations of SQLite copy a table with its constraints and indexes in an order that is another one each time."""
    return sorted(sorted(line.strip(", ") for line in statement.splitlines()) for statement in made)


def written(engine: Engine) -> list[str]:
    script = (new_database.FOLDER / f"{engine.dialect.name}.sql").read_text(encoding="utf-8")
    return script.strip().split("\n\n")


def test_what_is_written_is_what_the_migrations_make(engine: Engine) -> None:
    through_every_migration(engine)
    assert in_any_order(written(engine)) == in_any_order(statements(engine)), "run `make tables`"
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables.tables}
    assert {name: count for name, count in rows.items() if count} == {"alembic_version": 1, "directory_version": 1}


def test_a_new_database_has_all_of_it_and_a_name_of_its_own(engine: Engine) -> None:
    assert migrate(engine) is None
    assert in_any_order(statements(engine)) == in_any_order(written(engine))
    with engine.connect() as connection:
        assert len(connection.execute(text("SELECT lineage FROM directory_version")).scalar_one()) == 32


def test_migrations_since_the_last_writing_are_gone_through(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before, new = (open_database(f"sqlite:///{tmp_path / name}.sqlite") for name in ("before", "new"))
    newest = written(new)
    through_every_migration(before, f"{int(newest_schema()) - 1:04}")
    (tmp_path / "sqlite.sql").write_text("\n\n".join(statements(before)), encoding="utf-8")
    monkeypatch.setattr(new_database, "FOLDER", tmp_path)
    migrate(new)
    assert schema_version(new) == newest_schema()
    assert in_any_order(statements(new)) == in_any_order(newest)
    for engine in (before, new):
        engine.dispose()


def test_tables_of_somebody_else_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE town (name VARCHAR)"))
    with pytest.raises(DatabaseError, match="town"):
        migrate(engine)
    assert schema_version(engine) is None
