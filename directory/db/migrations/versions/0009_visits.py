"""Visits: what somebody who was at a zone says of it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("zone_id", sa.String(), sa.ForeignKey("zone.zone_id"), nullable=False, index=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("answer", sa.String(24), nullable=False),
        sa.Column("photo", sa.String(), nullable=False),
    )
