"""Notes of what was touched at which generation: a worker reads what has changed, not the whole directory."""

import secrets

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"

KEYS = {"zone": "zone_id", "department": "id", "town": "id"}
"""Table → what its rows are noted by, as text."""


def triggers(dialect: str) -> list[str]:
    """Statements that count a generation for every change, as before, and note the rows that it touched."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{action.lower()}_generation AFTER {action} ON {table} BEGIN "
        "UPDATE directory_version SET generation = generation + 1; "
        + "".join(
            # An "OR IGNORE" of the statement that fires the trigger would win over one in here, but not over this.
            "INSERT INTO touched (kind, subject, generation) "
            f"SELECT '{table}', {side}.{key}, generation FROM directory_version WHERE true "
            "ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; "
            for side in sides
        )
        + "END"
        for table, key in KEYS.items()
        for action, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
    ]


def _postgresql() -> list[str]:
    """A statement's rows at once: the version's row is locked first, so that no later generation is noted before."""
    made = [
        "CREATE FUNCTION another_directory() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE directory_version "
        "SET generation = generation + 1, lineage = md5(random()::text); RETURN NULL; END $$"
    ]
    for table, key in KEYS.items():
        for action, sides in (("INSERT", ("new",)), ("UPDATE", ("old", "new")), ("DELETE", ("old",))):
            name = f"{table}_{action.lower()}_generation"
            rows = " UNION ".join(f"SELECT {key}::text AS subject FROM {side}_rows" for side in sides)
            tables = " ".join(f"{side.upper()} TABLE AS {side}_rows" for side in sides)
            made += [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE number integer; BEGIN "
                "UPDATE directory_version SET generation = generation + 1 RETURNING generation INTO number; "
                "INSERT INTO touched (kind, subject, generation) "
                f"SELECT '{table}', changed.subject, number FROM ({rows}) changed "
                "ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation; RETURN NULL; END $$",
                f"CREATE TRIGGER {name} AFTER {action} ON {table} REFERENCING {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
            ]
        # Nobody tells which rows a TRUNCATE takes away.
        made.append(f"CREATE TRIGGER {table}_truncate_generation AFTER TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION another_directory()")  # fmt: skip
    return made


def _drop_the_old(dialect: str) -> None:
    for table in KEYS:
        if dialect == "postgresql":
            op.execute(f"DROP TRIGGER {table}_generation ON {table}")
        else:
            for action in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_{action}_generation")


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    if op.get_bind().dialect.name == "postgresql":  # all at once, else somebody who writes just now waits the other way
        op.execute("LOCK TABLE zone, department, town, directory_version IN ACCESS EXCLUSIVE MODE")
    op.create_table(
        "touched",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject"),
    )
    op.create_index("ix_touched_generation", "touched", ["generation"])
    op.add_column("directory_version", sa.Column("lineage", sa.String(), nullable=False, server_default=""))
    version = sa.table("directory_version", sa.column("lineage"))
    op.execute(version.update().values(lineage=secrets.token_hex(16)))
    dialect = op.get_bind().dialect.name
    _drop_the_old(dialect)
    for statement in triggers(dialect):
        op.execute(statement)
