"""Alembic's entry: runs migrations over the engine that `schema.migrate` hands in."""

from alembic import context

from directory.db.compatibility import note_oldest_schema
from directory.db.tables import METADATA

PATIENCE = "SET LOCAL lock_timeout = '3s'"
"""Whoever asks a table that is to be changed waits behind the migration: it gives up before they do."""

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(PATIENCE)
        context.run_migrations()
        note_oldest_schema(connection, context.script)
    connection.commit()
