"""What was found at the addresses of sources."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.create_table(
        "source_page",
        sa.Column("url", sa.String(), primary_key=True),
        sa.Column("checked_on", sa.String(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("mentions", sa.Boolean(), nullable=False),
    )
