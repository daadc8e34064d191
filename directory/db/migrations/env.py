"""Alembic's entry: runs migrations over the engine that `schema.migrate` hands in, while a site may be served."""

from alembic import context

from directory.db.migrations.compatibility import note_oldest_schema
from directory.db.tables import METADATA
from directory.db.transaction import wait_to_migrate

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    wait_to_migrate(connection)
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
        note_oldest_schema(connection, context.script)
    connection.commit()
