"""Programs of many sites."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.add_column("zone", sa.Column("program", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "program",
        sa.Column("program_id", sa.String(), primary_key=True),
        sa.Column("department_id", sa.Integer(), sa.ForeignKey("department.id"), nullable=False, index=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
