"""Tokens that push a department's zone list, addresses that are read, and how a submission came."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.create_table(
        "department_token",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("department", sa.String(), nullable=False, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
    )
    op.create_table(
        "zone_list_address",
        sa.Column("department", sa.String(), primary_key=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("set_at", TIME, nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
    )
    op.add_column("submission", sa.Column("channel", sa.String(), nullable=False, server_default="form"))
