"""Alembic's entry: runs migrations over the engine that `database.migrate` hands in."""

from alembic import context
from sqlmodel import SQLModel

from directory.records import (  # noqa: F401  (the metadata)
    accounts,
    figures,
    freshness,
    models,
    outbox,
    photos,
    proposals,
    town_kits,
)

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
