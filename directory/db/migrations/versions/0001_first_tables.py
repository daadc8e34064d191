"""First tables, and the triggers that count generations of the directory."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def generation_triggers(dialect: str) -> list[str]:
    """Statements that make every change of a zone, department or town a new generation, whoever makes it."""
    tables = ("zone", "department", "town")
    if dialect == "postgresql":
        return [
            "CREATE FUNCTION next_generation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "UPDATE directory_version SET generation = generation + 1; RETURN NULL; END $$",
            *(
                f"CREATE TRIGGER {table}_generation AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION next_generation()"
                for table in tables
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_{action.lower()}_generation AFTER {action} ON {table} "
        "BEGIN UPDATE directory_version SET generation = generation + 1; END"
        for table in tables
        for action in ("INSERT", "UPDATE", "DELETE")
    ]


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("change_subject", "change", ["kind", "subject"], unique=False)
    op.create_index("ix_change_at", "change", ["at"], unique=False)

    op.create_table(
        "department",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("web_page", sa.String(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_department_slug", "department", ["slug"], unique=True)

    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "geocode_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_geocode_answer_expires_at", "geocode_answer", ["expires_at"], unique=False)

    op.create_table(
        "geocode_turn",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("service"),
    )
    op.create_table(
        "town",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_town_slug", "town", ["slug"], unique=True)

    op.create_table(
        "zone",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("setting", sa.String(24), nullable=False),
        sa.Column("spot_note", sa.String(), nullable=False),
        sa.Column("street_address", sa.String(), nullable=False),
        sa.Column("mailing_town", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("location_source", sa.String(24), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=False),
        sa.Column("advised_hours", sa.String(), nullable=False),
        sa.Column("hours_note", sa.String(), nullable=False),
        sa.Column("cameras", sa.String(24), nullable=False),
        sa.Column("cameras_recorded", sa.String(24), nullable=False),
        sa.Column("cameras_watched", sa.String(24), nullable=False),
        sa.Column("cameras_around_the_clock", sa.String(24), nullable=False),
        sa.Column("lighting", sa.String(24), nullable=False),
        sa.Column("marked", sa.String(24), nullable=False),
        sa.Column("spaces", sa.Integer(), nullable=True),
        sa.Column("step_free", sa.String(24), nullable=False),
        sa.Column("emergency_phone", sa.String(24), nullable=False),
        sa.Column("officer_standby", sa.String(24), nullable=False),
        sa.Column("footage_days", sa.Integer(), nullable=True),
        sa.Column("custody_exchange", sa.String(24), nullable=False),
        sa.Column("custody_hours", sa.String(), nullable=False),
        sa.Column("custody_rules", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("status_from", sa.String(), nullable=False),
        sa.Column("status_until", sa.String(), nullable=False),
        sa.Column("status_note", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=False),
        sa.Column("announced_on", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_date", sa.String(), nullable=False),
        sa.Column("other_sources", sa.JSON(), nullable=False),
        sa.Column("confirmed_on", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.Column("spot_key", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
        ),
        sa.ForeignKeyConstraint(
            ["town_id"],
            ["town.id"],
        ),
        sa.PrimaryKeyConstraint("zone_id"),
    )
    op.create_index("ix_zone_changed_at", "zone", ["changed_at"], unique=False)
    op.create_index("ix_zone_department_id", "zone", ["department_id"], unique=False)
    op.create_index("ix_zone_spot_key", "zone", ["spot_key"], unique=False)
    op.create_index("ix_zone_town_id", "zone", ["town_id"], unique=False)

    op.create_table(
        "problemreport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["zone.zone_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_problemreport_zone_id", "problemreport", ["zone_id"], unique=False)
    op.execute("INSERT INTO directory_version (id, generation) VALUES (1, 0)")
    for statement in generation_triggers(op.get_bind().dialect.name):
        op.execute(statement)
