"""Many rows in few statements: they are stored as the mapper stores them one by one."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session

from directory.db.bulk import insert_rows, update_rows
from directory.db.tables.published.zones import Department, Town, Zone
from directory.zones.schemas import Appointment, Setting, Status, TriState, ZoneFacts

AT = datetime(2026, 6, 1, 12, 30, 15, 250, tzinfo=UTC)
SAME: dict[str, Any] = {"added_at": AT, "changed_at": AT}
UNSTATED = {
    name: field.get_default(call_default_factory=True)
    for name, field in ZoneFacts.model_fields.items() if not field.is_required()
}  # fmt: skip
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["'", "''", ":same", "?", "%s", '"name"', "\\", "null", "[]"]
)
stated = st.fixed_dictionaries(
    {
        "name": words, "setting": st.sampled_from(Setting), "state": st.just("CT"), "country": st.just("US"),
        "latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180),
    },
    optional={
        "street_address": words, "cameras": st.sampled_from(TriState), "appointment": st.sampled_from(Appointment),
        "status": st.sampled_from(Status), "approximate": st.booleans(), "spaces": st.none() | st.integers(0, 500),
        "rules": st.lists(words, max_size=2), "evidence": st.dictionaries(words, st.integers(1, 3), max_size=2),
        "area": st.none() | st.just({"type": "Polygon", "coordinates": []}), "opening_hours": words,
    },
)  # fmt: skip
"""What rows state; each leaves out what it likes."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(stated, min_size=1, max_size=4), st.lists(words, min_size=4, max_size=4))
def test_rows_are_stored_as_the_mapper_stores_them(
    engine: Engine, rows: list[dict[str, Any]], names: list[str]
) -> None:
    with Session(engine) as session:
        department = Department(name="Weston Police", state="CT", country="US", slug="ct/test-bulk")
        town = Town(name="Weston", state="CT", country="US", slug="ct/test-bulk")
        session.add_all([department, town])
        session.flush()
        keys: dict[str, Any] = {"department_id": department.id, "town_id": town.id, "spot_key": "", "time_zone": "UTC"}
        bulk = [{"zone_id": f"bulk-{number}", **keys, **row} for number, row in enumerate(rows)]
        insert_rows(session, Zone, bulk, SAME, UNSTATED)
        session.add_all(Zone(zone_id=f"mapped-{number}", **keys, **SAME, **row) for number, row in enumerate(rows))
        session.flush()
        assert _stored(session, "bulk") == _stored(session, "mapped")

        renamed = [
            {"zone_id": f"bulk-{number}", "name": name}
            for number, (_, name) in enumerate(zip(rows, names, strict=False))
        ]
        update_rows(session, Zone, renamed)
        for number, name in enumerate(names[: len(rows)]):
            session.get_one(Zone, f"mapped-{number}").name = name
        session.flush()
        assert _stored(session, "bulk") == _stored(session, "mapped")
        session.rollback()


def _stored(session: Session, kind: str) -> list[tuple[Any, ...]]:
    """The rows as they lie in the database, but for their ids."""
    columns = ", ".join(f'"{name}"' for name in Zone.model_fields if name != "zone_id")
    query = text(f"SELECT {columns} FROM zone WHERE zone_id LIKE :kind ORDER BY zone_id")
    return [tuple(map(_plain, row)) for row in session.connection().execute(query, {"kind": f"{kind}-%"})]


def _plain(value: Any) -> Any:
    """PostgreSQL's driver reads JSON, SQLite's hands its text over; -0.0 is another number than 0.0."""
    return type(value), repr(value)
