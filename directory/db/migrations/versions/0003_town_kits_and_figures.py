"""What a town says of itself, and what is counted for it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def generation_triggers(dialect: str) -> list[str]:
    """A town's kit is part of the directory that every worker shows."""
    if dialect == "postgresql":
        return [
            "CREATE TRIGGER town_kit_generation AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON town_kit "
            "FOR EACH STATEMENT EXECUTE FUNCTION next_generation()"
        ]
    return [
        f"CREATE TRIGGER town_kit_{action.lower()}_generation AFTER {action} ON town_kit "
        "BEGIN UPDATE directory_version SET generation = generation + 1; END"
        for action in ("INSERT", "UPDATE", "DELETE")
    ]


def upgrade() -> None:
    op.create_table(
        "town_kit",
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("web_page", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("logo", sa.String(), nullable=False),
        sa.Column("logo_alt", sa.String(), nullable=False),
        sa.Column("embed_sites", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("town"),
    )
    op.create_table(
        "town_figure",
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("town", "month", "figure"),
    )
    for statement in generation_triggers(op.get_bind().dialect.name):
        op.execute(statement)
