"""The tables of a new database, made at once instead of by every migration in turn.

`newest/` beside it holds what the migrations up to one of them make of an empty database, as statements with an empty
line after each; `scripts/newest_tables.py` writes it. Migrations behind that one are still to run.
"""

import secrets
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from directory.db.errors import translated_errors
from directory.db.migrations.compatibility import VERSION_TABLE
from directory.db.transaction import wait_to_migrate

FOLDER = Path(__file__).with_name("newest")


def make_tables(engine: Engine) -> None:
    """Make the tables of an empty database in one transaction, unless another process has. Raises DatabaseError."""
    dialect = engine.dialect.name
    script = (FOLDER / f"{dialect}.sql").read_text(encoding="utf-8")
    with translated_errors(), engine.connect() as connection:
        wait_to_migrate(connection)
        if inspect(connection).has_table(VERSION_TABLE):
            return
        # PostgreSQL takes them all in one message, SQLite one by one.
        for statements in [script] if dialect == "postgresql" else script.split("\n\n"):
            connection.exec_driver_sql(statements)
        lineage = {"lineage": secrets.token_hex(16)}
        connection.execute(text("UPDATE directory_version SET lineage = :lineage"), lineage)
        connection.commit()
