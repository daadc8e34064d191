"""Cases of the data about departments."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"

OF_DEPARTMENTS = sa.text("department <> ''")


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    with op.batch_alter_table("data_case") as table:
        table.alter_column("zone_id", existing_type=sa.String(), nullable=True)
        table.add_column(sa.Column("department", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "data_case_of_department", "data_case", ["kind", "department", "subject", "origin"], unique=True,
        sqlite_where=OF_DEPARTMENTS, postgresql_where=OF_DEPARTMENTS,
    )  # fmt: skip
