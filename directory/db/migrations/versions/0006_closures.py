"""Closures of a zone as a list; a dated closure in the status becomes the first of them."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"

LONGEST_NOTE = 200


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    op.add_column("zone", sa.Column("closures", sa.JSON(), nullable=False, server_default="[]"))
    _move_dated_closures()


def _move_dated_closures() -> None:
    """“Closed from … until …” means the same as a closure of an active zone. One without dates stays a status."""
    texts = ("status", "status_from", "status_until", "status_note")
    zone = sa.table(
        "zone", sa.column("zone_id"), *map(sa.column, texts), sa.column("closures", sa.JSON()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    connection = op.get_bind()
    dated = sa.or_(zone.c.status_from != "", zone.c.status_until != "")
    found = connection.execute(sa.select(zone).where(zone.c.status == "temporarily_closed", dated)).mappings().all()
    for row in found:
        note = _one_line(row["status_note"])
        if len(note) > LONGEST_NOTE:
            continue  # no word of it is to be lost
        parts = {"from": row["status_from"], "until": row["status_until"], "note": note}
        values: dict[str, Any] = {"status": "active", "status_from": "", "status_until": "", "status_note": "",
                                  "closures": [{name: text for name, text in parts.items() if text}],
                                  "changed_at": datetime.now(UTC)}  # fmt: skip
        connection.execute(zone.update().where(zone.c.zone_id == row["zone_id"]).values(**values))


def _one_line(note: str) -> str:
    return " ".join(note.replace(";", ",").split())
