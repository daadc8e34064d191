"""Uploaded files, kept with their drafts for correction."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.add_column("submission", sa.Column("upload", sa.JSON(), nullable=False, server_default="{}"))
