"""Evidence: sources of zones and facts, levels of positions, datasets, and cases of the data."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"

TIME = sa.DateTime(timezone=True)
PACKAGED = "safe-zone-directory"
"""The name of the packaged dataset, which had none before."""
ZONE = sa.table(
    "zone",
    *map(sa.column, ("zone_id", "department_id", "status", "dataset", "confirmed_on", "confirmed_by", "location_source",
                     "approximate", "source_url", "source_name", "source_date", "source_kind")),
    *(sa.column(name, sa.JSON()) for name in ("other_sources", "sources", "evidence")),
)  # fmt: skip
DEPARTMENT = sa.table("department", sa.column("id"), sa.column("name"))
LOG = sa.table("change", *map(sa.column, ("id", "kind", "subject", "action", "actor", "reason")),
               sa.column("after", sa.JSON()))  # fmt: skip


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    for name in ("source_seen", "dataset"):
        op.add_column("zone", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("source_kind", "appointment"):
        op.add_column("zone", sa.Column(name, sa.String(24), nullable=False, server_default="unknown"))
    op.add_column("zone", sa.Column("sources", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("zone", sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("department", sa.Column("sources", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("department", sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
    _take_over_sources()
    op.drop_column("zone", "other_sources")
    _name_levels()
    _name_dataset()
    _add_tables()


def _take_over_sources() -> None:
    """Further addresses become sources; what a department confirmed or withdrew is its own statement."""
    connection = op.get_bind()
    query = sa.select(ZONE, DEPARTMENT.c.name.label("department")).join(
        DEPARTMENT, DEPARTMENT.c.id == ZONE.c.department_id
    )
    withdrawn = _withdrawn_by_people(connection)
    for row in connection.execute(query).mappings().all():
        values = _sources(row, withdrawn.get(row["zone_id"], ""))
        if values:
            connection.execute(ZONE.update().where(ZONE.c.zone_id == row["zone_id"]).values(**values))


def _sources(row: Any, withdrawn_on: str) -> dict[str, Any]:
    further = [{"url": url} for url in row["other_sources"] or []]
    department = {"name": row["department"], "kind": "department"}
    values: dict[str, Any] = {"sources": further} if further else {}
    if row["confirmed_on"] and row["confirmed_by"] == row["department"]:
        listed = {"url": row["source_url"], "name": row["source_name"], "date": row["source_date"]}
        stated = {name: text for name, text in listed.items() if text}
        before = [stated] if row["source_name"] != row["department"] and stated else []
        url = "" if before else row["source_url"]
        values |= {"source_url": url, "source_name": row["department"], "source_date": row["confirmed_on"],
                   "source_kind": "department", "sources": before + further}  # fmt: skip
    elif row["status"] == "withdrawn" and withdrawn_on:
        values |= {"sources": [*further, department | {"date": withdrawn_on}], "evidence": {"status": len(further) + 1}}
    return values


def _withdrawn_by_people(connection: sa.Connection) -> dict[str, str]:
    """Zone → the day on which somebody with an address, not an import, withdrew it last."""
    query = (
        sa.select(LOG.c.subject, LOG.c.actor, LOG.c.after)
        .where(LOG.c.kind == "zone", LOG.c.action.in_(("changed", "retired")))
        .order_by(LOG.c.id)
    )
    days: dict[str, str] = {}
    for subject, actor, after in connection.execute(query):
        values = json.loads(after) if isinstance(after, str) else after or {}
        if values.get("status") == "withdrawn" and "@" in actor:
            days.setdefault(subject, values.get("status_from") or "")
        else:
            days.pop(subject, None)
    return days


def _name_levels() -> None:
    """Which stations were at the source's own address was not kept: none of them is exact until better is known."""
    for old, new in (("station", "agency"), ("geocoded", "address"), ("place", "town")):
        op.execute(ZONE.update().where(ZONE.c.location_source == old).values(location_source=new))
    op.execute(ZONE.update().where(ZONE.c.location_source == "agency").values(approximate=sa.true()))


def _name_dataset() -> None:
    added = sa.select(LOG.c.subject).where(
        LOG.c.kind == "zone", LOG.c.action == "added", LOG.c.reason == "import of zones.geojson"
    )
    op.execute(ZONE.update().where(ZONE.c.zone_id.in_(added)).values(dataset=PACKAGED))


def _add_tables() -> None:
    op.create_table(
        "dataset",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("released", sa.String(), nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
    )
    op.create_table(
        "data_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("zone_id", sa.String(), sa.ForeignKey("zone.zone_id"), nullable=False, index=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False, index=True),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.UniqueConstraint("kind", "zone_id", "subject", "origin"),
    )
